"""What the keeper of a season is asked: which share of a site counts, what is taken off, where labels are that stay open."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from gi_registry.lib.language import name_of, say
from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text
from products.models import Producer, SeasonQuota, Site
from products.rules.seasons import CeilingBasis
from products.rules.words import Unit
from trace import actions
from trace.actions.ledger import terms_of
from trace.actions.season_close import Explained
from trace.models import LedgerAccount
from trace.portal.asking import Question
from trace.portal.forms import AmountField, Words
from trace.portal.harvests import GoodsQuestion
from trace.portal.meters import in_words
from trace.rules import ledger
from trace.rules.batches import MAX_REASON
from trace.rules.entitlement import Sum
from trace.rules.ledger import AccountKind, Book, Legs

MU = Decimal(2000) / 3
# More sites than these are granted through the API; fields beyond are no page any more.
MOST_SITES, MOST_PAIRS = 50, 50
_REASON = Words(Text("原因", "Reason"), missing=Text("请写明原因。", "Give the reason."))
_FACTOR = Text("计入的份额，0 到 1；全部计入写 1。", "The share that counts, 0 to 1; 1 is all of it.")
_NO_FACTOR = Text("请填写份额。", "Give the share.")
_EVERY = Words(
    Text("统一说明", "One word for all of them"),
    Text("用于下面没有单独说明的各项。", "It stands for those below that have none of their own."),
)
_POINT = Text("按点登记，没有面积", "registered as a point, no area")
_UNEXPLAINED = Text("请逐项说明去向，或填写统一说明。", "Say of each where they are, or give one word for all of them.")


class GrantQuestion(Question):
    """Shares of the sites. What they give follows from outlines and ceilings, and is shown before it is granted."""

    beside = "trace/portal/grant_lines.html"
    reason = forms.CharField(required=False, max_length=MAX_REASON)
    words: ClassVar = {"reason": Words(Text("说明", "Note"))}

    def __init__(
        self, *args: Any, quota: SeasonQuota, producer: Producer, sites: list[Site], now: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.quota, self.producer, self.sites, self.now = quota, producer, sites, now
        self.found: Sum | None = None
        for place, site in enumerate(sites):
            field = forms.DecimalField(min_value=0, max_value=1, max_digits=5, decimal_places=4, initial=Decimal(1))
            field.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "short"})
            field.label, field.help_text = f"{site.name} · {_area(site)}", say(_FACTOR)
            field.error_messages["required"] = say(_NO_FACTOR)
            self.fields[f"share_{place}"] = field
        self.order_fields([*(f"share_{place}" for place in range(len(sites))), "reason", "key"])

    @property
    def factors(self) -> dict[str, Decimal]:
        return {site.number: self.cleaned_data[f"share_{place}"] for place, site in enumerate(self.sites)}

    def clean(self) -> None:
        if self.errors:
            return
        try:
            _, self.found = actions.weigh_entitlement(
                quota=self.quota, producer=self.producer, now=self.now, factors=self.factors
            )
        except Invalid as wrong:
            self.take(wrong.errors)

    @property
    def lines(self) -> Iterator[dict[str, Any]]:
        """Each site with its area, its ceiling, its share and what it gives."""
        names = {site.pk: site for site in self.sites}
        for line in self.found.lines if self.found else ():
            ceiling = line.ceiling
            yield {
                "site": names[line.plot.site].name,
                "area": _area(names[line.plot.site]),
                "factor": line.plot.factor.normalize(),
                "ceiling": ceiling and ceiling_in_words(ceiling.amount, ceiling.basis, self.quota),
                "gives": in_words(line.quantity, self.quota.raw_unit),
            }

    @property
    def sum(self) -> tuple[str, str]:
        """What the land gives, and what of it the cap leaves."""
        found = self.found
        return tuple(in_words(amount, self.quota.raw_unit) for amount in (found.computed, found.quantity))


class PenaltyQuestion(GoodsQuestion):
    quantity = AmountField()
    reason = forms.CharField(max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    books: ClassVar = {"quantity": Book.RAW}
    pointer = "quantity"
    words: ClassVar = {"quantity": Words(Text("扣减数量", "Quantity to take off")), "reason": _REASON}

    def legs_of(self, amounts: dict[str, Decimal]) -> Legs:
        return ledger.penalty(amounts["quantity"], self.row.producer_id, terms_of(self.row.quota))


class ClosingQuestion(Question):
    """Where the labels are that the season leaves open: one word for all, or one for each producer's article."""

    above = "trace/portal/season_left.html"
    every = forms.CharField(required=False, max_length=MAX_REASON, widget=forms.Textarea(attrs={"rows": 3}))
    words: ClassVar = {"every": _EVERY}

    def __init__(self, *args: Any, accounts: list[LedgerAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs: dict[tuple[str, str], list[LedgerAccount]] = {}
        for account in accounts:
            self.pairs.setdefault((account.producer.number, account.form.number), []).append(account)
        for place, told in enumerate(list(self.pairs.values())[:MOST_PAIRS]):
            field = forms.CharField(required=False, max_length=MAX_REASON)
            field.label = _left(told)
            self.fields[f"pair_{place}"] = field
        if not self.pairs:
            del self.fields["every"]

    def clean(self) -> None:
        if not self.errors and any(not one.reason for one in self.explained):
            self.take([Refusal("labels_open", _UNEXPLAINED, "/every")])

    @property
    def explained(self) -> list[Explained]:
        every = self.cleaned_data.get("every", "").strip()
        return [
            Explained(*pair, self.cleaned_data.get(f"pair_{place}", "").strip() or every)
            for place, pair in enumerate(self.pairs)
        ]


def ceiling_in_words(amount: Decimal, basis: CeilingBasis, quota: SeasonQuota) -> str:
    return f"{say(basis)} {amount.normalize():,f} {say(Unit(quota.raw_unit))}"


def _area(site: Site) -> str:
    if site.area_m2 is None:
        return say(_POINT)
    area = Decimal(str(site.area_m2))
    text = Text(f"{area / MU:,.2f} 亩（{area / 10_000:,.4f} 公顷）", f"{area / 10_000:,.4f} ha ({area / MU:,.2f} mu)")
    return say(text)


def _left(accounts: list[LedgerAccount]) -> str:
    first = accounts[0]
    counts = ", ".join(f"{say(AccountKind(one.kind))} {int(one.balance):,}" for one in accounts)
    return f"{name_of(first.producer.organisation)} · {name_of(first.form)} · {counts}"
