"""The rules of real indications, as files: they make sense, name their source, and say no figure twice. No database."""

import json
from pathlib import Path

import pytest

from products.actions.requirements import rows_of_rules, rule_refusals

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def indications():
    records = json.loads((FIXTURES / "indications.json").read_text("utf-8"))
    return {record["slug"]: record for record in records}


def test_at_least_fifteen_names_carry_rules_that_make_sense_and_name_their_source(indications):
    carried = 0
    for record in indications.values():
        for version in record["specifications"]:
            rows = rows_of_rules(version["rules"], version["facts"])
            assert rule_refusals(version["rules"], rows) == [], record["name_zh"]
            carried += any(row.fact or row.words for row in rows)
            assert all(row.confidence and row.source_zh and row.source_en for row in rows)
    assert carried >= 15


def test_figures_of_rules_stand_in_the_facts_but_for_the_ageing_term_that_only_warns(indications):
    own = [
        (record["slug"], rule["kind"], rule["low"], rule["severity"])
        for record in indications.values()
        for version in record["specifications"]
        for rule in version["rules"]
        if rule.get("operator")
    ]
    assert own == [("shanxi-laochencu", "ageing_min", "12", "warn")]


def test_only_what_an_announcement_says_stops_a_release_beside_the_region(indications):
    blocking = {
        (record["name_zh"], version["label_zh"])
        for record in indications.values()
        for version in record["specifications"]
        for rule in version["rules"]
        if rule["severity"] == "block" and rule["kind"] != "within_region"
    }
    assert blocking == {("山西老陈醋", "2004 年第 104 号公告"), ("高平大黄梨", "2015 年第 143 号公告")}
