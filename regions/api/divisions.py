"""Administrative divisions, by level, name, point or code of any age."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib.access import anyone
from gi_registry.lib.api import ScopedAPIView, listed
from gi_registry.lib.problems import Missing
from regions import queries
from regions.models import Division
from regions.serializers import DivisionDetailIn, DivisionFilterIn, DivisionRecordOut, DivisionRowOut


class DivisionListView(ScopedAPIView):
    scope = staticmethod(Division.objects.visible_to)
    policies = {"GET": anyone}

    @listed("regions_divisions_list", DivisionRowOut, DivisionFilterIn)
    def get(self, request: Request) -> Response:
        """Divisions of today. `q` also finds former names and codes, pinyin and initials."""
        return self.page(queries.divisions_filtered(self.rows(), **self.read_query(DivisionFilterIn)), DivisionRowOut)


class DivisionView(ScopedAPIView):
    scope = staticmethod(Division.objects.visible_to)
    policies = {"GET": anyone}

    @extend_schema(operation_id="regions_divisions_read", parameters=[DivisionDetailIn], responses=DivisionRecordOut)
    def get(self, request: Request, code: str) -> Response:
        """One code. A former one is answered with what became of it, so that old documents can still be read."""
        self.permit()
        with_geometry = self.read_query(DivisionDetailIn)["geometry"]
        record = queries.record_of(code, with_geometry=with_geometry)
        if record is None:
            raise Missing
        return self.ok(DivisionRecordOut(record, context={"geometry": with_geometry}).data)
