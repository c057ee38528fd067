"""Questions too long for an address: where thousands of points lie, and how polygons lie against the regions."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.api import QUESTION, QuestionView
from regions import queries
from regions.serializers import AssessIn, AssessOut, LocateIn, LocateOut

PUBLIC = "divisions and announced regions are public facts, and nothing that is sent is kept"


class LocateView(QuestionView):
    public = PUBLIC

    @extend_schema(operation_id="regions_locate", request=LocateIn, responses=LocateOut, extensions=QUESTION)
    def post(self, request: Request) -> Response:
        """The divisions and production regions that hold each of up to 10,000 points.

        A point within a boundary's accuracy of its line, on either side, is named in `near_boundary`. Points outside the
        province have empty lists.
        """
        self.permit()
        asked = self.read(LocateIn)
        located = queries.locate(asked["points"], asked.get("on") or clock.today())
        return self.ok(LocateOut(located, context={"crs": asked["crs"]}).data)


class AssessView(QuestionView):
    public = PUBLIC

    @extend_schema(operation_id="regions_assess", request=AssessIn, responses=AssessOut, extensions=QUESTION)
    def post(self, request: Request) -> Response:
        """Area, divisions and production regions of polygons.

        A region is told for a shape where it overlaps it or comes within the accuracy of its line, or where it was named.
        """
        self.permit()
        asked = self.read(AssessIn)
        assessed = queries.assess(asked["shapes"], asked.get("on") or clock.today(), asked.get("regions"))
        return self.ok(AssessOut(assessed, context={"crs": asked["crs"]}).data)
