"""/api/v1/products/site-uploads/: a file comes in, is looked at, is committed once; bad files and strangers get a clear no."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from products.models import Site, SiteUpload
from tests.api.asking import codes, send
from tests.build_files import a_geopackage, a_layer, a_shapefile, collection, feature, fields
from tests.build_products import QINGXU_FIELD

pytestmark = pytest.mark.django_db
UPLOADS = "/api/v1/products/site-uploads/"
FREE, BESIDE = (112.12, 37.45, 112.121, 37.451), (112.122, 37.45, 112.123, 37.451)


@pytest.fixture
def zhang(cast, register, as_machine):
    return as_machine(cast.zhang)


def upload(client, register, data, name="plots.geojson", headers=None, **change):
    facts = {"producer": register.zhang.number, "indication": register.indication.slug}
    form = {**facts, "file": SimpleUploadedFile(name, data), **change}
    return client.post(UPLOADS, {name: part for name, part in form.items() if part is not None}, headers=headers)


@pytest.mark.parametrize("make", [fields, a_shapefile, a_layer])
def test_a_file_is_staged_looked_at_and_committed(zhang, register, make):
    answer = upload(zhang, register, make(FREE, QINGXU_FIELD))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["row_count"], told["counts"]["active"], told["counts"]["refused"]) == (
        "staged",
        2,
        1,
        1,
    )
    url = answer["Location"]
    rows = zhang.get(f"{url}rows/").json()["results"]
    assert [(row["number"], row["outcome"], row["site"]) for row in rows] == [(1, "active", None), (2, "refused", None)]
    assert rows[1]["faults"][0]["code"] == "site_overlap"
    assert Site.objects.count() == 2
    done = send(zhang, "post", f"{url}commit/", {}).json()
    assert (done["state"], done["counts"]["done"], done["counts"]["refused"]) == ("done", 1, 1)
    (row,) = zhang.get(f"{url}rows/", {"state": "done"}).json()["results"]
    assert zhang.get(f"/api/v1/products/sites/{row['site']}/").json()["name"] == "地块1"
    assert send(zhang, "post", f"{url}commit/", {}).json()["counts"] == done["counts"]


def test_rows_come_in_pages_in_the_order_of_the_file(zhang, register):
    boxes = [(112.1 + n / 500, 37.45, 112.101 + n / 500, 37.451) for n in range(5)]
    url = upload(zhang, register, fields(*boxes))["Location"]
    first = zhang.get(f"{url}rows/", {"page_size": 3}).json()
    second = zhang.get(first["next"]).json()
    assert [row["number"] for row in first["results"] + second["results"]] == [1, 2, 3, 4, 5]
    assert second["next"] is None


def test_faults_of_a_row_are_told_in_both_languages(zhang, register):
    url = upload(zhang, register, collection(feature(FREE, kind="月地")))["Location"]
    faults = zhang.get(f"{url}rows/").json()["results"][0]["faults"]
    assert [fault["code"] for fault in faults] == ["name_missing", "kind_unknown"]
    assert all(fault["text"]["zh"] and fault["text"]["en"] for fault in faults)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"file": None}, ("/file", "required")),
        ({"file": "text"}, ("/file", "invalid")),
        ({"file": SimpleUploadedFile("x.geojson", b"")}, ("/file", "empty")),
        ({"producer": "NOBODY"}, ("/producer", "unknown")),
        ({"indication": "nothing"}, ("/indication", "unknown")),
        ({"kind": "moon"}, ("/kind", "invalid_choice")),
        ({"crs": "EPSG:3857"}, ("/crs", "invalid_choice")),
        ({"area_m2": "1"}, ("/area_m2", "unknown_field")),
    ],
)
def test_a_request_with_a_mistake_is_told_which(zhang, register, change, fault):
    answer = upload(zhang, register, fields(FREE), **change)
    assert (answer.status_code, codes(answer)[0]) == (400, fault)
    assert SiteUpload.objects.count() == 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7", "format_unknown"),
        (b"PK\x03\x04" + b"\x00" * 100, "archive_damaged"),
        (b"SQLite format 3\x00" + b"\x00" * 600, "geopackage_damaged"),
        (a_geopackage([], change="CREATE VIEW v AS SELECT 1"), "geopackage_objects"),
        (b'{"a":' * 10_000, "too_deep"),
        (collection(*[feature(FREE)] * 1001), "too_many_features"),
        (a_shapefile(FREE, prj=None), "crs_missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_used_is_refused_in_words(cast, register, as_machine, data, code, language):
    client = as_machine(cast.zhang)
    answer = upload(client, register, data, headers={"Accept-Language": language})
    assert (answer.status_code, codes(answer)[0][1]) == (400, code)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["detail"]) is (language == "zh")
    assert SiteUpload.objects.count() == 0


def test_a_name_made_to_confuse_is_only_a_name(zhang, register):
    told = upload(zhang, register, fields(FREE), name="../../<b>\u202egpj.zip").json()
    assert told["file_name"] == "<b>gpj.zip"
    assert len(upload(zhang, register, fields(BESIDE), name="长" * 300 + ".json").json()["file_name"]) <= 120


def a_browser(person) -> Client:
    """Signed in, with the token against forged requests that is looked for in the form: so the form is read early."""
    token = "a" * 32
    client = Client(enforce_csrf_checks=True, headers={"Accept": "application/json", "X-CSRFToken": token})
    client.force_login(person.user)
    client.cookies["csrftoken"] = token
    return client


def test_a_request_over_the_limit_is_stopped_before_it_is_read(cast, register, as_machine):
    large = fields(FREE) + b" " * 5 * 1024 * 1024
    for client in (as_machine(cast.zhang), a_browser(cast.zhang)):
        answer = upload(client, register, large)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_json_is_not_a_form(zhang, register):
    assert send(zhang, "post", UPLOADS, {"producer": register.zhang.number}).status_code == 415


def test_the_same_form_sent_twice_under_one_key_is_staged_once(cast, register, as_machine):
    for client in (as_machine(cast.zhang), a_browser(cast.zhang)):
        before = SiteUpload.objects.count()
        key = {"Idempotency-Key": f"once-{before}"}
        first, second = (upload(client, register, fields(FREE), headers=key) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json()["number"] == second.json()["number"]
        assert upload(client, register, fields(BESIDE), headers=key).status_code == 422
        assert SiteUpload.objects.count() == before + 1


def test_a_commit_under_a_key_is_answered_alike(zhang, register):
    url = upload(zhang, register, fields(FREE))["Location"]
    answers = [send(zhang, "post", f"{url}commit/", {}, Idempotency_Key="commit-1").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Site.objects.count() == 3


@pytest.mark.parametrize(
    "body",
    [{"leave_out": [0]}, {"leave_out": ["x"]}, {"leave_out": [7]}, {"leave_out": [1] * 1001}, {"leave": []}, [], "x"],
)
def test_a_commit_with_a_mistake_registers_nothing(zhang, register, body):
    url = upload(zhang, register, fields(FREE))["Location"]
    assert send(zhang, "post", f"{url}commit/", json.dumps(body)).status_code == 400
    assert (Site.objects.count(), SiteUpload.objects.get().state) == (2, "staged")


def test_a_producer_never_reaches_into_the_files_of_another(cast, register, as_machine):
    url = upload(as_machine(cast.zhang), register, fields(FREE))["Location"]
    feng = as_machine(cast.feng)
    assert codes(upload(feng, register, fields(FREE))) == [("/producer", "unknown")]
    assert feng.get(UPLOADS).json()["results"] == []
    for path in ("", "rows/"):
        assert feng.get(url + path).status_code == 404
    for verb in ("check", "commit", "discard"):
        assert send(feng, "post", f"{url}{verb}/", {}).status_code == 404


def test_a_discarded_file_answers_with_a_conflict(zhang, register):
    url = upload(zhang, register, fields(FREE))["Location"]
    assert send(zhang, "post", f"{url}discard/", {}).json()["state"] == "discarded"
    assert codes(send(zhang, "post", f"{url}commit/", {})) == [("", "upload_discarded")]
    assert codes(send(zhang, "post", f"{url}discard/", {})) == [("", "upload_over")]
    assert zhang.get(f"{url}rows/").json()["results"] == []


def test_a_list_of_files_costs_the_same_however_long(zhang, register, django_assert_max_num_queries):
    for n in range(4):
        upload(zhang, register, fields((112.1 + n / 100, 37.45, 112.101 + n / 100, 37.451)))
    zhang.get(UPLOADS)
    with django_assert_max_num_queries(5):
        assert len(zhang.get(UPLOADS, {"state": "staged"}).json()["results"]) == 4
