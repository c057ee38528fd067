"""The photo of an article: our own small copy, shown on the verdict pages of its batches and nowhere before."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from tests.build_photos import PLACE, a_photo
from trace.models import FormPhoto, ProductForm
from trace.models.forms import MOST_PHOTO_BYTES

pytestmark = pytest.mark.django_db
PHONE = {"Accept": "text/html,*/*", "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile"}


@pytest.fixture
def zhang(cast, as_machine):
    return as_machine(cast.zhang)


def put(client, form, data, match="*"):
    body = encode_multipart(BOUNDARY, {"photo": SimpleUploadedFile("photo.jpg", data)})
    headers = {"If-Match": match} if match else {}
    return client.put(
        f"/api/v1/trace/forms/{form.number}/photo/", body, content_type=MULTIPART_CONTENT, headers=headers
    )


def fetched(client, told):
    return client.get(told["url"].removeprefix("http://testserver"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_a_small_copy_without_what_the_camera_wrote(goods, zhang, client, kind):
    data = a_photo(kind=kind)
    assert PLACE in data
    told = put(zhang, goods.form, data).json()["photo"]
    photo = fetched(client, told)
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert len(photo.content) <= MOST_PHOTO_BYTES
    assert PLACE not in photo.content
    picture = Image.open(io.BytesIO(photo.content))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (told["width"], told["height"]), {})


def test_even_a_picture_of_nothing_but_grain_fits(goods, zhang, client):
    file = io.BytesIO()
    Image.effect_noise((2400, 1800), 200).convert("RGB").save(file, format="JPEG", quality=70)
    told = put(zhang, goods.form, file.getvalue()).json()["photo"]
    assert len(fetched(client, told).content) <= MOST_PHOTO_BYTES


def test_a_phones_turned_photo_stands_upright(goods, zhang):
    told = put(zhang, goods.form, a_photo((1200, 900), turned=True)).json()["photo"]
    assert told["width"] < told["height"]


def test_its_address_is_made_of_its_content_and_kept_for_a_year(goods, zhang, client):
    first = put(zhang, goods.form, a_photo()).json()["photo"]
    same = put(zhang, goods.form, a_photo()).json()["photo"]
    other = put(zhang, goods.form, a_photo((900, 900))).json()["photo"]
    assert first["url"] != other["url"]
    assert (same["width"], same["height"]) == (first["width"], first["height"])
    answer = fetched(client, other)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies
    assert fetched(client, first).status_code == 404, "the one before is gone"
    assert FormPhoto.objects.count() == 1


def test_the_verdict_shows_it_once_a_batch_is_registered(goods, zhang, client):
    told = put(zhang, goods.form, a_photo()).json()["photo"]
    goods.form.refresh_from_db()
    path = f"/c/{goods.batch().number}"
    assert client.get(path, headers={**PHONE, "Accept": "application/json"}).json()["product"]["photo"] == {
        name: told[name] for name in ("url", "width", "height")
    }
    page = client.get(path, headers=PHONE).content.decode()
    assert f'src="{told["url"].removeprefix("http://testserver")}"' in page
    assert f'width="{told["width"]}" height="{told["height"]}"' in page
    assert 'loading="lazy"' in page
    assert "五年陈酿醋的照片" in page
    zhang.delete(f"/api/v1/trace/forms/{goods.form.number}/photo/", headers={"If-Match": "*"})
    assert "<img" not in client.get(path, headers=PHONE).content.decode()


def test_taking_it_away_twice_is_once(goods, zhang):
    put(zhang, goods.form, a_photo())
    path = f"/api/v1/trace/forms/{goods.form.number}/photo/"
    first = zhang.delete(path, headers={"If-Match": "*"})
    again = zhang.delete(path, headers={"If-Match": "*"})
    assert (first.status_code, first.json()["photo"]) == (200, None)
    assert again.json()["version"] == first.json()["version"]


def test_a_change_in_between_is_not_overwritten(goods, zhang):
    read = zhang.get(f"/api/v1/trace/forms/{goods.form.number}/").headers["ETag"]
    assert put(zhang, goods.form, a_photo(), match=None).status_code == 428
    assert put(zhang, goods.form, a_photo(), match=read).status_code == 200
    assert put(zhang, goods.form, a_photo(), match=read).status_code == 412


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "empty"),
        (b"GIF89a" + b"\0" * 40, 400, "photo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "photo_unreadable"),
        (a_photo()[:2_000], 400, "photo_unreadable"),
        (b"\xff" * 6_000_000, 413, None),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_written(goods, zhang, data, status, code):
    answer = put(zhang, goods.form, data)
    assert answer.status_code == status, answer.content
    if code:
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("/photo", code)]
    assert FormPhoto.objects.count() == 0
    assert ProductForm.objects.get(pk=goods.form.pk).version == goods.form.version


@pytest.mark.parametrize("digest", ["0" * 32, "x", "%00", "..", "0" * 300])
def test_an_address_of_no_photo_is_not_found(client, digest):
    assert client.get(f"/c/photos/{digest}.jpg").status_code in (200, 404)
    assert "image" not in client.get(f"/c/photos/{digest}.jpg").headers["Content-Type"]


# --- the page of the portal ---


def test_the_portal_shows_changes_and_removes_the_photo(goods, cast, as_person):
    person = as_person(cast.zhang)
    path = f"/portal/products/{goods.form.number}/photo/"
    assert "添加照片" in person.get(path).content.decode()
    done = person.post(path, {"photo": SimpleUploadedFile("photo.png", a_photo(kind="PNG"))}, follow=True)
    assert "的照片已更新" in done.content.decode()
    assert FormPhoto.objects.get().path in person.get(path).content.decode()
    gone = person.post(path, {"remove": "1"}, follow=True)
    assert "不再显示照片" in gone.content.decode()
    assert FormPhoto.objects.count() == 0


def test_the_portal_says_what_is_wrong_and_lets_nobody_else_in(goods, cast, as_person):
    path = f"/portal/products/{goods.form.number}/photo/"
    person = as_person(cast.zhang)
    assert "请选择一张照片" in person.post(path, {}).content.decode()
    bad = person.post(path, {"photo": SimpleUploadedFile("photo.jpg", b"no picture")})
    assert (bad.status_code, "无法打开这张图片" in bad.content.decode()) == (400, True)
    assert as_person(cast.feng).get(path).status_code == 404
    assert as_person(cast.li).get(path).status_code == 403
