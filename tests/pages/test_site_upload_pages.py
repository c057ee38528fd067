"""The pages of a file of sites: chosen, looked at, registered, without a script and without a second time."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from products import actions
from products.models import Site, SiteUpload
from products.rules.uploads import told
from products.rules.words import SiteState
from tests.build_files import a_shapefile, collection, feature, fields
from tests.build_products import QINGXU_FIELD, QINGXU_WORKS, a_producer
from tests.build_sheets import workbook
from tests.cast import NOW
from trace.portal.sketch import sketch_of_rows
from trace.portal.upload_forms import LeaveOutQuestion

pytestmark = pytest.mark.django_db
NEW = "/portal/sites/upload/"
FREE, BESIDE = (112.12, 37.45, 112.121, 37.451), (112.122, 37.45, 112.123, 37.451)
NEAR, OUTSIDE = (112.1, 37.4001, 112.101, 37.401), (112.22, 37.54, 112.221, 37.541)


@pytest.fixture
def zhang(cast, register, as_person):
    return as_person(cast.zhang)


def choose(client, register, data, name="plots.geojson", **change):
    form = {"producer": register.zhang.number, "indication": register.indication.slug, "kind": "", "crs": ""}
    return client.post(NEW, {**form, "file": SimpleUploadedFile(name, data), **change})


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_offers_what_the_producer_will_mean(zhang, register):
    page = zhang.get(NEW).content.decode()
    assert f'value="{register.indication.slug}" selected' in page
    assert 'name="producer" value="' in page
    assert "sites-sample.geojson" in page


def test_the_sample_is_a_file_that_is_read(zhang, register):
    sample = b"".join(zhang.get("/static/trace/sites-sample.geojson").streaming_content)
    upload = SiteUpload.objects.get(number=choose(zhang, register, sample)["Location"].split("/")[-2])
    assert list(upload.rows.values_list("state", flat=True)) == ["ready", "ready"]


def test_a_file_is_looked_at_and_then_registered(zhang, register):
    answer = choose(zhang, register, fields(FREE, NEAR, OUTSIDE, QINGXU_FIELD))
    assert answer.status_code == 302
    url = answer["Location"]
    page = text_of(zhang.get(url))
    assert "可直接有效 1 临界，县级核对 1 不能登记 2" in page
    assert "距边界约" in page
    assert "登记这 2 处场地" in page
    assert Site.objects.count() == 2
    assert zhang.post(f"{url}commit/", {"leave_out": ""})["Location"] == url
    done = text_of(zhang.get(url))
    assert "已登记 2 处场地" in done
    assert Site.objects.count() == 4
    zhang.post(f"{url}commit/", {"leave_out": ""})
    assert Site.objects.count() == 4


def test_rows_are_left_out_by_their_numbers(zhang, register):
    url = choose(zhang, register, fields(FREE, BESIDE))["Location"]
    for wrong in ("x", "3-1", "9", "1 2 x"):
        assert zhang.post(f"{url}commit/", {"leave_out": wrong}).status_code == 400
    assert Site.objects.count() == 2
    zhang.post(f"{url}commit/", {"leave_out": "１"})
    assert list(SiteUpload.objects.get().rows.order_by("number").values_list("state", flat=True)) == [
        "left_out",
        "done",
    ]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [("", []), ("3", [3]), ("3, 7-9", [3, 7, 8, 9]), ("3，5、6；8", [3, 5, 6, 8]), ("1 至 3", [1, 2, 3]), ("2-2", [2])],
)
def test_row_numbers_are_read_as_people_write_them(typed, rows):
    form = LeaveOutQuestion({"leave_out": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["leave_out"] == rows


@pytest.mark.parametrize(
    ("data", "change", "said"),
    [
        (b"%PDF", {}, "请上传 GeoJSON"),
        (b"", {}, "文件是空的"),
        (fields(FREE), {"indication": "nothing"}, "请从列出的选项中选择"),
        (fields(FREE), {"producer": "NOBODY"}, "请从列出的选项中选择"),
        (a_shapefile(FREE, prj=None), {}, "没有说明坐标系"),
        (a_shapefile(FREE), {"crs": "EPSG:4546"}, "您选择的坐标系是"),
        (b'{"a":' * 9000, {}, "嵌套层次过深"),
    ],
)
def test_a_mistake_is_told_beside_its_field(zhang, register, data, change, said):
    answer = choose(zhang, register, data, **change)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert SiteUpload.objects.count() == 0


def test_a_file_over_the_limit_is_answered_with_a_page(zhang, register):
    answer = choose(zhang, register, fields(FREE) + b" " * 5 * 1024 * 1024)
    assert (answer.status_code, "5 MB" in text_of(answer)) == (413, True)


def test_what_is_not_used_and_what_was_there_before_is_said(zhang, register):
    data = collection(feature(FREE, name="a", kind="田地", 面积="3"))
    first = choose(zhang, register, data)["Location"]
    assert "这些列没有用到： 面积" in text_of(zhang.get(first))
    second = zhang.get(choose(zhang, register, data)["Location"])
    assert "以前上传过" in text_of(second)
    assert first in second.content.decode()


def test_a_spreadsheet_is_handed_back_from_its_page(zhang, register):
    head = ("名称", "类型", "经度", "纬度")
    data = workbook([("甲", "车间", 112.12, 37.45), ("乙", "车间", 112.22, 37.54)], head)
    url = choose(zhang, register, data, name="场地.xlsx", crs="EPSG:4326")["Location"]
    page = zhang.get(url).content.decode()
    assert "下载标出错误的表格" in page
    path = re.search(r'href="([^"]+faults.xlsx)"', page)[1]
    answer = zhang.get(path)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows] == ["名称", "乙"]
    plots = zhang.get(choose(zhang, register, fields(OUTSIDE))["Location"]).content.decode()
    assert "下载标出错误的表格" not in plots


def test_a_half_registered_file_goes_on_with_a_button(cast, zhang, register):
    url = choose(zhang, register, fields(FREE, BESIDE))["Location"]
    upload = SiteUpload.objects.get()
    left = iter([True])
    actions.commit_upload(upload=upload, actor=cast.zhang.actor, now=NOW, is_time=lambda: next(left, False))
    page = zhang.get(url)
    assert "已处理 1 行，共 2 行" in text_of(page)
    assert "data-continue" in page.content.decode()
    assert "plots.geojson" in text_of(zhang.get("/portal/"))
    zhang.post(f"{url}commit/")
    assert "已登记 2 处场地" in text_of(zhang.get(url))
    assert "plots.geojson" not in text_of(zhang.get("/portal/"))


def test_a_file_is_discarded(zhang, register):
    url = choose(zhang, register, fields(FREE))["Location"]
    assert "已放弃" in text_of(zhang.post(f"{url}discard/", follow=True))
    assert "文件已放弃" in text_of(zhang.get(url))
    assert zhang.post(f"{url}commit/").status_code == 400
    assert zhang.post(f"{url}discard/").status_code == 409


def test_another_finds_nothing_there(cast, zhang, register, as_person):
    url = choose(zhang, register, fields(FREE))["Location"]
    feng = as_person(cast.feng)
    for method, path in (("get", url), ("post", f"{url}commit/"), ("post", f"{url}check/"), ("post", f"{url}discard/")):
        assert getattr(feng, method)(path).status_code == 404
    assert choose(feng, register, fields(FREE)).status_code == 400
    assert as_person(cast.li).get(NEW).status_code == 403
    assert as_person(None).get(NEW).status_code == 302
    assert zhang.post(f"{url}burn/").status_code == 404
    assert zhang.get(f"{url}commit/").status_code == 405


def test_a_sponsor_says_whose_sites_they_are(cast, zhang, register):
    household = a_producer(cast.ma.organisation)
    assert zhang.get(NEW).content.decode().count('type="radio"') == 2
    choose(zhang, register, fields(FREE), producer=household.number)
    assert SiteUpload.objects.get().producer == household


def test_a_hostile_name_is_shown_as_it_is_written(zhang, register):
    data = collection(feature(FREE, name="<script>alert(1)</script>", kind="田地"))
    page = zhang.get(choose(zhang, register, data, name="<img src=x>.json")["Location"])
    assert b"<script>alert" not in page.content
    assert b"<img src=x>" not in page.content


def test_long_files_are_shown_in_pages(zhang, register):
    boxes = [(112.01 + n / 600, 37.45, 112.011 + n / 600, 37.451) for n in range(60)]
    url = choose(zhang, register, fields(*boxes))["Location"]
    first, second = (text_of(zhang.get(url, {"show": "all", "page": page})) for page in (1, 2))
    assert ("地块1 " in first, "地块60" in first, "地块60" in second) == (True, False, True)
    for odd in ("0", "-1", "x", "99", "９", "1e9"):
        assert zhang.get(url, {"page": odd, "show": "nothing"}).status_code == 200


def test_the_drawing_tells_by_more_than_colour(cast, zhang, register):
    data = collection(
        feature(FREE, name="a", kind="田地"),
        feature(NEAR, name="b", kind="田地"),
        feature((112.1205, 37.45, 112.1215, 37.451), name="c", kind="田地"),
        {
            "type": "Feature",
            "properties": {"name": "d", "kind": "加工场所"},
            "geometry": {"type": "Point", "coordinates": list(QINGXU_WORKS)},
        },
        feature(None, name="e", kind="田地"),
    )
    choose(zhang, register, data)
    rows = list(SiteUpload.objects.get().rows.order_by("number"))
    sketch = sketch_of_rows(rows, register.indication, NOW.date())
    assert [(shape.number, shape.tone, bool(shape.path)) for shape in sketch.shapes] == [
        (1, "good", True),
        (2, "warn", True),
        (3, "bad", True),
        (4, "good", False),
    ]
    assert sketch.region
    assert sketch.around
    assert all(0 <= shape.x <= sketch.width and 0 <= shape.y <= sketch.height for shape in sketch.shapes)
    assert sketch_of_rows(rows[4:], register.indication, NOW.date()) is None
    assert rows[2].outcome == SiteState.REFUSED
    assert told(rows[2].faults)[0].code == "row_overlap"
