"""The seasons in which a producer has an entitlement, as sheets name them: what harvests and transfers are posted to."""

from gi_registry.lib.language import name_of
from gi_registry.lib.texts import Text
from products.models import Producer
from products.rules.seasons import QuotaState
from trace.actions.sheets.kind import Names, in_list
from trace.models import Entitlement
from trace.rules.sheet_columns import CHOOSE, MOST_LISTED, chosen

SEASON = chosen("season", Text("产季", "Season"), CHOOSE, "季节", is_required=True)
NOT_GRANTED = Text(
    "“{name}”产季没有核定您的额度。请从下拉列表中选。",
    "You have no entitlement in a season “{name}”. Choose from the list.",
)


def entitlements_of(producer: Producer) -> list[Entitlement]:
    rows = Entitlement.objects.filter(producer=producer).select_related(
        "quota__season__indication", "producer__organisation", "producer__division"
    )
    return list(rows.order_by("-pk")[:MOST_LISTED])


def season_names(producer: Producer) -> Names:
    """Entitlements by the number and the name of their season: that is what people know."""
    return Names(
        (row, row.quota.season.number, (row.quota.season.name, _named(row))) for row in entitlements_of(producer)
    )


def _named(row: Entitlement) -> str:
    return f"{name_of(row.quota.season.indication)} {row.quota.season.name}"


def season_choices(producer: Producer) -> list[str]:
    """Seasons that are open, in which the producer has an entitlement."""
    rows = entitlements_of(producer)
    return [in_list(_named(row), row.quota.season.number) for row in rows if row.quota.state == QuotaState.OPEN]
