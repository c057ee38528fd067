"""Files, functions and handlers stay small enough to be read at once. An exemption is a line with a reason."""

from tests.house.tree import ROOT, functions, length, sources, tracked

FILE_LINES, FUNCTION_LINES, HANDLER_LINES, SETTINGS_LINES, URLS_LINES, DOOR_LINES = 400, 40, 15, 250, 90, 250
VERBS = {"get", "post", "put", "patch", "delete"}
REFUSED_NAMES = {"utils", "helpers", "common", "misc", "base", "core", "manager", "services", "constants"}

# file -> why it may be longer
LONGER_FILES: dict[str, str] = {
    "tests/api/matrix.py": "one table: a row for each address and method, read beside its neighbours",
    "tests/pages/test_portal.py": "the desk's pages share one world and one way of walking them; each test is short",
}
# path::function -> why it may be longer
LONGER: dict[str, str] = {
    "products/actions/indications.py::create_indication": "a wide row: a line for each of its keywords, twice",
    "products/actions/titles.py::open_title": "a wide row: a line for each of its keywords, twice",
}


def _lines(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_can_be_held_in_mind():
    read = {*sources(), *tracked(".js"), *(f for f in tracked(".py") if f.relative_to(ROOT).parts[0] == "tests")}
    long = {str(f.relative_to(ROOT)): _lines(f) for f in read if _lines(f) > FILE_LINES}
    assert {name: lines for name, lines in long.items() if name not in LONGER_FILES} == {}


def test_settings_urls_and_the_door_keep_to_their_budgets():
    assert _lines(ROOT / "gi_registry/settings.py") <= SETTINGS_LINES
    assert _lines(ROOT / "gi") <= DOOR_LINES
    assert {str(f): _lines(f) for f in sources() if f.name == "urls.py" and _lines(f) > URLS_LINES} == {}


def test_no_function_is_longer_than_a_screen():
    long = {}
    for file in sources():
        for name, function, _ in functions(file):
            place = f"{file.relative_to(ROOT)}::{name}"
            if length(function) > FUNCTION_LINES and place not in LONGER:
                long[place] = length(function)
    assert long == {}


def test_handlers_only_fetch_ask_read_call_and_show():
    long = {}
    for file in sources():
        if "api" not in {file.stem, file.parent.name}:
            continue
        for name, function, holder in functions(file):
            if holder and function.name in VERBS and length(function) > HANDLER_LINES:
                long[f"{file.relative_to(ROOT)}::{name}"] = length(function)
    assert long == {}


def test_no_file_is_a_drawer_for_everything():
    assert [str(f.relative_to(ROOT)) for f in sources() if f.stem in REFUSED_NAMES] == []
