"""What an application brings with it: reports and statements, as the files that were sent."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from gi_registry.lib.ids import new_number
from products.models.authorisations import Authorisation
from products.models.steps import only_words, quoted
from products.querysets import ApplicationDocumentQuerySet
from products.rules.authorisations import EDITABLE
from products.rules.documents import MAX_BYTES
from products.rules.words import DocumentKind, MediaType

_WHILE_EDITED = f"""
IF NOT EXISTS (
    SELECT 1 FROM products_authorisation a
    WHERE a.id = (CASE TG_OP WHEN 'DELETE' THEN OLD.authorisation_id ELSE NEW.authorisation_id END)
        AND a.state IN ({quoted(EDITABLE)})
) THEN
    RAISE EXCEPTION 'documents of an application are settled once it was submitted';
END IF;
RETURN (CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
"""  # noqa: S608 - only our own words


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), exclude=["data"])
class ApplicationDocument(models.Model):
    """``sha256`` of the bytes as they were sent; the same file is there once. Settled when the application is submitted."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    authorisation = models.ForeignKey(Authorisation, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind.choices())
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=20, choices=MediaType.choices())
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    created_at = models.DateTimeField()

    objects = ApplicationDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("kind", DocumentKind, "document_kind_known"),
            only_words("media_type", MediaType, "document_media_known"),
            models.UniqueConstraint(fields=["authorisation", "sha256"], name="document_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_fingerprint_shape"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=MAX_BYTES), name="document_size"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="as_sent"),
            pgtrigger.Trigger(
                name="while_edited",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func=_WHILE_EDITED,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def disposition(self) -> str:
        """To be kept, never shown within a page: nobody knows what is in a file. Named by us, with the ending of its type."""
        return f'attachment; filename="{self.number}.{self.media_type.partition("/")[2]}"'
