"""Documents of an application in and out."""

from rest_framework import serializers

from gi_registry.lib.shapes import In, Out, WordField
from products.rules.words import DocumentKind, MediaType
from products.serializers.uploads import PlainFileField


class DocumentIn(In):
    """A document of an application (`multipart/form-data`)."""

    file = PlainFileField(help_text="PDF, JPEG or PNG, at most 5 MB.")
    kind = WordField(DocumentKind)


class DocumentOut(Out):
    number = serializers.CharField()
    kind = WordField(DocumentKind)
    name = serializers.CharField()
    media_type = WordField(MediaType)
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="Of the bytes as they were sent.")
    created_at = serializers.DateTimeField()
