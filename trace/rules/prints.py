"""Printing labels: how many at once, in which parts, and the life of a print job. Pure."""

from collections.abc import Sequence
from enum import StrEnum

from gi_registry.lib.texts import Refusal, Text, Word
from trace.rules.issuances import Span

# More labels take longer than a request should: they are drawn by a print job.
MOST_INLINE = 300
# A part is a file: large enough to print in one go, small enough to be held in memory and drawn again after a kill.
LABELS_A_PART = 1_000
MOST_LABELS = 200_000
MOST_OPEN_JOBS = 5


class Job(StrEnum):
    """What is put off (``gi_registry.lib.jobs``)."""

    PRINT_LABELS = "trace.print_labels"


class LinkKind(Word):
    BATCH = "batch", "本站链接", "Link of this registry"
    GS1 = "gs1", "GS1 数字链接", "GS1 Digital Link"


class PrintState(Word):
    QUEUED = "queued", "排队中", "Waiting"
    RUNNING = "running", "正在生成", "Being drawn"
    DONE = "done", "已完成", "Done"
    FAILED = "failed", "未完成", "Failed"
    CANCELLED = "cancelled", "已取消", "Cancelled"


_P = PrintState
PRINT_STEPS = {
    _P.QUEUED: (_P.RUNNING, _P.FAILED, _P.CANCELLED),
    _P.RUNNING: (_P.DONE, _P.FAILED, _P.CANCELLED),
    _P.DONE: (),
    _P.FAILED: (),
    _P.CANCELLED: (),
}
OPEN = (_P.QUEUED, _P.RUNNING)

_MANY = Text(
    f"一次最多 {MOST_INLINE} 枚；更多请新建打印任务。",
    f"At most {MOST_INLINE} labels at once; print more by a print job.",
)
_TOO_MANY = Refusal(
    "too_many_labels",
    Text(f"一次打印任务最多 {MOST_LABELS:,} 枚。", f"A print job has at most {MOST_LABELS:,} labels."),
    "/last",
)
_WITHDRAWN = Text(
    "这些序号已停用，不能再印：{units}。请分段打印其余的。",
    "These units were withdrawn and are not printed again: {units}. Print the others in parts.",
)
_BUSY = Refusal(
    "prints_open",
    Text(
        f"已有 {MOST_OPEN_JOBS} 个打印任务没有完成，请等一个完成。",
        f"{MOST_OPEN_JOBS} print jobs are not finished: wait for one of them.",
    ),
)


def inline_faults(span: Span) -> list[Refusal]:
    return [Refusal("too_many_labels", _MANY, "/last")] if len(span) > MOST_INLINE else []


def print_refusals(span: Span, open_jobs: int, withdrawn: Sequence[Span] = ()) -> list[Refusal]:
    """Whether a print job may be queued. ``withdrawn``: units among these that were spoiled, returned, destroyed or voided."""
    faults = []
    if len(span) > MOST_LABELS:
        faults.append(_TOO_MANY)
    if open_jobs >= MOST_OPEN_JOBS:
        faults.append(_BUSY)
    if withdrawn:
        text = _WITHDRAWN.format(units=", ".join(str(one) for one in withdrawn))
        faults.append(Refusal("range_withdrawn", text, "/first"))
    return faults


def parts_of(span: Span, a_page: int) -> list[Span]:
    """The spans of the files, ``a_page`` labels a page; sheets are filled, so that only the last one of the last file has blank labels."""
    size = LABELS_A_PART // a_page * a_page
    return [Span(first, min(first + size - 1, span.last)) for first in range(span.first, span.last + 1, size)]
