"""Named filters on goods. Closed by default: whoever is not named sees nothing."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import connection, models
from django.db.models import F
from django.db.models.functions import Coalesce

from gi_registry.lib.access import Actor
from products.querysets import held_by, produced_by, watched
from trace.rules import imports
from trace.rules.issuances import WITHDRAWN, IssuanceState, RangeKind, Span
from trace.rules.label_orders import OrderState

# A refusal names so many ranges at most.
MOST_TOLD = 6
# Above every key of a table: what has no row yet comes after all that have one.
_LAST_KEY = 2**63 - 1
_WITHDRAWN_UNITS = """
SELECT coalesce(sum(upper(part) - lower(part)), 0) FROM (
    SELECT unnest(range_agg(int4range(first, last, '[]'))) AS part FROM trace_issuancerange
    WHERE issuance_id = ANY (%s) AND kind = ANY (%s) GROUP BY issuance_id
) AS parts
"""


class ProductFormQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A producer's own forms; officials see those of the producers in their places."""
        return self.filter(produced_by(actor, "producer__") | watched(actor, "producer__division__code"))

    def own_of(self, actor: Actor) -> Self:
        """The forms that this actor may make batches of."""
        return self.filter(produced_by(actor, "producer__"))


class BatchQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A producer's own batches; a holder's, those under its titles; an official's, those made in the places watched."""
        return self.filter(_of_visible_batch(actor, ""))

    def marked_for(self, actor: Actor) -> Self:
        """All of them, each with whether the actor may see it (``is_seen``)."""
        seen = models.Case(models.When(_of_visible_batch(actor, ""), then=True), default=False)
        return self.annotate(is_seen=seen)

    def named_by(self, actor: Actor) -> Self:
        """Those whose lot the actor may write down as what it used: its own, and whatever was issued, as it stands on labels."""
        return self.filter(produced_by(actor, "producer__") | models.Q(registered_at__isnull=False))

    def told(self) -> Self:
        """With everything that an answer shows, in a fixed number of queries."""
        return (
            self.select_related(
                "form",
                "producer__organisation",
                "producer__division",
                "indication",
                "authorisation__title__holder",
                "specification",
                "season",
                "tally",
            )
            .defer("producer__division__geom")
            .prefetch_related("sites")
        )


def _of_visible_batch(actor: Actor, path: str) -> models.Q:
    """Rows of batches that the actor may see."""
    return (
        produced_by(actor, f"{path}producer__")
        | held_by(actor, f"{path}authorisation__title__")
        | watched(actor, f"{path}division_code")
    )


class BatchLinkQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may see one end sees the link: one step up and one step down, and no further."""
        return self.filter(_of_visible_batch(actor, "parent__") | _of_visible_batch(actor, "child__"))

    def waiting(self) -> Self:
        """For the word of whoever made the input."""
        return self.filter(confirmed_at__isnull=True, valid_to__isnull=True).exclude(child__state="void")

    def touching(self, number: str) -> Self:
        return self.filter(models.Q(parent__number=number) | models.Q(child__number=number))

    def holding(self) -> Self:
        """Neither withdrawn nor taken out again, and of a child that was not voided."""
        return self.filter(valid_to__isnull=True).exclude(child__state="void")

    def told(self) -> Self:
        """With what policy, answers and rules ask of both ends."""
        ends = ("form", "producer__organisation__sponsor", "indication")
        return self.select_related(*(f"{end}__{path}" for end in ("parent", "child") for path in ends))


class IssuanceQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those of batches that the actor may see: how many codes and what became of them, never the codes."""
        return self.filter(_of_visible_batch(actor, "batch__"))

    def told(self) -> Self:
        """With what policy and answers ask of the batch."""
        return self.select_related("batch__producer__organisation")

    def valid_units(self) -> int:
        """How many units of these are neither void nor withdrawn. A unit withdrawn twice counts once."""
        valid = self.exclude(state=IssuanceState.VOID.value)
        issued = valid.aggregate(units=models.Sum("count"))["units"] or 0
        with connection.cursor() as cursor:
            keys = list(valid.values_list("pk", flat=True))
            cursor.execute(_WITHDRAWN_UNITS, [keys, [kind.value for kind in WITHDRAWN]])
            return int(issued - cursor.fetchone()[0])


class OfIssuanceQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Ranges and downloads, as the issuance itself."""
        return self.filter(_of_visible_batch(actor, "issuance__batch__"))

    def units_of_kinds(self, kinds: Iterable[str]) -> int:
        """How many units were said to be of any of these kinds; one that was said twice counts once."""
        ends = self.filter(kind__in=kinds).order_by("first").values_list("first", "last")
        total, reached = 0, -1
        for first, last in ends:
            total += max(0, last - max(first, reached + 1) + 1)
            reached = max(reached, last)
        return total

    def sharing(self, first: int, last: int) -> tuple[Span, ...]:
        """The first few that share a unit with these."""
        found = self.filter(first__lte=last, last__gte=first).order_by("first")
        return tuple(Span(*ends) for ends in found.values_list("first", "last")[:MOST_TOLD])

    def units(self) -> dict[int, dict[str, int]]:
        """Issuance -> kind -> how many units were said to be that; a reprint counts again."""
        told: dict[int, dict[str, int]] = {}
        sums = self.values("issuance", "kind").order_by().annotate(units=models.Sum(F("last") - F("first") + 1))
        for row in sums:
            told.setdefault(row["issuance"], {})[row["kind"]] = row["units"]
        return told


class PrintJobQuerySet(OfIssuanceQuerySet):
    def told(self) -> Self:
        """With what policy and answers ask; ``is_reprint``: labels of some of its units were on record before it ended."""
        ranges = self.model._meta.get_field("recorded").related_model.objects
        earlier = ranges.filter(
            issuance=models.OuterRef("issuance"),
            kind=RangeKind.PRINTED.value,
            first__lte=models.OuterRef("last"),
            last__gte=models.OuterRef("first"),
            pk__lt=Coalesce(models.OuterRef("recorded"), models.Value(_LAST_KEY)),
        )
        rows = self.select_related("issuance__batch__producer__organisation", "recorded")
        return rows.annotate(is_reprint=models.Exists(earlier))


class SheetImportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A producer's own, and those of the households it vouches for: what is not entered yet concerns nobody else."""
        return self.filter(produced_by(actor, "producer__"))

    def open(self) -> Self:
        return self.filter(state__in=[state.value for state in imports.OPEN])


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """What is on record of batches that the actor may see."""
        return self.filter(_of_visible_batch(actor, "batch__"))

    def standing(self) -> Self:
        """What was not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class CheckCountQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Of goods made in the places that an official watches, or under the titles that the actor holds."""
        return self.filter(held_by(actor, "title__") | watched(actor, "division_code"))


class LinkTargetQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A producer's for its own articles, a holder's for its titles, an official's in the places watched."""
        return self.filter(
            produced_by(actor, "form__producer__") | held_by(actor, "title__") | watched(actor, "division_code")
        )

    def served(self) -> Self:
        """What an official accepted: nothing else is ever shown or led to."""
        return self.filter(state="accepted")


class AlertQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For officials of the place where the batch was made, and the holder of its title; never for the producer."""
        of_place = watched(actor, "batch__division_code")
        rows = self.filter(held_by(actor, "batch__authorisation__title__") | of_place)
        # That somebody reported a unit is for the officials alone, as are reports.
        return rows.annotate(tells_reports=models.ExpressionWrapper(of_place, models.BooleanField()))


class ReportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """What consumers wrote is for the officials of the place where the goods were made, and for nobody else."""
        return self.filter(watched(actor, "division_code"))

    def due(self, closed_before: datetime) -> Self:
        """Closed before an instant and not erased yet, the oldest first."""
        return self.filter(closed_at__lt=closed_before, erased_at__isnull=True).order_by("closed_at")


def _of_visible_entitlement(actor: Actor, path: str) -> models.Q:
    """A producer's own books, those under a holder's titles, and those of the producers in an official's places."""
    return (
        produced_by(actor, f"{path}producer__")
        | held_by(actor, f"{path}authorisation__title__")
        | watched(actor, f"{path}producer__division__code")
    )


class EntitlementQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Who may bring how much to market."""
        return self.filter(_of_visible_entitlement(actor, ""))

    def told(self) -> Self:
        """With what policy and answers ask."""
        return self.select_related("quota__season__indication", "producer__organisation", "producer__division").defer(
            "producer__division__geom"
        )


class LedgerTransactionQuerySet(models.QuerySet):
    def of(self, quota_id: int, producer_id: int) -> Self:
        """Postings that touched an account of a producer in a season."""
        touched = {"entries__account__quota": quota_id, "entries__account__producer": producer_id}
        return self.filter(pk__in=self.model.objects.filter(**touched).values("pk"))

    def told(self) -> Self:
        """With everything that an answer shows."""
        reversals = self.model.objects.filter(reversal_of=models.OuterRef("pk"))
        rows = self.select_related("batch", "reversal_of").annotate(is_reversed=models.Exists(reversals))
        return rows.prefetch_related("entries__account")


class LabelOrderQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """As the books of their producer."""
        return self.filter(_of_visible_entitlement(actor, "entitlement__"))

    def standing(self) -> Self:
        """Those that were neither refused nor given up."""
        return self.exclude(state__in=[OrderState.REFUSED.value, OrderState.CANCELLED.value])

    def told(self) -> Self:
        """With what policy and answers ask."""
        related = (
            "entitlement__quota__season__indication",
            "entitlement__producer__organisation",
            "entitlement__producer__division",
            "entitlement__authorisation__title__holder",
            "form",
            "issuance",
        )
        return self.select_related(*related).defer("entitlement__producer__division__geom")


class TransferQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Both parties, the holders of the giver's title, and the officials of either place."""
        return self.filter(
            _of_visible_entitlement(actor, "giver__")
            | produced_by(actor, "taker__")
            | watched(actor, "taker__division__code")
        )

    def told(self) -> Self:
        """With what policy and answers ask."""
        related = (
            "giver__quota__season__indication",
            "giver__producer__organisation__sponsor",
            "taker__organisation__sponsor",
        )
        return self.select_related(*related)


class RecallQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever leads it, whose goods began it, and since it is confirmed all who were told: the makers, the officials of their
        places and the holders of their titles."""
        told = self.filter(_told(actor, "notices__")).values("pk")
        return self.filter(watched(actor, "division_code") | produced_by(actor, "producer__") | models.Q(pk__in=told))

    def naming(self, number: str) -> Self:
        """Those that began with a lot, or touched it."""
        touched = self.filter(items__batch__number=number).values("pk")
        return self.filter(models.Q(batch__number=number) | models.Q(pk__in=touched))

    def told(self) -> Self:
        """With what policy and answers ask."""
        return self.select_related("producer__organisation__sponsor", "batch", "site").defer("site__geom")


def _told(actor: Actor, path: str) -> models.Q:
    return (
        produced_by(actor, f"{path}producer__")
        | held_by(actor, f"{path}title__")
        | watched(actor, f"{path}division_code")
    )


class RecallItemQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """As the batch itself; all of them to those who lead the recall. Nobody learns here what others made."""
        return self.filter(_of_visible_batch(actor, "batch__") | watched(actor, "recall__division_code"))

    def counted(self) -> Self:
        """With what came back of each."""
        exact = models.DecimalField(max_digits=15, decimal_places=3)
        back = self.model._meta.get_field("recoveries").related_model.objects.filter(item=models.OuterRef("pk"))
        came = back.order_by().values("item").values(all=models.Sum("quantity"))
        return self.annotate(
            recovered=Coalesce(models.Subquery(came), models.Value(Decimal("0.000")), output_field=exact)
        )

    def told(self) -> Self:
        """The same, and what policy and answers ask."""
        return self.counted().select_related("recall", "batch__form", "batch__producer__organisation__sponsor")


class RecallNoticeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; those of one's place or title; all of them to those who lead the recall."""
        return self.filter(_told(actor, "") | watched(actor, "recall__division_code"))

    def told(self) -> Self:
        """With what policy and answers ask."""
        return self.select_related("producer__organisation__sponsor", "recall")


class AnnualUseReportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A producer's own; once one was sent, for the holder of the title and the officials of the producer's place."""
        readers = held_by(actor, "authorisation__title__") | watched(actor, "authorisation__producer__division__code")
        return self.filter(
            produced_by(actor, "authorisation__producer__") | (models.Q(submitted_at__isnull=False) & readers)
        )

    def told(self) -> Self:
        """With what policy and answers ask."""
        related = ("title__indication", "title__holder", "producer__organisation__sponsor", "producer__division")
        rows = self.select_related(*(f"authorisation__{path}" for path in related))
        return rows.defer("authorisation__producer__division__geom")


class ReportDueDateQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For the holder of the title, its users, and the officials of the name or of one of its users."""
        users = "title__authorisations__producer__"
        concerned = self.model.objects.filter(produced_by(actor, users) | watched(actor, f"{users}division__code"))
        return self.filter(
            held_by(actor, "title__")
            | watched(actor, "title__indication__main_division_code")
            | models.Q(pk__in=concerned.values("pk"))
        )

    def told(self) -> Self:
        return self.select_related("title__indication", "title__holder")
