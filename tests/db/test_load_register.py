"""The command that fills the register with the real divisions and indications of `fixtures/`, on real PostGIS."""

import io
import json
from collections import Counter
from datetime import date

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction

from gi_registry.lib.models import AnsweredRequest
from gi_registry.management.commands.load_register import FIXTURES, add_rules
from products.models import (
    Figure,
    Holder,
    Indication,
    SpecificationFact,
    SpecificationRule,
    SpecificationVersion,
    Title,
)
from products.rules.requirements import Evidence, StepDone, evaluate
from products.rules.words import OutcomeResult, RuleKind
from regions.geometry import from_geos, point_at
from regions.models import Boundary, Division, DivisionChange, DivisionPart, Region
from regions.queries import divisions_at, divisions_matching, placement_of
from regions.rules import BoxCheck, Placement
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


def load() -> str:
    said = io.StringIO()
    call_command("load_register", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module", autouse=True)
def said(django_db_setup, django_db_blocker):
    """What the command said. Loaded once for this file, in a transaction that is taken back after its last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


def row_counts() -> dict[str, int]:
    """Rows of every table of ours, histories included."""
    return {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model._meta.app_label in {"regions", "products", "lib", "accounts"}
    }


def inner_point(division: Division):
    point = from_geos(division.geom).representative_point()
    return point_at(point.x, point.y)


def test_it_says_what_it_loaded(said):
    assert [line.split()[0] for line in said.splitlines()] == ["129", "14", "76", "90", "8"]


def test_one_province_eleven_cities_and_117_counties_are_there():
    assert Counter(Division.objects.values_list("level", flat=True)) == {"province": 1, "city": 11, "county": 117}
    assert set(Division.objects.filter(level="county").values_list("parent__level", flat=True)) == {"city"}
    assert DivisionPart.objects.values("division").distinct().count() == 129


def test_each_county_finds_a_point_inside_itself():
    for county in Division.objects.filter(level="county"):
        chain = divisions_at(inner_point(county))
        assert (chain.county.code, chain.city.code, chain.province.code) == (
            county.code,
            county.code[:4] + "00",
            "140000",
        )


def test_the_total_area_is_within_a_thousandth_of_the_official_one():
    total_km2 = Division.objects.get(code="140000").area_m2 / 1e6
    counties_km2 = sum(Division.objects.filter(level="county").values_list("area_m2", flat=True)) / 1e6
    assert total_km2 == pytest.approx(156_700, rel=0.001)
    assert counties_km2 == pytest.approx(total_km2, rel=1e-6)


@pytest.mark.parametrize(("outer", "inner"), [("140311", "140302"), ("140311", "140303"), ("140525", "140502")])
def test_the_two_real_holes_stay_holes(outer, inner):
    around = Division.objects.get(code=outer)
    assert [len(part.interiors) for part in from_geos(around.geom).geoms] == [1]
    point = inner_point(Division.objects.get(code=inner))
    assert not Division.objects.filter(code=outer).containing(point).exists()


@pytest.mark.parametrize(
    ("old_name", "codes"),
    [
        ("太谷县", {"140703"}),
        ("屯留县", {"140405"}),
        ("潞城市", {"140406"}),
        ("南郊区", {"140212", "140213", "140214"}),
    ],
)
def test_an_old_name_finds_the_division_of_today(old_name, codes):
    assert set(divisions_matching(old_name).values_list("code", flat=True)) == codes
    assert DivisionChange.objects.filter(old_name_zh=old_name).count() == len(codes)


def test_76_indications_hold_90_titles():
    assert Indication.objects.count() == 76
    assert Counter(Title.objects.values_list("kind", flat=True)) == {
        "agro_gi": 57,
        "gi_product": 19,
        "certification_mark": 12,
        "foreign": 2,
    }
    assert not Title.objects.filter(status__in=("recognised", "registered")).exists()
    assert not Holder.objects.filter(organisation__isnull=False).exists()


def test_every_indication_has_a_source_and_titles_with_a_region():
    assert not Indication.objects.filter(sources__isnull=True).exists()
    assert not Title.objects.filter(region__isnull=True).exists()


def test_a_title_known_from_a_public_notice_only_does_not_stand():
    standing = Title.objects.standing(TODAY)
    assert standing.filter(indication__slug="shanxi-laochencu").count() == 2
    assert not standing.filter(indication__slug__in=("shangdang-gaoliang", "huguan-dangshen")).exists()


def test_an_indication_is_found_by_pinyin_and_initials():
    vinegar = Indication.objects.get(slug="shanxi-laochencu")
    assert (vinegar.pinyin, vinegar.initials) == ("shan xi lao chen cu", "sxlcc")
    assert Indication.objects.get(slug="datong-xiaoming-lyudou").folded_pinyin == "datongxiaomingludou"


def test_the_eight_wrong_boxes_are_flagged_and_kept_as_printed():
    found = Counter(Region.objects.values_list("declared_check", flat=True))
    assert found == {BoxCheck.ABSENT: 47, BoxCheck.AGREES: 16, BoxCheck.WRONG: 8, BoxCheck.DOUBTFUL: 5}
    wrong = Region.objects.filter(declared_check=BoxCheck.WRONG)
    assert not wrong.filter(declared_note_zh="").exists()
    assert not wrong.filter(declared_note_en="").exists()
    assert Region.objects.get(slug="jixian-pingguo").declared_west == "100°27′30″"


def test_every_outline_is_the_union_of_its_divisions_and_no_box():
    assert Boundary.objects.count() == 76
    for boundary in Boundary.objects.prefetch_related("divisions"):
        assert boundary.method == "divisions"
        assert boundary.accuracy_m == 1000
        assert boundary.valid.lower is None
        assert boundary.area_m2 == pytest.approx(sum(row.area_m2 for row in boundary.divisions.all()), rel=1e-6)


def test_a_place_in_pingyao_lies_in_the_region_of_its_beef_and_outside_that_of_the_vinegar():
    site = inner_point(Division.objects.get(code="140728"))
    beef, vinegar = Region.objects.get(slug="pingyao-niurou"), Region.objects.get(slug="shanxi-laochencu")
    assert placement_of(beef, site, TODAY).placement is Placement.INSIDE
    assert placement_of(vinegar, site, TODAY).placement is Placement.OUTSIDE


def test_the_vinegar_has_one_specification_before_october_2014_and_another_from_then_on():
    versions = SpecificationVersion.objects.filter(title__indication__slug="shanxi-laochencu")
    before, after = versions.on(date(2014, 9, 30)).get(), versions.on(date(2014, 10, 1)).get()
    assert before.facts.get(key="ageing").value.low == 10
    assert after.standards == ["GB/T 19777-2013"]
    assert not after.facts.filter(key="ageing").exists()


def test_all_175_facts_are_there_with_their_units():
    facts = SpecificationFact.objects
    assert facts.count() == 175
    yield_limit = facts.get(specification__title__indication__slug="gaoping-dahuangli", key="yield")
    assert (yield_limit.operator, yield_limit.high, yield_limit.unit) == ("max", 30, "tonne_per_hectare")


def test_statistics_are_figures_and_no_facts():
    assert Figure.objects.count() == 70
    assert not SpecificationFact.objects.filter(key__in=("planted_area", "annual_output", "villages")).exists()


def test_loading_the_same_files_again_changes_nothing():
    before = row_counts()
    assert "already" in load()
    assert row_counts() == before


def test_a_second_pass_without_its_digest_adds_nothing_but_the_digest():
    before = row_counts()
    AnsweredRequest.objects.all().delete()
    load()
    assert row_counts() == before


def test_what_people_corrected_is_left_alone():
    Indication.objects.filter(slug="pingyao-niurou").update(name_en="Beef of Pingyao")
    AnsweredRequest.objects.all().delete()
    load()
    assert Indication.objects.get(slug="pingyao-niurou").name_en == "Beef of Pingyao"


def ten_or_twelve(version: SpecificationVersion) -> OutcomeResult:
    """What an ageing of eleven months comes to under the version's own rule."""
    (rule,) = [row.requirement for row in version.rules.select_related("fact") if row.kind == RuleKind.AGEING_MIN]
    aged = StepDone("陈", date(2025, 1, 10), date(2025, 12, 10))
    (outcome,) = evaluate([rule], Evidence(produced_on=date(2025, 12, 10), steps=(aged,)))
    return outcome.result


def test_real_names_carry_their_rules_and_eleven_months_of_vinegar_pass_one_version_alone():
    with_rules = SpecificationVersion.objects.filter(rules__isnull=False).distinct()
    assert with_rules.values("title__indication").distinct().count() == 36
    assert not SpecificationRule.objects.exclude(checked_by=None).exists()
    vinegar = SpecificationVersion.objects.filter(title__indication__slug="shanxi-laochencu").order_by("effective")
    assert [ten_or_twelve(version) for version in vinegar] == [OutcomeResult.PASSED, OutcomeResult.FAILED]


def test_a_register_loaded_before_there_were_rules_is_given_them_and_what_people_took_up_is_left_alone():
    records = {record["slug"]: record for record in json.loads((FIXTURES / "indications.json").read_text("utf-8"))}
    pears = SpecificationVersion.objects.get(title__indication__slug="gaoping-dahuangli")
    millet = SpecificationVersion.objects.get(title__indication__slug="heyu-xiaomi")
    expected = pears.rules.count()
    pears.rules.all().delete()
    millet.rules.all().delete()
    SpecificationVersion.objects.filter(pk=millet.pk).update(status="disproved")
    for slug in ("gaoping-dahuangli", "heyu-xiaomi", "shanxi-laochencu"):
        add_rules(records[slug], NOW)
    assert (pears.rules.count(), millet.rules.count()) == (expected, 0)
    assert expected == 10
