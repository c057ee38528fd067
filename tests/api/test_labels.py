"""Labels over HTTP, read back by a reader that is not ours."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests.build_codes import an_issuance, code_of
from tests.build_labels import drawn_from_pdf, drawn_from_zpl
from tests.build_trace import a_form
from trace.models import CodeDownload
from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


@pytest.fixture
def issuance(goods):
    return an_issuance(goods, goods.batch(), 400)


def url(issuance, name, query=""):
    return f"/api/v1/trace/issuances/{issuance.number}/{name}{query}"


def read(image):
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    return found.text


def link(issuance, index):
    return f"http://testserver/c/{issuance.batch.number}/{code_of(issuance, index)}"


def refused(answer):
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_each_format_carries_the_very_code_of_the_unit(issuance, zhang, tmp_path):
    pdf = zhang.get(url(issuance, "labels.pdf", "?first=7&dpi=203"))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Cache-Control"] == "private, no-store"
    assert read(drawn_from_pdf(pdf.content, tmp_path, 203, (399, 239), (0, 0))) == link(issuance, 7)
    zpl = zhang.get(url(issuance, "labels.zpl", "?first=7&last=8&dpi=203"))
    assert zpl.headers["Content-Type"] == "application/vnd.zebra.zpl"
    labels = drawn_from_zpl(zpl.content.decode(), (400, 240))
    assert [read(label) for label in labels] == [link(issuance, 7), link(issuance, 8)]
    png = zhang.get(url(issuance, "label.png", "?index=399&preset=60x40"))
    assert read(Image.open(io.BytesIO(png.content))) == link(issuance, 399)
    svg = zhang.get(url(issuance, "label.svg", "?index=1"))
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert code_of(issuance, 1)[:5] in svg.content.decode()


def test_the_gs1_link_has_the_gtin_that_the_code_was_made_for(goods, issuance, zhang):
    png = zhang.get(url(issuance, "label.png", "?link=gs1&preset=70x30"))
    expected = f"http://testserver/01/{issuance.gtin}/10/{issuance.batch.number}/21/{code_of(issuance)}"
    assert read(Image.open(io.BytesIO(png.content))) == expected
    bare = goods.batch(form=a_form(goods.register, goods.maker, gtin=None, name_zh="无码"))
    without = an_issuance(goods, bare, 5)
    assert refused(zhang.get(url(without, "label.png", "?link=gs1"))) == (409, "no_gtin")


def test_each_taking_is_noted_as_the_file_of_codes_is(issuance, zhang):
    zhang.get(url(issuance, "labels.pdf", "?first=3&last=9"))
    zhang.head(url(issuance, "label.png"))
    assert list(CodeDownload.objects.values_list("first", "last")) == [(3, 9)]


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("labels.pdf", "?last=300", (400, "too_many_labels")),
        ("labels.pdf", "?first=400", (400, "first")),
        ("labels.pdf", "?first=9&last=3", (400, "last")),
        ("labels.pdf", "?preset=a5", (400, "invalid_choice")),
        ("labels.pdf", "?dots=1", (400, "module_size")),
        ("labels.pdf", "?dots=8&preset=40x30", (400, "label_too_small")),
        ("labels.zpl", "?preset=a4-21", (400, "zpl_sheet")),
        ("label.png", "?index=-1", (400, "min_value")),
        ("label.svg", "?first=1", (400, "unknown_parameter")),
    ],
)
def test_odd_wishes_are_refused_with_the_reason(issuance, zhang, name, query, expected):
    answer = zhang.get(url(issuance, name, query))
    assert answer.status_code == expected[0]
    if expected[1] != "unknown_parameter":
        assert refused(answer) == expected
    assert not CodeDownload.objects.exists()


def test_without_a_font_the_answer_says_what_to_install(issuance, zhang, settings):
    settings.LABEL_FONT = "/no/such.ttf"
    answer = zhang.get(url(issuance, "labels.pdf"))
    assert refused(answer) == (409, "no_font")
    assert "apt-get install fonts-wqy-microhei" in answer.json()["detail"]


def test_the_labels_of_a_whole_batch_are_alike_and_carry_its_link(goods, zhang, as_machine, cast):
    batch = goods.batch()
    address = f"/api/v1/trace/batches/{batch.number}/labels"
    zpl = zhang.get(f"{address}.zpl?copies=2&dpi=203")
    labels = drawn_from_zpl(zpl.content.decode(), (400, 240))
    assert [read(label) for label in labels] == [f"http://testserver/c/{batch.number}"] * 2
    assert zhang.get(f"{address}.pdf?preset=a4-21&copies=21").content.startswith(b"%PDF")
    assert zhang.get(f"{address}.pdf?copies=301").status_code == 400
    draft = goods.batch(BatchState.DRAFT)
    assert refused(zhang.get(f"/api/v1/trace/batches/{draft.number}/labels.pdf")) == (409, "not_printable")
    assert as_machine(cast.feng).get(f"{address}.pdf").status_code == 404


def test_codes_that_are_void_are_printed_no_more(goods, issuance, zhang):
    zhang.post(url(issuance, "void/"), {"reason": "停用"}, content_type="application/json")
    assert refused(zhang.get(url(issuance, "labels.pdf"))) == (409, "issuance_void")
