"""A photo of a label, read on the server: within bounds, and kept nowhere."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from gi_registry.lib.ids import grouped
from gi_registry.lib.images import as_jpeg, open_photo
from gi_registry.lib.problems import Invalid
from trace.limits import PHOTOS
from trace.qr import PROFILES, qr_png

pytestmark = pytest.mark.django_db
PHONE = {"Accept": "text/html,*/*", "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile"}


def photo_of(link, *, size=(1600, 1200), angle=12, kind="JPEG", **more):
    """A label lying askew on a table, as a phone sees it."""
    label = Image.open(io.BytesIO(qr_png(link, PROFILES[300]))).convert("RGB").resize((500, 500))
    table = Image.new("RGB", size, (140, 120, 100))
    table.paste(label.rotate(angle, expand=True, fillcolor=(140, 120, 100)), (size[0] // 3, size[1] // 4))
    file = io.BytesIO()
    table.save(file, format=kind, **more)
    return file.getvalue()


def send(client, data, name="photo.jpg", accept="text/html,*/*"):
    file = io.BytesIO(data)
    file.name = name
    return client.post("/c/photo", {"photo": file}, headers={**PHONE, "Accept": accept})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_code_in_a_photo_is_answered_like_a_scan(goods, client, kind):
    batch = goods.batch()
    page = send(client, photo_of(batch.link, kind=kind))
    assert page.status_code == 200
    assert grouped(batch.number) in page.content.decode()
    assert "此码由登记系统签发" in page.content.decode()


def test_a_gs1_link_in_a_photo_is_read_too(goods, client):
    batch = goods.batch()
    assert grouped(batch.number) in send(client, photo_of(batch.digital_link)).content.decode()


def test_a_machine_gets_the_answer_as_json(goods, client):
    batch = goods.batch()
    assert send(client, photo_of(batch.link), accept="application/json").json()["lot"] == batch.number


def test_the_orientation_that_the_camera_wrote_is_obeyed():
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, format="JPEG", exif=exif)
    assert open_photo(file.getvalue(), longest=100).size == (20, 40)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "无法打开这张图片"),
        (b"no picture at all", "无法打开这张图片"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "无法打开这张图片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "无法打开这张图片"),
        (b"GIF89a" + bytes(50), "无法打开这张图片"),
    ],
)
def test_what_is_no_photo_is_said_to_be_none(client, data, said):
    page = send(client, data)
    assert page.status_code == 400
    assert said in page.content.decode()


def test_a_form_without_a_photo_asks_for_one(client):
    page = client.post("/c/photo", headers=PHONE)
    assert page.status_code == 400
    assert "请选择一张照片" in page.content.decode()


def test_a_photo_cut_off_on_its_way_is_refused(goods, client):
    data = photo_of(goods.batch().link)
    assert send(client, data[: len(data) // 2]).status_code == 400


def test_a_small_file_that_unfolds_to_a_huge_picture_is_refused_before_it_is_unfolded(client):
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + _chunk(b"IEND", b"")
    )
    page = send(client, bomb, name="bomb.png")
    assert page.status_code == 400
    assert "照片过大" in page.content.decode()


def test_a_picture_that_is_drawn_over_a_thousand_times_is_refused_before_it_is_drawn(client):
    file = io.BytesIO()
    Image.new("L", (4_000, 4_000)).save(file, format="JPEG", progressive=True)
    sound = file.getvalue()
    end, last = sound.rindex(b"\xff\xd9"), sound.rindex(b"\xff\xda")
    again = sound[:end] + sound[last:end] * 1_000 + sound[end:]
    noted = sound[:2] + b"\xff\xfe\x00\x02" * 1_000_000 + sound[2:]
    for bomb in (again, noted):
        page = send(client, bomb)
        assert page.status_code == 400
        assert "无法打开这张图片" in page.content.decode()


def test_a_film_behind_the_picture_as_phones_write_it_is_passed_over():
    film = bytes(random.Random(4).randbytes(300_000)) + b"\xff\xda" * 200
    assert open_photo(photo_of("https://example.com/x") + film, longest=400).width == 400


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_photo_over_12_megabytes_is_refused(client):
    assert send(client, bytes(13 * 1024 * 1024)).status_code == 413


def test_a_photo_without_a_code_says_what_to_do(client):
    file = io.BytesIO()
    Image.new("RGB", (800, 600), (90, 90, 90)).save(file, format="JPEG")
    page = send(client, file.getvalue())
    assert page.status_code == 400
    assert "没有读到二维码" in page.content.decode()


def test_another_makers_code_is_not_called_mistyped(client):
    page = send(client, photo_of("https://example.com/wine/42"))
    assert page.status_code == 400
    assert "不是本登记系统的码" in page.content.decode()


def test_photos_have_a_limit_of_their_own(client):
    for _ in range(PHOTOS.most):
        assert send(client, b"x").status_code == 400
    refused = send(client, b"x")
    assert refused.status_code == 429
    assert refused["Retry-After"]


def test_broken_photos_never_make_an_error_of_ours():
    sound = photo_of("https://example.com/x", size=(700, 500))
    chance = random.Random(20261122)
    refused = 0
    for _ in range(300):
        broken = bytearray(sound)
        for _ in range(chance.randint(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            open_photo(bytes(broken[: chance.randrange(20, len(broken))]), longest=400)
        except Invalid:
            refused += 1
    assert refused > 100


def test_a_copy_of_ours_holds_pixels_and_nothing_else():
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 10, 10)).save(file, format="JPEG", exif=exif, comment=b"a note")
    copy = Image.open(io.BytesIO(as_jpeg(open_photo(file.getvalue() + b"<?php trailing ?>", longest=100))))
    assert not copy.getexif()
    assert "comment" not in copy.info
    assert "icc_profile" not in copy.info
