"""Spreadsheets brought in: their kinds and states, how large and how many, and faults gathered into lines. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from gi_registry.lib.texts import Refusal, Text, Word

MAX_FILE_NAME = 120
# Unfinished files of one producer.
MAX_OPEN = 10
KEPT_FOR = timedelta(days=30)
# Rows that are weighed together: enough for one question to serve many, few enough that the bar moves.
CHUNK = 500
MOST_GROUPS, MOST_ROWS_TOLD = 50, 200


class Job(StrEnum):
    """What is put off (``gi_registry.lib.jobs``)."""

    CHECK = "trace.check_import"
    ENTER = "trace.enter_import"


class ImportKind(Word):
    BATCHES = "batches", "批次", "Batches"
    HARVESTS = "harvests", "采收", "Harvests"
    TRANSFERS = "transfers", "流转", "Transfers"


class ImportState(Word):
    CHECKING = "checking", "正在检查", "Being checked"
    CHECKED = "checked", "待确认", "Waiting for you"
    ENTERING = "entering", "正在导入", "Being entered"
    DONE = "done", "已导入", "Entered"
    FAILED = "failed", "无法读取", "Not readable"
    DISCARDED = "discarded", "已放弃", "Discarded"


class RowState(Word):
    READY = "ready", "可导入", "Can be entered"
    FAULTY = "faulty", "有误", "Has faults"
    LEFT_OUT = "left_out", "未导入", "Left out"
    DONE = "done", "已导入", "Entered"


_S = ImportState
STEPS = {
    _S.CHECKING: (_S.CHECKED, _S.FAILED, _S.DISCARDED),
    _S.CHECKED: (_S.ENTERING, _S.DISCARDED),
    # Refused at the last moment, it goes back as it was, with the reasons.
    _S.ENTERING: (_S.DONE, _S.CHECKED),
    _S.DONE: (),
    _S.FAILED: (),
    _S.DISCARDED: (),
}
AT_WORK = (_S.CHECKING, _S.ENTERING)
OPEN = (_S.CHECKING, _S.CHECKED, _S.ENTERING)

TOO_MANY_OPEN = Refusal(
    "too_many_imports",
    Text(
        f"已有 {MAX_OPEN} 个文件没有处理完，请先导入或放弃其中一些。",
        f"{MAX_OPEN} files are not finished. Enter or discard some of them first.",
    ),
    "/producer",
)
_SAME = Text(
    "这个文件已经上传过（编号 {number}），不再重复导入。",
    "This very file was uploaded before (number {number}) and is not entered twice.",
)
_FAULTY = Text(
    "还有 {count} 行有误：请改正后重新上传，或选择不导入这些行。",
    "{count} rows have faults: correct and upload the file again, or choose to leave these rows out.",
)
_NONE = Refusal("no_rows_ready", Text("没有可以导入的行。", "There is no row that can be entered."))
_NOT_NOW = Text("“{state}”的文件不能这样处理。", "That cannot be done with a file in the state “{state}”.")


def same_file(number: str) -> Refusal:
    return Refusal("same_file", _SAME.format(number=number), "/file")


def state_refusals(state: ImportState, *, wanted: Iterable[ImportState]) -> list[Refusal]:
    if state in tuple(wanted):
        return []
    text = Text(_NOT_NOW.zh.format(state=state.text.zh), _NOT_NOW.en.format(state=state.text.en.lower()))
    return [Refusal("wrong_state", text)]


def enter_refusals(state: ImportState, ready: int, faulty: int, *, leave_out: bool) -> list[Refusal]:
    """Whether the rows may go into the register: all of them, unless it was said that those with faults stay out."""
    if refusals := state_refusals(state, wanted=[_S.CHECKED]):
        return refusals
    if faulty and not leave_out:
        return [Refusal("rows_faulty", _FAULTY.format(count=f"{faulty:,}"))]
    return [] if ready else [_NONE]


@dataclass(slots=True)
class Groups:
    """Faults gathered: one line for each kind of fault in each column, with the rows and the first sentence met."""

    found: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def add(self, row: int, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            column = refusal.pointer.strip("/").partition("/")[0]
            key = (refusal.code, column)
            if key not in self.found:
                if len(self.found) >= MOST_GROUPS:
                    continue
                text = refusal.text
                self.found[key] = {
                    "code": refusal.code, "column": column, "zh": text.zh, "en": text.en, "count": 0, "rows": [],
                }  # fmt: skip
            told = self.found[key]
            if told["rows"][-1:] == [row]:
                continue
            told["count"] += 1
            if len(told["rows"]) < MOST_ROWS_TOLD:
                told["rows"].append(row)

    @property
    def kept(self) -> dict[str, Any]:
        """As the import keeps them, the most frequent first: version 1."""
        return {"version": 1, "groups": sorted(self.found.values(), key=lambda told: -told["count"])}


@dataclass(frozen=True, slots=True)
class Group:
    """``rows``: the first of them, by the number beside the row in the file."""

    code: str
    column: str
    text: Text
    count: int
    rows: tuple[int, ...]

    @property
    def spans(self) -> str:
        """``5, 9, 12–40``; an ellipsis where more were met than are named."""
        told: list[list[int]] = []
        for row in self.rows:
            if told and row == told[-1][1] + 1:
                told[-1][1] = row
            else:
                told.append([row, row])
        text = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in told)
        return text + (" …" if self.count > len(self.rows) else "")


def groups_of(kept: Mapping[str, Any]) -> list[Group]:
    """What ``Groups.kept`` gave. ValueError for a version that is not ours."""
    if kept["version"] != 1:
        raise ValueError(f"groups of version {kept['version']}")
    return [
        Group(told["code"], told["column"], Text(told["zh"], told["en"]), told["count"], tuple(told["rows"]))
        for told in kept["groups"]
    ]
