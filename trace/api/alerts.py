"""Alerts about copied codes, for officials and title holders."""

from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView, listed
from trace import policy
from trace.models import Alert
from trace.querysets import AlertQuerySet
from trace.serializers import AlertFilterIn, AlertOut


def seen_by(actor: Actor) -> AlertQuerySet:
    return Alert.objects.visible_to(actor).select_related("batch__indication", "issuance")


class AlertListView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @listed("trace_alerts_list", AlertOut, AlertFilterIn)
    def get(self, request: Request) -> Response:
        """Leads about units and batches made in your place or under your titles, newest first. Producers see none.

        An alert says what was counted and why that is unusual. It says nothing about who did what.
        """
        asked = self.read_query(AlertFilterIn)
        rows = self.rows()
        if "kind" in asked:
            rows = rows.filter(kind=asked["kind"])
        if "batch" in asked:
            rows = rows.filter(batch__number=asked["batch"])
        if asked["is_open"] is not None:
            rows = rows.filter(closed_at__isnull=asked["is_open"])
        return self.page(rows, AlertOut)
