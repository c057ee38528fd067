"""How each kind of demand is held against evidence: a function a kind, and the table of them."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from gi_registry.lib.texts import Text
from products.rules.requirements.durations import after_event, duration_of, seed, window
from products.rules.requirements.evidence import Evidence, Measurement
from products.rules.requirements.findings import Finding, failed, missing, passed
from products.rules.requirements.kinds import Requirement, listed
from products.rules.requirements.units import from_base, in_base, measured_by, same_kind
from products.rules.specifications import FactValue, plain
from products.rules.words import FactOperator, OutcomeResult, Unit
from products.rules.words import RuleKind as K

Check = Callable[[Requirement, Evidence], Finding]
_SITE_AREA = "area"
_OUTSIDE = Text("不在产地范围内：{names}。", "Outside the region: {names}.")
_UNSURE = Text("无法判断是否在产地范围内：{names}。", "It cannot be told whether these lie in the region: {names}.")


def within_region(rule: Requirement, evidence: Evidence) -> Finding:
    if not evidence.sites:
        return missing(Text("没有生产场地。", "No site is named."))
    outside = tuple(site.number for site in evidence.sites if site.is_within is False)
    unsure = tuple(site.number for site in evidence.sites if site.is_within is None)
    every = listed(tuple(site.number for site in evidence.sites))
    if outside:
        return failed(every, _OUTSIDE.format(names=listed(outside).en))
    if unsure:
        return missing(_UNSURE.format(names=listed(unsure).en), every)
    return passed(every)


def in_divisions(rule: Requirement, evidence: Evidence) -> Finding:
    if not evidence.sites:
        return missing(Text("没有生产场地。", "No site is named."))
    codes = tuple(dict.fromkeys(site.division_code for site in evidence.sites))
    outside = tuple(code for code in codes if not code.startswith(rule.words))
    if outside:
        return failed(listed(codes), Text("场地在所列区划之外。", "A site lies outside the divisions listed."))
    return passed(listed(codes))


def variety_in(rule: Requirement, evidence: Evidence) -> Finding:
    if not evidence.varieties:
        return missing(Text("未申报品种。", "No variety is declared."))
    others = tuple(name for name in evidence.varieties if name not in rule.words)
    if others:
        named = listed(others)
        why = Text(f"不在允许的品种之内：{named.zh}。", f"Not among the varieties allowed: {named.en}.")
        return failed(listed(evidence.varieties), why)
    return passed(listed(evidence.varieties))


def measured(rule: Requirement, evidence: Evidence) -> Finding:
    """A figure on record. All figures of the key must meet the bound: the best of several samples proves nothing."""
    return _compare(rule, [one for one in evidence.measurements if one.key == rule.key and _of_sex(rule, one)])


def _of_sex(rule: Requirement, one: Measurement) -> bool:
    return rule.sex is None or one.sex is rule.sex


def tested(rule: Requirement, evidence: Evidence) -> Finding:
    """A laboratory's figure: one without a report says what the producer believes."""
    known = [one for one in evidence.measurements if one.key == rule.key]
    finding = _compare(rule, known)
    if finding.result is OutcomeResult.PASSED and any(not one.has_report for one in known):
        return missing(Text("数值没有附检验报告。", "A figure has no laboratory report."), finding.measured)
    return finding


def of_sites(rule: Requirement, evidence: Evidence) -> Finding:
    """A condition of every site: a figure without a site speaks of all, one with a site of that alone."""
    if rule.key == _SITE_AREA and rule.bound and measured_by(rule.bound.unit) == "area":
        areas = [
            Measurement(rule.key, site.area_m2, Unit.SQUARE_METRE, site.number)
            for site in evidence.sites
            if site.area_m2 is not None
        ]
        return _compare(rule, areas)
    known = [one for one in evidence.measurements if one.key == rule.key]
    finding = _compare(rule, known)
    told = {one.site for one in known}
    untold = tuple(site.number for site in evidence.sites if site.number not in told)
    if finding.result is OutcomeResult.PASSED and untold and "" not in told:
        names = listed(untold)
        return missing(
            Text(f"这些场地没有数值：{names.zh}。", f"No figure for these sites: {names.en}."), finding.measured
        )
    return finding


def yield_of(rule: Requirement, evidence: Evidence) -> Finding:
    """What the land of the batch gave in the year, over its area. A figure on record, if any, must hold too."""
    stated = [one for one in evidence.measurements if one.key == rule.key]
    harvest = evidence.harvest
    if harvest is None or harvest[2] <= 0 or measured_by(harvest[1]) != "mass":
        return (
            _compare(rule, stated)
            if stated
            else missing(Text("没有产量或面积。", "No harvest or no area is on record."))
        )
    amount, unit, area_m2 = harvest
    # In the unit of the demand, so that the figures can be laid side by side.
    return _compare(rule, stated, [(in_base(amount, unit) / 1_000 / Fraction(area_m2), rule.bound.unit)])


def conversion(rule: Requirement, evidence: Evidence) -> Finding:
    """Goods made over raw material used; the material stands on record under the demand's key."""
    used = [one for one in evidence.measurements if one.key == rule.key]
    if not used or evidence.output is None:
        return missing(Text("没有原料用量。", "The raw material used is not on record."))
    if any(measured_by(one.unit) != "mass" or one.value <= 0 for one in used):
        return missing(Text("原料用量须以质量记录。", "Raw material is recorded by mass."))
    amount, unit = evidence.output
    material = sum(in_base(one.value, one.unit) for one in used) / 1_000
    wanted = "volume" if rule.bound.unit is Unit.LITRE_PER_KILOGRAM else "mass"
    if measured_by(unit) != wanted:
        return missing(Text("本批数量的单位与要求不符。", "The batch is not counted in what the demand speaks of."))
    ratio = in_base(amount, unit) / 1_000 / material * (100 if rule.bound.unit is Unit.PERCENT else 1)
    return _compare(rule, [], [(ratio, rule.bound.unit)])


def required_steps(rule: Requirement, evidence: Evidence) -> Finding:
    """Every step on record, and each begun no earlier than the one before it."""
    done = {}
    for step in sorted(evidence.steps, key=lambda step: step.began_on):
        done.setdefault(step.name, step.began_on)
    absent = tuple(name for name in rule.words if name not in done)
    known = tuple(f"{name} {done[name]:%Y-%m-%d}" for name in rule.words if name in done)
    if absent:
        names = listed(absent)
        return missing(Text(f"没有记录的工序：{names.zh}。", f"Steps not on record: {names.en}."), listed(known))
    days = [done[name] for name in rule.words]
    if days != sorted(days):
        return failed(listed(known), Text("工序顺序不符。", "The steps are not in order."))
    return passed(listed(known))


def opening(rule: Requirement, evidence: Evidence) -> Finding:
    if evidence.opens_on is None:
        return missing(Text("未选产季，没有开采（捕）日。", "No season is named, so there is no opening date."))
    day = f"{evidence.gathered_on:%Y-%m-%d}"
    opens = f"{evidence.opens_on:%Y-%m-%d}"
    if evidence.gathered_on < evidence.opens_on:
        return failed(Text(day, day), Text(f"早于 {opens}。", f"Before {opens}."))
    return passed(Text(day, day))


def packed(rule: Requirement, evidence: Evidence) -> Finding:
    if not evidence.packed_in:
        return missing(Text("未申报包装地。", "The place of packing is not declared."))
    allowed = rule.words or evidence.region_codes
    place = Text(evidence.packed_in, evidence.packed_in)
    if not allowed:
        return missing(Text("产地范围没有区划代码。", "The region has no division codes."), place)
    if evidence.packed_in.startswith(tuple(allowed)):
        return passed(place)
    return failed(place, Text("包装地不在产地。", "It was packed outside the region."))


def attested(rule: Requirement, evidence: Evidence) -> Finding:
    """What only a person can tell. One signature that it is not met outweighs any that it is."""
    signed = [one for one in evidence.attestations if one.key == rule.key]
    if not signed:
        return missing(Text("尚无人签字认定。", "Nobody has signed for it yet."))
    against = [one for one in signed if not one.is_met]
    names = listed(tuple(dict.fromkeys(one.signer for one in against or signed)))
    if against:
        return failed(names, Text("签字人认定不符合。", "The person who signed found it not met."))
    return passed(names)


def _compare(
    rule: Requirement, figures: Sequence[Measurement], derived: Sequence[tuple[Fraction, Unit]] = ()
) -> Finding:
    """Figures on record and figures computed (in base units, or in the unit of the demand where it has no other)."""
    bound = rule.bound
    strange = tuple(dict.fromkeys(one.unit.text.en for one in figures if not same_kind(one.unit, bound.unit)))
    if strange:
        units = ", ".join(strange) or "-"
        unit = bound.unit.text
        why = Text(
            f"记录的单位（{units}）不能与 {unit.zh} 比较。", f"Recorded in {units}, which says nothing of {unit.en}."
        )
        return missing(why)
    values = [(in_base(one.value, one.unit), one.unit) for one in figures] + list(derived)
    if not values:
        return missing(Text("没有该项记录。", "There is no record of it."))
    shown = listed(tuple(f"{plain(from_base(value, unit))} {unit.text.zh}".strip() for value, unit in values), 5)
    english = listed(tuple(f"{plain(from_base(value, unit))} {unit.text.en}".strip() for value, unit in values), 5)
    told = Text(shown.zh, english.en)
    over = [_against(bound, value) for value, _ in values]
    if worst := next((side for side in over if side), None):
        return failed(told, worst)
    return passed(told)


_UNDER = Text("低于要求。", "Below what is demanded.")
_ABOVE = Text("高于要求。", "Above what is demanded.")
_OTHER = Text("与要求不等。", "Not what is demanded.")


def _against(bound: FactValue, value: Fraction) -> Text | None:
    low = in_base(bound.low, bound.unit) if bound.low is not None else None
    high = in_base(bound.high, bound.unit) if bound.high is not None else None
    if bound.operator is FactOperator.EQUALS:
        return None if value == low else _OTHER
    if low is not None and value < low:
        return _UNDER
    return _ABOVE if high is not None and value > high else None


CHECKS: dict[K, Check] = {
    K.WITHIN_REGION: within_region,
    K.IN_DIVISIONS: in_divisions,
    K.ALTITUDE_RANGE: of_sites,
    K.VARIETY_IN: variety_in,
    K.DENSITY_MAX: of_sites,
    K.INPUT_MIN: of_sites,
    K.INPUT_MAX: of_sites,
    K.HARVEST_WINDOW: window,
    K.DAYS_AFTER_EVENT: after_event,
    K.OPENING_DATE: opening,
    K.YIELD_MAX: yield_of,
    K.CONVERSION_MAX: conversion,
    K.AGEING_MIN: duration_of,
    K.GROWING_MIN: after_event,
    K.UNIT_WEIGHT_MIN: measured,
    K.TEST_LIMIT: tested,
    K.SITE_LIMIT: of_sites,
    K.REQUIRED_STEPS: required_steps,
    K.SEED_RENEWAL: seed,
    K.SOURCE_SHARE: measured,
    K.PACK_IN_AREA: packed,
    K.ATTESTED: attested,
}
