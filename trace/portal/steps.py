"""The steps that a person may take with a batch now, with the words of the page that asks before each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gi_registry.lib.access import Actor, Decision
from gi_registry.lib.texts import Text
from trace import actions, policy
from trace.models import Batch
from trace.rules.batches import MUST_GIVE_REASON, STEPS, BatchState, Step


@dataclass(frozen=True, slots=True)
class Way:
    """A step as a page: who may, what does it, what it is called, what happens, and what is said afterwards."""

    step: Step
    may: Callable[[Actor, Batch], Decision]
    act: Callable[..., Any]
    button: Text
    question: Text
    effect: Text
    done: Text
    style: str = "btn--second"
    hint: Text | None = None

    @property
    def asks_reason(self) -> bool:
        return self.step in MUST_GIVE_REASON


_PUBLIC_REASON = Text(
    "会显示在查询页上，请写给消费者看。", "It is shown to people who check the code: write it for them."
)
_INNER_REASON = Text("只留在登记记录中。", "It stays in the record.")

WAYS = {
    way.step: way
    for way in (
        Way(
            Step.RELEASE,
            policy.make,
            actions.release_batch,
            Text("放行", "Release"),
            Text("放行这一批次？", "Release this batch?"),
            Text(
                "放行表示货品可以上市。此后扫码会看到“已登记并放行”；放行后不能作废，只能召回。",
                "Releasing says that the goods may go on sale. From then on the code reads as registered and released."
                " A released batch cannot be voided, only recalled.",
            ),
            Text("已放行。现在扫码会看到已登记并放行。", "Released. The code now reads as registered and released."),
            "",
        ),
        Way(
            Step.CLOSE,
            policy.make,
            actions.close_batch,
            Text("结束", "Close"),
            Text("结束这一批次？", "Close this batch?"),
            Text(
                "表示这一批已售完。二维码仍然可查，必要时仍可召回。",
                "It says that all of it is sold. The code goes on answering, and the batch can still be recalled.",
            ),
            Text("已结束。", "Closed."),
            hint=_INNER_REASON,
        ),
        Way(
            Step.VOID,
            policy.withdraw,
            actions.void_batch,
            Text("作废", "Void"),
            Text("作废这一批次？", "Void this batch?"),
            Text(
                "只用于没有上市的批次。批次号永不再用，已印的码会显示“已作废”。此操作不能撤回。",
                "Only for a batch that never went to market. Its number is never used again and printed codes read as"
                " voided. It cannot be undone.",
            ),
            Text("已作废。", "Voided."),
            "btn--warn",
            _INNER_REASON,
        ),
        Way(
            Step.HOLD,
            policy.control,
            actions.hold_batch,
            Text("暂停销售", "Put on hold"),
            Text("暂停这一批次的销售？", "Put this batch on hold?"),
            Text("扫码的人会立即看到暂停和原因。", "People who check the code see the hold and the reason at once."),
            Text("已暂停。", "Put on hold."),
            "btn--warn",
            _PUBLIC_REASON,
        ),
        Way(
            Step.RESUME,
            policy.control,
            actions.resume_batch,
            Text("恢复销售", "Resume"),
            Text("恢复这一批次的销售？", "Let sales go on?"),
            Text("扫码会重新看到已登记并放行。", "The code reads as registered and released again."),
            Text("已恢复。", "Resumed."),
            hint=_PUBLIC_REASON,
        ),
        Way(
            Step.RECALL,
            policy.withdraw,
            actions.recall_batch,
            Text("召回", "Recall"),
            Text("召回这一批次？", "Recall this batch?"),
            Text(
                "扫码的人会立即看到召回和原因。此操作不能撤回。",
                "People who check the code see the recall and the reason at once. It cannot be undone.",
            ),
            Text("已召回。", "Recalled."),
            "btn--warn",
            _PUBLIC_REASON,
        ),
        Way(
            Step.OPEN_REVIEW,
            policy.control,
            actions.open_review,
            Text("开始核查", "Open a review"),
            Text("开始核查这一批次？", "Open a review of this batch?"),
            Text("扫码会看到“正在核查”，不显示原因。", "The code reads as under review; the reason is not shown."),
            Text("核查已开始。", "Review opened."),
            hint=_INNER_REASON,
        ),
        Way(
            Step.CLOSE_REVIEW,
            policy.control,
            actions.close_review,
            Text("结束核查", "Close the review"),
            Text("结束核查？", "Close the review?"),
            Text("核查没有发现问题时使用。", "For a review that found nothing."),
            Text("核查已结束。", "Review closed."),
            hint=_INNER_REASON,
        ),
    )
}


def ways_for(actor: Actor, batch: Batch) -> list[Way]:
    """The steps that state and policy allow now, in the order of the table. What more a step asks is said when it is tried."""
    state = BatchState(batch.state)
    reviewed = {Step.OPEN_REVIEW: batch.review_opened_at is None, Step.CLOSE_REVIEW: batch.review_opened_at is not None}
    return [
        way
        for step, way in WAYS.items()
        if state in STEPS[step][0] and reviewed.get(step, True) and way.may(actor, batch)
    ]
