"""The questions about one demand: what has to be put on record so that it can be told whether it is met."""

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from products.rules.requirements import Evidence, Requirement
from products.rules.requirements.units import same_kind
from products.rules.words import RuleKind as K
from products.rules.words import Severity, Sex, Unit
from trace.portal.choices import Choice
from trace.portal.forms import Asked, DayField, RadioCards, Words, plain
from trace.rules.evidence import MAX_TEXT, Declared, EvidenceItem, EvidenceKind

MOST_BYTES = 20_000_000
FIGURES = frozenset(
    {
        *(K.ALTITUDE_RANGE, K.DENSITY_MAX, K.INPUT_MIN, K.INPUT_MAX, K.YIELD_MAX, K.CONVERSION_MAX),
        *(K.UNIT_WEIGHT_MIN, K.TEST_LIMIT, K.SITE_LIMIT, K.SOURCE_SHARE),
    }
)
BEGINNINGS = frozenset({K.DAYS_AFTER_EVENT, K.GROWING_MIN, K.SEED_RENEWAL, K.AGEING_MIN})
# What the register or the batch itself says: nothing can be added to it here.
SETTLED = frozenset({K.WITHIN_REGION, K.IN_DIVISIONS, K.HARVEST_WINDOW, K.OPENING_DATE})
REPORT_HINT = Text(
    "系统只记下文件的指纹（SHA-256），不保存文件，请自行保管原件。",
    "Only the fingerprint of the file (SHA-256) is recorded. The file is not kept: keep the original.",
)
_DECLARED = {
    Declared.VARIETY: Text("本批的品种", "Variety of the batch"),
    Declared.ZONE: Text("本批的产区", "Zone of the batch"),
    Declared.GRADE: Text("本批的等级", "Grade of the batch"),
    Declared.SEX: Text("本批的性别", "Sex of the goods"),
}
_TOO_FINE = Text("最多六位小数。", "At most six decimals.")
_TOO_LARGE = Text("文件不超过 20 MB。", "A file has at most 20 MB.")


class FigureField(forms.DecimalField):
    """A measured figure: finer than an amount of goods."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
        super().__init__(max_digits=18, decimal_places=6, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain(value))


def fingerprint(file: Any) -> str:
    """SHA-256 of an uploaded file in hex, read in pieces. Raises ValidationError for one over 20 MB."""
    if file.size > MOST_BYTES:
        raise forms.ValidationError(say(_TOO_LARGE), code="too_large")
    digest = hashlib.sha256()
    for part in file.chunks():
        digest.update(part)
    return digest.hexdigest()


def can_be_added(rule: Requirement) -> bool:
    """Whether there is anything that a person could put on record for a demand."""
    return rule.severity is Severity.ATTEST or rule.kind not in SETTLED


class EvidenceQuestion(Asked):
    """Asks for what the demand's kind looks at, and for what the batch has still to declare before it applies."""

    words: ClassVar = {
        "value": Words(Text("数值", "Figure")),
        "unit": Words(Text("单位", "Unit")),
        "laboratory": Words(Text("检验机构", "Laboratory")),
        "report": Words(Text("报告或凭据", "Report or document"), REPORT_HINT),
        "began_on": Words(Text("开始（发生）日期", "Began (happened) on")),
        "ended_on": Words(Text("结束日期", "Ended on")),
        "is_met": Words(Text("您的认定", "Your finding")),
        "packed_in": Words(
            Text("包装地区划代码", "Division code of the place of packing"), Text("六位数字。", "Six digits.")
        ),
        **{key.value: Words(label) for key, label in _DECLARED.items()},
    }

    def __init__(self, *args: Any, rule: Requirement, known: Evidence, **kwargs: Any) -> None:
        self.rule = rule
        self._fields = {**_undeclared(rule, known), **_asked(rule, known)}
        self.base_fields = self._fields
        super().__init__(*args, **kwargs)
        if "value" in self.fields:
            self.fields["value"].error_messages["max_decimal_places"] = say(_TOO_FINE)
        for name, step in self._steps():
            self.fields[name].label = say(Text(f"“{step}”开始日期", f"“{step}” began on"))

    def _steps(self) -> list[tuple[str, str]]:
        return [(f"step_{place}", step) for place, step in enumerate(self.rule.words) if f"step_{place}" in self.fields]

    def clean_report(self) -> str:
        """The fingerprint of the file."""
        file = self.cleaned_data["report"]
        return fingerprint(file) if file else ""

    def items(self) -> list[EvidenceItem]:
        """What was answered, as pieces of evidence."""
        return [*self._declarations(), *self._pieces()]

    def _declarations(self) -> Iterator[EvidenceItem]:
        for key in Declared:
            if text := self.cleaned_data.get(key.value):
                yield EvidenceItem(EvidenceKind.DECLARATION, key=key.value, text=text)

    def _pieces(self) -> Iterator[EvidenceItem]:
        told, rule = self.cleaned_data, self.rule
        if told.get("is_met"):
            is_met = told["is_met"] == "yes"
            yield EvidenceItem(EvidenceKind.ATTESTATION, key=rule.key, is_met=is_met, document_sha256=told["report"])
        if told.get("value") is not None:
            proof = {"laboratory": told.get("laboratory", ""), "document_sha256": told.get("report", "")}
            yield EvidenceItem(
                EvidenceKind.MEASUREMENT,
                key=rule.key,
                value=told["value"],
                unit=Unit(told["unit"]),
                sex=rule.sex,
                **proof,
            )
        if told.get("began_on"):
            days = {"began_on": told["began_on"], "ended_on": told.get("ended_on")}
            yield EvidenceItem(EvidenceKind.STEP, text=rule.step, **days)
        for name, step in self._steps():
            if told.get(name):
                yield EvidenceItem(EvidenceKind.STEP, text=step, began_on=told[name])


def _undeclared(rule: Requirement, known: Evidence) -> dict[str, forms.Field]:
    """What the demand's scope turns on, where the batch does not say it yet."""
    scopes = (
        (Declared.ZONE, rule.zone, known.zones),
        (Declared.VARIETY, rule.variety, known.varieties),
        (Declared.GRADE, rule.grade, known.grade),
        (Declared.SEX, rule.sex, known.sexes),
    )
    fields: dict[str, forms.Field] = {}
    for key, wanted, declared in scopes:
        if wanted and not declared:
            sexes = [(sex.value, say(sex.text)) for sex in Sex]
            is_sex = key is Declared.SEX
            fields[key.value] = forms.ChoiceField(choices=sexes) if is_sex else forms.CharField(max_length=MAX_TEXT)
    return fields


def _asked(rule: Requirement, known: Evidence) -> dict[str, forms.Field]:
    if rule.severity is Severity.ATTEST:
        return {"is_met": _finding(), "report": forms.FileField()}
    if rule.kind in FIGURES:
        return _figure(rule)
    if rule.kind in BEGINNINGS:
        days: dict[str, forms.Field] = {"began_on": DayField()}
        return days | ({"ended_on": DayField()} if rule.kind is K.AGEING_MIN else {})
    if rule.kind is K.REQUIRED_STEPS:
        done = {step.name for step in known.steps}
        return {f"step_{place}": DayField() for place, step in enumerate(rule.words) if step not in done}
    if rule.kind is K.VARIETY_IN:
        return {Declared.VARIETY.value: forms.CharField(max_length=MAX_TEXT)}
    if rule.kind is K.PACK_IN_AREA:
        return {Declared.PACKED_IN.value: forms.CharField(max_length=6)}
    return {}


def _finding() -> forms.Field:
    words = (("yes", Text("符合", "It is met")), ("no", Text("不符合", "It is not met")))
    return forms.ChoiceField(widget=RadioCards, choices=[(name, Choice(name, say(text), ())) for name, text in words])


def _figure(rule: Requirement) -> dict[str, forms.Field]:
    of = Unit.KILOGRAM if rule.kind is K.CONVERSION_MAX else rule.bound.unit if rule.bound else Unit.NONE
    units = [(unit.value, say(unit.text) or "—") for unit in Unit if same_kind(unit, of)]
    fields: dict[str, forms.Field] = {
        "value": FigureField(),
        "unit": forms.ChoiceField(choices=units, initial=of.value),
    }
    if rule.kind is K.TEST_LIMIT:
        fields |= {
            "laboratory": forms.CharField(max_length=120, required=False),
            "report": forms.FileField(required=False),
        }
    return fields
