"""Division codes that come from outside: which of them name a division of today, and what became of the others."""

from collections.abc import Collection

from gi_registry.lib.texts import Refusal, Text
from regions.models import Division, DivisionChange

UNKNOWN_DIVISION = Text("没有代码为 {code} 的现行行政区划。", "No division today has the code {code}.")
FORMER_DIVISION = Text("{code} 已停用，现为 {now}。", "The code {code} is no longer used; it is now {now}.")


def division_faults(codes: Collection[str], pointer: str = "/division_codes") -> list[Refusal]:
    """What is wrong with a list of division codes; an abolished code is answered with its successors."""
    known = set(Division.objects.current().filter(code__in=codes).values_list("code", flat=True))
    changes: dict[str, list[str]] = {}
    for change in DivisionChange.objects.filter(old_code__in=set(codes) - known):
        changes.setdefault(change.old_code, []).append(f"{change.new_code} {change.new_name_zh}")
    faults = []
    for place, code in enumerate(codes):
        if code in known:
            continue
        if code in changes:
            text = FORMER_DIVISION.format(code=code, now="、".join(changes[code]))
            faults.append(Refusal("division_former", text, f"{pointer}/{place}"))
        else:
            faults.append(Refusal("division_unknown", UNKNOWN_DIVISION.format(code=code), f"{pointer}/{place}"))
    return faults
