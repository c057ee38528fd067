"""What a specification demands, as data that a machine can hold against a batch. No Django, no clock, no database."""

from products.rules.requirements.evaluate import evaluate, release_faults
from products.rules.requirements.evidence import Attestation, Evidence, Measurement, Place, StepDone
from products.rules.requirements.faults import rule_faults, rules_faults
from products.rules.requirements.kinds import MAX_RULES, MAX_WORDS, Outcome, Requirement

__all__ = [
    "MAX_RULES",
    "MAX_WORDS",
    "Attestation",
    "Evidence",
    "Measurement",
    "Outcome",
    "Place",
    "Requirement",
    "StepDone",
    "evaluate",
    "release_faults",
    "rule_faults",
    "rules_faults",
]
