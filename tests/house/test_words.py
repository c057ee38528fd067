"""What the product says and what it must not contain."""

import re

from tests.house.tree import ROOT, sources, tracked

SHOWN = (".html", ".js", ".css", ".txt", ".svg")
# A registry proves its record, never the bottle.
REFUSED = re.compile(r"正品|\bgenuine\b|\bauthentic\b|\b100 ?% real\b", re.IGNORECASE)
FAR = re.compile(r"""(?:src|href|url\()\s*=?\s*["'(]?\s*(?:https?:)?//(?!www\.w3\.org)""", re.IGNORECASE)
MACHINE = re.compile("|".join(rf"/{name}/" for name in ("work", "root")) + "|" + re.escape("../" + "shared"))


def _hits(pattern, files):
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_nothing_shown_claims_more_than_the_record():
    assert _hits(REFUSED, [*tracked(*SHOWN), *sources()]) == []


def test_pages_load_nothing_from_elsewhere():
    templates = [f for f in tracked(".html", ".css", ".js") if "email" not in f.parts]
    assert [hit for hit in _hits(FAR, templates) if "data-outside" not in hit] == []


def test_no_path_of_a_machine_is_written_down():
    texts = tracked(".py", ".md", ".toml", ".html", ".js", ".json", ".lock", ".in", ".sh", ".yaml", "gi")
    assert [hit for hit in _hits(MACHINE, texts) if "test_words.py" not in hit and "test_docs.py" not in hit] == []


def test_every_template_speaks_both_languages():
    """A page with Chinese text must have its English beside it, in the same tag."""
    chinese = re.compile(r"[\u4e00-\u9fff]")
    tags = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
    bare = []
    for file in tracked(".html"):
        rest = tags.sub("", file.read_text(encoding="utf-8"))
        bare += [f"{file.relative_to(ROOT)}: {line.strip()[:80]}" for line in rest.splitlines() if chinese.search(line)]
    assert [b for b in bare if 'lang="zh' not in b] == []
