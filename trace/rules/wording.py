"""The words, the icon and the tone of each verdict.

Words say what the registry knows and no more: a code can be copied, so nothing here calls goods true or false, and a
failure of ours is never laid at the goods' door.
"""

from dataclasses import dataclass, replace

from gi_registry.lib.texts import Text, Word
from trace.rules.verdicts import Verdict


class Tone(Word):
    """Colour of the band. Never the only sign: icon, title and sentence say the same."""

    CALM = "calm", "正常", "As usual"
    CARE = "care", "请留意", "Take care"
    STOP = "stop", "请停用", "Stop"
    PLAIN = "plain", "无结论", "No finding"


@dataclass(frozen=True, slots=True)
class Wording:
    title: Text
    statement: Text
    advice: Text
    icon: str
    tone: Tone
    proves: tuple[Text, ...]
    does_not_prove: tuple[Text, ...]


_ISSUED = Text("此码由登记系统签发，对应下列批次。", "The registry issued this code, for the batch shown.")
_RIGHT = Text(
    "登记时已核对：生产者在生产日期持有专用标志使用核准。",
    "At registration the producer's authorisation to use the mark was checked for the production date.",
)
_SITES = Text(
    "登记时已核对：所列场地为该生产者所有并已启用。",
    "At registration the sites were checked: the producer's own, and active.",
)
_COPY = Text(
    "不能说明手中这一件就是登记的那一批：二维码可以被复制。",
    "It does not show that the item in your hand is from the batch: a printed code can be copied.",
)
_QUALITY = Text(
    "不是检验报告，不说明品质、口味或安全。",
    "It is no laboratory report: it says nothing of quality, taste or safety.",
)
_GOODS = Text("不说明手中商品的来历。", "It says nothing about where the goods in your hand come from.")
_NO_BLAME = Text("不说明商品有问题。", "It does not mean that anything is wrong with the goods.")

_FULL = (_ISSUED, _RIGHT, _SITES)
_NOT = (_COPY, _QUALITY)

WORDINGS: dict[Verdict, Wording] = {
    Verdict.REGISTERED: Wording(
        Verdict.REGISTERED.text,
        Text(
            "此码由登记系统签发，批次已登记并放行。",
            "This code was issued by the registry. The batch is registered and released.",
        ),
        Text(
            "请核对包装上的品名、生产者和批次号是否与本页一致。",
            "Compare product, producer and lot on the pack with this page.",
        ),
        "check",
        Tone.CALM,
        _FULL,
        _NOT,
    ),
    Verdict.CHECKED_OFTEN: Wording(
        Verdict.CHECKED_OFTEN.text,
        Text(
            "此码由登记系统签发，但查询次数明显多于这一批的件数。",
            "This code was issued by the registry, but it was checked far more often than the batch has packs.",
        ),
        Text(
            "码可能被复制。若包装有异常或价格明显偏低，请保留凭证并举报。",
            "The code may have been copied. If the pack or the price looks odd, keep the receipt and report it.",
        ),
        "repeat",
        Tone.CARE,
        _FULL,
        (_COPY, _QUALITY, _NO_BLAME),
    ),
    Verdict.UNDER_REVIEW: Wording(
        Verdict.UNDER_REVIEW.text,
        Text(
            "此码由登记系统签发，监管部门正在核查这一批次，尚无结论。",
            "This code was issued by the registry. The authority is reviewing the batch; there is no finding yet.",
        ),
        Text("可稍后再查，或向生产者询问。", "Check again later, or ask the producer."),
        "magnifier",
        Tone.CARE,
        _FULL,
        (_COPY, _QUALITY, _NO_BLAME),
    ),
    Verdict.NOT_ACTIVATED: Wording(
        Verdict.NOT_ACTIVATED.text,
        Text(
            "此码由登记系统签发，但生产者尚未放行这一批次，不应在售。",
            "This code was issued by the registry, but the producer has not released the batch: it should not be on sale.",
        ),
        Text("若您在商店看到它，请举报。", "If you saw it in a shop, please report it."),
        "clock",
        Tone.CARE,
        (_ISSUED,),
        _NOT,
    ),
    Verdict.OUT_OF_SEASON: Wording(
        Verdict.OUT_OF_SEASON.text,
        Text(
            "此码由登记系统签发，但本产季的开售日期未到。",
            "This code was issued by the registry, but this season's sales have not opened yet.",
        ),
        Text("若已在售，请举报。", "If it is on sale already, please report it."),
        "calendar",
        Tone.CARE,
        _FULL,
        _NOT,
    ),
    Verdict.PAST_BEST_BEFORE: Wording(
        Verdict.PAST_BEST_BEFORE.text,
        Text(
            "此码由登记系统签发，登记的保质期已过。",
            "This code was issued by the registry. The registered best-before date has passed.",
        ),
        Text(
            "请核对包装上的日期。过期食品仍在出售的，请举报。",
            "Look at the date on the pack. If food is sold past its date, please report it.",
        ),
        "calendar",
        Tone.CARE,
        _FULL,
        _NOT,
    ),
    Verdict.AUTHORISATION_ENDED: Wording(
        Verdict.AUTHORISATION_ENDED.text,
        Text(
            "此码由登记系统签发，但该生产者的专用标志使用核准现已失效。",
            "This code was issued by the registry, but the producer's authorisation to use the mark no longer stands.",
        ),
        Text(
            "核准失效前生产的商品可能仍在售，请对照下面的生产日期和核准状态。",
            "Goods made before the end may still be on sale: see the production date and the authorisation below.",
        ),
        "document",
        Tone.CARE,
        (_ISSUED,),
        (_COPY, _QUALITY, _NO_BLAME),
    ),
    Verdict.ON_HOLD: Wording(
        Verdict.ON_HOLD.text,
        Text(
            "此码由登记系统签发，监管部门已要求暂停销售这一批次。",
            "This code was issued by the registry. The authority has put sales of this batch on hold.",
        ),
        Text("请先不要购买、使用或食用。", "Do not buy or use it for now."),
        "pause",
        Tone.STOP,
        (_ISSUED,),
        _NOT,
    ),
    Verdict.RECALLED: Wording(
        Verdict.RECALLED.text,
        Text(
            "此码由登记系统签发，这一批次已召回。", "This code was issued by the registry. The batch has been recalled."
        ),
        Text(
            "请停止使用或食用，联系购买处或生产者退货。",
            "Stop using it and return it to the shop or the producer.",
        ),
        "back",
        Tone.STOP,
        (_ISSUED,),
        _NOT,
    ),
    Verdict.VOIDED: Wording(
        Verdict.VOIDED.text,
        Text(
            "此码曾由登记系统签发，现已作废，不应出现在任何商品上。",
            "This code was issued by the registry and then voided. It should stand on no goods.",
        ),
        Text("请不要购买，并举报在哪里看到它。", "Do not buy it, and report where you saw it."),
        "cross",
        Tone.STOP,
        (_ISSUED,),
        (_GOODS, _QUALITY),
    ),
    Verdict.MISTYPED: Wording(
        Verdict.MISTYPED.text,
        Text(
            "这不是一个完整的码，多半是某个字符输错了。",
            "This is not a complete code; most likely a character was mistyped.",
        ),
        Text(
            "请对照包装重新输入。字母 O 与数字 0、字母 I 与数字 1 可以混用。",
            "Compare it with the pack and type it again. O and 0, I and 1 may be mixed.",
        ),
        "pencil",
        Tone.PLAIN,
        (),
        (_GOODS, _NO_BLAME),
    ),
    Verdict.NOT_ISSUED: Wording(
        Verdict.NOT_ISSUED.text,
        Text("登记系统没有签发过此码。", "The registry has not issued this code."),
        Text(
            "请核对输入；若与包装一致，请保留商品和凭证并举报。",
            "Check what you typed. If it matches the pack, keep the item and the receipt and report it.",
        ),
        "question",
        Tone.STOP,
        (Text("到目前为止，登记系统中没有这个号码。", "Up to now the registry holds no such number."),),
        (_GOODS, _QUALITY),
    ),
    Verdict.UNAVAILABLE: Wording(
        Verdict.UNAVAILABLE.text,
        Text(
            "系统暂时无法查询，这是我们的故障，与商品无关。",
            "We cannot check right now. The fault is ours and says nothing about the goods.",
        ),
        Text("请过几分钟再试。", "Please try again in a few minutes."),
        "cloud",
        Tone.PLAIN,
        (),
        (_GOODS, _NO_BLAME),
    ),
}

_ISSUED_UNIT = Text(
    "此码由登记系统签发，只给过下列批次中的一件。",
    "The registry issued this code, for one item of the batch shown.",
)
_COPY_UNIT = Text(
    "不能说明手中这一件就是登记的那一件：二维码可以被复制。",
    "It does not show that the item in your hand is the one registered: a printed code can be copied.",
)
_IF_SEALED = Text(
    "若您刚刚拆开完好的包装，而这不是第一次查询，它可能是复制的码：请举报。",
    "If you have just opened a sealed pack and this is not the first check, it may be a copy: report it.",
)
# What is said otherwise where the code of one item was asked about: statement and advice.
_OF_A_UNIT = {
    Verdict.REGISTERED: (
        WORDINGS[Verdict.REGISTERED].statement,
        Text(
            "请核对包装上的品名、生产者和编号是否与本页一致。",
            "Compare product, producer and numbers on the pack with this page.",
        ),
    ),
    Verdict.CHECKED_OFTEN: (
        Text(
            "此码由登记系统签发，但它已被查询多次，比一件商品通常的次数多。",
            "This code was issued by the registry, but it was checked more often than one item usually is.",
        ),
        _IF_SEALED,
    ),
    Verdict.UNDER_REVIEW: (
        Text(
            "此码由登记系统签发，但它的查询情况异常，正在核查，尚无结论。",
            "This code was issued by the registry, but its checks look unusual. It is under review; there is no finding yet.",
        ),
        _IF_SEALED,
    ),
    Verdict.NOT_ACTIVATED: (
        Text(
            "此码由登记系统签发，但生产者尚未启用这一件的码，不应在售。",
            "This code was issued by the registry, but the producer has not activated it: the item should not be on sale.",
        ),
        WORDINGS[Verdict.NOT_ACTIVATED].advice,
    ),
}


def _for_a_unit(verdict: Verdict, words: Wording) -> Wording:
    statement, advice = _OF_A_UNIT.get(verdict, (words.statement, words.advice))
    swap = {_ISSUED: _ISSUED_UNIT, _COPY: _COPY_UNIT}
    return replace(
        words,
        statement=statement,
        advice=advice,
        proves=tuple(swap.get(text, text) for text in words.proves),
        does_not_prove=tuple(swap.get(text, text) for text in words.does_not_prove),
    )


UNIT_WORDINGS = {verdict: _for_a_unit(verdict, words) for verdict, words in WORDINGS.items()}

# The second half of the story for an ended authorisation, chosen by what held on the day of production.
MADE_WHILE_AUTHORISED = Text("生产当日核准有效。", "On the production date the authorisation stood.")
MADE_WITHOUT = Text("生产当日核准无效。", "On the production date the authorisation did not stand.")

FOREIGN_HOST = Text(
    "您输入的链接指向 {host}，不是本登记系统的网址。下面是按其中的批次号查到的结果。",
    "The link you gave leads to {host}, which is not this registry. What follows was found by the lot in it.",
)
UNIT_CODE_UNKNOWN = Text(
    "这个批次中没有签发过这个单件码。两者应来自同一件商品。",
    "No such unit code was issued in this lot. Both should be from the same item.",
)
LOT_NEEDED = Text(
    "这是单件码，还需要批次号。请扫描包装上的二维码，或先输入批次号，再输入单件码。",
    "This is a unit code; the lot is needed too. Scan the QR code on the pack, or type the lot and then the unit code.",
)
KEY_COMPROMISED = Text(
    "签发此码的密钥曾经泄露，他人也可能造出这样的码。请结合购买渠道判断。",
    "The key behind this code was once exposed, so others may have made such codes. Consider where it was bought.",
)
SEASON_OPENS = Text("{name}：{day} 起可以销售。", "{name}: sales open on {day}.")
