"""The one history view, which every noun of this room has."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.response import Response

from gi_registry.lib.api import ScopedAPIView
from gi_registry.lib.history import history_of
from gi_registry.lib.shapes import EventOut
from products import policy


class HistoryView(ScopedAPIView):
    """Who changed a row, when and why, with the values before and after."""

    policies = {"GET": policy.may_read_history}

    def get(self, request: Any, **address: str) -> Response:
        """Who changed it, when and why, with the values before and after; newest first, at most 200 events."""
        row = self.fetch(**address)
        return self.ok(EventOut(history_of(row), many=True).data)


def history_of_noun(noun: str) -> Any:
    """Names the operation of a history view."""
    return extend_schema_view(get=extend_schema(operation_id=f"{noun}_history", responses=EventOut(many=True)))
