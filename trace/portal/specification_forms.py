"""The questions of a version of a specification: what it is, one demand of it, and the steps that it takes."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.language import name_of, say
from gi_registry.lib.texts import Refusal, Text
from products.models import SpecificationFact, SpecificationVersion, Title
from products.rules.requirements.kinds import PLANS
from products.rules.requirements.units import same_kind
from products.rules.specifications import in_words
from products.rules.words import FactOperator, RuleKind, Severity, Sex, TitleKind, TransitionRule, Unit
from trace.portal.asking import Question, ReasonAsked
from trace.portal.evidence_forms import REPORT_HINT, FigureField, fingerprint
from trace.portal.forms import DayField, Words

# Several demands of these kinds stand in one version: each has a name of its own, which measurements carry too.
_NAMED = frozenset(
    {RuleKind.TEST_LIMIT, RuleKind.SITE_LIMIT, RuleKind.INPUT_MIN, RuleKind.INPUT_MAX, RuleKind.ATTESTED}
)
_HINTS = {
    RuleKind.HARVEST_WINDOW: Text(
        "两行：第一天和最后一天，如 09-15。", "Two lines: the first and the last day, such as 09-15."
    ),
    RuleKind.IN_DIVISIONS: Text("每行一个六位区划代码。", "One division code of six digits a line."),
    RuleKind.PACK_IN_AREA: Text(
        "每行一个区划代码；不填即产地范围。", "One division code a line; none means the region of origin."
    ),
    RuleKind.REQUIRED_STEPS: Text("按先后顺序，每行一道工序。", "In their order, one step a line."),
}
_ONE_STEP = Text(
    "从哪道工序算起，与记录中的名称一致。", "The step from which it counts, named as in the records of batches."
)
_EACH_LINE = Text("每行一个。", "One a line.")
_OWN_FIGURES = Text("另写数值", "Figures of its own")
_ANY = Text("不限", "Any")


class VersionQuestion(Question):
    """What a version is called, and from when it applies. A new one names its title, and what it begins as a copy of."""

    title = forms.ChoiceField()
    copied = forms.ChoiceField(required=False)
    label_zh = forms.CharField(max_length=120)
    label_en = forms.CharField(max_length=160, required=False)
    effective_from = DayField(required=False)
    transition_rule = forms.ChoiceField()
    note_zh = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    words: ClassVar = {
        "title": Words(Text("哪项保护", "For which title")),
        "copied": Words(
            Text("从哪个版本抄起", "Begin as a copy of"),
            Text("条目和要求都抄过来，再逐条修改。", "Its facts and demands are copied, then changed one by one."),
        ),
        "label_zh": Words(Text("版本名称（中文）", "Name of the version (Chinese)")),
        "label_en": Words(Text("版本名称（英文）", "Name of the version (English)")),
        "effective_from": Words(
            Text("自哪天起生效", "In effect from"), Text("公告之前要填。", "Needed before it is announced.")
        ),
        "transition_rule": Words(
            Text("跨版本的货品按哪天算", "Which day decides for goods made across the change"),
        ),
        "note_zh": Words(Text("说明", "Note")),
    }

    def __init__(
        self, *args: Any, titles: Iterable[Title] = (), versions: Iterable[SpecificationVersion] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.titles = {title.number: title for title in titles}
        self.versions = {version.number: version for version in versions}
        self.fields["transition_rule"].choices = [(rule.value, say(rule)) for rule in TransitionRule]
        if not self.titles:
            del self.fields["title"], self.fields["copied"]
            return
        self.fields["title"].choices = [(number, title_line(title)) for number, title in self.titles.items()]
        copies = [
            (number, f"{title_line(row.title)} · {name_of(row, 'label')}") for number, row in self.versions.items()
        ]
        self.fields["copied"].choices = [("", say(Text("空白", "Blank"))), *copies]


def title_line(title: Title) -> str:
    """Which title of which name, in a line."""
    number = title.title_number or title.announcement_number
    return " · ".join(part for part in (name_of(title.indication), say(TitleKind(title.kind)), number) if part)


class DemandQuestion(Question):
    """One demand of a kind. ``rule``: as the register takes it."""

    label_zh = forms.CharField(max_length=120)
    label_en = forms.CharField(max_length=160, required=False)
    code = forms.SlugField(max_length=60)
    fact = forms.ChoiceField(required=False)
    operator = forms.ChoiceField(required=False)
    low = FigureField(required=False)
    high = FigureField(required=False)
    unit = forms.ChoiceField(required=False)
    listed = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    severity = forms.ChoiceField()
    zone = forms.CharField(max_length=60, required=False)
    variety = forms.CharField(max_length=60, required=False)
    grade = forms.CharField(max_length=60, required=False)
    sex = forms.ChoiceField(required=False)
    clause = forms.CharField(max_length=60, required=False)
    source_zh = forms.CharField(max_length=300, required=False)
    words: ClassVar = {
        "label_zh": Words(Text("要求的名称（中文）", "Name of the demand (Chinese)")),
        "label_en": Words(Text("要求的名称（英文）", "Name of the demand (English)")),
        "code": Words(
            Text("指标代号", "Key"),
            Text(
                "小写字母、数字和连字符，检测记录用它对应，如 total-acid。",
                "Letters, digits and hyphens; measurements name it, such as total-acid.",
            ),
        ),
        "fact": Words(
            Text("所依据的条目", "The fact it rests on"),
            Text("数值就用条目里的。", "The figures are then those of the fact."),
        ),
        "operator": Words(Text("怎样比较", "How it is compared")),
        "low": Words(Text("下限", "At least")),
        "high": Words(Text("上限", "At most")),
        "unit": Words(Text("单位", "Unit")),
        "listed": Words(Text("内容", "What it lists"), _EACH_LINE),
        "severity": Words(Text("不符合时", "When it is not met")),
        "zone": Words(Text("只限产区", "Only for the zone")),
        "variety": Words(Text("只限品种", "Only for the variety")),
        "grade": Words(Text("只限等级", "Only for the grade")),
        "sex": Words(Text("只限性别", "Only for the sex")),
        "clause": Words(Text("条款号", "Clause")),
        "source_zh": Words(Text("出处", "Source")),
    }
    # As the shape of the register names them, where a form cannot (``key`` is that of the press).
    _CALLED: ClassVar = {"key": "code", "words": "listed"}

    def __init__(self, *args: Any, kind: RuleKind, facts: Iterable[SpecificationFact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, plan = kind, PLANS[kind]
        least, most = plan.words
        facts = [fact for fact in facts if fact.operator != FactOperator.TEXT or not plan.operators]
        units = [unit for unit in Unit if plan.units is None or any(same_kind(unit, one) for one in plan.units)]
        choices: dict[str, list[tuple[str, str]]] = {
            "fact": [("", say(_OWN_FIGURES)), *((fact.key, _fact_line(fact)) for fact in facts)],
            "operator": [(one.value, say(one)) for one in FactOperator if one in plan.operators],
            "unit": [(one.value, say(one) or "–") for one in units],
            "severity": [
                (one.value, say(one)) for one in Severity if (one is Severity.ATTEST) >= (kind is RuleKind.ATTESTED)
            ],
            "sex": [("", say(_ANY)), *((one.value, say(one)) for one in Sex)],
        }
        for name, told in choices.items():
            self.fields[name].choices = told
        for name, is_kept in {
            "code": kind in _NAMED,
            "fact": bool(facts),
            **dict.fromkeys(("operator", "unit"), bool(plan.operators)),
            "low": bool(plan.operators - {FactOperator.MAX}),
            "high": bool(plan.operators - {FactOperator.MIN, FactOperator.EQUALS}),
            "listed": most > 0,
        }.items():
            if not is_kept:
                del self.fields[name]
        if most:
            self.fields["listed"].required = least > 0
            self.fields["listed"].help_text = say(_HINTS.get(kind, _ONE_STEP if most == 1 else _EACH_LINE))

    @property
    def rule(self) -> dict[str, Any]:
        """What is left out is not sent; of the figures, none where the demand rests on a fact and none was typed."""
        told = {name: value for name, value in self.cleaned_data.items() if value not in (None, "") and name != "key"}
        rule = {"kind": self.kind.value, **told}
        if told.get("fact") and not {"low", "high"} & set(told):
            rule = {name: value for name, value in rule.items() if name not in ("operator", "unit")}
        for name, called in self._CALLED.items():
            if called in rule:
                rule[name] = rule.pop(called)
        if "words" in rule:
            rule["words"] = [line.strip() for line in rule["words"].splitlines() if line.strip()]
        return rule

    def take(self, refusals: Iterable[Refusal]) -> None:
        """The register points at one demand among all of the version; here is only one."""
        named = []
        for refusal in refusals:
            name = refusal.pointer.strip("/").split("/")
            last = next((part for part in reversed(name) if not part.isdigit()), "")
            named.append(Refusal(refusal.code, refusal.text, f"/{self._CALLED.get(last, last)}"))
        super().take(named)


def _fact_line(fact: SpecificationFact) -> str:
    return f"{name_of(fact, 'label')}: {say(in_words(fact.value, fact.text_en))}"


class AnnouncedAsked(ReasonAsked):
    """The announcement of a version: its document, of which the fingerprint is kept."""

    document = forms.FileField()
    words: ClassVar = {
        **ReasonAsked.words,
        "document": Words(
            Text("公告文件", "The announcement"),
            REPORT_HINT,
        ),
    }

    def clean_document(self) -> str:
        """The fingerprint of the file."""
        return fingerprint(self.cleaned_data["document"])
