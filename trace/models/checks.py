"""Checks: that somebody asked about a lot on a day, and nothing that could say who.

No address and no device identity is kept. A device is known for one day by an HMAC under that day's key, the key is
destroyed after two days, and from then on not even the registry could link two of them.
"""

from django.db import models
from django.db.models import Func

from trace.models.batches import Batch
from trace.querysets import CheckCountQuerySet
from trace.rules.verdicts import Verdict


class Check(models.Model):
    """One device asking about one code on one day: of a lot, or of one of its units. Partitioned by month
    (``sql/checks.sql``): written by ``actions.checks``, never through the ORM, and referred to by lot and day only."""

    pk = models.CompositePrimaryKey("checked_on", "lot", "device_token")
    checked_on = models.DateField()
    lot = models.CharField(max_length=10)
    device_token = models.BigIntegerField()
    checked_hour = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=20, choices=Verdict.choices())
    province = models.CharField(max_length=20)
    issuance_id = models.IntegerField(null=True)
    unit_index = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "trace_check"

    def __str__(self) -> str:
        return f"{self.lot} {self.checked_on}"


class BatchTally(models.Model):
    """How often a lot and the units of it were checked, kept up with each check so that reading it costs one row."""

    batch = models.OneToOneField(Batch, models.PROTECT, primary_key=True, related_name="tally")
    count = models.PositiveBigIntegerField()
    first_on = models.DateField()
    first_province = models.CharField(max_length=20, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.count}"


# Everything in it is a column of the row, so that the database alone makes it and none can be written wrong.
_KEY = (
    "coalesce(to_hex(cell_id), 'none') || '-' ||"
    " (extract(year FROM day) * 10000 + extract(month FROM day) * 100 + extract(day FROM day))::int::text"
    " || '-' || title_id || '-' || verdict || '-' || division_code"
)


class CheckCount(models.Model):
    """How many checks a day were made of goods from one cell of the grid, by title, verdict and county.

    The place is where the goods come from (``Batch.cell``; none for goods without a site), never where anybody stood. The
    title is in it because a holder sees those of its own titles, the county because officials see those of their own.
    Kept up in the statement that counts a check; ``manage.py roll_up_checks`` sums the checks anew and compares.
    """

    key = models.GeneratedField(
        expression=Func(template=_KEY, output_field=models.CharField(max_length=80)),
        output_field=models.CharField(max_length=80),
        db_persist=True,
        unique=True,
    )
    cell = models.ForeignKey("regions.Cell", models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    title = models.ForeignKey("products.Title", models.PROTECT, to_field="number", related_name="+")
    verdict = models.CharField(max_length=20, choices=Verdict.choices())
    division_code = models.CharField(max_length=6)
    count = models.PositiveBigIntegerField()

    objects = CheckCountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["day"], name="check_count_of_day"),
            models.Index(fields=["division_code"], name="check_count_by_place", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"


class DeviceKey(models.Model):
    """The key of one day. Made when first needed, destroyed after two days by ``manage.py partitions``."""

    day = models.DateField(primary_key=True)
    secret = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.day)
