"""The steps of an authorisation in plain words: whose turn it is, what each step asks, and what follows from it."""

from dataclasses import dataclass

from gi_registry.lib.texts import Text
from products.rules.authorisations import MACHINE
from products.rules.words import AuthorisationState as A


@dataclass(frozen=True, slots=True)
class Way:
    """A step as a page. ``hint``: what its reason has to say."""

    button: Text
    question: Text
    effect: Text
    done: Text
    style: str = "btn--second"
    hint: Text | None = None


_COUNTY, _PROVINCE = (
    Text("县级或市级监管部门", "The county or city authority"),
    Text("省级登记机构", "The provincial registrar"),
)
_MAKER = Text("生产者", "The producer")

# Whose turn it is, and for what. Nobody has to do anything about what is not here.
NEXT: dict[A, tuple[Text, Text] | None] = dict.fromkeys(A) | {
    A.DRAFT: (_MAKER, Text("核对场地和材料，然后提交。", "Look over sites and documents, then send it.")),
    A.SUBMITTED: (_COUNTY, Text("到场核验产地，作出结论。", "Visits the sites and says whether they are as stated.")),
    A.RETURNED: (_MAKER, Text("按退回的理由补正，再次提交。", "Mends what it was returned for and sends it again.")),
    A.ORIGIN_CHECKED: (_PROVINCE, Text("审核申请。", "Examines the application.")),
    A.PROV_OK: (
        _PROVINCE,
        Text("公告后填写文号和起始日期，核准生效。", "Enters the announcement and the first day of validity."),
    ),
    A.RECTIFYING: (
        _MAKER,
        Text("在期限内完成整改，由监管部门复查。", "Puts things right within the deadline; the authority looks again."),
    ),
    A.DORMANT_WARNING: (_MAKER, Text("恢复使用专用标志，否则可能被停止使用。", "Uses the mark again, or may lose it.")),
    A.SUSPENDED: (None, Text("暂停期间不能登记新批次。", "While it is suspended no new batch can be registered.")),
}

_SEND = Way(
    Text("提交申请", "Send the application"),
    Text("提交申请？", "Send the application?"),
    Text(
        "提交后由县级部门核验产地。此后不能再改场地和材料，可以撤回。",
        "The county then looks at the sites. Sites and documents cannot be changed after that; it can be withdrawn.",
    ),
    Text("已提交，等待县级部门核验产地。", "Sent. The county will look at the sites."),
    "",
)
_WITHDRAW = Way(
    Text("撤回申请", "Withdraw"),
    Text("撤回这份申请？", "Withdraw this application?"),
    Text("撤回后这份申请就结束了，可以重新申请。", "This application is then over; you may apply again."),
    Text("已撤回。", "Withdrawn."),
)
_SUSPEND = Way(
    Text("暂停", "Suspend"),
    Text("暂停这项核准？", "Suspend this authorisation?"),
    Text(
        "暂停期间不能登记新批次，扫码会看到“已暂停”。",
        "No new batch can be registered, and codes say so, until it is lifted.",
    ),
    Text("已暂停。", "Suspended."),
    "btn--warn",
    Text("生产者会看到。", "The producer reads it."),
)
_RESTORE = Way(
    Text("恢复有效", "Restore"),
    Text("恢复这项核准？", "Restore this authorisation?"),
    Text("恢复后可以登记新批次。", "New batches can be registered again."),
    Text("已恢复有效。", "Restored."),
    "",
    Text("写明复查情况。", "Write what was found."),
)
_STOP = Way(
    Text("停止使用", "Stop the use"),
    Text("停止使用专用标志？", "Stop the use of the mark?"),
    Text("核准从今天起结束，不能恢复，只能重新申请。", "It ends today for good; the producer may apply again."),
    Text("已停止使用。", "Stopped."),
    "btn--warn",
    Text("生产者会看到。", "The producer reads it."),
)
_BY_TARGET = {
    A.SUBMITTED: _SEND,
    A.WITHDRAWN: _WITHDRAW,
    A.SUSPENDED: _SUSPEND,
    A.STOPPED: _STOP,
    A.ORIGIN_CHECKED: Way(
        Text("产地核验通过", "The origin is as stated"),
        Text("产地核验通过？", "Is the origin as stated?"),
        Text("申请转到省级审核。", "The application goes on to the province."),
        Text("已记下，转省级审核。", "Noted; it goes on to the province."),
        "",
        Text("写明何时到场、谁去的、看了什么。", "Write when the sites were visited, by whom, and what was seen."),
    ),
    A.RETURNED: Way(
        Text("退回补正", "Return it"),
        Text("退回补正？", "Return it for correction?"),
        Text("生产者按您写的理由补正后再提交。", "The producer mends what you name and sends it again."),
        Text("已退回。", "Returned."),
        hint=Text("写明要补正什么。生产者会看到。", "Write what has to be mended. The producer reads it."),
    ),
    A.PROV_OK: Way(
        Text("审核通过", "Pass"),
        Text("审核通过？", "Pass the application?"),
        Text(
            "公告之后再填文号和起始日期，核准才生效。",
            "It takes effect once the announcement and the first day are entered.",
        ),
        Text("省级审核已通过。", "Passed by the province."),
        "",
    ),
    A.REFUSED: Way(
        Text("不予核准", "Refuse"),
        Text("不予核准？", "Refuse the application?"),
        Text(
            "须写明不符合哪一项条件。生产者会看到，可以重新申请。",
            "Name the condition that is not met. The producer reads it and may apply again.",
        ),
        Text("已作出不予核准的决定。", "Refused."),
        "btn--warn",
        Text("生产者会看到。", "The producer reads it."),
    ),
    A.RECTIFYING: Way(
        Text("责令整改", "Order rectification"),
        Text("责令整改？", "Order rectification?"),
        Text(
            "核准仍有效。期限内没有改好的，登记机构可以停止使用。",
            "It stays valid. If nothing is put right in time, the registrar may stop the use.",
        ),
        Text("已责令整改。", "Rectification is ordered."),
        "btn--warn",
        Text("写明要改什么。生产者会看到。", "Write what has to be put right. The producer reads it."),
    ),
    A.REVOKED: Way(
        Text("撤销核准", "Revoke"),
        Text("撤销这项核准？", "Revoke this authorisation?"),
        Text("撤销后不能恢复。", "It cannot be restored."),
        Text("已撤销。", "Revoked."),
        "btn--warn",
        Text("生产者会看到。", "The producer reads it."),
    ),
    A.ACTIVE: _RESTORE,
}
_GRANT = Way(
    Text("核准生效", "Grant"),
    Text("核准生效？", "Grant the authorisation?"),
    Text(
        "从起始日期起，生产者可以登记批次、使用专用标志。",
        "From its first day the producer may register batches and use the mark.",
    ),
    Text("核准已生效。", "Granted."),
    "",
)

# What the clock proposes is for the daily work, not for a button.
WAYS = {
    (state, to): _GRANT if (state, to) == (A.PROV_OK, A.ACTIVE) else _BY_TARGET[to]
    for state, steps in MACHINE.items()
    for to, step in steps.items()
    if not step.is_by_clock
}
