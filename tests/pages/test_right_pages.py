"""The right to use the mark on the pages: applied for, checked by the county, passed and granted by the province."""

import re
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from products.models import ApplicationDocument, Authorisation
from products.rules.words import AuthorisationState as A
from products.rules.words import SiteState
from tests.build_products import QI_FIELD, REPORT, a_producer, a_site, an_authorisation
from tests.pages.test_site_pages import hidden, text_of

pytestmark = pytest.mark.django_db
APPLY, SITES = "/portal/rights/new/", "/portal/rights/new/sites/"


@pytest.fixture
def orchard(register):
    """Feng has a site, and no right yet."""
    return a_site(register.feng, register.indication, box=QI_FIELD, name="冯家老园")


@pytest.fixture
def people(cast, as_person):
    return {who: as_person(person) for who, person in cast.everyone().items()}


def sent(client, path, told) -> str:
    looked = client.post(path, told)
    assert looked.status_code == 200, text_of(looked)
    answer = client.post(path, {**hidden(looked), **many(looked), "send": "1"})
    assert answer.status_code == 302, text_of(answer)
    return answer["Location"]


def many(response) -> dict[str, list[str]]:
    """Choices of several, which stand in as many hidden fields."""
    found = re.findall(r'<input type="hidden" name="sites" value="([^"]*)"', response.content.decode())
    return {"sites": found} if found else {}


def applied(people, register, site) -> str:
    asked = urlencode({"producer": register.feng.number, "title": register.title.number})
    path = sent(people["feng"], f"{SITES}?{asked}", {"sites": [site.number]})
    assert attach(people["feng"], path).status_code == 302
    return path


def attach(client, path, data=REPORT, kind="test_report"):
    return client.post(f"{path}documents/new/", {"kind": kind, "file": SimpleUploadedFile("检验.pdf", data)})


def do(client, path, to, **told) -> None:
    page = f"{path}do/{to}/"
    if told:
        sent(client, page, told)
    else:
        assert client.post(page).status_code == 302


def test_an_application_goes_from_the_producer_over_the_county_to_the_province(register, orchard, people):
    feng, zhao, lin = people["feng"], people["zhao"], people["lin"]
    assert register.title.number in feng.get(APPLY).content.decode()
    path = applied(people, register, orchard)
    page = text_of(feng.get(path))
    assert "核对场地和材料，然后提交" in page
    assert "冯家老园" in page
    do(feng, path, "submitted")
    assert "到场核验产地" in text_of(feng.get(path))
    assert "已等待 0 天" in text_of(feng.get(path))
    assert path in zhao.get("/portal/").content.decode()
    assert path not in lin.get("/portal/").content.decode() or "产地核验通过" in text_of(lin.get(path))
    do(zhao, path, "origin_checked", reason="11 月 19 日两人到场，地块与申请一致。")
    assert "产地核验通过" not in text_of(zhao.get(path)).split("记录")[0]
    do(lin, path, "prov_ok")
    do(lin, path, "active", approval_reference="晋知地标 2026 第 3 号", valid_from="2026-11-20", valid_until="")
    row = Authorisation.objects.get(number=path.split("/")[-2])
    assert (row.state, row.approval_reference, str(row.valid_from)) == (A.ACTIVE, "晋知地标 2026 第 3 号", "2026-11-20")
    page = text_of(feng.get(path))
    assert "晋知地标 2026 第 3 号" in page
    assert "11 月 19 日两人到场" in page


def test_what_is_returned_is_mended_and_sent_again(register, orchard, people):
    feng, zhao = people["feng"], people["zhao"]
    second = a_site(register.feng, register.indication, box=(112.56, 37.55, 112.561, 37.551), name="新园")
    path = applied(people, register, orchard)
    do(feng, path, "submitted")
    assert feng.get(f"{path}sites/").status_code == 200
    again = feng.post(f"{path}sites/", {"sites": [second.number]})
    refused = feng.post(f"{path}sites/", {**hidden(again), "sites": [second.number], "send": "1"})
    assert "提交之后不能再改场地" in text_of(refused)
    do(zhao, path, "returned", reason="请加上新园。")
    assert "请加上新园" in text_of(feng.get(path))
    assert "请加上新园" in text_of(feng.get("/portal/"))
    sent(feng, f"{path}sites/", {"sites": [orchard.number, second.number]})
    do(feng, path, "submitted")
    row = Authorisation.objects.get(number=path.split("/")[-2])
    assert (row.state, row.sites.count()) == (A.SUBMITTED, 2)


def test_a_refusal_names_the_condition_and_the_producer_reads_it(register, orchard, people):
    path = applied(people, register, orchard)
    do(people["feng"], path, "submitted")
    do(people["zhao"], path, "origin_checked", reason="到场看过。")
    page = f"{path}do/refused/"
    answer = people["lin"].post(page, {"reason": "总酸不足。", "refusal_criterion": ""})
    assert answer.status_code == 400
    assert "不予核准须写明未满足的条件" in text_of(answer)
    do(people["lin"], path, "refused", reason="三次检验都不足。", refusal_criterion="总酸每百毫升不低于 6 克")
    page = text_of(people["feng"].get(path))
    assert "总酸每百毫升不低于 6 克" in page
    assert "三次检验都不足" in page


def test_nobody_sees_an_application_that_is_not_theirs_to_see(register, orchard, people, cast, client):
    path = applied(people, register, orchard)
    do(people["feng"], path, "submitted")
    row = Authorisation.objects.get(number=path.split("/")[-2])
    seen = {who: page.get(path).status_code for who, page in people.items()}
    allowed = {
        who
        for who, person in cast.everyone().items()
        if Authorisation.objects.visible_to(person.actor).filter(pk=row.pk).exists()
    }
    assert (
        {who for who, status in seen.items() if status == 200}
        == allowed
        == {"lin", "gao", "zhao", "chen", "feng", "sun"}
    )
    assert client.get(path).status_code == 302


def test_a_step_is_offered_and_taken_by_those_whose_it_is_alone(register, orchard, people):
    path = applied(people, register, orchard)
    do(people["feng"], path, "submitted")
    steps = ("origin_checked", "returned", "withdrawn")
    offered = {
        who: {to for to in steps if f"{path}do/{to}/" in people[who].get(path).content.decode()}
        for who in ("feng", "zhao", "gao", "lin", "chen", "sun")
    }
    both = {"origin_checked", "returned"}
    assert offered == {"feng": {"withdrawn"}, "zhao": both, "gao": both, "lin": both, "chen": set(), "sun": set()}
    for who in ("feng", "chen"):
        looked = people[who].post(f"{path}do/origin_checked/", {"reason": "看过"})
        answer = people[who].post(f"{path}do/origin_checked/", {**hidden(looked), "send": "1"})
        assert answer.status_code == 403, who
    assert people["sun"].post(f"{path}do/origin_checked/", {"reason": "看过"}).status_code == 403
    assert people["zhang"].post(f"{path}do/origin_checked/", {"reason": "看过"}).status_code == 404
    assert Authorisation.objects.get(number=path.split("/")[-2]).state == A.SUBMITTED


@pytest.mark.parametrize("to", ["nothing", "draft", "dormant_warning", "expired", "active"])
def test_steps_that_do_not_lead_on_from_here_are_not_there(register, orchard, people, to):
    path = applied(people, register, orchard)
    assert people["feng"].get(f"{path}do/{to}/").status_code == 404


def test_an_application_is_for_own_sites_of_the_name_and_once_at_a_time(register, orchard, people):
    asked = urlencode({"producer": register.feng.number, "title": register.title.number})
    for wrong in ([], [register.field.number], ["nothing"]):
        assert people["feng"].post(f"{SITES}?{asked}", {"sites": wrong}).status_code == 400
    assert people["zhang"].get(f"{SITES}?{asked}").status_code == 400, "for another producer"
    assert people["lin"].get(f"{SITES}?{asked}").status_code == 403
    applied(people, register, orchard)
    looked = people["feng"].post(f"{SITES}?{asked}", {"sites": [orchard.number]})
    answer = people["feng"].post(f"{SITES}?{asked}", {**hidden(looked), **many(looked), "send": "1"})
    assert answer.status_code == 400
    assert "已有未终结的核准或申请" in text_of(answer)
    assert Authorisation.objects.filter(producer=register.feng).count() == 1


def test_whoever_has_no_site_is_led_to_register_one_first(register, people):
    page = people["feng"].get(APPLY).content.decode()
    assert "请先登记一处场地" in page
    assert "/portal/sites/new/" in page


def test_a_site_that_is_no_longer_used_cannot_be_named(register, orchard, people):
    orchard.state = SiteState.RETIRED
    orchard.save()
    asked = urlencode({"producer": register.feng.number, "title": register.title.number})
    assert people["feng"].get(f"{SITES}?{asked}").status_code == 400


def test_an_authorisation_is_interrupted_and_restored_with_reasons(register, people):
    path = f"/portal/rights/{register.authorisation.number}/"
    li, lin, zhang = people["li"], people["lin"], people["zhang"]
    page = f"{path}do/rectifying/"
    answer = li.post(page, {"reason": "标签不合规", "deadline_on": "2026-01-01"})
    looked = li.post(page, {**hidden(answer), "send": "1"})
    assert "整改期限须晚于今天" in text_of(looked)
    do(li, path, "rectifying", reason="标签不合规", deadline_on="2027-01-31")
    said = text_of(zhang.get(path))
    assert "期限： 2027-01-31" in said or "期限：2027-01-31" in said
    assert "标签不合规" in said
    do(li, path, "active", reason="复查合格")
    do(lin, path, "suspended", reason="抽检不合格")
    assert f"{path}do/active/" not in zhang.get(path).content.decode()
    do(lin, path, "active", reason="复检合格")
    assert Authorisation.objects.get(pk=register.authorisation.pk).state == A.ACTIVE


def test_a_cooperative_applies_with_the_fields_of_its_households(cast, register, people):
    ma = a_producer(cast.ma.organisation, is_public=False)
    field = a_site(ma, register.indication, box=(112.12, 37.45, 112.121, 37.451), name="马家地")
    register.authorisation.refresh_from_db()
    page = people["zhang"].get(f"/portal/rights/{register.authorisation.number}/").content.decode()
    assert "更换场地" not in page, "it stands already"
    mine = an_authorisation(ma, register.title, [field], state=A.DRAFT)
    assert people["zhang"].get(f"/portal/rights/{mine.number}/").status_code == 200
    assert "马家地" in people["zhang"].get(f"/portal/rights/{mine.number}/sites/").content.decode()


def test_an_application_without_a_report_says_so_and_is_not_sent(register, orchard, people):
    asked = urlencode({"producer": register.feng.number, "title": register.title.number})
    path = sent(people["feng"], f"{SITES}?{asked}", {"sites": [orchard.number]})
    assert "申请须附质量检验报告" in text_of(people["feng"].get(path))
    answer = people["feng"].post(f"{path}do/submitted/")
    assert answer.status_code == 400
    assert "申请须附质量检验报告" in text_of(answer)


def test_documents_are_added_taken_out_and_read_by_those_who_decide(register, orchard, people, client):
    path = applied(people, register, orchard)
    (kept,) = ApplicationDocument.objects.filter(authorisation__producer=register.feng)
    file = f"/portal/documents/{kept.number}/"
    for wrong in (b"", b"MZ..."):
        answer = attach(people["feng"], path, wrong)
        assert answer.status_code == 400
        assert "field--bad" in answer.content.decode()
    assert "已经在材料里" in text_of(attach(people["feng"], path))
    assert people["feng"].post(f"{file}remove/").status_code == 302
    assert people["feng"].post(f"{file}remove/").status_code == 404
    attach(people["feng"], path)
    kept = ApplicationDocument.objects.get(authorisation__producer=register.feng)
    file = f"/portal/documents/{kept.number}/"
    do(people["feng"], path, "submitted")
    answer = people["zhao"].get(file)
    assert (answer.content, answer.headers["Content-Type"]) == (REPORT, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{kept.number}.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for who in ("zhang", "li", "ma", "hu"):
        assert people[who].get(file).status_code == 404
        assert people[who].post(f"{file}remove/").status_code == 404
    assert client.get(file).status_code == 302
    people["feng"].post(f"{file}remove/")
    assert ApplicationDocument.objects.filter(pk=kept.pk).exists(), "settled"


def test_holders_and_officials_have_a_list_of_whom_the_mark_is_for(
    register, orchard, people, django_assert_num_queries
):
    path = applied(people, register, orchard)
    li, zhao, chen = (text_of(people[who].get("/portal/users/")) for who in ("li", "zhao", "chen"))
    assert "清徐张记醋厂" in li
    assert "祁县冯记醋厂" not in li + zhao + chen, "a draft is the producer's own"
    do(people["feng"], path, "submitted")
    assert "祁县冯记醋厂" in text_of(people["zhao"].get("/portal/users/"))
    assert "祁县冯记醋厂" not in text_of(people["li"].get("/portal/users/"))
    told = text_of(people["chen"].get("/portal/users/"))
    assert "清徐张记醋厂" in told
    assert "祁县冯记醋厂" in told
    for asked, found in (
        ("?state=active", "清徐张记醋厂"),
        ("?q=冯", "祁县冯记醋厂"),
        (f"?q={register.zhang.number}", "清徐张记醋厂"),
    ):
        page = people["chen"].get(f"/portal/users/{asked}").content.decode()
        assert re.findall(r"<b>([^<]+醋厂)</b>", page) == [found]
    for odd in ("?state=x", "?q=%00'\"%25", "?after=nothing", "?state=draft"):
        assert people["chen"].get(f"/portal/users/{odd}").status_code == 200
    with django_assert_num_queries(4):
        people["chen"].get("/portal/users/")


def test_what_is_not_sent_yet_is_among_the_tasks(register, orchard, people):
    path = applied(people, register, orchard)
    page = people["feng"].get("/portal/").content.decode()
    assert f'href="{path}"' in page
    assert "申请还没有提交" in page
