"""Files of sites on their way into the register: what was read from them, and what became of each row."""

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from gi_registry.lib.ids import new_number
from products.models.indications import Indication
from products.models.producers import SITE_AREA, Producer, Site
from products.models.steps import only_words
from products.querysets import SiteUploadQuerySet, SiteUploadRowQuerySet
from products.rules.uploads import MAX_FILE_NAME
from products.rules.words import SiteKind, UploadCrs, UploadFormat, UploadRowState, UploadState


class SiteUpload(models.Model):
    """One file of a producer's sites for one indication. It lasts thirty days unless its rows became sites."""

    number = models.CharField(max_length=10, unique=True, default=new_number, editable=False)
    producer = models.ForeignKey(Producer, models.PROTECT, related_name="site_uploads")
    indication = models.ForeignKey(Indication, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=MAX_FILE_NAME)
    file_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=12, choices=UploadFormat.choices())
    crs = models.CharField(max_length=12, choices=UploadCrs.choices())
    default_kind = models.CharField(max_length=12, choices=SiteKind.choices(), blank=True, default="")
    unknown_columns = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    header = models.JSONField(default=list, blank=True, help_text="Of a spreadsheet: the names of its columns.")
    row_count = models.PositiveIntegerField()
    same_as = models.CharField(max_length=10, blank=True, default="", help_text="An earlier upload of the same bytes.")
    state = models.CharField(max_length=10, choices=UploadState.choices(), default=UploadState.STAGED)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SiteUploadQuerySet.as_manager()

    class Meta:
        constraints = [
            only_words("format", UploadFormat, "upload_format_known"),
            only_words("crs", UploadCrs, "upload_crs_known"),
            only_words("state", UploadState, "upload_state_known"),
        ]
        indexes = [
            models.Index(fields=["producer", "file_sha256"], name="upload_of_file"),
            models.Index(fields=["state", "created_at"], name="upload_age"),
        ]

    def __str__(self) -> str:
        return self.file_name


class SiteUploadRow(models.Model):
    """One feature of a file. ``outcome``: what the preview expects the register to say of it."""

    upload = models.ForeignKey(SiteUpload, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80, blank=True, default="")
    kind = models.CharField(max_length=12, choices=SiteKind.choices(), blank=True, default="")
    geom = gis.GeometryField(srid=4326, null=True, spatial_index=False)
    area_m2 = models.GeneratedField(
        expression=Func(F("geom"), template=SITE_AREA),
        output_field=models.FloatField(null=True),
        db_persist=True,
    )
    outcome = models.CharField(max_length=10, blank=True, default="")
    faults = models.JSONField(help_text="rules.uploads.stored: versioned, both languages.")
    state = models.CharField(max_length=10, choices=UploadRowState.choices())
    site = models.OneToOneField(Site, models.PROTECT, null=True, related_name="+")
    cells = models.JSONField(
        null=True, help_text="Of a spreadsheet: Cell.kept, until the row became a site or is forgotten."
    )

    objects = SiteUploadRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="upload_row_once"),
            only_words("state", UploadRowState, "upload_row_state_known"),
            models.CheckConstraint(
                condition=Q(state=UploadRowState.DONE, site__isnull=False)
                | (~Q(state=UploadRowState.DONE) & Q(site__isnull=True)),
                name="upload_row_done_has_site",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[UploadRowState.FAULTY, UploadRowState.LEFT_OUT]) | Q(geom__isnull=False),
                name="upload_row_has_shape",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
