"""The tour: what there is to try in the demo. It prints passwords, so it exists only where the demo does."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gi_registry.demo.card import read_card
from gi_registry.demo.stage import read
from gi_registry.lib.access import RoleKind
from gi_registry.lib.texts import Text
from trace.rules.verdicts import Verdict
from trace.rules.wording import WORDINGS

# What each account is good for.
ERRANDS = {
    "producer": Text("登记并放行一个批次，打印二维码。", "Register and release a batch, print its QR code."),
    "rival_producer": Text(
        "另一县的醋坊：看不到别家的批次。", "A vinegar house in another county: it cannot see the other's batches."
    ),
    "county_regulator": Text(
        "清徐县：待审地块、待核验的申请，暂停或核查批次。",
        "Qingxu county: a plot and an application await a decision; hold or review a batch.",
    ),
    "city_regulator": Text("太原市：辖区内全部记录。", "Taiyuan city: every record of its counties."),
    "holder": Text(
        "虚构的协会：看自己名下的核准，可暂停。",
        "An invented association: see and suspend authorisations under its title.",
    ),
    "registrar": Text("省级登记员，也可进管理后台。", "Provincial registrar; may also open the staff admin."),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """Of a batch and, where a unit can have the verdict, of one. Paths have no host: they open wherever this page was opened."""

    verdict: Verdict
    path: str
    unit_path: str = ""

    @property
    def title(self) -> Text:
        return WORDINGS[self.verdict].title

    @property
    def statement(self) -> Text:
        return WORDINGS[self.verdict].statement


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    """Accounts, a sample of every verdict, and errands for each kind of visitor."""
    if not settings.GI_DEMO:
        raise Http404
    card = read_card()
    response = render(request, "tour.html", _context(card, f"{request.scheme}://{request.get_host()}"))
    # Keys and numbers are those of this load.
    response["Cache-Control"] = "no-store"
    return response


def _context(card: dict[str, Any], here: str) -> dict[str, Any]:
    keys = {account["username"]: account for account in card.get("accounts", [])}
    accounts = [
        {**row, **keys.get(row["username"], {}), "name": _name(row), "errand": ERRANDS[row["role"]]}
        for row in read("people")
    ]
    base = card.get("base_url", "")
    units = card.get("unit_samples", {})
    samples = [
        Sample(Verdict(word), url.removeprefix(base), units.get(word, "").removeprefix(base))
        for word, url in card.get("samples", {}).items()
    ]
    return {
        "accounts": accounts,
        "samples": samples,
        "batch": card.get("batch"),
        "slug": card.get("indication"),
        "producer": keys.get("producer"),
        "here": here,
    }


def _name(row: dict[str, Any]) -> Text:
    kind = RoleKind(row.get("membership", row["role"])).text
    return Text(f"{kind.zh}（另一家）", f"{kind.en} (a rival)") if "membership" in row else kind
