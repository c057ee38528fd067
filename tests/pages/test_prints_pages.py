"""Unit codes at the producers' desk: issued once, tried, printed, taken and recorded."""

import io
import re
import zipfile

import pytest
import zxingcpp
from PIL import Image

from tests.build_codes import an_issuance, code_of
from tests.build_jobs import work_it_off
from tests.build_trace import a_form
from trace.models import Issuance, IssuanceRange, PrintJob
from trace.rules.batches import BatchState
from trace.rules.issuances import Activation, RangeKind

pytestmark = pytest.mark.django_db

ROLL = {"preset": "50x30", "dpi": "203", "link": "batch"}


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.PRINTS_DIR = tmp_path / "prints"


@pytest.fixture
def zhang(cast, goods, as_person):
    return as_person(cast.zhang)


@pytest.fixture
def issuance(goods):
    return an_issuance(goods, goods.batch(), 1_200, activation=Activation.BY_RANGE)


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(issuance, name=""):
    return f"/portal/issuances/{issuance.number}/{name}"


def key_in(response):
    return re.search(r'name="key" value="(\w+)"', response.content.decode())[1]


def read(png):
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    return found.text


def printed(client, issuance, **span):
    """The page of a job that was asked for and drawn."""
    key = key_in(client.get(page(issuance, "print/")))
    sent = client.post(page(issuance, "print/"), {**ROLL, "first": "0", "last": "9", "key": key, **span})
    assert sent.status_code == 302, text_of(sent)
    work_it_off()
    return sent["Location"]


# --- issuing -----------------------------------------------------------------------------------------------------


def test_codes_are_issued_once_however_often_the_button_is_pressed(goods, zhang):
    batch = goods.batch()
    assert "还没有单件码" in text_of(zhang.get(f"/portal/batches/{batch.number}/codes/"))
    address = f"/portal/batches/{batch.number}/codes/new/"
    told = {"key": key_in(zhang.get(address)), "count": "2,400", "activation": "with_batch", "profile": "40x30"}
    first, second = zhang.post(address, told), zhang.post(address, told)
    issuance = Issuance.objects.get()
    assert (issuance.count, issuance.profile) == (2_400, "40x30")
    assert first["Location"] == second["Location"] == page(issuance)
    assert "2,400 枚单件码" in text_of(zhang.get(first["Location"]))
    assert "2,400" in text_of(zhang.get(f"/portal/batches/{batch.number}/codes/"))


def test_more_codes_than_packs_are_asked_why_and_what_was_typed_stays(goods, zhang):
    address = f"/portal/batches/{goods.batch().number}/codes/new/"
    told = {"key": "A", "count": "3000", "activation": "by_range", "profile": "40x30"}
    refused = zhang.post(address, told)
    assert refused.status_code == 400
    assert "请写明原因" in text_of(refused)
    assert 'value="3000"' in refused.content.decode()
    assert zhang.post(address, told | {"reason": "礼盒另贴一枚"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [{"count": "0"}, {"count": "x"}, {"count": "9" * 12}, {"activation": "never"}, {"profile": "a5"}, {"key": "/"}],
)
def test_odd_wishes_are_refused_beside_the_question(goods, zhang, wrong):
    address = f"/portal/batches/{goods.batch().number}/codes/new/"
    told = {"key": "A", "count": "10", "activation": "with_batch", "profile": "40x30"}
    assert zhang.post(address, told | wrong).status_code == 400
    assert not Issuance.objects.exists()


def test_many_codes_are_prepared_while_the_page_tells_how_far_it_is(goods, zhang):
    batch = goods.batch()
    told = {"key": "A", "count": "20500", "activation": "with_batch", "profile": "40x30", "reason": "备用"}
    address = zhang.post(f"/portal/batches/{batch.number}/codes/new/", told)["Location"]
    waiting = zhang.get(address)
    assert "正在准备：0 / 20,500" in text_of(waiting)
    assert 'data-live="open"' in waiting.content.decode()
    assert "打印标签" not in text_of(waiting)
    work_it_off()
    assert "打印标签" in text_of(zhang.get(address))


def test_a_draft_has_no_codes(goods, zhang):
    address = f"/portal/batches/{goods.batch(BatchState.DRAFT).number}/codes/new/"
    assert "目前的状态不能申请" in text_of(zhang.get(address))
    told = {"key": "A", "count": "10", "activation": "with_batch", "profile": "40x30"}
    assert zhang.post(address, told).status_code == 400


# --- printing ----------------------------------------------------------------------------------------------------


def test_the_preview_has_true_size_and_says_what_a_module_measures(issuance, zhang):
    shown = zhang.get(page(issuance, "print/?preset=60x40&dpi=203&link=batch&first=0&last=9"))
    assert 'width="60mm" height="40mm"' in shown.content.decode()
    text = text_of(shown)
    assert re.search(r"二维码宽 [\d.]+ 毫米，每个模块 0\.\d{3} 毫米（\d 点）", text)
    assert "登记中没有标准号" in text
    assert "请用您自己的标志图样印上" in text
    assert code_of(issuance)[:5] not in text


def test_a_label_that_does_not_fit_is_told_with_one_that_does(issuance, zhang, settings):
    settings.GI_PUBLIC_URL = "https://" + "registry." * 4 + "example"
    shown = zhang.get(page(issuance, "print/?preset=40x30&dpi=203&link=batch&first=0&last=9"))
    assert "放不下。可以用：" in text_of(shown)
    assert "生成标签文件" not in text_of(shown)


def test_the_trial_label_is_read_back_counts_for_nothing_and_opens_the_run(issuance, zhang, client):
    asked = "?preset=50x30&dpi=203&link=batch&first=0&last=9"
    assert "不试印，直接生成" in text_of(zhang.get(page(issuance, f"print/{asked}")))
    link = read(zhang.get(page(issuance, f"trial.png{asked}")).content)
    verdict = client.get(link.removeprefix("http://testserver"), headers={"Accept": "text/html"})
    assert "未签发" in text_of(verdict)
    assert zhang.get(page(issuance, f"trial.pdf{asked}")).content.startswith(b"%PDF")
    assert zhang.get(page(issuance, f"trial.zpl{asked}")).content.startswith(b"~DG")
    wrong = zhang.post(page(issuance, "tried/"), {**ROLL, "seen": "AAAAA", "first": "0", "last": "9"}, follow=True)
    assert "不一致" in text_of(wrong)
    right = zhang.post(
        page(issuance, "tried/"), {**ROLL, "seen": link[-5:].lower(), "first": "0", "last": "9"}, follow=True
    )
    assert "扫描无误" in text_of(right)
    assert "不试印" not in text_of(right)
    assert "序号 0 至 9" in text_of(right)
    other = zhang.get(page(issuance, "print/?preset=60x40&dpi=203&link=batch&first=0&last=9"))
    assert "不试印，直接生成" in text_of(other)


def test_a_run_is_asked_for_once_drawn_beside_the_server_and_taken_in_parts(issuance, zhang):
    key = key_in(zhang.get(page(issuance, "print/")))
    told = {**ROLL, "first": "0", "last": code_of(issuance, 1_099), "key": key}
    first, second = zhang.post(page(issuance, "print/"), told), zhang.post(page(issuance, "print/"), told)
    assert first["Location"] == second["Location"]
    waiting = zhang.get(first["Location"])
    assert "已生成 0 枚，共 1,100 枚" in text_of(waiting)
    assert "可以离开此页面" in text_of(waiting)
    assert zhang.get(f"{first['Location']}all.zip").status_code == 404
    work_it_off()
    done = zhang.get(first["Location"])
    assert "标签文件已生成" in text_of(done)
    assert 'data-live="open"' not in done.content.decode()
    part = zhang.get(f"{first['Location']}parts/2/")
    assert b"".join(part.streaming_content).startswith(b"%PDF")
    packed = io.BytesIO(b"".join(zhang.get(f"{first['Location']}all.zip").streaming_content))
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
    assert zhang.get(f"{first['Location']}parts/3/").status_code == 404
    assert zhang.get(f"{first['Location']}parts/0/").status_code == 404
    assert "1,100 / 1,100" in text_of(zhang.get(page(issuance)))


def test_the_next_run_begins_after_what_is_printed(issuance, zhang):
    printed(zhang, issuance)
    again = zhang.get(page(issuance, "print/")).content.decode()
    assert re.search(r'name="first"[^>]* value="10"|value="10"[^>]* name="first"', again)


def test_a_run_is_stopped_by_its_page(issuance, zhang):
    key = key_in(zhang.get(page(issuance, "print/")))
    address = zhang.post(page(issuance, "print/"), {**ROLL, "first": "0", "last": "9", "key": key})["Location"]
    stopped = zhang.post(f"{address}do/stop/", follow=True)
    assert "已停止" in text_of(stopped)
    assert zhang.post(f"{address}do/dance/").status_code == 404
    assert zhang.post(f"{address}do/resume/").status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"first": "1200"}, {"last": "x"}, {"first": "0" * 20}, {"dpi": "72"}, {"link": "x"}, {"preset": ""}]
)
def test_odd_runs_are_refused_beside_the_question(issuance, zhang, wrong):
    sent = zhang.post(page(issuance, "print/"), {**ROLL, "first": "0", "last": "9", "key": "A", **wrong})
    assert sent.status_code == 400
    assert not PrintJob.objects.exists()


def test_files_that_were_thrown_away_are_told_so(issuance, zhang):
    address = printed(zhang, issuance)
    PrintJob.objects.update(emptied_at="2026-12-01T00:00Z")
    assert "文件已按期删除" in text_of(zhang.get(address))
    assert zhang.get(f"{address}parts/1/").status_code == 404


# --- records -----------------------------------------------------------------------------------------------------


def test_spoiled_labels_are_recorded_by_index_or_by_the_code_on_them(issuance, zhang):
    address = page(issuance, "record/")
    told = {"kind": "spoiled", "first": code_of(issuance, 7).lower(), "last": "9", "reason": ""}
    done = zhang.post(address, told, follow=True)
    assert "已记录：损耗，7–9" in text_of(done)
    said = IssuanceRange.objects.get()
    assert (said.kind, said.first, said.last) == (RangeKind.SPOILED, 7, 9)
    assert zhang.post(address, told).status_code == 400
    assert zhang.post(address, told | {"kind": "destroyed", "first": "20", "last": ""}).status_code == 400


def test_a_code_of_another_issuance_names_no_unit_here(goods, issuance, zhang):
    other = an_issuance(goods, issuance.batch, 10, reason="另一批标签")
    sent = zhang.post(page(issuance, "record/"), {"kind": "spoiled", "first": code_of(other, 3)})
    assert sent.status_code == 400
    assert "没有这一枚" in text_of(sent)


def test_a_range_is_activated_where_codes_are_activated_by_range(goods, issuance, zhang):
    printed(zhang, issuance)
    shown = zhang.get(page(issuance, "record/?kind=activated&first=0&last=9"))
    assert re.search(r'value="activated"[^>]* checked', shown.content.decode())
    zhang.post(page(issuance, "record/"), {"kind": "activated", "first": "0", "last": "9"})
    assert "已激活 10" in text_of(zhang.get(page(issuance)))
    at_once = an_issuance(goods, goods.batch(), 10)
    assert 'value="activated"' not in zhang.get(page(at_once, "record/")).content.decode()


# --- doors -------------------------------------------------------------------------------------------------------


def test_a_rival_finds_nothing_and_officials_see_counts_but_print_nothing(cast, issuance, zhang, as_person):
    job = printed(zhang, issuance)
    asked = "?preset=50x30&dpi=203&link=batch&first=0&last=9"
    addresses = [page(issuance), page(issuance, "print/"), page(issuance, f"trial.png{asked}"), job, f"{job}parts/1/"]
    addresses += [f"{job}all.zip", f"/portal/batches/{issuance.batch.number}/codes/", page(issuance, "record/")]
    feng, li = as_person(cast.feng), as_person(cast.li)
    assert {feng.get(address).status_code for address in addresses} == {404}
    assert li.get(page(issuance)).status_code == 200
    assert "打印标签" not in text_of(li.get(page(issuance)))
    for address in (page(issuance, "print/"), job, f"{job}parts/1/", f"{job}all.zip", page(issuance, "record/")):
        assert li.get(address).status_code == 403


def test_without_a_gtin_no_gs1_link_is_offered(goods, zhang):
    bare = goods.batch(form=a_form(goods.register, goods.maker, gtin=None, name_zh="无码"))
    without = an_issuance(goods, bare, 5)
    assert 'value="gs1"' not in zhang.get(page(without, "print/")).content.decode()


def test_the_pages_are_there_in_english(issuance, zhang):
    address = printed(zhang, issuance)
    for path in (page(issuance), page(issuance, "print/"), page(issuance, "record/"), address):
        body = zhang.get(path, headers={"Accept-Language": "en"}).content.decode()
        main = body[body.index("<main") :]
        seen = re.sub(r"(?s)<svg.*?</svg>|<[^>]+>", " ", main)
        assert "Unit" in seen or "label" in seen or "Record" in seen
