"""QR symbols: what is printed is what is read, at every printer resolution, by a reader that is not ours."""

import io
import math
import re
import struct

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.build_labels import image_of, links, read_by_zxing
from trace.qr import (
    MAX_TEXT,
    MIN_MODULE_MM,
    PROFILES,
    QUIET_ZONE_MODULES,
    Caption,
    Profile,
    UnprintableText,
    qr_png,
    qr_svg,
    symbol_of,
    width_mm,
)

LINK = "https://gi.example.cn/c/7K3QX9PA28"
CAPTION = Caption(("7K3QX 9PA28", "gi.example.cn"), "批次 7K3QX 9PA28 <&>", "二维码")


def drawn_from_svg(svg: str, dots: int) -> Image.Image:
    """Paint the runs of the SVG's path: an independent small reader of what qr_svg writes."""
    _, _, width, height = (float(number) for number in re.search(r'viewBox="([^"]+)"', svg)[1].split())
    image = Image.new("1", (math.ceil(width) * dots, math.ceil(height) * dots), 1)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        image.paste(0, (int(x) * dots, int(y) * dots, (int(x) + int(run)) * dots, (int(y) + 1) * dots))
    return image


@given(links())
@settings(max_examples=60)
def test_every_link_of_the_grammar_is_read_back_from_png_and_svg(link):
    assert read_by_zxing(image_of(qr_png(link, PROFILES[203]))) == link
    assert read_by_zxing(drawn_from_svg(qr_svg(link, PROFILES[203]), 4)) == link


@given(links())
@settings(max_examples=30)
def test_segno_makes_the_same_size_of_the_same_data_and_reads_back_alike(link):
    """segno pads otherwise (one zero byte more), so modules differ; version, level and data do not."""
    symbol = symbol_of(link)
    other = segno.make(link, error="m", mode="byte", micro=False, boost_error=False)
    assert (other.version, other.error) == (symbol.version, symbol.level)
    file = io.BytesIO()
    other.save(file, kind="png", scale=4, border=QUIET_ZONE_MODULES)
    assert read_by_zxing(image_of(file.getvalue())) == link


@pytest.mark.parametrize("profile", PROFILES.values(), ids=str)
def test_modules_are_whole_dots_and_not_too_small(profile):
    assert profile.module_mm >= MIN_MODULE_MM
    smaller = Profile(profile.dpi, profile.dots - 1)
    assert smaller.module_mm < MIN_MODULE_MM or profile.dpi == 600
    image = image_of(qr_png(LINK, profile, CAPTION))
    assert image.mode == "1"
    assert image.width == (symbol_of(LINK).size + 2 * QUIET_ZONE_MODULES) * profile.dots
    assert image.height > image.width
    assert read_by_zxing(image) == LINK


def test_a_600_dpi_module_measures_as_at_300():
    assert PROFILES[600].module_mm == PROFILES[300].module_mm
    assert round(PROFILES[203].module_mm, 3) == 0.500


@pytest.mark.parametrize("profile", PROFILES.values(), ids=str)
def test_the_png_says_its_resolution(profile):
    png = qr_png(LINK, profile)
    at = png.index(b"pHYs")
    across, up, unit = struct.unpack(">IIB", png[at + 4 : at + 13])
    assert unit == 1
    assert across == up
    assert abs(across - profile.dpi / 0.0254) < 1


def test_the_svg_has_its_size_in_millimetres_and_a_title_that_is_escaped():
    svg = qr_svg(LINK, PROFILES[203], CAPTION)
    assert f'width="{37 * 4 * 25.4 / 203:.3f}mm"' in svg
    assert "<title>批次 7K3QX 9PA28 &lt;&amp;&gt;</title><desc>二维码</desc>" in svg
    assert "7K3QX 9PA28</text>" in svg
    assert 'role="img"' in svg
    assert width_mm(LINK, PROFILES[203]) == pytest.approx(18.52, abs=0.01)


def test_the_quiet_zone_is_four_white_modules_all_round():
    image = image_of(qr_png(LINK, PROFILES[203]))
    dots = 4 * QUIET_ZONE_MODULES
    box = image.convert("L").point(lambda value: 255 - value).getbbox()
    assert box == (dots, dots, image.width - dots, image.height - dots)


def test_the_quiet_zone_stays_clear_of_the_caption():
    plain, captioned = qr_png(LINK, PROFILES[300]), qr_png(LINK, PROFILES[300], CAPTION)
    side = image_of(plain).width
    assert image_of(captioned).crop((0, 0, side, side)).tobytes() == image_of(plain).tobytes()


@pytest.mark.parametrize("text", ["0" * 40, "HTTPS://A.CN/C/" + "0" * 60, "0" * 99, "https://a.cn/c/" + "0" * 200])
def test_long_runs_of_zeros_which_break_the_library_still_make_a_symbol(text):
    assert read_by_zxing(image_of(qr_png(text, PROFILES[203]))) == text


@given(st.text(alphabet="0", min_size=1, max_size=200), st.sampled_from(["", "A", "https://a.cn/"]))
@settings(max_examples=60)
def test_no_run_of_zeros_is_an_unexpected_failure(zeros, start):
    symbol_of(start + zeros)


@pytest.mark.parametrize("text", ["", "醋", "a\nb", "x" * (MAX_TEXT + 1)])
def test_what_no_link_can_be_is_refused(text):
    with pytest.raises(UnprintableText):
        symbol_of(text)
