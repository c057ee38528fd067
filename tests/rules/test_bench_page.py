"""The page of measured figures: what was measured here anew, and the rest as it stood."""

import json

from gi_registry.bench.measure import MEASUREMENTS
from gi_registry.bench.report import PAGE_HEAD, page
from tests.house.tree import ROOT

BEFORE = f"{PAGE_HEAD}\n## first\n\nOld words.\n\n| old |\n\n## second\n\nKept words.\n\n| kept |\n"


def measured(folder, name):
    figure = {"name": "a trace", "value": 6.7, "unit": "ms", "ratio": None, "target": "< 20 ms", "beside": ""}
    told = {"machine": "2026-11-23, 2 cores.", "figures": [figure]}
    (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")


def test_what_was_measured_here_takes_the_place_of_its_section_and_the_rest_stays(tmp_path):
    measured(tmp_path, "first")
    told = page({"first": "New words.", "second": "not used"}, tmp_path, BEFORE)
    assert "New words." in told
    assert "| a trace | 6.7 ms |  |  | < 20 ms |" in told
    assert "Old words." not in told
    assert told.endswith("## second\n\nKept words.\n\n| kept |\n")


def test_a_measurement_that_nobody_made_is_left_out_and_one_that_is_gone_too(tmp_path):
    told = page({"second": "", "third": "Never measured."}, tmp_path, BEFORE)
    assert "## first" not in told
    assert "third" not in told


def test_the_page_in_the_repository_stays_as_it_is_where_nothing_was_measured(tmp_path):
    text = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert page(dict.fromkeys(MEASUREMENTS, ""), tmp_path, text) == text
