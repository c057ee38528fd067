"""Credentials that were issued: what each says, and its place in the status lists."""

import pgtrigger
from django.db import models
from django.db.models import Q

from gi_registry.credentials.status import SIZE
from gi_registry.lib.ids import new_number


class Credential(models.Model):
    """One credential of one version of the facts of an object (``kind`` and ``number``: ``batch``, 7K3QX9PA28). ``claims`` are kept as signed,
    ``digest`` is over them: the same facts are the same credential. ``superseded_at``: when other facts took its place."""

    serial = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    claims = models.JSONField(help_text="The credential without proof and status, as it was signed: W3C VCDM 2.0.")
    status_list = models.PositiveIntegerField()
    status_place = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number", "digest"], name="credential_of_facts_once"),
            models.UniqueConstraint(fields=["status_list", "status_place"], name="credential_place_once"),
            models.UniqueConstraint(
                fields=["kind", "number"], condition=Q(superseded_at__isnull=True), name="credential_one_standing"
            ),
            models.CheckConstraint(condition=Q(status_place__lt=SIZE), name="credential_place_in_list"),
        ]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="settled", exclude=["superseded_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.number} {self.serial}"
