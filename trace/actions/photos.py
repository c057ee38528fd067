"""The photo of an article: at most one, our own copy, taken away as easily as it was given."""

import hashlib
from datetime import datetime

from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.history import remember
from gi_registry.lib.images import as_small_jpeg, open_photo
from products.actions.rows import locked_as_read, only_if, save
from trace import policy
from trace.models import FormPhoto, ProductForm
from trace.models.forms import MOST_PHOTO_BYTES

LONGEST_PX = 960
DIGEST_LENGTH = 32


@transaction.atomic
def set_photo(*, form: ProductForm, photo: bytes, actor: Actor, now: datetime, reason: str = "") -> ProductForm:
    """Show this photo of the article, in place of any before, on the verdict pages of its batches.

    ``photo``: the file as sent. Raises Invalid for what is no picture.
    """
    jpeg, (width, height) = as_small_jpeg(open_photo(photo, longest=LONGEST_PX), most_bytes=MOST_PHOTO_BYTES)
    row = locked_as_read(form, "producer__organisation")
    only_if(policy.make(actor, row))
    digest = hashlib.sha256(jpeg).hexdigest()[:DIGEST_LENGTH]
    facts = {"digest": digest, "width": width, "height": height, "jpeg": jpeg, "added_at": now}
    with remember(actor, reason):
        FormPhoto.objects.update_or_create(form=row, defaults=facts)
        save(row, now)
    return row


@transaction.atomic
def remove_photo(*, form: ProductForm, actor: Actor, now: datetime, reason: str = "") -> ProductForm:
    """Show none. Without one already, nothing happens."""
    row = locked_as_read(form, "producer__organisation")
    only_if(policy.make(actor, row))
    with remember(actor, reason):
        gone, _ = FormPhoto.objects.filter(form=row).delete()
        if gone:
            save(row, now)
    return row
