"""Files of sites over HTTP: staged, looked at, and turned into sites a stretch at a time."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.renderers import ByAddress, XlsxRenderer
from gi_registry.lib.spreadsheets.handed_back import MEDIA_TYPE
from products import actions, policy, queries
from products.models import Indication, Producer, SiteUpload
from products.rules.uploads import WORK_SECONDS
from products.serializers import (
    RowFilterIn,
    SiteUploadCommitIn,
    SiteUploadFilterIn,
    SiteUploadIn,
    SiteUploadOut,
    SiteUploadRowOut,
    row_of,
)
from products.upload_books import with_faults


def seen_uploads(actor: Any) -> Any:
    rows = SiteUpload.objects.visible_to(actor).select_related("producer__organisation", "producer__division")
    return rows.select_related("indication").defer("producer__division__geom")


class SiteUploadList(ScopedAPIView):
    scope = staticmethod(seen_uploads)
    policies = {"GET": policy.may_read_scoped, "POST": policy.may_register_site}
    parser_classes = (MultiPartParser,)

    @listed("site_uploads_list", SiteUploadOut, SiteUploadFilterIn)
    def get(self, request: Any) -> Response:
        """Files of sites in one's scope, newest first. One that is left unfinished is given up after thirty days."""
        asked = self.read_query(SiteUploadFilterIn)
        columns = {"producer": "producer__number", "state": "state"}
        wanted = {columns[name]: value for name, value in asked.items()}
        return self.page(self.rows().filter(**wanted), SiteUploadOut, counts=queries.upload_counts)

    @extend_schema(
        operation_id="site_uploads_create",
        request={"multipart/form-data": SiteUploadIn},
        responses={201: SiteUploadOut},
    )
    def post(self, request: Any) -> Response:
        """Stage a file of sites: it is read and each row looked at, and nothing is registered until it is committed.

        Formats: GeoJSON, a Shapefile in a ZIP archive, a GeoPackage of one layer, or a spreadsheet (xlsx, xls, ods, csv;
        `crs` is owed then, as no sheet names its own). What is wrong with single rows stands in `rows/`; what is wrong
        with the whole file is answered here. A long file is looked at for five seconds; then `counts.waiting` tells how
        many rows `check/` still has to look at.
        """
        self.permit()
        data = self.read(SiteUploadIn)
        row = self._staged(data)
        actions.check_upload(upload=row, actor=self.actor, now=clock.now(), is_time=clock.lasting(WORK_SECONDS))
        row = seen_uploads(self.actor).get(pk=row.pk)
        return self.created(SiteUploadOut(row).data, reverse("products-api-site-upload", args=[row.number]), row)

    def _staged(self, data: dict[str, Any]) -> SiteUpload:
        own = Producer.objects.visible_to(self.actor).select_related("organisation", "division").defer("division__geom")
        producer = row_of(own, "/producer", number=data["producer"])
        self.permit(producer)
        return actions.stage_upload(
            producer=producer,
            indication=row_of(Indication.objects.visible_to(self.actor), "/indication", slug=data["indication"]),
            file_name=data["file"].name,
            data=data["file"].read(),
            declared_crs=data.get("crs"),
            default_kind=data.get("kind"),
            actor=self.actor,
            now=clock.now(),
        )


class SiteUploadDetail(ScopedAPIView):
    scope = staticmethod(seen_uploads)
    policies = {"GET": policy.may_read_scoped}

    @extend_schema(operation_id="site_uploads_read", responses=SiteUploadOut)
    def get(self, request: Any, number: str) -> Response:
        """One file with its counts."""
        row = self.fetch(number=number)
        return self.ok(SiteUploadOut(row).data, row)


class SiteUploadRows(ScopedAPIView):
    scope = staticmethod(seen_uploads)
    policies = {"GET": policy.may_read_scoped}

    @listed("site_uploads_rows", SiteUploadRowOut, RowFilterIn)
    def get(self, request: Any, number: str) -> Response:
        """The rows of a file in its own order: what each would become or became, and all that is wrong with it."""
        asked = self.read_query(RowFilterIn)
        rows = self.fetch(number=number).rows.filter(**asked).select_related("site")
        return self.page(rows, SiteUploadRowOut, ordering="id")


class SiteUploadFaults(ScopedAPIView):
    scope = staticmethod(seen_uploads)
    policies = {"GET": policy.may_read_scoped}
    renderer_classes = [XlsxRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(operation_id="site_uploads_faults", responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Any, number: str) -> HttpResponse:
        """The rows of a spreadsheet that are no sites, as they were written, with a column that says what is wrong.

        Corrected, the workbook can be uploaded as it is. 404 for other kinds of files, and where no row is wrong.
        """
        upload = self.fetch(number=number)
        headers = {
            "Content-Disposition": f'attachment; filename="sites-{upload.number}.xlsx"',
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(with_faults(upload), content_type=MEDIA_TYPE, headers=headers)


class SiteUploadCheck(ScopedAPIView):
    scope = staticmethod(seen_uploads)
    policies = {"POST": policy.may_change_upload}

    @extend_schema(operation_id="site_uploads_check", request=None, responses=SiteUploadOut)
    def post(self, request: Any, number: str) -> Response:
        """Go on looking at the rows of a file, for five seconds at most. Nothing is registered."""
        row = self.fetch(number=number)
        actions.check_upload(upload=row, actor=self.actor, now=clock.now(), is_time=clock.lasting(WORK_SECONDS))
        return self.ok(SiteUploadOut(row).data, row)


class SiteUploadCommit(ScopedAPIView):
    scope = staticmethod(seen_uploads)
    policies = {"POST": policy.may_change_upload}

    @extend_schema(operation_id="site_uploads_commit", request=SiteUploadCommitIn, responses=SiteUploadOut)
    def post(self, request: Any, number: str) -> Response:
        """Make sites of the rows, for five seconds at most; repeat while the answer's `state` is `committing`.

        Each row is tried once, however often and by how many this is called. Rows in `leave_out` are never tried.
        """
        row = self.fetch(number=number)
        data = self.read(SiteUploadCommitIn)
        is_time = clock.lasting(WORK_SECONDS)
        row = actions.commit_upload(upload=row, **data, actor=self.actor, now=clock.now(), is_time=is_time)
        return self.ok(SiteUploadOut(row).data, row)


class SiteUploadDiscard(ScopedAPIView):
    scope = staticmethod(seen_uploads)
    policies = {"POST": policy.may_change_upload}

    @extend_schema(operation_id="site_uploads_discard", request=None, responses=SiteUploadOut)
    def post(self, request: Any, number: str) -> Response:
        """Give up a file. What was read from it is deleted; rows that already became sites stay registered."""
        row = self.fetch(number=number)
        row = actions.discard_upload(upload=row, actor=self.actor, now=clock.now())
        return self.ok(SiteUploadOut(row).data, row)
