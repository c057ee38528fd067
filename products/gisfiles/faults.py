"""What a reader of files hands back, and how it says No."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gi_registry.lib.texts import Refusal, Text
from products.rules.words import UploadCrs, UploadFormat

POINTER = "/file"


class FileRefused(ValueError):
    """The file cannot be used at all; ``refusals`` say why."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__(self.refusals[0].text.en)


def refused(code: str, zh: str, en: str, pointer: str = POINTER) -> FileRefused:
    return FileRefused([Refusal(code, Text(zh, en), pointer)])


def shown(text: Any, most: int = 60) -> str:
    """Words of a stranger as they may stand in a sentence of ours: short, on one line."""
    return "".join(character for character in str(text)[:most] if character.isprintable())


@dataclass(frozen=True, slots=True)
class FileRow:
    """One feature. ``document``: its shape as plain GeoJSON members in the file's own CRS, easting or longitude first;
    None where it has none. ``fault``: why its shape cannot be read. ``cells``: of a spreadsheet, as ``Cell.kept``."""

    number: int
    values: Mapping[str, Any]
    document: dict[str, Any] | None = None
    fault: Refusal | None = None
    cells: Sequence[str | None] | None = None


@dataclass(frozen=True, slots=True)
class FileRead:
    """A whole file. ``crs``: what the file itself says, None where it says nothing. ``header``: of a spreadsheet."""

    format: UploadFormat
    crs: UploadCrs | None
    rows: list[FileRow] = field(default_factory=list)
    header: Sequence[str] = ()

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in the order in which they are met."""
        return list(dict.fromkeys(name for row in self.rows for name in row.values))


def too_many_features(most: int) -> FileRefused:
    return refused(
        "too_many_features",
        f"一个文件最多 {most:,} 个要素，请分成几个文件。",
        f"A file may hold {most:,} features at most. Divide it into several files.",
    )


def too_many_positions(most: int) -> FileRefused:
    return refused(
        "too_many_positions",
        f"一个文件最多 {most:,} 个坐标点，请先简化边界或分成几个文件。",
        f"A file may hold {most:,} positions at most. Simplify the outlines or divide the file.",
    )
