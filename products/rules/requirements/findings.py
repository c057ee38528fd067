"""What a check finds: a result, the figures it saw, and a sentence."""

from dataclasses import dataclass

from gi_registry.lib.texts import Text
from products.rules.words import OutcomeResult

_NOTHING = Text("", "")
_MET = Text("符合要求。", "As demanded.")


@dataclass(frozen=True, slots=True)
class Finding:
    result: OutcomeResult
    measured: Text
    why: Text


def passed(measured: Text) -> Finding:
    return Finding(OutcomeResult.PASSED, measured, _MET)


def failed(measured: Text, why: Text) -> Finding:
    return Finding(OutcomeResult.FAILED, measured, why)


def missing(why: Text, measured: Text = _NOTHING) -> Finding:
    return Finding(OutcomeResult.MISSING_EVIDENCE, measured, why)
