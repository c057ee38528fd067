"""Which column of a file is the site's name and which its kind, by the words that people use for them.

What is not understood is never dropped in silence: the preview lists every other column.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gi_registry.lib.spreadsheets.folding import folded
from gi_registry.lib.texts import Refusal, Text
from products.gisfiles.faults import shown
from products.rules.words import SiteKind

MAX_NAME = 80
MAX_COLUMNS_TOLD = 50
NAME_COLUMNS = ("名称", "场地名称", "地块名称", "地块", "场地", "name", "site_name", "site", "plot")
KIND_COLUMNS = ("类型", "场地类型", "地块类型", "种类", "类别", "kind", "site_kind", "type")
# Words beside the labels and codes of the vocabulary itself.
_ALSO = {
    "农田": SiteKind.FIELD,
    "耕地": SiteKind.FIELD,
    "田": SiteKind.FIELD,
    "大棚": SiteKind.GREENHOUSE,
    "温室": SiteKind.GREENHOUSE,
    "鱼塘": SiteKind.POND,
    "草场": SiteKind.PASTURE,
    "车间": SiteKind.WORKSHOP,
    "作坊": SiteKind.WORKSHOP,
    "窖": SiteKind.CELLAR,
    "酒窖": SiteKind.CELLAR,
    "包装车间": SiteKind.PACKHOUSE,
}
_NO_NAME = Refusal("name_missing", Text("没有名称。", "It has no name."), "/name")
_BAD_NAME = Refusal(
    "name_unfit",
    Text(f"名称应为 1 至 {MAX_NAME} 个可见字符。", f"A name has 1 to {MAX_NAME} visible characters."),
    "/name",
)
_NO_KIND = Refusal(
    "kind_missing",
    Text("没有类型，上传时也没有选默认类型。", "It has no kind, and none was chosen for the whole file."),
    "/kind",
)


_NAMES = {folded(word): place for place, word in enumerate(NAME_COLUMNS)}
_KINDS = {folded(word): place for place, word in enumerate(KIND_COLUMNS)}
_KIND_WORDS = {
    **{folded(word): kind for kind in SiteKind for word in (kind.value, kind.text.zh, kind.text.en)},
    **{folded(word): kind for word, kind in _ALSO.items()},
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The file's own names of the two columns, None where there is none, and all that is not understood."""

    name: str | None
    kind: str | None
    unknown: tuple[str, ...]


def columns_of(names: Iterable[str]) -> Columns:
    names = list(names)
    name, kind = _first(names, _NAMES), _first(names, _KINDS)
    unknown = [shown(other) for other in names if other not in (name, kind)]
    return Columns(name, kind, tuple(unknown[:MAX_COLUMNS_TOLD]))


def _first(names: list[str], wanted: Mapping[str, int]) -> str | None:
    """Of several that would do, the one that stands first in our list."""
    found = [name for name in names if folded(name) in wanted]
    return min(found, key=lambda name: wanted[folded(name)], default=None)


def name_in(values: Mapping[str, Any], columns: Columns) -> tuple[str, Refusal | None]:
    """The name of a row, and what is wrong with it."""
    value = values.get(columns.name) if columns.name else None
    if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
        return "", _NO_NAME
    text = f"{value:g}" if isinstance(value, float) else str(value)[: 4 * MAX_NAME]
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        return "", _NO_NAME
    if len(name) > MAX_NAME or not name.isprintable():
        return shown(name), _BAD_NAME
    return name, None


def kind_in(
    values: Mapping[str, Any], columns: Columns, default: SiteKind | None
) -> tuple[SiteKind | None, Refusal | None]:
    """The kind of a row, the file's default where the row says nothing, and what is wrong with it."""
    value = values.get(columns.kind) if columns.kind else None
    if value is None or not str(value)[:40].strip():
        return default, None if default else _NO_KIND
    kind = _KIND_WORDS.get(folded(str(value)[:40]))
    if kind:
        return kind, None
    known = "、".join(word.text.zh for word in SiteKind), ", ".join(word.text.en.lower() for word in SiteKind)
    text = Text(
        f"没有“{shown(value, 20)}”这种类型。可用：{known[0]}。",
        f"There is no kind “{shown(value, 20)}”. Known are: {known[1]}.",
    )
    return None, Refusal("kind_unknown", text, "/kind")
