"""The questions about unit codes: how many, on which labels, and what became of which."""

from typing import Any, ClassVar

from django import forms

from gi_registry.lib.ids import normalise
from gi_registry.lib.language import say
from gi_registry.lib.texts import Text
from trace.codes.layout import MOST_UNITS, UNIT_LENGTH
from trace.codes.verify import ordinal_of, read
from trace.labels.presets import DEFAULT_PRESET, PRESETS
from trace.models import Issuance
from trace.portal.choices import Choice
from trace.portal.forms import Asked, CountField, RadioCards, Words
from trace.printing import Style
from trace.qr import DEFAULT_DPI, PROFILES
from trace.rules.batches import MAX_REASON
from trace.rules.issuances import Activation, RangeKind
from trace.rules.prints import LinkKind

_LABELS = Words(Text("标签", "Labels"), Text("之后可以改。", "You can change it later."))
_NO_UNIT = Text(
    "没有这一枚：请填 0 至 {last} 的序号，或标签上的 20 位码。",
    "There is no such unit: enter an index from 0 to {last}, or the 20 characters on the label.",
)
_HOW_ACTIVE = {
    Activation.WITH_BATCH: Text("批次放行后，所有的码都可用。", "Once the batch is released, all codes are good."),
    Activation.BY_RANGE: Text(
        "放行后，还要按号段激活：用到哪里，激活到哪里。",
        "After release a range must be activated as well, as it is used.",
    ),
}


def _presets() -> list[tuple[str, str]]:
    return [(preset.code, say(preset.text)) for preset in PRESETS.values()]


class IssueQuestion(Asked):
    count = CountField(min_value=1, max_value=MOST_UNITS)
    activation = forms.ChoiceField(widget=RadioCards)
    profile = forms.ChoiceField()
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    key = forms.SlugField(widget=forms.HiddenInput, max_length=20)
    words: ClassVar = {
        "count": Words(
            Text("数量", "How many"), Text("一件一码，可多申请 5% 备用。", "One a pack, and up to 5 % to spare.")
        ),
        "activation": Words(Text("何时可用", "When they become good")),
        "profile": _LABELS,
        "reason": Words(
            Text("多于件数的原因", "Why more than the packs"),
            Text("码比登记的件数多出 5% 以上时填写。", "Where there are over 5 % more codes than registered packs."),
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cards = [Choice(word.value, say(word), (say(text),)) for word, text in _HOW_ACTIVE.items()]
        self.fields["activation"].choices = [(card.value, card) for card in cards]
        self.fields["profile"].choices = _presets()
        limits = {"min_value": Text("至少 1 枚。", "At least 1."), "max_value": Text("数量过大。", "Too many.")}
        self.fields["count"].error_messages.update({code: say(text) for code, text in limits.items()})


class UnitField(forms.CharField):
    """One unit, named by its index or by the code on its label."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
        super().__init__(max_length=60, widget=widget, **kwargs)

    issuance: Issuance

    def clean(self, value: Any) -> Any:
        typed = normalise(super().clean(value))
        if not typed:
            return None
        index = self._index(typed)
        if index is None or not 0 <= index < self.issuance.count:
            raise forms.ValidationError(say(_NO_UNIT).format(last=self.issuance.count - 1), code="no_unit")
        return index

    def _index(self, typed: str) -> int | None:
        if len(typed) < UNIT_LENGTH:
            return int(typed) if typed.isascii() and typed.isdigit() else None
        # The lot may have been typed before it, as it stands on the label.
        code = typed[-UNIT_LENGTH:]
        keys = self.issuance.unit_keys
        return read(code, keys) if ordinal_of(code) == self.issuance.ordinal else None


class UnitsQuestion(Asked):
    """A range of units of an issuance."""

    first = UnitField()
    last = UnitField(required=False)
    words: ClassVar = {
        "first": Words(
            Text("从哪一枚", "From"),
            Text(
                "序号（与 CSV 相同，从 0 起），或标签上的码。",
                "The index, from 0 as in the CSV, or the code on the label.",
            ),
        ),
        "last": Words(Text("到哪一枚", "To"), Text("只有一枚时不填。", "Leave empty for a single one.")),
    }

    def __init__(self, *args: Any, issuance: Issuance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            self.fields[name].issuance = issuance


class SaidQuestion(UnitsQuestion):
    kind = forms.ChoiceField(widget=RadioCards)
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    words: ClassVar = UnitsQuestion.words | {
        "kind": Words(Text("记录什么", "What to record")),
        "reason": Words(Text("原因", "Reason"), Text("退回、销毁必须填写。", "Owed for a return or a destruction.")),
    }

    def __init__(self, *args: Any, issuance: Issuance, **kwargs: Any) -> None:
        super().__init__(*args, issuance=issuance, **kwargs)
        cards = [Choice(kind.value, say(kind), (say(text),)) for kind, text in SAID.items()]
        is_by_range = issuance.activation == Activation.BY_RANGE
        self.fields["kind"].choices = [
            (card.value, card) for card in cards if is_by_range or card.value != RangeKind.ACTIVATED
        ]


SAID = {
    RangeKind.ACTIVATED: Text("这些码从现在起可用。", "These codes are good from now on."),
    RangeKind.SPOILED: Text(
        "打印坏了、没有贴上。此后扫码显示“已作废”。", "Printed badly, not used. The code then reads as void."
    ),
    RangeKind.RETURNED: Text(
        "标签退回、没有使用。此后扫码显示“已作废”。", "Labels that came back unused. The code then reads as void."
    ),
    RangeKind.DESTROYED: Text(
        "标签或货品已销毁。此后扫码显示“已作废”。", "Labels or goods destroyed. The code then reads as void."
    ),
}


class PrintQuestion(UnitsQuestion):
    """Which labels, on what, by which printer."""

    preset = forms.ChoiceField()
    dpi = forms.TypedChoiceField(coerce=int)
    link = forms.ChoiceField()
    key = forms.SlugField(widget=forms.HiddenInput, max_length=10, required=False)
    words: ClassVar = UnitsQuestion.words | {
        "preset": Words(Text("标签", "Labels")),
        "dpi": Words(
            Text("打印机分辨率（dpi）", "Resolution of the printer (dpi)"),
            Text(
                "标签打印机多为 203 或 300，激光打印机为 600。",
                "Label printers mostly have 203 or 300, laser printers 600.",
            ),
        ),
        "link": Words(Text("二维码里的链接", "Link in the QR code")),
    }

    def __init__(self, *args: Any, issuance: Issuance, **kwargs: Any) -> None:
        super().__init__(*args, issuance=issuance, **kwargs)
        self.fields["preset"].choices = _presets()
        self.fields["dpi"].choices = [(str(dpi), str(dpi)) for dpi in PROFILES]
        kinds = list(LinkKind) if issuance.gtin.isdigit() else [LinkKind.BATCH]
        self.fields["link"].choices = [(kind.value, say(kind)) for kind in kinds]

    @property
    def style(self) -> Style:
        """As asked, or as usual where something asked cannot be."""
        told = getattr(self, "cleaned_data", {})
        usual = self.initial
        return Style(
            PRESETS[told.get("preset") or usual["preset"]],
            told.get("dpi") or int(usual["dpi"]),
            None,
            LinkKind(told.get("link") or usual["link"]),
        )


def usual(issuance: Issuance, first: int) -> dict[str, Any]:
    """What is likely meant: the labels named when the codes were issued, and all that are not printed yet."""
    preset = issuance.profile if issuance.profile in PRESETS else DEFAULT_PRESET
    last = issuance.count - 1
    return {
        "preset": preset,
        "dpi": str(DEFAULT_DPI),
        "link": LinkKind.BATCH.value,
        "first": min(first, last),
        "last": last,
    }
