"""Changing goods: one atomic, keyword-only function a verb. Pages, API, jobs, imports and tests all call these."""

from trace.actions.batches import Content, change_draft, draft_batch, register_batch
from trace.actions.checks import destroy_old_keys, make_partitions, record_check, roll_up_checks
from trace.actions.forms import FormContent, change_form, create_form
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
    "change_draft",
    "change_form",
    "close_batch",
    "close_review",
    "create_form",
    "destroy_old_keys",
    "draft_batch",
    "hold_batch",
    "make_partitions",
    "open_review",
    "recall_batch",
    "record_check",
    "register_batch",
    "release_batch",
    "resume_batch",
    "roll_up_checks",
    "void_batch",
]
