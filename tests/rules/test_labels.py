"""Labels: what is printed is read back exactly, on every label and at every resolution, by readers that are not ours."""

import random
import re
import subprocess
from dataclasses import replace

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from gi_registry.lib.ids import grouped
from tests.build_labels import (
    CONTENTS,
    KINDS,
    a_face,
    a_label,
    blotted,
    covered,
    drawn_at,
    drawn_from_pdf,
    drawn_from_zpl,
    image_of,
    links,
    read_by_zxing,
    smeared,
    symbol_box,
)
from tests.cast import NOW
from trace.labels.fonts import PACKAGE, Unprintable, find
from trace.labels.layout import LEAST_LETTERS_MM, Part, Wish, lay_out, wrapped
from trace.labels.pdf import write_pdf
from trace.labels.picture import write_png, write_svg
from trace.labels.presets import PRESETS
from trace.labels.run import SERIES_FROM, plan_run
from trace.labels.series import Series
from trace.labels.zpl import write_zpl
from trace.qr import MIN_MODULE_MM, PROFILES, QUIET_ZONE_MODULES, UnprintableText, matrix_of, symbol_of

ROLLS = [preset for preset in PRESETS.values() if not preset.is_sheet]
every_preset = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
every_dpi = pytest.mark.parametrize("dpi", PROFILES)
every_kind = pytest.mark.parametrize("kind", KINDS)


def a_run(preset=PRESETS["50x30"], kind="unit", dpi=203, contents=CONTENTS, dots=None):
    return plan_run(preset, contents, a_label(kind, random.Random(0)), a_face(), dpi=dpi, dots=dots)


def refusal_of(**what):
    with pytest.raises(Unprintable) as refused:
        a_run(**what)
    return refused.value.refusal


# --- read back ---------------------------------------------------------------------------------------------------


@every_kind
@every_preset
@every_dpi
def test_every_label_is_read_back_from_its_picture_clean_smeared_and_blotted(preset, dpi, kind):
    chance = random.Random(f"{preset.code} {dpi} {kind}")
    run = a_run(preset, kind, dpi)
    for label, symbol in run.symbols([a_label(kind, chance) for _ in range(3)]):
        image = image_of(write_png(run, label, symbol))
        assert read_by_zxing(image) == label.link
        assert read_by_zxing(smeared(image, run, chance)) == label.link
        assert read_by_zxing(blotted(image, run, chance)) == label.link


@every_kind
@every_dpi
def test_a_tenth_wholly_covered_is_more_than_level_m_stands_and_level_q_stands_it(kind, dpi):
    """Links are printed at level M, which mends some 15 % of the codewords. A round spot over a tenth of the area, clear of
    the corner patterns, touches up to a fifth of them. Found for black and white spots on 200 links of each kind: under 6 %
    all were read; under 7 % all but one in a hundred; under 10 % a third of batch links, two fifths of unit and GS1 batch
    links and five sixths of GS1 unit links. At level Q, one version larger (two for GS1 unit
    links), all were read under 10 %."""
    chance = random.Random(f"{dpi} {kind}")
    for link in (a_label(kind, chance).link for _ in range(6)):
        for level, share in (("m", 0.06), ("q", 0.10)):
            image, modules = drawn_at(link, level, PROFILES[dpi])
            assert read_by_zxing(covered(image, modules, PROFILES[dpi].dots, chance, share)) == link, (level, share)


@every_preset
@every_dpi
def test_a_pdf_puts_every_module_on_the_dots_of_the_printer(preset, dpi, tmp_path):
    """poppler draws the page at the printer's resolution; the symbol is then the picture's, dot for dot."""
    chance = random.Random(f"{preset.code} {dpi}")
    run = a_run(preset, "gs1_unit", dpi)
    label = a_label("gs1_unit", chance)
    dot = run.plan.module_mm / run.plan.printer.dots
    corner = tuple(round(edge / dot) for edge in preset.corner(0))
    size = tuple(int(side / dot) for side in (preset.width, preset.height))
    printed = drawn_from_pdf(write_pdf(run, [label], now=NOW), tmp_path, dpi, size, corner)
    ((_, symbol),) = run.symbols([label])
    left, top, side = symbol_box(run)
    box = (left, top, left + side, top + side)
    wanted = image_of(write_png(run, label, symbol)).convert("L").crop(box)
    assert ImageChops.difference(printed.crop(box), wanted).getbbox() is None
    assert read_by_zxing(printed) == label.link
    assert read_by_zxing(smeared(printed, run, chance)) == label.link


@pytest.mark.parametrize("preset", ROLLS, ids=lambda preset: preset.code)
@every_dpi
def test_a_label_printer_makes_the_very_picture(preset, dpi):
    chance = random.Random(7)
    run = a_run(preset, "unit", dpi)
    labels = [a_label("unit", chance) for _ in range(2)]
    zpl = "".join(write_zpl(run, labels))
    assert zpl.isascii()
    pictures = [image_of(write_png(run, label, symbol)) for label, symbol in run.symbols(labels)]
    for made, wanted in zip(drawn_from_zpl(zpl, pictures[0].size), pictures, strict=True):
        assert ImageChops.difference(made.convert("L"), wanted.convert("L")).getbbox() is None


def test_zpl_is_for_rolls_only():
    with pytest.raises(Unprintable) as refused:
        list(write_zpl(a_run(PRESETS["a4-21"]), []))
    assert refused.value.refusal.code == "zpl_sheet"


# --- symbols in series -------------------------------------------------------------------------------------------


@given(links(), st.data())
@settings(max_examples=40)
def test_a_series_makes_the_very_symbols_of_the_library(first, data):
    series = Series(first)
    letters = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
    others = data.draw(st.lists(st.text(letters, min_size=20, max_size=20), max_size=3))
    for link in (first, *(first[:-20] + other for other in others)):
        assert series.symbol(link) == symbol_of(link)


def test_a_series_is_of_one_length():
    with pytest.raises(UnprintableText):
        Series("https://gi.example/c/7K3QX9PA28").symbol("https://gi.example/c/7K3QX9PA2")
    with pytest.raises(UnprintableText):
        Series("0123456789")


@given(links())
@settings(max_examples=40)
def test_segno_makes_the_same_modules_of_the_same_codewords(link):
    """segno pads otherwise, so it is given exactly as much as the version holds, and the mask that was chosen."""
    symbol = symbol_of(link)
    room = {1: 14, 2: 26, 3: 42, 4: 62, 5: 84, 6: 106, 7: 122, 8: 152, 9: 180}[symbol.version]
    full = link + "/" * (room - len(link))
    for mask in range(8):
        other = segno.make(full, error="m", mode="byte", version=symbol.version, mask=mask, boost_error=False)
        ours = matrix_of(full.encode(), symbol.version, "M", mask=mask, is_draft=False)
        assert tuple(map(bytes, other.matrix)) == ours


def test_a_long_run_and_a_short_one_have_the_same_symbols():
    run, chance = a_run(), random.Random(3)
    labels = [a_label("unit", chance) for _ in range(SERIES_FROM + 5)]
    assert [symbol for _, symbol in run.symbols(labels)] == [symbol_of(label.link) for label in labels]
    same = [a_label("batch", chance)] * (SERIES_FROM + 5)
    assert {symbol for _, symbol in run.symbols(same)} == {symbol_of(same[0].link)}
    assert list(run.symbols([])) == []
    assert [label for label, _ in run.symbols(labels[:SERIES_FROM])] == labels[:SERIES_FROM]


# --- where things stand ------------------------------------------------------------------------------------------


@every_kind
@every_preset
@every_dpi
def test_nothing_on_a_label_overlaps_or_leaves_it(preset, dpi, kind):
    plan, face = a_run(preset, kind, dpi).plan, a_face()
    assert MIN_MODULE_MM <= plan.module_mm <= 0.990
    assert plan.symbol.width == pytest.approx((plan.modules + 2 * QUIET_ZONE_MODULES) * plan.module_mm)
    boxes = [(line.x, line.y - 0.9 * line.size, line.x + face.width(line.text) * line.size, line.y + 0.15 * line.size)
             for line in plan.lines]  # fmt: skip
    boxes += [(box.x, box.y, box.right, box.bottom) for box in (plan.symbol, plan.mark) if box]
    for place, one in enumerate(boxes):
        assert min(one[:2]) >= preset.margin - 0.01
        assert one[2] <= preset.width - preset.margin + 0.01
        assert one[3] <= preset.height - 0.9
        for other in boxes[:place]:
            is_apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] - 0.2 or other[1] >= one[3] - 0.2
            assert is_apart, (one, other)
    assert all(line.size >= LEAST_LETTERS_MM for line in plan.lines)


@every_preset
def test_a_page_holds_its_labels(preset):
    width, height = preset.page
    for place in range(preset.a_page):
        x, y = preset.corner(place)
        assert 0 <= x <= width - preset.width + 1e-6
        assert 0 <= y <= height - preset.height + 1e-6


def test_the_label_says_what_the_special_mark_asks_beside_the_code():
    plan = a_run(PRESETS["60x40"]).plan
    said = " ".join(line.text for line in plan.lines)
    for fact in (CONTENTS.name_zh, CONTENTS.name_en, CONTENTS.producer, f"信用代码 {CONTENTS.uscc}", CONTENTS.title):
        assert fact in said
    assert CONTENTS.standard in said
    assert f"gi.shanxi.example/c/ {grouped(CONTENTS.lot)}" in said
    assert plan.mark is not None
    assert plan.notes == ()


def test_what_the_register_does_not_know_is_left_out_and_told():
    bare = replace(CONTENTS, uscc="", title="", standard="", name_en="")
    plan = a_run(PRESETS["60x40"], contents=bare).plan
    assert {line.text for line in plan.lines if line.part is Part.FACT} == {CONTENTS.producer}
    assert ["信用代码" in plan.notes[0].zh, "公告号" in plan.notes[1].zh, "标准号" in plan.notes[2].zh] == [True] * 3


def test_a_narrow_label_gives_up_english_and_the_room_for_the_mark_and_says_so():
    plan = a_run(PRESETS["40x30"]).plan
    assert CONTENTS.name_en not in {line.text for line in plan.lines}
    assert plan.mark is None
    assert [note.en[:28] for note in plan.notes] == ["There is no room for the Eng", "There is no room for the spe"]


def test_a_symbol_that_does_not_fit_is_refused_with_the_label_that_holds_it():
    long = "https://" + "registry." * 12 + "example/c/7K3QX9PA28/" + "0" * 20
    modules = symbol_of(long).size
    with pytest.raises(Unprintable) as refused:
        lay_out(PRESETS["40x30"], Wish(CONTENTS, modules, True, 203), a_face())
    told = refused.value.refusal
    assert (told.code, told.pointer) == ("label_too_small", "/preset")
    assert re.search(
        r"The symbol is [\d.]+ mm wide and does not fit this label. This one holds it: .*60 × 40 mm", told.text.en
    )
    with pytest.raises(Unprintable) as refused:
        lay_out(PRESETS["40x30"], Wish(CONTENTS, 177, True, 203), a_face())
    assert "more dots per inch" in refused.value.refusal.text.en


def test_too_much_text_is_refused_with_the_label_that_holds_it():
    told = refusal_of(preset=PRESETS["40x30"], contents=replace(CONTENTS, producer="清徐县东湖酿造" * 8))
    assert told.text.zh.startswith("文字太多，这种标签放不下。可以用：")
    assert "60 × 40" in told.text.zh


def test_a_module_that_somebody_insists_on_is_measured_and_warned_about():
    plan = a_run(dots=3).plan
    assert "0.375 mm, under 0.396 mm" in plan.notes[0].en
    assert "0.375 毫米" in plan.notes[0].zh
    assert refusal_of(dots=1).code == "module_size"
    assert refusal_of(dots=9).code == "module_size"


@given(st.text(alphabet=sorted(set(CONTENTS.letters() + "（），。 ")), max_size=60), st.floats(3, 30))
def test_wrapped_lines_are_narrow_enough_and_lose_nothing(text, width):
    face = a_face()
    lines = wrapped(text, face, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(face.width(line) <= width or len(line) <= 3 for line in lines)


# --- fonts -------------------------------------------------------------------------------------------------------


def test_characters_that_the_font_lacks_are_named_before_anything_is_printed():
    told = refusal_of(contents=replace(CONTENTS, producer="清徐\U0002a7dd\U000e0001记"))
    assert told.code == "font_lacks"
    assert "U+E0001" in told.text.zh
    assert "\U0002a7dd" in told.text.zh
    assert "清" not in told.text.zh


@pytest.mark.parametrize("setting", ["/no/such/font.ttf", __file__])
def test_without_a_font_the_refusal_names_the_package(setting):
    with pytest.raises(Unprintable) as refused:
        find(setting)
    assert f"apt-get install {PACKAGE}" in refused.value.refusal.text.zh
    assert "GI_LABEL_FONT" in refused.value.refusal.text.en


def test_a_font_of_outlines_in_a_collection_serves_as_well(tmp_path):
    face = find("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc#2")
    assert face.name == "Noto Sans CJK SC"
    label = a_label("unit", random.Random(1))
    run = plan_run(PRESETS["70x30"], CONTENTS, label, face, dpi=300)
    pdf = write_pdf(run, [label], now=NOW)
    assert read_by_zxing(drawn_from_pdf(pdf, tmp_path, 300, (826, 354), (0, 0))) == label.link
    assert CONTENTS.producer in told_by("pdftotext", tmp_path / "labels.pdf", "-")


# --- the file ----------------------------------------------------------------------------------------------------


def told_by(tool, *arguments):
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def test_the_pdf_has_true_sizes_its_own_font_and_letters_that_can_be_copied(tmp_path):
    chance = random.Random(5)
    labels = [a_label("unit", chance) for _ in range(3)]
    file = tmp_path / "labels.pdf"
    file.write_bytes(write_pdf(a_run(PRESETS["60x40"], dpi=300), labels, now=NOW, title="7K3QX 9PA28"))
    told = told_by("pdfinfo", file)
    width, height = (float(side) for side in re.search(r"Page size: +([\d.]+) x ([\d.]+) pts", told).groups())
    assert (width / 72 * 25.4, height / 72 * 25.4) == (pytest.approx(60, abs=0.01), pytest.approx(40, abs=0.01))
    assert re.search(r"Pages: +3\n", told)
    assert "7K3QX 9PA28" in told
    (font,) = told_by("pdffonts", file).splitlines()[2:]
    assert re.search(r"\+WenQuanYiMicroHei .* yes yes yes", font)
    text = told_by("pdftotext", "-layout", file, "-")
    for said in (CONTENTS.name_zh, CONTENTS.uscc, CONTENTS.standard, *(grouped(label.code) for label in labels)):
        assert said in text
    assert b"/PrintScaling /None" in file.read_bytes()


def test_a_sheet_begins_a_page_when_it_is_full(tmp_path):
    chance = random.Random(5)
    file = tmp_path / "labels.pdf"
    labels = [a_label("unit", chance) for _ in range(22)]
    file.write_bytes(write_pdf(a_run(PRESETS["a4-21"]), labels, now=NOW))
    assert re.search(r"Pages: +2\n", told_by("pdfinfo", file))
    assert told_by("pdftotext", "-f", 2, file, "-").count(CONTENTS.producer) == 1


def test_the_svg_is_as_large_as_the_label_and_escapes_what_it_says():
    run = a_run(PRESETS["60x40"], contents=replace(CONTENTS, producer="<&>\"'"))
    ((label, symbol),) = run.symbols([a_label("unit", random.Random(2))])
    svg = write_svg(run, label, symbol, title="<标签>", shows_mark=True)
    assert svg.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="60mm" height="40mm" viewBox="0 0 60 40">'
    )
    assert "<title>&lt;标签&gt;</title>" in svg
    assert ">&lt;&amp;&gt;\"'</text>" in svg
    assert "stroke-dasharray" in svg
    assert "stroke-dasharray" not in write_svg(run, label, symbol)


def test_the_picture_says_its_resolution_and_is_black_and_white():
    run = a_run(dpi=300)
    ((label, symbol),) = run.symbols([a_label("unit", random.Random(2))])
    image = image_of(write_png(run, label, symbol))
    assert image.mode == "1"
    assert image.size == (591, 354)
    assert image.info["dpi"] == (pytest.approx(300, abs=0.1),) * 2
    assert isinstance(image, Image.Image)
