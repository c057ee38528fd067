"""Evidence of a batch, what its demands make of it, and a version tried on past batches."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.api import ScopedAPIView
from products.models import SpecificationVersion
from products.policy import may_draft_specification
from trace import actions, policy, trials
from trace.api.batches import seen_by
from trace.models import Evidence
from trace.querysets import EvidenceQuerySet
from trace.record import judge
from trace.serializers.evidence import EvidenceIn, EvidenceOut, JudgedOut, TrialOut, WithdrawIn


def pieces_seen_by(actor: Actor) -> EvidenceQuerySet:
    related = ("batch__producer__organisation", "batch__authorisation__title__holder", "site")
    return Evidence.objects.visible_to(actor).select_related(*related).defer("site__geom")


class BatchEvidenceView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see, "POST": policy.vouch}

    @extend_schema(operation_id="trace_batches_evidence", responses=EvidenceOut(many=True))
    def get(self, request: Request, number: str) -> Response:
        """What is on record of a batch, oldest first, with what was taken back."""
        return self.ok(EvidenceOut(_of(self.fetch(number=number)), many=True).data)

    @extend_schema(
        operation_id="trace_batches_evidence_add", request=EvidenceIn, responses={201: EvidenceOut(many=True)}
    )
    def post(self, request: Request, number: str) -> Response:
        """Put measurements, steps, declarations and attestations on record, until the batch is released."""
        batch = self.fetch(number=number)
        items = self.read(EvidenceIn)["items"]
        added = actions.add_evidence(batch=batch, items=items, actor=self.actor, now=clock.now())
        return Response(EvidenceOut(added, many=True).data, status=201)


def _of(batch: Any) -> EvidenceQuerySet:
    return batch.evidence.select_related("site").defer("site__geom").order_by("pk")


class EvidenceWithdrawView(ScopedAPIView):
    scope = staticmethod(pieces_seen_by)
    policies = {"POST": lambda actor, piece=None: policy.vouch(actor, piece and piece.batch)}

    @extend_schema(operation_id="trace_evidence_withdraw", request=WithdrawIn, responses=EvidenceOut)
    def post(self, request: Request, number: str) -> Response:
        """Take a piece of evidence back, with the reason. It stays on record as taken back."""
        piece = self.fetch(number=number)
        reason = self.read(WithdrawIn)["reason"]
        row = actions.withdraw_evidence(evidence=piece, actor=self.actor, now=clock.now(), reason=reason)
        return self.ok(EvidenceOut(row).data)


class BatchRulesView(ScopedAPIView):
    scope = staticmethod(seen_by)
    policies = {"GET": policy.see}

    @extend_schema(operation_id="trace_batches_rules", responses=JudgedOut)
    def get(self, request: Request, number: str) -> Response:
        """Every demand of the specification that applies to a batch: met or not, with the figures. After release as it was
        then."""
        return self.ok(JudgedOut(judge(self.fetch(number=number))).data)


class TrialView(ScopedAPIView):
    scope = staticmethod(
        lambda actor: SpecificationVersion.objects.visible_to(actor).select_related(
            "title__indication", "title__holder"
        )
    )
    policies = {"GET": may_draft_specification}

    @extend_schema(operation_id="trace_trials_read", responses=TrialOut)
    def get(self, request: Request, number: str) -> Response:
        """Try a version of a specification, a draft too, on past batches under its title. Nothing is written."""
        return self.ok(TrialOut(trials.try_out(self.fetch(number=number), self.actor)).data)
