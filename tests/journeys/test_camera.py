"""The camera in the page, with a made-up camera picture: Chromium on Debian has no reader of its own, so ours is fetched."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from gi_registry.lib.ids import grouped
from tests.browser import PHONE, PLAIN, arrive, launch
from trace.qr import PROFILES, qr_png

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def filmed(link: str, path: Path) -> Path:
    """A film of one label, as Motion JPEG: pictures one after another."""
    label = Image.open(io.BytesIO(qr_png(link, PROFILES[300]))).convert("RGB").resize((360, 360))
    picture = Image.new("RGB", (640, 480), (120, 110, 100))
    picture.paste(label, (140, 60))
    frame = io.BytesIO()
    picture.save(frame, format="JPEG", quality=90)
    path.write_bytes(frame.getvalue() * 10)
    return path


def test_a_code_held_before_the_camera_opens_its_verdict(goods, playwright, live_server, tmp_path):
    batch = goods.batch()
    film = filmed(batch.link, tmp_path / "camera.mjpeg")
    flags = [*PLAIN, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    browser = launch(playwright, [*flags, f"--use-file-for-fake-video-capture={film}"])
    try:
        page = browser.new_context(viewport=PHONE, locale="zh-CN", base_url=live_server.url).new_page()
        faults = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto("/c/")
        page.get_by_role("button", name="打开摄像头扫码").click()
        expect(page.get_by_role("heading", name="已登记")).to_be_visible()
        expect(page.get_by_text(grouped(batch.number)).first).to_be_visible()
        assert faults == []
    finally:
        browser.close()


def test_a_phones_large_photo_is_made_small_and_read(goods, a_phone, tmp_path):
    batch = goods.batch()
    label = Image.open(io.BytesIO(qr_png(batch.link, PROFILES[300]))).convert("RGB").resize((1500, 1500))
    table = Image.effect_noise((4000, 3000), 60).convert("RGB")
    table.paste(label, (900, 600))
    path = tmp_path / "photo.jpg"
    table.save(path, quality=95)
    assert path.stat().st_size > 2_000_000
    page = a_phone()
    page.goto("/c/")
    page.get_by_label("标签照片").set_input_files(path)
    page.wait_for_function("() => document.querySelector('#photo').files[0].size < 1_500_000")
    arrive(page.get_by_role("button", name="读取照片中的码"))
    expect(page.get_by_role("heading", name="已登记")).to_be_visible()
    expect(page.get_by_text(grouped(batch.number)).first).to_be_visible()
