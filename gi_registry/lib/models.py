"""The tables that the shelves need: answers already given under an Idempotency-Key, and what strangers have used of a limit."""

from datetime import datetime
from typing import Any

from django.db import connection, models

from gi_registry.lib.access import Actor


class AnsweredRequest(models.Model):
    """What an actor asked under a key, and what it was answered. A row without an answer never outlives its transaction."""

    identity = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.BinaryField(null=True)
    location = models.TextField(default="")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity", "key"], name="answered_request_once")]
        indexes = [models.Index(fields=["asked_at"], name="answered_request_age")]

    def __str__(self) -> str:
        return f"{self.identity} {self.key}"

    @classmethod
    def claim(cls, *, identity: str, key: str, fingerprint: bytes, now: datetime) -> bool:
        """Take the key for this transaction. A rival waits here until the first commits, and then gets False."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO lib_answeredrequest (identity, key, fingerprint, location, asked_at)"
                " VALUES (%s, %s, %s, '', %s) ON CONFLICT DO NOTHING",
                [identity, key, fingerprint, now],
            )
            return bool(cursor.rowcount == 1)

    @classmethod
    def forget(cls, before: datetime) -> int:
        """Drop what people and keys asked before an instant; the system's own stamps (what was loaded) stay."""
        gone, _ = cls.objects.filter(asked_at__lt=before).exclude(identity=Actor.SYSTEM.identity).delete()
        return gone

    def matches(self, fingerprint: Any) -> bool:
        return bytes(self.fingerprint) == fingerprint


class Allowance(models.Model):
    """How much of a limit a subject has used in the stretch that ends at an instant. Written by ``limits`` alone."""

    pk = models.CompositePrimaryKey("subject", "ends_at")
    subject = models.BigIntegerField()
    ends_at = models.DateTimeField()
    taken = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="allowance_age")]

    def __str__(self) -> str:
        return f"{self.subject} until {self.ends_at}: {self.taken}"

    @classmethod
    def forget(cls, now: datetime) -> int:
        """Drop the stretches that have ended."""
        return cls.objects.filter(ends_at__lt=now).delete()[0]
