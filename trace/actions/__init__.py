"""Changing goods: one atomic, keyword-only function a verb. Pages, API, jobs, imports and tests all call these."""

from trace.actions.alerts import find_patterns
from trace.actions.annual_reports import (
    accept_report,
    draft_report,
    return_report,
    set_due_date,
    state_figures,
    submit_report,
)
from trace.actions.batches import change_draft, draft_batch, draft_batches, register_batch, weigh_batches
from trace.actions.checks import make_partitions, record_check, roll_up_checks
from trace.actions.content import Content
from trace.actions.day_keys import destroy_old_keys
from trace.actions.evidence import add_evidence, withdraw_evidence
from trace.actions.forms import FormContent, change_form, create_form
from trace.actions.genealogy import Use, add_input, confirm_input, end_input
from trace.actions.grades import replay_grades
from trace.actions.harvests import declare_harvest
from trace.actions.imports import (
    check_import,
    commit_import,
    discard_import,
    enter_import,
    forget_imports,
    resume_import,
    stage_import,
)
from trace.actions.issuances import (
    Wish,
    issue_codes,
    may_take,
    prepare_issuance,
    record_range,
    take_codes,
    unit_keys,
    void_issuance,
)
from trace.actions.label_orders import (
    LabelSaying,
    approve_labels,
    cancel_labels,
    issue_labels,
    record_labels,
    refuse_labels,
    request_labels,
)
from trace.actions.link_targets import TargetContent, propose_target, review_target, withdraw_target
from trace.actions.photos import remove_photo, set_photo
from trace.actions.pins import try_pin
from trace.actions.prints import KEPT as PRINTS_KEPT
from trace.actions.prints import (
    PrintWish,
    cancel_print,
    file_of,
    forget_prints,
    print_labels,
    queue_print,
    resume_print,
)
from trace.actions.quota import (
    grant_entitlement,
    open_quota,
    penalise,
    process_goods,
    reverse_posting,
    weigh_entitlement,
)
from trace.actions.recalls import (
    close_recall,
    confirm_recall,
    open_recall,
    read_notices,
    record_recovery,
    sketch_recall,
    withdraw_recall,
)
from trace.actions.reports import Told, close_report, erase_reports, send_report
from trace.actions.season_close import close_season
from trace.actions.steps import (
    close_batch,
    close_review,
    hold_batch,
    open_review,
    recall_batch,
    release_batch,
    resume_batch,
    void_batch,
)
from trace.actions.transfers import accept_transfer, decline_transfer, offer_transfer, withdraw_transfer

__all__ = [
    "PRINTS_KEPT",
    "Content",
    "FormContent",
    "LabelSaying",
    "PrintWish",
    "TargetContent",
    "Told",
    "Use",
    "Wish",
    "accept_report",
    "accept_transfer",
    "add_evidence",
    "add_input",
    "approve_labels",
    "cancel_labels",
    "cancel_print",
    "change_draft",
    "change_form",
    "check_import",
    "close_batch",
    "close_recall",
    "close_report",
    "close_review",
    "close_season",
    "commit_import",
    "confirm_input",
    "confirm_recall",
    "create_form",
    "declare_harvest",
    "decline_transfer",
    "destroy_old_keys",
    "discard_import",
    "draft_batch",
    "draft_batches",
    "draft_report",
    "end_input",
    "enter_import",
    "erase_reports",
    "file_of",
    "find_patterns",
    "forget_imports",
    "forget_prints",
    "grant_entitlement",
    "hold_batch",
    "issue_codes",
    "issue_labels",
    "make_partitions",
    "may_take",
    "offer_transfer",
    "open_quota",
    "open_recall",
    "open_review",
    "penalise",
    "prepare_issuance",
    "print_labels",
    "process_goods",
    "propose_target",
    "queue_print",
    "read_notices",
    "recall_batch",
    "record_check",
    "record_labels",
    "record_range",
    "record_recovery",
    "refuse_labels",
    "register_batch",
    "release_batch",
    "remove_photo",
    "replay_grades",
    "request_labels",
    "resume_batch",
    "resume_import",
    "resume_print",
    "return_report",
    "reverse_posting",
    "review_target",
    "roll_up_checks",
    "send_report",
    "set_due_date",
    "set_photo",
    "sketch_recall",
    "stage_import",
    "state_figures",
    "submit_report",
    "take_codes",
    "try_pin",
    "unit_keys",
    "void_batch",
    "void_issuance",
    "weigh_batches",
    "weigh_entitlement",
    "withdraw_evidence",
    "withdraw_recall",
    "withdraw_target",
    "withdraw_transfer",
]
