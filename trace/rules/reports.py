"""What a consumer may report about goods and their code, and what becomes of it."""

from gi_registry.lib.characters import unseen_faults
from gi_registry.lib.texts import Refusal, Text, Word

MAX_WORDS = 1_000
MAX_CONTACT = 100
MAX_ANSWER = 500
# A closed report is only counted from then on: the photo, the words and the contact are erased.
KEPT_DAYS = 180


class ReportKind(Word):
    COPIED = "copied", "怀疑码被复制或冒用", "The code may have been copied"
    TAMPERED = "tampered", "标签被揭换、涂改或遮盖", "The label was replaced, altered or covered"
    DIFFERENT = "different", "实物与页面所示不符", "The goods differ from what the page shows"
    NOT_FOUND = "not_found", "包装上的码查不到", "The code on the pack is not found"
    OTHER = "other", "其他", "Something else"


class ReportState(Word):
    RECEIVED = "received", "已收到，待处理", "Received, waiting to be looked at"
    CLOSED = "closed", "已处理", "Dealt with"


# Where a report goes whose code names no batch: the province.
NOWHERE = "140000"

_NO_WORDS = Refusal(
    "words_missing",
    Text("请写几句话说明情况，或附一张照片。", "Say in a few words what is wrong, or add a photo."),
    "/words_said",
)
_NO_ANSWER = Refusal("answer_missing", Text("请写明处理结果。", "Say what came of it."), "/answer")


def report_faults(words: str, contact: str, *, has_photo: bool) -> list[Refusal]:
    """What is wrong with a report as it was sent."""
    faults = unseen_faults(words_said=words, contact=contact)
    if not words.strip() and not has_photo:
        faults.append(_NO_WORDS)
    if len(words) > MAX_WORDS:
        faults.append(too_long("words_said", MAX_WORDS))
    if len(contact) > MAX_CONTACT:
        faults.append(too_long("contact", MAX_CONTACT))
    return faults


def answer_faults(answer: str) -> list[Refusal]:
    if not answer.strip():
        return [_NO_ANSWER]
    if hidden := unseen_faults(answer=answer):
        return hidden
    return [too_long("answer", MAX_ANSWER)] if len(answer) > MAX_ANSWER else []


def too_long(field: str, most: int) -> Refusal:
    return Refusal("too_long", Text(f"不超过 {most} 字。", f"At most {most} characters."), f"/{field}")
