"""What kinds of places there are, and what a division code (GB/T 2260) says by its digits alone."""

import re
from collections.abc import Iterable

from gi_registry.lib.texts import Word

_CODE = re.compile(r"[1-9][0-9]{5}", re.ASCII)
_TOWNSHIP = re.compile(r"[\u4e00-\u9fff]{1,4}?[乡镇](?!村)")
_COUNTY = re.compile(r"[\u4e00-\u9fff]{1,3}?[县市区]")
_COUNTED = re.compile(r"\d+\s*个?\s*(?:乡|镇)")
_PART_WORDS = ("乡", "镇", "村", "街道", "部", "township", "village")


class DivisionLevel(Word):
    PROVINCE = "province", "省级", "Province"
    CITY = "city", "地级", "Prefecture city"
    COUNTY = "county", "县级", "County"


class ChangeShare(Word):
    """How much of an earlier division went into a later one."""

    WHOLE = "whole", "全部", "All of it"
    PART = "part", "部分", "A part of it"


class BoundaryMethod(Word):
    """How an outline came to be: the reader's first clue to how far it may be trusted."""

    DIVISIONS = "divisions", "由行政区划合并", "Union of whole divisions"
    DIGITISED = "digitised", "按公告文字或图件数字化", "Digitised from the announced text or map"
    SURVEYED = "surveyed", "实地测量", "Surveyed on the ground"


class Extent(Word):
    """How much of the named divisions the printed area takes in."""

    WHOLE = "whole", "整个行政区划", "Whole divisions"
    TOWNSHIPS = "townships", "部分乡镇或村", "Several townships or villages"
    ONE_TOWNSHIP = "one_township", "一个乡镇", "One township"


def is_division_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None


def level_of(code: str) -> DivisionLevel:
    """The level of a six-digit code: ``140000`` province, ``140100`` city, ``140121`` county. ValueError on other text."""
    if not is_division_code(code):
        raise ValueError(f"not a division code: {code!r}")
    if code.endswith("0000"):
        return DivisionLevel.PROVINCE
    return DivisionLevel.CITY if code.endswith("00") else DivisionLevel.COUNTY


def parent_of(code: str) -> str | None:
    """The code one level up, by the digits; None above a province."""
    match level_of(code):
        case DivisionLevel.COUNTY:
            return code[:4] + "00"
        case DivisionLevel.CITY:
            return code[:2] + "0000"
        case _:
            return None


def prefix_of(code: str) -> str:
    """The digits that every code inside this division starts with: ``14``, ``1401`` or the whole county code."""
    return {DivisionLevel.PROVINCE: code[:2], DivisionLevel.CITY: code[:4], DivisionLevel.COUNTY: code}[level_of(code)]


def chain_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Province, city and county of a point, from the codes of all divisions that hold it; empty where none does.

    On a common line it is in both neighbours: the lowest county counts, so that the answer never wavers, and of the
    others those round it. Without a county the lowest of each level.
    """
    held = sorted(codes)
    county = next((code for code in held if level_of(code) is DivisionLevel.COUNTY), None)
    lowest: dict[DivisionLevel, str] = {}
    for code in held:
        if county is None or county.startswith(prefix_of(code)):
            lowest.setdefault(level_of(code), code)
    return tuple(lowest[level] for level in DivisionLevel if level in lowest)


def extent_of(source_text: str) -> Extent:
    """How much of its divisions a printed area takes in, by the words it uses.

    ``芮城县`` is whole; ``绛县10个乡镇`` names several townships; ``盂县仙人乡30个行政村`` names one. It decides only how
    strictly a printed box is compared, never where a boundary runs.
    """
    # Without the names of the counties: 乡宁县 and 武乡县 are no townships.
    within = _COUNTY.sub("", source_text)
    if not any(word in within for word in _PART_WORDS):
        return Extent.WHOLE
    if _COUNTED.search(within):
        return Extent.TOWNSHIPS
    return Extent.ONE_TOWNSHIP if len(_TOWNSHIP.findall(within)) == 1 else Extent.TOWNSHIPS
