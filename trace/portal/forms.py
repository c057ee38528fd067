"""The questions of the portal. Forgiving in how an answer is typed, and every fault says what would be right."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.characters import unseen_in
from gi_registry.lib.language import say
from gi_registry.lib.texts import Refusal, Text
from trace.models import ProductForm
from trace.portal.choices import Offer
from trace.rules.batches import MAX_REASON
from trace.rules.dates import BatchDates, date_faults
from trace.rules.quantities import MAX_DECIMALS, QuantityUnit, pack_faults, packs_fit, quantity_faults

_FAULTS = {
    "required": Text("请填写这一项。", "Answer this question."),
    "invalid": Text("请只填数字，例如 1200 或 12.5。", "Enter a number, such as 1200 or 12.5."),
    "max_digits": Text("数字过大，请核对。", "The number is too large; check it."),
    "max_whole_digits": Text("数字过大，请核对。", "The number is too large; check it."),
    "max_decimal_places": Text("最多三位小数。", "At most three decimals."),
    "max_length": Text("内容过长，最多 {limit} 字。", "Too long: at most {limit} characters."),
    "null_characters_not_allowed": Text("含有无法保存的字符。", "It holds a character that cannot be kept."),
    "invalid_choice": Text("请从列出的选项中选择。", "Choose one of those listed."),
    "invalid_list": Text("请从列出的选项中选择。", "Choose from those listed."),
}
_NOT_A_DAY = Text("请填写完整日期，例如 2026-11-20。", "Enter a full date, such as 2026-11-20.")
_NOT_WHOLE = Text("请填写整数。", "Enter a whole number.")


PACKS_EXCEED = Refusal(
    "packs_exceed_quantity",
    Text("按净含量计算，包装总量超过本批数量。", "By their net content the packs hold more than the batch."),
    "/pack_count",
)


@dataclass(frozen=True, slots=True)
class Words:
    """A question: what it asks, a hint, and what is said when it is left out."""

    label: Text
    hint: Text | None = None
    missing: Text | None = None


def plain(typed: Any) -> Any:
    """Full-width digits and separators as they are meant: ``１，２００`` is 1200."""
    return unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "") if isinstance(typed, str) else typed


class AmountField(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
        super().__init__(max_digits=15, decimal_places=MAX_DECIMALS, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain(value))


class CountField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        """More digits than any count has would only keep the machine busy."""
        value = plain(value)
        if isinstance(value, str) and len(value) > 12:
            raise forms.ValidationError(say(_FAULTS["max_digits"]), code="max_digits")
        return super().to_python(value)


class DayField(forms.DateField):
    """The phone's own date picker; typed dates in the ways that Chinese offices write them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain(value))


class RadioCards(forms.RadioSelect):
    """A fault in the list leads to its first choice."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class CheckCards(forms.CheckboxSelectMultiple):
    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return super().id_for_label(id_, index or "0")


class Asked(forms.Form):
    """A page of questions. Words are chosen when the page is made, because the reader's language is known only then."""

    use_required_attribute = False  # the server says what is missing, in the reader's language
    words: ClassVar[dict[str, Words]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.words.items():
            if name not in self.fields:
                continue
            field = self.fields[name]
            field.label = say(words.label)
            field.help_text = say(words.hint) if words.hint else ""
            limit = getattr(field, "max_length", None)
            said = {code: say(text).format(limit=limit) for code, text in _FAULTS.items()}
            if words.missing:
                said["required"] = say(words.missing)
            if isinstance(field, DayField):
                said["invalid"] = say(_NOT_A_DAY)
            if isinstance(field, CountField):
                said["invalid"] = say(_NOT_WHOLE)
            field.error_messages.update(said)

    def _post_clean(self) -> None:
        """Characters that nobody sees are told beside the question, whatever else is wrong."""
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                self.take(unseen_in(value, f"/{name}"))

    def take(self, refusals: Iterable[Refusal]) -> None:
        """Show refusals of an action beside the fields they point at; the rest at the head of the page."""
        for refusal in refusals:
            name = refusal.pointer.strip("/").partition("/")[0]
            self.add_error(name if name in self.fields else None, say(refusal.text))

    @property
    def told(self) -> dict[str, Any]:
        """The answers as text, the way they are kept between pages."""
        return {name: _as_text(value) for name, value in self.cleaned_data.items()}


def _as_text(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return "" if value is None else str(value)


class ProductQuestion(Asked):
    product = forms.ChoiceField(widget=RadioCards)
    words: ClassVar = {
        "product": Words(
            Text("产品", "Product"), missing=Text("请选择这一批是哪种产品。", "Choose which product this batch is.")
        )
    }

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = offer.pairs

    @property
    def told(self) -> dict[str, Any]:
        form, _, authorisation = self.cleaned_data["product"].partition(".")
        return {"form": form, "authorisation": authorisation}


class SitesQuestion(Asked):
    sites = forms.MultipleChoiceField(widget=CheckCards)
    words: ClassVar = {
        "sites": Words(
            Text("场地", "Sites"),
            Text("可多选。", "Choose all that apply."),
            Text("请至少选择一处场地。", "Choose at least one site."),
        )
    }

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sites"].choices = offer.pairs


class DatesQuestion(Asked):
    produced_on = DayField()
    best_before_on = DayField(required=False)
    harvested_on = DayField(required=False)
    produced_from = DayField(required=False)
    packed_on = DayField(required=False)
    season = forms.ChoiceField(required=False)
    words: ClassVar = {
        "produced_on": Words(
            Text("生产日期", "Production date"),
            Text("印在包装上的那一天。", "The day that is printed on the pack."),
            Text("请填写生产日期。", "Enter the production date."),
        ),
        "best_before_on": Words(Text("保质期至", "Best before")),
        "harvested_on": Words(Text("采收日期", "Harvest date")),
        "produced_from": Words(
            Text("开始生产日期", "Start of production"),
            Text("生产超过一天时填写，例如陈酿。", "Where production took longer than a day, such as ageing."),
        ),
        "packed_on": Words(Text("包装日期", "Packing date")),
        "season": Words(Text("产季", "Season")),
    }
    more: ClassVar = ("harvested_on", "produced_from", "packed_on")

    def __init__(self, *args: Any, seasons: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if seasons:
            self.fields["season"].choices = [("", say(Text("不属于某一产季", "Of no season"))), *seasons]
        else:
            del self.fields["season"]

    def clean(self) -> None:
        told = self.cleaned_data
        if told.get("produced_on") and not self.errors:
            self.take(date_faults(BatchDates(**{name: told[name] for name in BatchDates.__slots__}), self.today))

    @property
    def seldom(self) -> list[forms.BoundField]:
        """Questions that most batches leave out."""
        return [self[name] for name in self.more]

    @property
    def shows_seldom(self) -> bool:
        return any(self[name].errors or self[name].value() for name in self.more)


class AmountQuestion(Asked):
    quantity = AmountField()
    quantity_unit = forms.ChoiceField()
    pack_count = CountField(required=False)
    producer_lot = forms.CharField(max_length=60, required=False)
    words: ClassVar = {
        "quantity": Words(
            Text("数量", "Quantity"),
            Text("本批总量。", "The whole batch."),
            Text("请填写本批数量。", "Enter the quantity of the batch."),
        ),
        "quantity_unit": Words(Text("单位", "Unit")),
        "pack_count": Words(
            Text("包装件数", "Number of packs"),
            Text(
                "填写后，系统会核对总净含量不超过本批数量。",
                "With it, we check that the packs hold no more than the batch.",
            ),
        ),
        "producer_lot": Words(
            Text("本厂批号", "Your own lot text"),
            Text(
                "您自己账上的批号，会显示在查询页上。",
                "The lot in your own books. It is shown to people who check the code.",
            ),
        ),
    }

    def __init__(self, *args: Any, article: ProductForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.fields["quantity_unit"].choices = [(unit.value, say(unit)) for unit in QuantityUnit]

    def clean(self) -> None:
        """The article's own measures are asked here too, so that packs that hold too much are mended on this page."""
        told = self.cleaned_data
        if self.errors:
            return
        unit, packs, article = QuantityUnit(told["quantity_unit"]), told["pack_count"], self.article
        faults = [*quantity_faults(told["quantity"], unit), *pack_faults(packs)]
        net_unit = QuantityUnit(article.net_content_unit)
        if not faults and not packs_fit(told["quantity"], unit, packs, article.net_content, net_unit):
            faults.append(PACKS_EXCEED)
        self.take(faults)


class ReasonQuestion(Asked):
    """Why a step is taken that stops or ends something."""

    reason = forms.CharField(max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 4}))
    words: ClassVar = {"reason": Words(Text("原因", "Reason"), missing=Text("请写明原因。", "Give the reason."))}

    def __init__(self, *args: Any, hint: Text | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = say(hint) if hint else ""


class ArticleQuestion(Asked):
    """A new article: the words and measures that stand on the pack."""

    indication = forms.ChoiceField(widget=RadioCards)
    name_zh = forms.CharField(max_length=120)
    name_en = forms.CharField(max_length=160, required=False)
    net_content = AmountField()
    net_content_unit = forms.ChoiceField()
    packing = forms.CharField(max_length=80, required=False)
    gtin = forms.CharField(max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    words: ClassVar = {
        "indication": Words(
            Text("地理标志", "Geographical indication"),
            missing=Text("请选择地理标志。", "Choose the geographical indication."),
        ),
        "name_zh": Words(
            Text("产品名称（中文）", "Product name in Chinese"),
            Text("与包装上一致。", "As it stands on the pack."),
            Text("请填写产品名称。", "Enter the product's name."),
        ),
        "name_en": Words(Text("英文名称", "Product name in English")),
        "net_content": Words(
            Text("净含量", "Net content"),
            Text("一件包装的净含量。", "Of one pack."),
            Text("请填写净含量。", "Enter the net content."),
        ),
        "net_content_unit": Words(Text("单位", "Unit")),
        "packing": Words(Text("包装", "Packing"), Text("例如：玻璃瓶、礼盒。", "Such as glass bottle, gift box.")),
        "gtin": Words(
            Text("商品条码（GTIN）", "Barcode number (GTIN)"),
            Text(
                "条码下面的数字。填写后，二维码也能用 GS1 数字链接。",
                "The digits under the barcode. With it the batch also has a GS1 Digital Link.",
            ),
        ),
    }

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indication"].choices = offer.pairs
        self.fields["net_content_unit"].choices = [(unit.value, say(unit)) for unit in QuantityUnit]
