"""What the rules of places decide, without a database."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regions.rules import (
    BoxCheck,
    DeclaredBox,
    DivisionLevel,
    Envelope,
    Extent,
    Placement,
    check_box,
    decide_placement,
    english_name,
    extent_of,
    initials_of,
    level_of,
    parent_of,
    pinyin_of,
    read_degrees,
)
from regions.rules.places import prefix_of

# The 29 published boxes: name, printed area (shortened), west, east, south, north, then the true envelope of the divisions.
# The 29 boxes that announcements printed, the true envelope of the divisions they name, and what a person made of each.
PUBLISHED = list(
    csv.DictReader((Path(__file__).parent.parent / "vectors" / "published_boxes.csv").read_text("utf-8").splitlines())
)
COUNTY = Envelope(west=112.0, south=37.0, east=112.6, north=37.5)


def finding_for(row):
    declared = DeclaredBox(**{side: row[side] for side in ("west", "east", "south", "north")})
    place = Envelope(**{side: float(row[f"place_{side}"]) for side in ("west", "south", "east", "north")})
    return check_box(declared, place, extent_of(row["area"]))


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: row["name"])
def test_every_published_box_gets_the_verdict_that_a_person_reached(row):
    assert finding_for(row).check == row["verdict"]


def test_eight_of_the_published_boxes_are_wrong_and_sixteen_agree():
    checks = [finding_for(row).check for row in PUBLISHED]
    assert (checks.count(BoxCheck.WRONG), checks.count(BoxCheck.AGREES), checks.count(BoxCheck.DOUBTFUL)) == (8, 16, 5)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("万荣苹果", ["box_axes_swapped"]),
        ("孝义柿子", ["box_reaches_outside"]),
        ("兴县小米", ["box_elsewhere"]),
        ("吉县苹果", ["box_elsewhere", "box_reaches_outside"]),
        ("广灵画眉驴", ["box_narrow_strip"]),
    ],
)
def test_a_finding_names_its_reasons(name, codes):
    finding = next(finding_for(row) for row in PUBLISHED if row["name"] == name)
    assert [reason.code for reason in finding.reasons] == codes
    assert finding.note.zh
    assert finding.note.en


def test_a_box_that_was_not_published_is_absent_and_half_a_box_is_unreadable():
    assert check_box(DeclaredBox(), COUNTY, Extent.WHOLE).check is BoxCheck.ABSENT
    half = check_box(DeclaredBox(west="112°", east="112°30′", south="37°"), COUNTY, Extent.WHOLE)
    assert half.check is BoxCheck.UNREADABLE
    assert half.reasons[0].pointer == "/declared_north"


def test_limits_the_wrong_way_round_are_wrong():
    finding = check_box(DeclaredBox("112°30′", "112°", "37°", "37°30′"), COUNTY, Extent.WHOLE)
    assert (finding.check, finding.reasons[0].code) == (BoxCheck.WRONG, "box_inverted")


@pytest.mark.parametrize(
    ("printed", "degrees"),
    [
        ("112°18′", 112.3),
        ("100°27′30″", 100 + 27 / 60 + 30 / 3600),
        ("E 35°21′", 35.35),
        ("112°18′E", 112.3),
        ("东经１１２度１８分", 112.3),
        ("北纬38°05'40\"", 38 + 5 / 60 + 40 / 3600),
        ("112°", 112.0),
        ("112.3", 112.3),
        ("112°18.5′", 112 + 18.5 / 60),
        ("W 10°30′", -10.5),
        ("38°05′40′′", 38 + 5 / 60 + 40 / 3600),
    ],
)
def test_angles_are_read_as_announcements_print_them(printed, degrees):
    assert read_degrees(printed) == pytest.approx(degrees)


@pytest.mark.parametrize(
    "text", ["", "north", "112°75′", "181°", "112.5°30′", "E 112° W", "1" * 200, "112°18′20″5", "-", "nan"]
)
def test_what_is_no_angle_is_not_guessed(text):
    assert read_degrees(text) is None


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_of_angles_stumble(text):
    degrees = read_degrees(text)
    assert degrees is None or -180 <= degrees <= 180


@pytest.mark.parametrize(
    ("area", "extent"),
    [
        ("芮城县", Extent.WHOLE),
        ("乡宁县", Extent.WHOLE),
        ("盂县仙人乡30个行政村", Extent.ONE_TOWNSHIP),
        ("夏县泗交镇17个行政村", Extent.ONE_TOWNSHIP),
        ("武乡县涌泉乡、故城镇", Extent.TOWNSHIPS),
        ("大宁县2镇4乡84个村民委员会", Extent.TOWNSHIPS),
        ("交城县中南部", Extent.TOWNSHIPS),
    ],
)
def test_the_words_of_an_area_tell_how_much_of_the_county_it_takes_in(area, extent):
    assert extent_of(area) is extent


@pytest.mark.parametrize(
    ("code", "level", "parent", "prefix"),
    [
        ("140000", DivisionLevel.PROVINCE, None, "14"),
        ("140100", DivisionLevel.CITY, "140000", "1401"),
        ("140121", DivisionLevel.COUNTY, "140100", "140121"),
    ],
)
def test_a_code_tells_its_level_its_parent_and_its_prefix(code, level, parent, prefix):
    assert (level_of(code), parent_of(code), prefix_of(code)) == (level, parent, prefix)


@pytest.mark.parametrize("text", ["", "14012", "014012", "14012x", "１４０１２１"])
def test_what_is_no_division_code_has_no_level(text):
    with pytest.raises(ValueError, match="division code"):
        level_of(text)


@pytest.mark.parametrize(
    ("is_covered", "distance_m", "placement"),
    [
        (True, 5000, Placement.INSIDE),
        (True, 999, Placement.NEAR_BOUNDARY),
        (True, 1000, Placement.NEAR_BOUNDARY),
        (False, 1000, Placement.NEAR_BOUNDARY),
        (False, 1001, Placement.OUTSIDE),
    ],
)
def test_within_the_band_on_either_side_a_person_decides(is_covered, distance_m, placement):
    assert decide_placement(is_covered=is_covered, distance_m=distance_m, accuracy_m=1000) is placement


@pytest.mark.parametrize(
    ("name", "level", "english", "pinyin", "initials"),
    [
        ("山西省", DivisionLevel.PROVINCE, "Shanxi Province", "shanxisheng", "sxs"),
        ("长治市", DivisionLevel.CITY, "Changzhi City", "changzhishi", "czs"),
        ("清徐县", DivisionLevel.COUNTY, "Qingxu County", "qingxuxian", "qxx"),
        ("隰县", DivisionLevel.COUNTY, "Xi County", "xixian", "xx"),
        ("长子县", DivisionLevel.COUNTY, "Zhangzi County", "zhangzixian", "zzx"),
        ("洪洞县", DivisionLevel.COUNTY, "Hongtong County", "hongtongxian", "htx"),
        ("平城区", DivisionLevel.COUNTY, "Pingcheng District", "pingchengqu", "pcq"),
    ],
)
def test_place_names_are_spelt_for_latin_readers(name, level, english, pinyin, initials):
    assert (english_name(name, level), pinyin_of(name), initials_of(name)) == (english, pinyin, initials)
