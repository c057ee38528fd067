"""The documents name what there is: a setting, a command or an address that nobody can look up does not exist."""

import re
from pathlib import Path

from django.core.management import get_commands

from tests.house.tree import ROOMS, ROOT, tracked


def _documents() -> str:
    return "\n".join(f.read_text(encoding="utf-8") for f in tracked(".md"))


def test_every_setting_from_the_environment_is_documented():
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    read = [ROOT / "gi_registry/settings.py", *(ROOT / "gi_registry").glob("*/conf.py")]
    named = {name for file in read for name in re.findall(r'env\.\w+\(\s*"(\w+)"', file.read_text(encoding="utf-8"))}
    assert named
    assert {name for name in named if f"`{name}`" not in text} == set()


def test_every_command_of_ours_is_documented():
    ours = {name for name, app in get_commands().items() if app in {*ROOMS, "gi_registry", "gi_registry.lib"}}
    text = _documents()
    assert ours
    assert {name for name in ours if name not in text} == set()


def test_every_room_and_shelf_explains_itself():
    places = [*ROOMS, "gi_registry/lib", "gi_registry/accounts", "gi_registry/ogc", "fixtures", "tests"]
    assert [place for place in places if not (ROOT / place / "README.md").is_file()] == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for document in tracked(".md"):
        for target in re.findall(r"\]\((?!https?:|#|/)([^)#]+)", document.read_text(encoding="utf-8")):
            if not (Path(document).parent / target).exists():
                broken.append(f"{document.relative_to(ROOT)} -> {target}")
    assert broken == []
