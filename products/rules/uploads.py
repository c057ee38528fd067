"""Files of sites from GIS programs: how large, how many, how long kept, and the faults of a row as they are stored."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from gi_registry.lib.texts import Refusal, Text
from products.rules.words import SiteState, UploadRowState, UploadState

MAX_FEATURES = 1_000
MAX_POSITIONS = 100_000
MAX_SITE_POSITIONS = 5_000
MAX_FILE_NAME = 120
# Unfinished files of one producer.
MAX_OPEN = 10
KEPT_FOR = timedelta(days=30)
# A call works this long and then tells how far it came.
WORK_SECONDS = 5.0
OPEN = frozenset({UploadState.STAGED, UploadState.COMMITTING})
# Rows that a commit takes up: also those that the preview thinks refused, for what stood in their way may have gone.
TRIED = frozenset({UploadRowState.WAITING, UploadRowState.READY})
OUTCOMES = frozenset({SiteState.ACTIVE, SiteState.FLAGGED, SiteState.PROPOSED, SiteState.REFUSED})

_VERSION = 1


def stored(refusals: Iterable[Refusal]) -> dict[str, Any]:
    """Refusals as a row keeps them, in both languages: version 1 is ``{"version", "faults": [{code, zh, en, pointer}]}``."""
    told = [{"code": r.code, "zh": r.text.zh, "en": r.text.en, "pointer": r.pointer} for r in refusals]
    return {"version": _VERSION, "faults": told[:20]}


def told(payload: Mapping[str, Any]) -> list[Refusal]:
    """What ``stored`` kept. ValueError for a version that is not ours."""
    if payload["version"] != _VERSION:
        raise ValueError(f"faults of version {payload['version']}")
    return [Refusal(f["code"], Text(f["zh"], f["en"]), f["pointer"]) for f in payload["faults"]]


def row_overlap_refusal(number: int) -> Refusal:
    """Two rows of one file on the same ground: the later one is told."""
    text = Text(f"与本文件第 {number} 行重叠。", f"It overlaps row {number} of this file.")
    return Refusal("row_overlap", text, "/geometry")
