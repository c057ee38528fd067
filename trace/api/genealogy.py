"""What goods were made of: told both ways, stated, confirmed, ended."""

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.renderers import ByAddress, CsvRenderer
from gi_registry.lib.shapes import NothingIn
from gi_registry.lib.sheets import MEDIA_TYPE
from gi_registry.lib.texts import Text
from trace import actions, policy
from trace.api.batches import seen_by as batches_of
from trace.genealogy_sheet import sheet_of
from trace.lineage import genealogy_of
from trace.models import Batch, BatchLink
from trace.querysets import BatchLinkQuerySet
from trace.serializers.genealogy import (
    EndIn,
    GenealogyIn,
    GenealogyOut,
    InputIn,
    LinkEndsOut,
    LinkFilterIn,
)
from trace.serializers.numbers import row_of

_BATCH = Text("批次", "batch")


def seen_by(actor: Actor) -> BatchLinkQuerySet:
    return BatchLink.objects.visible_to(actor).told()


class BatchGenealogyView(ScopedAPIView):
    scope = staticmethod(batches_of)
    policies = {"GET": policy.see, "POST": policy.make}

    @extend_schema(operation_id="trace_genealogy_read", parameters=[GenealogyIn], responses=GenealogyOut)
    def get(self, request: Request, number: str) -> Response:
        """What a batch was made of and what was made of it, with quantities.

        The way leads through batches that you may see. Of others you are told the next step: whose they are, and the lot.
        """
        batch = self.fetch(number=number)
        at = self.read_query(GenealogyIn).get("at")
        return self.ok(GenealogyOut(genealogy_of(batch, self.actor, at=at)).data)

    @extend_schema(operation_id="trace_genealogy_add", request=InputIn, responses={201: LinkEndsOut})
    def post(self, request: Request, number: str) -> Response:
        """State that goods of another batch went into this draft. Goods of another producer wait for its word."""
        batch = self.fetch(number=number)
        data = self.read(InputIn)
        parent = row_of(Batch.objects.named_by(self.actor), data.pop("parent"), _BATCH, "/parent")
        reason = data.pop("reason")
        use = actions.Use(parent=parent, **data)
        link = actions.add_input(batch=batch, use=use, actor=self.actor, now=clock.now(), reason=reason)
        link = seen_by(self.actor).get(pk=link.pk)
        return self.created(LinkEndsOut(link).data, reverse("trace-batch-link", args=[link.number]), link)


class BatchGenealogySheetView(ScopedAPIView):
    scope = staticmethod(batches_of)
    policies = {"GET": policy.see}
    renderer_classes = [CsvRenderer]
    content_negotiation_class = ByAddress

    @extend_schema(
        operation_id="trace_genealogy_sheet",
        parameters=[GenealogyIn],
        responses={(200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, number: str) -> Response:
        """The same as a sheet to sort: one line for each link, UTF-8 with a byte order mark, no cell a formula."""
        batch = self.fetch(number=number)
        at = self.read_query(GenealogyIn).get("at")
        sheet = sheet_of(genealogy_of(batch, self.actor, at=at))
        headers = {"Content-Disposition": f'attachment; filename="{batch.number}-genealogy.csv"'}
        return Response(sheet, headers=headers, content_type=MEDIA_TYPE)


class BatchLinkListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_batch_links_list", LinkEndsOut, LinkFilterIn)
    def get(self, request: Request) -> Response:
        """Links to and from batches that you may see, newest first; with `is_waiting=true` those that wait for a word."""
        asked = self.read_query(LinkFilterIn)
        rows = self.rows()
        if asked["is_waiting"] is not None:
            rows = rows.waiting() if asked["is_waiting"] else rows.exclude(pk__in=rows.waiting())
        if "batch" in asked:
            rows = rows.touching(asked["batch"])
        return self.page(rows, LinkEndsOut)


class BatchLinkView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_batch_links_read", responses=LinkEndsOut)
    def get(self, request: Request, number: str) -> Response:
        """One link."""
        link = self.fetch(number=number)
        return self.ok(LinkEndsOut(link).data, link)


class BatchLinkConfirmView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.confirm_input}

    @extend_schema(operation_id="trace_batch_links_confirm", request=NothingIn, responses=LinkEndsOut)
    def post(self, request: Request, number: str) -> Response:
        """Say that your goods went there. From then on they count as used."""
        link = self.fetch(number=number)
        self.read(NothingIn)
        actions.confirm_input(link=link, actor=self.actor, now=clock.now())
        link = self.fetch(number=number)
        return self.ok(LinkEndsOut(link).data, link)


class BatchLinkEndView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"POST": policy.end_input}

    @extend_schema(operation_id="trace_batch_links_end", request=EndIn, responses=LinkEndsOut)
    def post(self, request: Request, number: str) -> Response:
        """Withdraw an input of a draft, turn down a claim on your goods, or say when packed goods were taken out again."""
        link = self.fetch(number=number)
        actions.end_input(link=link, actor=self.actor, now=clock.now(), **self.read(EndIn))
        link = seen_by(self.actor).get(pk=link.pk)
        return self.ok(LinkEndsOut(link).data, link)
