"""Reporting goods or a label: without account or script, in both languages, once however often it is sent."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from PIL import Image
from playwright.sync_api import expect

from gi_registry.lib.ids import grouped, is_well_formed
from tests.browser import DESK, PHONE, arrive, faults, sideways
from tests.build_codes import an_issuance, code_of, forged, mistyped
from tests.build_reports import GPS, NOBODYS, a_photo, a_report
from tests.build_trace import the_goods
from tests.cast import NOW, assemble
from tests.pages.test_look import open_page
from trace import actions
from trace.limits import REPORTS
from trace.models import Report, ReportPhoto, UnitReport, UnitTally
from trace.rules.batches import BatchState
from trace.rules.reports import MAX_CONTACT, MAX_WORDS, ReportKind

__all__ = ["open_page"]
pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\"&{{ 7 }}"
CONTACT = "13900000000"


def send(client, *, photo=None, lang="zh", **told):
    asked = {
        "once": "a-form",
        "kind": "tampered",
        "about": "",
        "words_said": "瓶盖没有封膜。",
        "contact": CONTACT,
        **told,
    }
    if photo is not None:
        asked["photo"] = SimpleUploadedFile("photo.jpg", photo)
    headers = {"Accept": "text/html", "Accept-Language": lang}
    return client.post("/c/report/", asked, headers=headers)


def read(client, path, lang="zh"):
    return client.get(path, headers={"Accept": "text/html", "Accept-Language": lang})


@pytest.mark.parametrize(
    ("lang", "asked", "received"),
    [("zh", "举报可疑商品或标签", "举报已收到"), ("en", "Report goods or a label", "Your report has been received")],
)
def test_a_person_reports_goods_from_the_page_behind_the_code_and_gets_a_number(goods, client, lang, asked, received):
    batch = goods.batch()
    verdict = read(client, f"/c/{batch.number}", lang).content.decode()
    (link,) = re.findall(r'href="(/c/report/\?[^"]+)"', verdict)
    form = read(client, link.replace("&amp;", "&"), lang)
    assert asked in form.content.decode()
    assert f'value="{batch.number}"' in form.content.decode()
    once = re.search(r'name="once" value="([^"]+)"', form.content.decode())[1]
    answer = send(client, once=once, about=batch.number, photo=a_photo(), lang=lang)
    assert answer.status_code == 302
    report = Report.objects.get()
    assert answer["Location"] == f"/c/report/{report.number}/"
    assert is_well_formed(report.number)
    assert (report.batch, report.lot, report.division_code) == (batch, batch.number, "140121")
    assert (report.kind, report.words, report.contact) == (ReportKind.TAMPERED, "瓶盖没有封膜。", CONTACT)
    page = read(client, answer["Location"], lang).content.decode()
    assert received in page
    assert grouped(report.number) in page


def test_a_report_marks_the_unit_whose_code_it_names_and_no_code_that_was_never_issued(goods, client):
    issuance = an_issuance(goods, goods.batch())
    lot, code = issuance.batch.number, code_of(issuance, 4)
    for about in (lot, f"{lot}/{forged(code)}", f"{lot}/{mistyped(code)}", code):
        assert send(client, about=about).status_code == 302
    assert not UnitReport.objects.exists()
    for _ in range(2):
        send(client, about=f"{lot}/{code}")
    assert [(row.issuance, row.unit_index) for row in UnitReport.objects.all()] == [(issuance, 4)]
    assert UnitTally.objects.get().reasons == ["reported"]


def test_neither_page_sets_a_cookie_or_is_found_by_a_search_engine(goods, client):
    pages = [read(client, "/c/report/"), send(client), read(client, f"/c/report/{Report.objects.get().number}/")]
    assert not client.cookies
    assert [page["X-Robots-Tag"] for page in (pages[0], pages[2])] == ["noindex", "noindex"]
    assert [page["Cache-Control"] for page in (pages[0], pages[2])] == ["private", "no-store"]


def test_every_verdict_page_leads_to_a_report_also_of_a_code_that_was_never_issued(client):
    assert f'"/c/report/?lot={NOBODYS}"' in read(client, f"/c/{NOBODYS}").content.decode()
    unit = f"/c/{NOBODYS}/1D9TH0QM13JJ3CWHNDTQ"
    assert f'"/c/report/?lot={NOBODYS}&amp;code=1D9TH0QM13JJ3CWHNDTQ"' in read(client, unit).content.decode()
    assert '"/c/report/?lot="' in read(client, "/c/wording/mistyped/").content.decode()
    send(client, about=NOBODYS)
    report = Report.objects.get()
    assert (report.batch, report.lot, report.division_code) == (None, NOBODYS, "140000")


def test_the_lot_of_a_draft_leads_to_nobody(goods, client):
    """A draft's number has not been issued: who guesses one must not learn of it, nor reach its maker's county."""
    send(client, about=goods.batch(BatchState.DRAFT).number)
    report = Report.objects.get()
    assert (report.batch, report.division_code) == (None, "140000")


def test_a_unit_code_is_kept_with_its_lot(goods, client):
    batch = goods.batch()
    send(client, about=f"{batch.number}/1D9TH0QM13JJ3CWHNDTQ")
    report = Report.objects.get()
    assert (report.lot, report.code, report.batch) == (batch.number, "1D9TH0QM13JJ3CWHNDTQ", batch)


# --- faults ---


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ({"kind": ""}, "请选择一种情况。", "Choose one."),
        ({"kind": "murder"}, "请从列出的选项中选择。", "Choose one of those listed."),
        (
            {"words_said": " "},
            "请写几句话说明情况，或附一张照片。",
            "Say in a few words what is wrong, or add a photo.",
        ),
        ({"words_said": "长" * (MAX_WORDS + 1)}, "最多 1000 字", "at most 1000 characters"),
        ({"contact": "1" * (MAX_CONTACT + 1)}, "最多 100 字", "at most 100 characters"),
        ({"about": "7" * 2_049}, "最多 2048 字", "at most 2048 characters"),
        ({"words_said": "a\x00b"}, "含有无法保存的字符。", "It holds a character that cannot be kept."),
        ({"photo": b""}, "文件是空的", "The file is empty."),
        ({"photo": b"no picture"}, "无法打开这张图片", "The picture cannot be opened."),
        ({"photo": a_photo()[:400]}, "无法打开这张图片", "The picture cannot be opened."),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fault_stands_beside_its_field_and_nothing_is_stored(client, told, zh, en, lang):
    page = send(client, lang=lang, **told)
    assert page.status_code == 400
    assert f"{'错误：' if lang == 'zh' else 'Error: '}{zh if lang == 'zh' else en}".rstrip(".") in re.sub(
        r"(内容过长，|Too long: )", "", page.content.decode()
    )
    assert not Report.objects.exists()


def test_a_form_with_a_fault_comes_back_with_all_that_was_typed_and_asks_for_the_photo_again(client):
    page = send(client, kind="", about=NOBODYS, words_said="封膜破损", photo=a_photo()).content.decode()
    assert f'value="{NOBODYS}"' in page
    assert "封膜破损" in page
    assert f'value="{CONTACT}"' in page
    assert 'value="a-form"' in page
    assert "请重新选择照片，再提交一次。" in page


def test_a_photo_alone_says_enough(client):
    assert send(client, words_said="", photo=a_photo()).status_code == 302


def test_what_was_typed_is_shown_back_as_text_and_never_as_markup(client):
    for page in (
        send(client, kind="", about=HOSTILE, words_said=HOSTILE, contact=HOSTILE, once=HOSTILE[:40]),
        client.get("/c/report/", {"lot": HOSTILE, "code": HOSTILE}),
    ):
        assert "<script>alert" not in page.content.decode()
        assert "&lt;script&gt;alert(1)" in page.content.decode()


def test_a_hostile_report_is_taken_as_it_is_and_read_as_text(cast, client, as_machine):
    number = send(client, about=HOSTILE, words_said=HOSTILE)["Location"].split("/")[3]
    assert as_machine(cast.lin).get(f"/api/v1/trace/reports/{number}/").json()["words"] == HOSTILE
    assert "alert" not in read(client, f"/c/report/{number}/").content.decode()


# --- photos ---


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_a_copy_of_ours_without_the_place_where_it_was_taken(client, kind):
    sent = a_photo((2_400, 1_200), kind)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    send(client, photo=sent + b"<?php trailing ?>")
    kept = bytes(ReportPhoto.objects.get().jpeg)
    copy = Image.open(io.BytesIO(kept))
    assert (copy.format, copy.size) == ("JPEG", (1_600, 800))
    assert not copy.getexif()
    assert b"MAKER-OF-PHONES" not in kept
    assert b"trailing" not in kept


def test_a_photo_over_12_megabytes_is_refused(client):
    assert send(client, photo=bytes(13 * 1024 * 1024)).status_code == 413
    assert not Report.objects.exists()


def test_a_photo_of_too_many_pixels_is_refused_before_it_is_unfolded(client):
    page = send(client, photo=a_photo((9_000, 6_000), "PNG"))
    assert page.status_code == 400
    assert "照片过大" in page.content.decode()


# --- once ---


def test_the_same_form_sent_twice_is_one_report_and_another_one_is_another(client):
    first = send(client, photo=a_photo())
    assert send(client, photo=a_photo())["Location"] == first["Location"]
    assert Report.objects.count() == ReportPhoto.objects.count() == 1
    for more in ({"words_said": "封膜有，标签是复印的。"}, {"once": "another-form"}, {"photo": None}):
        assert send(client, **{"photo": a_photo(), **more})["Location"] != first["Location"]
    assert Report.objects.count() == 4


def test_forms_that_carry_no_word_of_their_own_are_never_taken_for_one_another(client):
    assert send(client, once="")["Location"] != send(client, once="")["Location"]


@pytest.mark.django_db(transaction=True)
def test_eight_that_send_one_form_at_once_make_one_report():
    lot, photo, gate = the_goods(assemble()).batch().number, a_photo(), threading.Barrier(8)

    def press():
        gate.wait()
        try:
            return send(Client(), about=lot, photo=photo)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        places = {each.result(timeout=60) for each in [pool.submit(press) for _ in range(8)]}
    assert len(places) == Report.objects.count() == ReportPhoto.objects.count() == 1


def test_reports_have_a_limit_of_their_own(client):
    for turn in range(REPORTS.most):
        assert send(client, once=str(turn)).status_code == 302
    refused = send(client, once="one more")
    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert Report.objects.count() == REPORTS.most
    assert read(client, "/c/report/").status_code == 200, "the form is still shown"


# --- what becomes of it ---


def test_whoever_has_the_number_reads_the_state_and_the_answer_and_nothing_of_what_was_told(goods, cast, client):
    batch = goods.batch()
    report = a_report(batch.number, photo=a_photo())
    actions.close_report(report=report, answer=f"已到店核查。{HOSTILE}", actor=cast.li.actor, now=NOW)
    page = read(client, f"/c/report/{report.number.lower()}/").content.decode()
    assert "举报已处理" in page
    assert "已到店核查。&lt;script&gt;" in page
    for secret in ("瓶盖没有封膜", CONTACT, batch.number, grouped(batch.number), "李清徐", "山西省", "涂改"):
        assert secret not in page


@pytest.mark.parametrize("number", ["7K3QX9PA28", "nothing", "0" * 300])
def test_a_number_that_is_none_is_answered_like_any_missing_page(client, number):
    assert read(client, f"/c/report/{number}/").status_code == 404


def test_the_registrar_closes_a_report_in_the_staff_admin_and_other_staff_do_not_see_it(cast, client):
    report = a_report(NOBODYS)
    for person in (cast.hu, cast.lin):
        person.user.is_staff = True
        person.user.save()
    data = {"action": "close", "_selected_action": [report.pk], "reason": "已核查"}
    for person, state, seen in ((cast.hu, "received", False), (cast.lin, "closed", True)):
        client.force_login(person.user)
        assert (report.number in client.get("/admin/trace/report/").content.decode()) is seen
        client.post("/admin/trace/report/", data)
        report.refresh_from_db()
        assert report.state == state
    assert "已核查" in client.get(f"/admin/trace/report/{report.pk}/history/").content.decode()


# --- in a browser ---


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_in_a_browser_without_script_the_form_is_filled_mended_and_sent(open_page, locale, size):
    page = open_page("/c/report/?lot=000000001T", size, locale, java_script_enabled=False)
    arrive(page.locator("button[type=submit]:not(header *)").last)
    expect(page.locator(".errors")).to_be_visible()
    page.locator("input[name=kind]").first.check()
    page.locator("textarea").fill("瓶盖没有封膜。")
    page.locator("input[type=file]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    arrive(page.locator("main form button[type=submit]"))
    number = Report.objects.get().number
    assert page.url.endswith(f"/c/report/{number}/")
    assert grouped(number) in page.locator("main").inner_text()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_axe_finds_no_fault_in_the_form_its_faults_and_the_answer(open_page, locale):
    report = a_report("000000001T")
    for path in ("/c/report/?lot=000000001T", f"/c/report/{report.number}/"):
        for size in (PHONE, DESK):
            page = open_page(path, size, locale)
            assert faults(page) == []
            assert sideways(page) == 0
            if "?" in path:
                arrive(page.locator("main form button[type=submit]"))
                expect(page.locator(".errors")).to_be_visible()
                assert faults(page) == []
            assert page.complaints == [] or all("400" in said for said in page.complaints)
            page.close()
