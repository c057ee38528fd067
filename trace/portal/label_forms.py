"""The questions about labels: how many of which article, and what became of which."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.ids import grouped
from gi_registry.lib.language import name_of, say
from gi_registry.lib.texts import Text
from trace.models import Batch, LabelOrder, ProductForm
from trace.portal.asking import Question
from trace.portal.choices import Choice
from trace.portal.forms import CountField, RadioCards, Words
from trace.rules.batches import MAX_REASON
from trace.rules.issuances import Span
from trace.rules.label_orders import MAX_WITNESS, MOST_LABELS, MUST_GIVE_REASON, LabelMove

_UP_TO = Text("按剩余额度，最多还可申领 {count} 枚", "By what is left of the right, at most {count} labels")
_LABELS = Text("标识", "Labels")
_SPAN = Text("{span}，共 {count} 枚", "{span}: {count} labels")
_LIMITS = {"min_value": Text("至少 1。", "At least 1."), "max_value": Text("不超过 {most}。", "At most {most}.")}


def _within(field: forms.Field, most: int) -> None:
    field.error_messages.update({code: say(text).format(most=f"{most:,}") for code, text in _LIMITS.items()})


class OrderQuestion(Question):
    """Labels of one article."""

    form = forms.ChoiceField(widget=RadioCards)
    count = CountField(min_value=1, max_value=MOST_LABELS)
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    words: ClassVar = {
        "form": Words(Text("哪种产品", "Of which product"), missing=Text("请选择一种产品。", "Choose a product.")),
        "count": Words(Text("数量（枚）", "How many labels"), Text("一件包装一枚。", "One for each pack.")),
        "reason": Words(Text("说明", "Note"), Text("给核准人看。", "For whoever approves it.")),
    }

    def __init__(self, *args: Any, packs: Sequence[tuple[ProductForm, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cards = [Choice(form.number, name_of(form), (say(_UP_TO).format(count=f"{count:,}"),)) for form, count in packs]
        self.fields["form"].choices = [(card.value, card) for card in cards]
        _within(self.fields["count"], MOST_LABELS)


class RangeQuestion(Question):
    """Labels from one number to another, and what is owed beside them: a batch, a reason, two witnesses."""

    first = CountField(min_value=1)
    last = CountField(min_value=1)
    batch = forms.ChoiceField()
    witness = forms.CharField(max_length=MAX_WITNESS)
    other_witness = forms.CharField(max_length=MAX_WITNESS)
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    words: ClassVar = {
        "first": Words(Text("从第几枚", "From label")),
        "last": Words(Text("到第几枚", "To label"), Text("含这一枚。", "This one included.")),
        "batch": Words(Text("贴在哪一批", "On the packs of")),
        "witness": Words(Text("第一名见证人", "First witness"), Text("填写姓名。", "The name.")),
        "other_witness": Words(
            Text("第二名见证人", "Second witness"),
            Text("另一人；两人都不能是登记人本人。", "Somebody else. Neither is who records it."),
        ),
        "reason": Words(Text("原因", "Reason")),
    }

    def __init__(
        self, *args: Any, order: LabelOrder, kind: LabelMove, batches: Sequence[Batch] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        owed = {"batch": kind is LabelMove.ACTIVATED, "witness": kind is LabelMove.DESTROYED}
        for name, is_owed in (*owed.items(), ("other_witness", owed["witness"])):
            if not is_owed:
                del self.fields[name]
        if owed["batch"]:
            self.fields["batch"].choices = [(batch.number, _batch(batch)) for batch in batches]
        self.fields["reason"].required = kind in MUST_GIVE_REASON
        for name in ("first", "last"):
            self.fields[name].max_value = order.count
            self.fields[name].validators.append(forms.fields.validators.MaxValueValidator(order.count))
            _within(self.fields[name], order.count)

    @property
    def span(self) -> Span:
        return Span(self.cleaned_data["first"], self.cleaned_data["last"])

    @property
    def witnesses(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data[name] for name in ("witness", "other_witness") if name in self.fields)

    @property
    def answers(self) -> Any:
        """The range in one line, with its length: a slip of a digit shows there."""
        _, _, *others = super().answers
        length = self.cleaned_data["last"] - self.cleaned_data["first"] + 1
        yield say(_LABELS), say(_SPAN).format(span=self.span, count=f"{length:,}")
        yield from others

    def take(self, refusals: Any) -> None:
        """What is wrong with the witnesses stands beside the second."""
        there = "/other_witness" if "other_witness" in self.fields else ""
        super().take(one.at(there) if one.pointer == "/witnesses" else one for one in refusals)


def _batch(batch: Batch) -> str:
    return f"{grouped(batch.number)} · {batch.produced_on:%Y-%m-%d} · {batch.pack_count or 0:,}"
