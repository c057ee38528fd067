"""The log in the database: what waits to be put in order, the entries in order, the head, and every checkpoint ever signed."""

import pgtrigger
from django.db import models
from django.db.models import Q

from gi_registry.openlog import tree


def _appended() -> list[pgtrigger.Trigger]:
    """Rows are added and never rewritten. Whoever owns the database can undo this; that is then seen in what was published."""
    return [
        pgtrigger.Protect(name="appended", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="whole",
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            func="RAISE EXCEPTION 'the log is never emptied';",
        ),
    ]


class Waiting(models.Model):
    """What a transaction said happened: all that a business transaction writes. Its place in the log comes later, for numbers
    that are drawn inside a transaction do not follow the order in which transactions are committed.

    ``facts`` is canonical JSON, or empty where nothing is public.
    """

    event = models.CharField(max_length=32, unique=True)
    type = models.CharField(max_length=40)
    object = models.CharField(max_length=80)
    role = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    facts = models.TextField(blank=True, default="")
    commitment = models.CharField(max_length=64, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.type} {self.object}"


class Entry(models.Model):
    """One leaf. ``data`` is what is published, byte for byte; ``leaf`` its hash; the rest is written out of it, to be found by."""

    index = models.BigIntegerField(primary_key=True)
    event = models.CharField(max_length=32, unique=True)
    type = models.CharField(max_length=40)
    object = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    data = models.BinaryField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["object", "sequence"], name="openlog_entry_of_object"),
            models.CheckConstraint(condition=Q(index__gte=0), name="openlog_entry_index"),
        ]
        triggers = _appended()

    def __str__(self) -> str:
        return f"{self.index} {self.type} {self.object}"


class Head(models.Model):
    """One row: how many entries there are, and the roots of the whole subtrees over them, from which the tree grows on."""

    ONLY = 1
    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    size = models.BigIntegerField(default=0)
    full = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1, size__gte=0), name="openlog_one_head")]
        triggers = [
            pgtrigger.Protect(
                name="grows", operation=pgtrigger.Update, condition=pgtrigger.Q(new__size__lt=pgtrigger.F("old__size"))
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.size)

    @property
    def frontier(self) -> tree.Frontier:
        data = bytes(self.full)
        return tree.Frontier(self.size, [data[at : at + 32] for at in range(0, len(data), 32)])


class Checkpoint(models.Model):
    """What was signed at a size: one root for each, for ever."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["signed_at", "size"], name="openlog_signed_then")]
        triggers = _appended()

    def __str__(self) -> str:
        return str(self.size)


class Timestamp(models.Model):
    """Another body's word on when the checkpoint of a size was there (RFC 3161). ``digest``: SHA-256 of the checkpoint file as it was
    stamped; ``token``: the reply as it came; ``stamped_at``: the authority's time."""

    size = models.BigIntegerField(unique=True)
    digest = models.BinaryField(max_length=32)
    token = models.BinaryField()
    stamped_at = models.DateTimeField()
    received_at = models.DateTimeField()
    authority = models.CharField(max_length=120)
    policy = models.CharField(max_length=120, blank=True, default="")
    verified_by = models.CharField(max_length=120)

    class Meta:
        triggers = _appended()

    def __str__(self) -> str:
        return f"{self.size} {self.stamped_at:%Y-%m-%d %H:%M:%S}"


class Disclosure(models.Model):
    """What an entry only commits to: salt and payload. Erased when what it tells must be forgotten; the entry then says nothing."""

    event = models.CharField(max_length=32, unique=True)
    salt = models.BinaryField(max_length=32)
    payload = models.BinaryField()

    def __str__(self) -> str:
        return self.event
