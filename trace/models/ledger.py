"""The books of seasons: who may bring how much to market, and every posting. Nothing in them is changed or taken away."""

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from gi_registry.lib.ids import new_number
from products.models.steps import kept, only_words, quoted
from products.rules.seasons import QuotaState
from trace.models.batches import Batch
from trace.models.forms import ProductForm
from trace.querysets import EntitlementQuerySet, LedgerTransactionQuerySet
from trace.rules.ledger import (
    AFTER_CLOSING,
    BOOK_OF,
    LABEL_KINDS,
    OF_SEASON,
    OUTSIDE,
    AccountKind,
    Book,
    Key,
    PostingKind,
)

AMOUNT = {"max_digits": 20, "decimal_places": 3}

_BOOKS = " ".join(
    f"WHEN a.kind IN ({quoted(kind for kind in AccountKind if BOOK_OF[kind] is book)}) THEN '{book.value}'"
    for book in Book
)
# Entries move the balances of their accounts, and nothing else does: each account once for all that a statement brings it, since
# a row that is changed ten thousand times in one transaction is sought among all that it was. What lies outside keeps no
# balance: it would be one row that all producers wait for. All entries of a posting come in one statement, at whose end they sum
# to zero: asked once for all postings of the statement, for to ask at each entry takes longer than everything else.
_POSTED = f"""
UPDATE trace_ledgeraccount a
SET balance = a.balance + (SELECT sum(e.amount) FROM fresh e WHERE e.account_id = a.id)
WHERE a.id = ANY (ARRAY(SELECT e.account_id FROM fresh e)) AND a.kind NOT IN ({quoted(OUTSIDE)});
IF EXISTS (
    SELECT FROM fresh e
    WHERE (SELECT a.quota_id FROM trace_ledgeraccount a WHERE a.id = e.account_id) IS DISTINCT FROM
          (SELECT t.quota_id FROM trace_ledgertransaction t WHERE t.id = e.transaction_id)
) THEN
    RAISE EXCEPTION 'a posting stays within one season';
END IF;
IF EXISTS (
    SELECT FROM trace_ledgerentry e JOIN trace_ledgeraccount a ON a.id = e.account_id
    WHERE e.transaction_id = ANY (ARRAY(SELECT DISTINCT f.transaction_id FROM fresh f))
    GROUP BY e.transaction_id, CASE {_BOOKS} END HAVING sum(e.amount) <> 0
) THEN
    RAISE EXCEPTION 'the entries of a posting sum to zero in each book';
END IF;
RETURN NULL;
"""  # noqa: S608 - only our own words
_BY_POSTING = """
IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'a balance follows from postings';
END IF;
RETURN NEW;
"""
# The lock keeps the season from being closed beside a posting; those who post do not wait for each other.
_IN_SEASON = f"""
IF (SELECT q.state FROM products_seasonquota q WHERE q.id = NEW.quota_id FOR KEY SHARE) <> '{QuotaState.OPEN.value}'
    AND NEW.kind NOT IN ({quoted(kind.value for kind in AFTER_CLOSING)}) THEN
    RAISE EXCEPTION 'nothing is posted to a season that is not open';
END IF;
RETURN NEW;
"""  # noqa: S608 - only our own words
_LABELS = sorted(kind.value for kind in LABEL_KINDS)
_SEASONS = sorted(kind.value for kind in OF_SEASON)


def appended() -> pgtrigger.Protect:
    """The books are added to and never rewritten."""
    return pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete)


@pghistory.track()
class Entitlement(models.Model):
    """What a producer may bring to market in a season. ``computed``: what its land gives; ``quantity``: what was granted of it, within
    the cap. Both in base units (gram, millilitre, piece). One that received goods and has no land stands with nothing."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    quota = models.ForeignKey("products.SeasonQuota", models.PROTECT, related_name="+")
    producer = models.ForeignKey("products.Producer", models.PROTECT, related_name="+")
    authorisation = models.ForeignKey("products.Authorisation", models.PROTECT, related_name="+")
    computed = models.DecimalField(**AMOUNT, default=0)
    quantity = models.DecimalField(**AMOUNT, default=0)
    penalties = models.DecimalField(**AMOUNT, default=0)
    revision = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quota", "producer"], name="entitlement_once"),
            models.CheckConstraint(
                condition=Q(computed__gte=0, quantity__gte=0, penalties__gte=0) & Q(quantity__lte=F("computed")),
                name="entitlement_figures",
            ),
        ]
        indexes = [models.Index(fields=["producer", "-id"], name="entitlement_of_producer")]
        triggers = [kept(), pgtrigger.ReadOnly(name="fixed", fields=["number", "quota", "producer", "created_at"])]

    def __str__(self) -> str:
        return self.number


class EntitlementLine(models.Model):
    """What one site added at a revision: its area on that day, the ceiling, the factor."""

    entitlement = models.ForeignKey(Entitlement, models.PROTECT, related_name="lines")
    quota = models.ForeignKey("products.SeasonQuota", models.PROTECT, related_name="+")
    producer = models.ForeignKey("products.Producer", models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField()
    site = models.ForeignKey("products.Site", models.PROTECT, related_name="+")
    ceiling = models.ForeignKey("products.SeasonCeiling", models.PROTECT, null=True, related_name="+")
    area_m2 = models.FloatField(null=True)
    factor = models.DecimalField(max_digits=5, decimal_places=4, default=1)
    quantity = models.DecimalField(**AMOUNT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entitlement", "revision", "site"], name="entitlement_line_once"),
            models.CheckConstraint(
                condition=Q(factor__gte=0, factor__lte=1, quantity__gte=0), name="entitlement_line_figures"
            ),
            # A household's plot may stand in its own authorisation and in that of its works: it yields once.
            ExclusionConstraint(
                name="entitlement_site_for_one",
                expressions=[("quota", "="), ("site", "="), ("producer", "<>")],
            ),
        ]
        triggers = [appended()]

    def __str__(self) -> str:
        return f"{self.site_id} {self.quantity}"


class LedgerAccount(models.Model):
    """A balance. ``producer`` is empty in the accounts of the season; ``form`` names the article in accounts of labels."""

    quota = models.ForeignKey("products.SeasonQuota", models.PROTECT, related_name="+")
    producer = models.ForeignKey("products.Producer", models.PROTECT, null=True, related_name="+")
    form = models.ForeignKey(ProductForm, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=14, choices=AccountKind.choices())
    balance = models.DecimalField(**AMOUNT, default=0)

    class Meta:
        constraints = [
            only_words("kind", AccountKind, "ledger_account_kind_known"),
            models.UniqueConstraint(
                fields=["quota", "producer", "kind", "form"], name="ledger_account_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(balance__gte=0), name="ledger_account_not_overdrawn"),
            models.CheckConstraint(
                condition=Q(kind__in=_SEASONS, producer__isnull=True)
                | (~Q(kind__in=_SEASONS) & Q(producer__isnull=False)),
                name="ledger_account_of_producer",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_LABELS, form__isnull=False) | (~Q(kind__in=_LABELS) & Q(form__isnull=True)),
                name="ledger_account_of_form",
            ),
        ]
        triggers = [
            kept(),
            pgtrigger.ReadOnly(name="fixed", fields=["quota", "producer", "form", "kind"]),
            pgtrigger.Trigger(
                name="by_posting", when=pgtrigger.Before, operation=pgtrigger.UpdateOf("balance"), func=_BY_POSTING
            ),
            pgtrigger.Trigger(
                name="begins_empty",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__balance__gt=0) | pgtrigger.Q(new__balance__lt=0),
                func="RAISE EXCEPTION 'an account begins empty';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.balance}"

    @property
    def key(self) -> Key:
        return Key(AccountKind(self.kind), self.producer_id, self.form_id)


class LedgerTransaction(models.Model):
    """One posting: why its entries were made, and by whom. A mistake is answered by its reversal, once."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    quota = models.ForeignKey("products.SeasonQuota", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=PostingKind.choices())
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.CharField(max_length=40, help_text="Who: Actor.identity.")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    reversal_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="postings")

    objects = LedgerTransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", PostingKind, "ledger_transaction_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=PostingKind.REVERSAL.value, reversal_of__isnull=False)
                | (~Q(kind=PostingKind.REVERSAL.value) & Q(reversal_of__isnull=True)),
                name="ledger_transaction_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PostingKind.REVERSAL.value) | ~Q(reason=""), name="ledger_reversal_has_reason"
            ),
            # A batch is debited once: its reversal names the posting, not the batch.
            models.UniqueConstraint(
                fields=["batch"], condition=Q(kind=PostingKind.BATCH.value), name="ledger_batch_once"
            ),
        ]
        triggers = [
            appended(),
            pgtrigger.Trigger(name="in_season", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_IN_SEASON),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class LedgerEntry(models.Model):
    """What one account gave or got, in base units."""

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="entries")
    amount = models.DecimalField(**AMOUNT)

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(fields=["transaction", "account"], name="ledger_entry_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_moves"),
        ]
        triggers = [
            appended(),
            pgtrigger.Trigger(
                name="posted",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="fresh"),
                func=_POSTED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.amount}"
