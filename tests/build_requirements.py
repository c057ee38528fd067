"""Demands and evidence for tests, without a database."""

from datetime import date
from decimal import Decimal

from gi_registry.lib.texts import Text
from products.rules.requirements import Evidence, Measurement, Requirement, StepDone, evaluate, rule_faults
from products.rules.specifications import FactValue
from products.rules.words import FactOperator, RuleKind, Severity, Unit

DAY = date(2026, 9, 25)


def a_rule(kind, operator=None, low=None, high=None, unit=Unit.NONE, **more):
    ends = {"low": low if low is None else Decimal(low), "high": high if high is None else Decimal(high)}
    bound = FactValue(FactOperator(operator), **ends, unit=unit) if operator else None
    severity = Severity.ATTEST if kind is RuleKind.ATTESTED else Severity.BLOCK
    plain = {"key": "thing", "label": Text("某项", "thing"), "severity": severity}
    return Requirement(kind=kind, bound=bound, **{**plain, **more})


def on_record(**more):
    return Evidence(**{"produced_on": DAY, **more})


def a_figure(value, unit, **more):
    return Measurement(**{"key": "thing", "value": Decimal(value), "unit": unit, "has_report": True, **more})


def figures(*each):
    return on_record(measurements=tuple(a_figure(*one) for one in each))


def aged(begin, end):
    return on_record(steps=(StepDone("thing", begin, end),))


def of(rule, evidence):
    assert rule_faults(rule) == []
    (outcome,) = evaluate([rule], evidence)
    return outcome.result
