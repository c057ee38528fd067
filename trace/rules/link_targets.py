"""Addresses elsewhere that producers and holders propose for their goods: what they may speak of, and how one comes to be served."""

from gi_registry.lib.texts import Refusal, Text, Word
from trace.rules.batches import MAX_REASON

# Of one article or title that wait or are served. Enough for every type in both languages.
MAX_OPEN = 24
MAX_LABEL = 80


class TargetState(Word):
    PROPOSED = "proposed", "待审核", "Proposed"
    ACCEPTED = "accepted", "已采用", "Accepted"
    REFUSED = "refused", "未通过", "Refused"
    WITHDRAWN = "withdrawn", "已撤下", "Withdrawn"


class TargetKind(Word):
    """Link types of the GS1 Web Vocabulary that may lead elsewhere. What the registry answers for itself (verification,
    recall, certification, register entry, traceability, the default) is not among them."""

    PIP = "pip", "产品信息", "Product information"
    RECIPES = "recipeInfo", "食谱", "Recipes"
    INSTRUCTIONS = "instructions", "使用说明", "Instructions"
    INGREDIENTS = "ingredientsInfo", "配料", "Ingredients"
    NUTRITION = "nutritionalInfo", "营养成分", "Nutrition"
    ALLERGENS = "allergenInfo", "致敏物", "Allergens"
    STORAGE = "consumerHandlingStorageInfo", "储存方法", "Handling and storage"
    SUSTAINABILITY = "sustainabilityInfo", "可持续性", "Sustainability"
    VIDEO = "relatedVideo", "视频", "Video"
    RETAILERS = "hasRetailers", "销售渠道", "Retailers"
    FAQS = "faqs", "常见问题", "Questions and answers"
    SUPPORT = "support", "客户服务", "Support"
    SOCIAL = "socialMedia", "社交媒体", "Social media"


class TargetLanguage(Word):
    ZH = "zh", "中文", "Chinese"
    EN = "en", "英文", "English"


class TargetMedia(Word):
    HTML = "text/html", "网页", "Web page"
    PDF = "application/pdf", "PDF 文件", "PDF file"
    VIDEO = "video/mp4", "视频文件", "Video file"


_S = TargetState
MACHINE: dict[TargetState, tuple[TargetState, ...]] = {
    _S.PROPOSED: (_S.ACCEPTED, _S.REFUSED, _S.WITHDRAWN),
    _S.ACCEPTED: (_S.WITHDRAWN,),
    _S.REFUSED: (),
    _S.WITHDRAWN: (),
}
OPEN = (_S.PROPOSED, _S.ACCEPTED)

ALREADY_SERVED = Refusal(
    "target_taken",
    Text(
        "同类型、同语言的链接已有一个在用，请先撤下。",
        "One of this type and language is served already: withdraw that first.",
    ),
)
TOO_MANY = Refusal(
    "too_many_targets", Text(f"最多 {MAX_OPEN} 个待审核或在用的链接。", f"At most {MAX_OPEN} may wait or be served.")
)
NO_GTIN = Refusal(
    "no_gtin", Text("该产品规格没有商品条码。", "The product form has no GTIN."), "/form"
)  # fmt: skip
_LONG_REASON = Refusal(
    "reason_too_long",
    Text(f"原因不超过 {MAX_REASON} 字。", f"A reason has at most {MAX_REASON} characters."),
    "/reason",
)
_NO_REASON = Refusal("reason_missing", Text("请写明原因。", "Give the reason."), "/reason")


def step_refusals(state: TargetState, to: TargetState, reason: str) -> list[Refusal]:
    """What speaks against taking a target from one state to another; a No needs its reason."""
    faults = []
    if to not in MACHINE[state]:
        text = Text("链接现为“{state}”，不能改为“{to}”。", "A target that is {state} cannot become {to}.")
        zh = text.zh.format(state=state.text.zh, to=to.text.zh)
        en = text.en.format(state=state.text.en.lower(), to=to.text.en.lower())
        faults.append(Refusal("target_state", Text(zh, en)))
    if len(reason) > MAX_REASON:
        faults.append(_LONG_REASON)
    if to in (_S.REFUSED, _S.WITHDRAWN) and not reason.strip():
        faults.append(_NO_REASON)
    return faults
