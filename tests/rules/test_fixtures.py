"""The data that ships with the registry, checked as files: no database, no Django."""

import importlib.util
import json
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from products.rules.specifications import FactValue, fact_faults
from products.rules.titles import start_faults
from products.rules.words import Confidence, FactOperator, TitleKind, TitleStatus, Unit
from regions.rules import BoxCheck, DeclaredBox, Envelope, Extent, check_box

FIXTURES = Path(__file__).parents[2] / "fixtures"
CODE = re.compile(r"14\d{4}")


def read(name):
    return json.loads((FIXTURES / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def recipe():
    """The deriving script as a module: its checks hold for the file as committed, not only on the day it was made."""
    spec = importlib.util.spec_from_file_location("derive_divisions", FIXTURES / "derive_divisions.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def divisions():
    return {feature["id"]: feature for feature in read("divisions.geojson")["features"]}


@pytest.fixture(scope="module")
def rows(divisions):
    return {
        code: {**feature["properties"], "geometry": shape(feature["geometry"])} for code, feature in divisions.items()
    }


@pytest.fixture(scope="module")
def indications():
    return {record["slug"]: record for record in read("indications.json")}


@pytest.fixture(scope="module")
def changes():
    return read("division_changes.json")


def test_the_divisions_pass_every_check_of_their_recipe(recipe, rows):
    assert len(rows) == 129
    assert list(recipe.faults(rows)) == []


def test_a_gap_between_two_counties_is_noticed_by_the_recipe(recipe, rows):
    damaged = dict(rows)
    geometry = shapely.affinity.translate(rows["140121"]["geometry"], 0.01, 0)
    damaged["140121"] = {**rows["140121"], "geometry": geometry}
    assert "counties overlap or leave their shared edges" in list(recipe.faults(damaged))


def test_the_two_holes_are_filled_by_the_counties_inside_them(rows):
    for outer, inner in (("140311", ("140302", "140303")), ("140525", ("140502",))):
        (part,) = rows[outer]["geometry"].geoms
        hole = shapely.Polygon(part.interiors[0])
        assert shapely.union_all([rows[code]["geometry"] for code in inner]).equals(hole)


def test_a_point_of_each_county_lies_in_no_other_county(rows):
    counties = {code: row["geometry"] for code, row in rows.items() if row["level"] == "county"}
    for code, geometry in counties.items():
        point = geometry.representative_point()
        assert [other for other, candidate in counties.items() if candidate.covers(point)] == [code]


def test_the_divisions_are_written_sorted_one_a_line_with_six_decimals(divisions):
    lines = (FIXTURES / "divisions.geojson").read_text("utf-8").splitlines()
    assert len(lines) == 129 + 2
    assert list(divisions) == sorted(divisions)
    assert re.search(r"\.\d{7}", "".join(lines)) is None


def test_every_division_has_an_english_name_with_its_level_word(divisions):
    words = {"省": "Province", "市": "City", "区": "District", "县": "County"}
    for feature in divisions.values():
        properties = feature["properties"]
        assert re.fullmatch(r"[A-Z][a-zü]+ [A-Z][a-z]+", properties["name_en"])
        assert properties["name_en"].endswith(words[properties["name_zh"][-1]])


@pytest.mark.parametrize(
    ("code", "name_en"),
    [
        ("140400", "Changzhi City"),
        ("140428", "Zhangzi County"),
        ("140600", "Shuozhou City"),
        ("140900", "Xinzhou City"),
        ("140430", "Qin County"),
        ("141031", "Xi County"),
        ("140826", "Jiang County"),
        ("141024", "Hongtong County"),
        ("141002", "Yaodu District"),
        ("140703", "Taigu District"),
        ("140781", "Jiexiu City"),
        ("141100", "Lüliang City"),
    ],
)
def test_names_that_dictionaries_misread_are_right(divisions, code, name_en):
    assert divisions[code]["properties"]["name_en"] == name_en


def test_old_codes_are_gone_and_new_codes_exist(divisions, changes):
    for change in changes:
        assert change["old_code"] not in divisions
        assert divisions[change["new_code"]]["properties"]["name_zh"] == change["new_name_zh"]
        assert change["note_zh"]
        assert change["note_en"]
        assert change["source"]


def test_each_change_has_two_bounds_and_no_invented_day(changes):
    for change in changes:
        assert date.fromisoformat(change["changed_after"]) < date.fromisoformat(change["changed_before"])
        assert change["changed_on"] is None
    assert len({(change["old_code"], change["new_code"]) for change in changes}) == len(changes) == 14


def test_old_names_in_the_printed_areas_are_all_mapped(indications, changes):
    old_names = {change["old_name_zh"] for change in changes if len(change["old_name_zh"]) > 2}
    printed = "".join(record["region"]["source_text"] for record in indications.values())
    assert {"太谷县", "屯留县", "潞城市", "大同县"} <= {name for name in old_names if name in printed}


def test_there_are_76_indications_with_plain_slugs_and_matching_initials(indications):
    assert len(indications) == 76
    for slug, record in indications.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", slug)
        syllables = record["pinyin"].split()
        assert len(syllables) == len(record["name_zh"])
        assert record["initials"] == "".join(syllable[0] for syllable in syllables)
        assert slug.replace("-", "") == "".join(syllables).replace("ü", "yu")


def test_every_indication_names_existing_divisions_and_a_source(indications, divisions):
    for record in indications.values():
        assert record["division_codes"]
        assert set(record["division_codes"]) <= {code for code in divisions if code[4:] != "00"}
        assert record["main_division_code"] in divisions
        assert any(code.startswith(record["main_division_code"].rstrip("0")) for code in record["division_codes"])
        assert record["sources"]
        assert all(source["label_zh"] and source["label_en"] for source in record["sources"])
        assert all(source["url"] == "" or source["url"].startswith("http") for source in record["sources"])


def test_the_touched_divisions_are_64_counties_and_a_whole_city(indications):
    listed = {code for slug, record in indications.items() for code in record["division_codes"]}
    without_the_city = {
        code for slug, record in indications.items() if slug != "yuncheng-pingguo" for code in record["division_codes"]
    }
    assert len(without_the_city) == 64
    assert len({code[:4] for code in listed}) == 11
    assert len(indications["yuncheng-pingguo"]["division_codes"]) == 13


def test_titles_are_counted_by_kind_and_none_claims_recognition(indications):
    titles = [title for record in indications.values() for title in record["titles"]]
    assert len(titles) == 90
    kinds = Counter(title["kind"] for title in titles)
    assert kinds == {"agro_gi": 57, "gi_product": 19, "certification_mark": 12, "foreign": 2}
    assert Counter(title["status"] for title in titles) == {"reported": 89, "filed": 1}


def test_a_bare_notice_or_review_does_not_make_a_title_stand(indications):
    for slug in ("jiangxian-lianqiao", "shangdang-gaoliang", "jiangxian-huangqin", "xiaoyi-shizi"):
        assert "公示" in indications[slug]["titles"][0]["source_note_zh"]
        assert indications[slug]["titles"][0]["confidence"] == "low"
    assert indications["lingqiu-daqingbei-shanyang"]["titles"][0]["confidence"] == "low"
    assert indications["huguan-dangshen"]["titles"][0]["status"] == "filed"


def test_only_two_names_claim_the_agreement_with_the_eu(indications):
    claiming = {record["name_zh"] for record in indications.values() if record["agreement_zh"]}
    foreign = {
        record["name_zh"]
        for record in indications.values()
        if any(title["kind"] == "foreign" for title in record["titles"])
    }
    assert claiming == foreign == {"山西老陈醋", "吉县苹果"}


def test_every_title_may_begin_in_its_status(indications):
    for record in indications.values():
        assert Confidence(record["confidence"])
        for title in record["titles"]:
            assert Confidence(title["confidence"])
            assert start_faults(TitleKind(title["kind"]), TitleStatus(title["status"])) == []


def test_a_date_is_either_full_or_kept_as_printed(indications):
    for record in indications.values():
        for title in record["titles"]:
            if title["recognised_on"]:
                assert date.fromisoformat(title["recognised_on"])
                assert title["recognised_text"] == ""
            else:
                assert re.fullmatch(r"(\d{4}(-\d\d)?)?", title["recognised_text"])


def test_numbers_of_announcements_and_titles_are_not_mixed(indications):
    for record in indications.values():
        for title in record["titles"]:
            assert re.fullmatch(r"(AGI\d{5}|\d{7,8})?", title["title_number"])
            assert title["announcement_number"] == "" or "公告" in title["announcement_number"]


def test_every_fact_has_the_numbers_its_operator_needs(indications):
    count = 0
    for record in indications.values():
        for specification in record["specifications"]:
            keys = [fact["key"] for fact in specification["facts"]]
            assert len(keys) == len(set(keys))
            for fact in specification["facts"]:
                count += 1
                assert fact["label_zh"]
                assert fact["label_en"]
                low, high = (Decimal(fact[end]) if fact[end] is not None else None for end in ("low", "high"))
                value = FactValue(FactOperator(fact["operator"]), low, high, fact["text"], Unit(fact["unit"]))
                assert fact_faults(value) == []
                assert bool(fact["text"]) == bool(fact["text_en"])
    assert count == 175


def test_every_figure_has_a_unit_of_the_register(indications):
    figures = [figure for record in indications.values() for figure in record["figures"]]
    assert len(figures) == 70
    assert all(Unit(figure["unit"]) is not Unit.NONE for figure in figures)


def test_a_number_without_unit_is_a_ratio_or_says_that_none_is_printed(indications):
    for record in indications.values():
        for specification in record["specifications"]:
            for fact in specification["facts"]:
                if fact["operator"] != "text" and fact["unit"] == Unit.NONE:
                    assert fact["text"] == "来源未印单位" or fact["key"] in {"shape_index", "sugar_acid_ratio"}


def test_the_two_versions_of_the_vinegar_meet_and_only_the_first_has_an_ageing_term(indications):
    first, second = indications["shanxi-laochencu"]["specifications"]
    assert (first["effective_from"], first["effective_until"]) == ("2004-08-09", "2014-10-01")
    assert (second["effective_from"], second["effective_until"]) == ("2014-10-01", None)
    (ageing,) = [fact for fact in first["facts"] if fact["key"] == "ageing"]
    assert (ageing["operator"], ageing["low"], ageing["unit"]) == ("min", "10", "month")
    assert "ageing" not in {fact["key"] for fact in second["facts"]}
    assert "陈酿期限" in second["note_zh"]


def test_a_region_narrower_than_its_counties_says_so(indications):
    for record in indications.values():
        region = record["region"]
        assert region["source_text"]
        assert region["accuracy_m"] == 1000
        if Extent(region["extent"]) is not Extent.WHOLE:
            assert region["note_zh"]
            assert region["note_en"]
        elif re.search(r"[乡镇]", region["source_text"]):
            assert "现辖行政区域" in region["source_text"]


def test_29_published_boxes_are_kept_verbatim(indications):
    boxes = [record["region"]["declared"] for record in indications.values() if record["region"]["declared"]]
    assert len(boxes) == 29
    assert all(set(box) == {"west", "east", "south", "north"} for box in boxes)
    assert indications["jixian-pingguo"]["region"]["declared"]["west"] == "100°27′30″"


def test_eight_published_boxes_are_wrong_and_five_doubtful(indications, rows):
    found = {}
    for record in indications.values():
        region = record["region"]
        if region["declared"]:
            west, south, east, north = shapely.union_all(
                [rows[code]["geometry"] for code in record["division_codes"]]
            ).bounds
            place = Envelope(west=west, south=south, east=east, north=north)
            check = check_box(DeclaredBox(**region["declared"]), place, Extent(region["extent"])).check
            found.setdefault(check, set()).add(record["name_zh"])
    assert found[BoxCheck.WRONG] == {
        "吉县苹果",
        "隰县梨",
        "孝义柿子",
        "绛县连翘",
        "万荣苹果",
        "芮城花椒",
        "交城梨枣",
        "兴县小米",
    }
    assert found[BoxCheck.DOUBTFUL] == {"阳高长城羊肉", "泽州黄小米", "河峪小米", "广灵画眉驴", "仙人红薯"}
    assert len(found[BoxCheck.AGREES]) == 16


def test_no_text_promises_more_than_a_register_can(indications):
    text = (FIXTURES / "indications.json").read_text("utf-8").lower()
    for word in ("genuine", "authentic", "正品"):
        assert word not in text
