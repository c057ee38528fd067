"""What the registry knows of a year under an authorisation, in a fixed number of queries: each figure is a sum of what lists tell row by row."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from gi_registry.lib.clock import CHINA
from products.models import Authorisation
from trace.actions.ledger import in_base
from trace.models import Batch, Entitlement, LabelOrder, LedgerEntry, ProductForm
from trace.rules import annual_figures as rules
from trace.rules.annual_figures import Article, Figures, Goods, Labels, SeasonOfYear
from trace.rules.annual_reports import stood_in
from trace.rules.batches import BatchState
from trace.rules.issuances import WITHDRAWN, IssuanceState
from trace.rules.label_orders import OrderState
from trace.rules.ledger import AccountKind, PostingKind
from trace.rules.quantities import QuantityUnit

# Seasons of one name that open in one year: spring and autumn, and as many again as anybody would think of.
MOST_SEASONS = 50
_FATES = ("active", "spoiled", "returned", "destroyed", "lost")
# Article -> unit codes outside the books and how many of them were withdrawn; a code withdrawn twice counts once.
_CODES = """
SELECT batch.form_id, sum(issuance.count)::bigint,
       sum(CASE WHEN issuance.state = %s THEN issuance.count ELSE coalesce(gone.units, 0) END)::bigint
FROM trace_batch batch JOIN trace_issuance issuance ON issuance.batch_id = batch.id
LEFT JOIN LATERAL (
    SELECT sum(upper(part) - lower(part)) AS units FROM (
        SELECT unnest(range_agg(int4range(said.first, said.last, '[]'))) AS part FROM trace_issuancerange said
        WHERE said.issuance_id = issuance.id AND said.kind = ANY (%s)
    ) AS parts
) AS gone ON true
WHERE batch.authorisation_id = %s AND issuance.issued_at >= %s AND issuance.issued_at < %s
  AND NOT EXISTS (SELECT FROM trace_labelorder labels WHERE labels.issuance_id = issuance.id)
GROUP BY batch.form_id
"""


def stood(authorisation: Authorisation, year: int) -> bool:
    """Whether it stood, and its title with it, on at least one day of a year. No query where ``title`` was fetched along."""
    title = authorisation.title.recognised_on
    begun = [spell.begun for spell in authorisation.days] + ([title] if title else [])
    return stood_in(year, begun, authorisation.stands_on)


def figures_of(authorisation: Authorisation, year: int) -> Figures:
    """The figures as they are now."""
    since, until = _bounds(year)
    goods, labels = _goods(authorisation, since, until), _labels(authorisation, year)
    for form, codes, withdrawn in _codes(authorisation, since, until):
        labels[form] += Labels(codes=codes, codes_withdrawn=withdrawn)
    forms = ProductForm.objects.filter(pk__in={*goods, *labels}).order_by("name_zh", "pk")
    articles = (
        Article(form.number, form.name_zh, form.name_en, goods.get(form.pk, ()), labels.get(form.pk, Labels()))
        for form in forms
    )
    return Figures(tuple(articles), _seasons(authorisation, year))


def _bounds(year: int) -> tuple[datetime, datetime]:
    """The first instant of the year in China, and that of the next."""
    return datetime(year, 1, 1, tzinfo=CHINA), datetime(year + 1, 1, 1, tzinfo=CHINA)


def _goods(authorisation: Authorisation, since: datetime, until: datetime) -> dict[int, tuple[Goods, ...]]:
    released = Q(released_at__gte=since, released_at__lt=until)
    voided = Q(state=BatchState.VOID.value, registered_at__gte=since, registered_at__lt=until)
    rows = Batch.objects.filter(released | voided, authorisation=authorisation).order_by()
    rows = rows.values_list("form", "quantity_unit", "state").annotate(batches=Count("pk"), goods=Sum("quantity"))
    found = defaultdict(list)
    for form, unit, state, batches, quantity in rows:
        found[form].append((QuantityUnit(unit), BatchState(state), batches, quantity))
    return {form: rules.goods_of(one) for form, one in found.items()}


def _opened_in(year: int, path: str) -> Q:
    return Q(**{f"{path}opens_on__gte": date(year, 1, 1), f"{path}opens_on__lt": date(year + 1, 1, 1)})


def _labels(authorisation: Authorisation, year: int) -> defaultdict[int, Labels]:
    orders = LabelOrder.objects.standing().filter(entitlement__authorisation=authorisation).order_by()
    orders = orders.filter(_opened_in(year, "entitlement__quota__season__"))
    sums = orders.values("form", "state").annotate(all=Sum("count"), **{f"n_{name}": Sum(name) for name in _FATES})
    found: defaultdict[int, Labels] = defaultdict(Labels)
    for row in sums:
        fates = {name: row[f"n_{name}"] for name in _FATES}
        found[row["form"]] += rules.labels_of(OrderState(row["state"]), row["all"], fates)
    return found


def _codes(authorisation: Authorisation, since: datetime, until: datetime) -> list[tuple[int, int, int]]:
    withdrawn = [kind.value for kind in WITHDRAWN]
    with connection.cursor() as cursor:
        cursor.execute(_CODES, [IssuanceState.VOID.value, withdrawn, authorisation.pk, since, until])
        return [(form, int(codes), int(gone)) for form, codes, gone in cursor.fetchall()]


def _seasons(authorisation: Authorisation, year: int) -> tuple[SeasonOfYear, ...]:
    rows = Entitlement.objects.filter(_opened_in(year, "quota__season__"), authorisation=authorisation)
    rows = rows.select_related("quota__season").order_by("quota__season__opens_on", "pk")[:MOST_SEASONS]
    harvested = _harvested(rows)
    return tuple(
        SeasonOfYear(
            entitlement=row.number,
            season=row.quota.season.number,
            name=row.quota.season.name,
            unit=row.quota.raw_unit,
            **{
                name: amount / in_base(row.quota.raw_unit)
                for name, amount in (
                    ("granted", row.quantity),
                    ("penalties", row.penalties),
                    ("harvested", harvested.get(row.quota_id, rules.ZERO)),
                )
            },
        )
        for row in rows
    )


def _harvested(rows: QuerySet[Entitlement]) -> dict[int, Decimal]:
    """Quota -> what was harvested, without what was reversed, in base units."""
    kind = PostingKind.HARVEST.value
    entries = LedgerEntry.objects.filter(
        Q(transaction__kind=kind) | Q(transaction__reversal_of__kind=kind),
        account__quota__in=[row.quota_id for row in rows],
        account__producer__in=[row.producer_id for row in rows],
        account__kind=AccountKind.RAW.value,
    )
    return dict(entries.order_by().values_list("account__quota").annotate(Sum("amount")))
