"""Changing goods: one atomic, keyword-only function a verb. Pages, API, jobs, imports and tests all call these."""

from trace.actions.batches import Content, change_draft, draft_batch, register_batch
from trace.actions.checks import destroy_old_keys, make_partitions, record_check, roll_up_checks
from trace.actions.forms import FormContent, change_form, create_form
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
from trace.actions.link_targets import TargetContent, propose_target, review_target, withdraw_target
from trace.actions.photos import remove_photo, set_photo
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

__all__ = [
    "Content",
    "FormContent",
    "TargetContent",
    "Wish",
    "change_draft",
    "change_form",
    "close_batch",
    "close_review",
    "create_form",
    "destroy_old_keys",
    "draft_batch",
    "hold_batch",
    "issue_codes",
    "make_partitions",
    "may_take",
    "open_review",
    "prepare_issuance",
    "propose_target",
    "recall_batch",
    "record_check",
    "record_range",
    "register_batch",
    "release_batch",
    "remove_photo",
    "resume_batch",
    "review_target",
    "roll_up_checks",
    "set_photo",
    "take_codes",
    "unit_keys",
    "void_batch",
    "void_issuance",
    "withdraw_target",
]
