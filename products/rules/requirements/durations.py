"""Demands on time: windows of the year, days after an event, and ages counted as people count them.

A month is a month of the calendar: from 10 January, eleven months are over on 10 December, whatever they had of days.
"""

from datetime import date, timedelta
from decimal import Decimal

from gi_registry.lib.texts import Text
from products.rules.calendar import months_after
from products.rules.requirements.evidence import Evidence
from products.rules.requirements.faults import month_day
from products.rules.requirements.findings import Finding, failed, missing, passed
from products.rules.requirements.kinds import Requirement
from products.rules.requirements.units import in_base, measured_by
from products.rules.specifications import FactValue
from products.rules.words import OutcomeResult, Unit


def window(rule: Requirement, evidence: Evidence) -> Finding:
    """First and last day of each year, both included; the last may lie in the next year."""
    if evidence.harvested_on is None:
        return missing(Text("没有采收日期。", "The day of harvest is not on record."))
    first, last = month_day(rule.words[0]), month_day(rule.words[1])
    day = (evidence.harvested_on.month, evidence.harvested_on.day)
    told = _day(evidence.harvested_on)
    inside = first <= day <= last if first <= last else day >= first or day <= last
    return passed(told) if inside else failed(told, Text("不在采收期内。", "Outside the harvest window."))


def after_event(rule: Requirement, evidence: Evidence) -> Finding:
    """From the event to the harvest (or production, where nothing is harvested). Of several such events the last counts."""
    begun = [step.began_on for step in evidence.steps if step.name == rule.step]
    if not begun:
        return _unrecorded(rule)
    return _between(rule.bound, max(begun), evidence.gathered_on)


def duration_of(rule: Requirement, evidence: Evidence) -> Finding:
    """From the beginning of a step to its end. Where the step was done several times, the shortest counts."""
    steps = [step for step in evidence.steps if step.name == rule.step]
    if not steps:
        return _unrecorded(rule)
    if any(step.ended_on is None for step in steps):
        return missing(Text(f"“{rule.step}”尚未结束。", f"“{rule.step}” has no end on record."))
    findings = [_between(rule.bound, step.began_on, step.ended_on) for step in steps]
    return next((one for one in findings if one.result is OutcomeResult.FAILED), findings[0])


def seed(rule: Requirement, evidence: Evidence) -> Finding:
    """Seed renewed no longer ago than allowed, counted to the day of harvest."""
    done = [
        step.began_on for step in evidence.steps if step.name == rule.step and step.began_on <= evidence.gathered_on
    ]
    if not done:
        return _unrecorded(rule)
    return _between(rule.bound, max(done), evidence.gathered_on)


def _between(bound: FactValue, begin: date, end: date) -> Finding:
    if end < begin:
        return failed(_days(begin, end), Text("结束早于开始。", "It ends before it begins."))
    told = _days(begin, end) if measured_by(bound.unit) == "time" else _months(begin, end)
    if bound.low is not None and end < _reach(begin, bound.low, bound.unit):
        reached = _reach(begin, bound.low, bound.unit)
        return failed(told, Text(f"到 {reached:%Y-%m-%d} 才够。", f"It would be enough on {reached:%Y-%m-%d}."))
    if bound.high is not None and end > _reach(begin, bound.high, bound.unit):
        return failed(told, Text("时间过长。", "It took longer than allowed."))
    return passed(told)


def _reach(begin: date, amount: Decimal, unit: Unit) -> date:
    """The day on which so much time is over. Bounds are within ``LONGEST_DAYS`` and ``LONGEST_MONTHS``."""
    base = in_base(amount, unit)
    if measured_by(unit) == "months":
        return months_after(begin, int(base))
    days = -(-base // 24)  # part of a day counts as a day
    return date.max if days > (date.max - begin).days else begin + timedelta(days=int(days))


def _days(begin: date, end: date) -> Text:
    days = (end - begin).days
    return Text(f"{days} 天（{begin} 至 {end}）", f"{days} days ({begin} to {end})")


def _months(begin: date, end: date) -> Text:
    """Whole months and the days beyond them."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    if months_after(begin, months) > end:
        months -= 1
    days = (end - months_after(begin, months)).days
    zh = f"{months} 个月" + (f"零 {days} 天" if days else "")
    en = f"{months} months" + (f" and {days} days" if days else "")
    return Text(f"{zh}（{begin} 至 {end}）", f"{en} ({begin} to {end})")


def _day(day: date) -> Text:
    return Text(f"{day}", f"{day}")


def _unrecorded(rule: Requirement) -> Finding:
    return missing(Text(f"没有“{rule.step}”的记录。", f"“{rule.step}” is not on record."))
