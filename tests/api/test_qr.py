"""QR pictures over HTTP, read back by a reader that is not ours."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests.build_trace import a_form
from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


def url(batch, kind, query=""):
    return f"/api/v1/trace/batches/{batch.number}/qr.{kind}{query}"


def read(png):
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    return found.text


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_the_picture_of_a_batch_opens_its_verdict_page(goods, zhang, client, dpi):
    batch = goods.batch()
    answer = zhang.get(url(batch, "png", f"?dpi={dpi}"))
    assert answer.headers["Content-Type"] == "image/png"
    link = read(answer.content)
    assert link == f"http://testserver/c/{batch.number}"
    page = client.get(link.removeprefix("http://testserver"), headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert batch.number[:5] in page.content.decode()


def test_the_gs1_link_is_drawn_where_there_is_a_gtin(goods, zhang):
    batch = goods.batch()
    answer = zhang.get(url(batch, "png", "?link=gs1"))
    assert read(answer.content) == f"http://testserver/01/{goods.form.gtin}/10/{batch.number}"
    bare = goods.batch(form=a_form(goods.register, goods.maker, gtin=None, name_zh="无码"))
    refused = zhang.get(url(bare, "png", "?link=gs1"))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "no_gtin")


def test_the_svg_names_its_lot_for_readers_and_typists(goods, zhang):
    batch = goods.batch()
    answer = zhang.get(url(batch, "svg"))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    text = answer.content.decode()
    assert f"<title>批次 {batch.number[:5]} {batch.number[5:]} 的二维码</title>" in text
    assert f">{batch.number[:5]} {batch.number[5:]}</text>" in text
    assert ">testserver/c/</text>" in text
    assert "QR code of lot" in zhang.get(url(batch, "svg", "?lang=en")).content.decode()


def test_a_copy_that_is_current_is_not_sent_again(goods, zhang):
    batch = goods.batch()
    first = zhang.get(url(batch, "svg"))
    again = zhang.get(url(batch, "svg"), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" in first.headers["Cache-Control"]
    assert zhang.get(url(batch, "svg", "?dpi=203")).headers["ETag"] != first.headers["ETag"]


def test_nothing_is_printed_for_a_draft_or_a_void_lot(goods, zhang):
    for state in (BatchState.DRAFT, BatchState.VOID):
        refused = zhang.get(url(goods.batch(state), "svg"))
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "not_printable")


@pytest.mark.parametrize("query", ["?dpi=72", "?dpi=x", "?link=other", "?size=9"])
def test_odd_wishes_are_refused(goods, zhang, query):
    assert zhang.get(url(goods.batch(), "png", query)).status_code == 400


def test_a_rival_finds_no_picture(goods, cast, as_machine):
    assert as_machine(cast.feng).get(url(goods.batch(), "svg")).status_code == 404
    assert as_machine(None).get(url(goods.batch(), "svg")).status_code == 401
