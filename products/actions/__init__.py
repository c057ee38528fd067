"""Changing the register: one atomic keyword-only function a verb. This file re-exports and does nothing else."""

from products.actions.authorisations import (
    change_sites,
    draft_authorisation,
    expire_authorisations,
    move_authorisation,
    note_use,
    turn_dormant,
)
from products.actions.cells import count_site_cells
from products.actions.documents import add_document, remove_document
from products.actions.indications import (
    change_season,
    create_indication,
    enter_holder,
    only_season_keeper,
    open_season,
    update_holder,
    update_indication,
)
from products.actions.producers import register_producer, update_producer
from products.actions.quotas import QuotaContent, ceiling_of, move_quota, set_quota
from products.actions.sites import Judgement, judge_site, register_site, retire_site, review_site
from products.actions.specifications import (
    announce_specification,
    content_of,
    draft_specification,
    enter_reported_rules,
    move_specification,
    redraft_specification,
    turn_specifications,
)
from products.actions.staging import stage_upload
from products.actions.titles import move_title, open_title, update_title
from products.actions.uploads import check_upload, commit_upload, discard_upload, forget_uploads

__all__ = [
    "Judgement",
    "QuotaContent",
    "add_document",
    "announce_specification",
    "ceiling_of",
    "change_season",
    "change_sites",
    "check_upload",
    "commit_upload",
    "content_of",
    "count_site_cells",
    "create_indication",
    "discard_upload",
    "draft_authorisation",
    "draft_specification",
    "enter_holder",
    "enter_reported_rules",
    "expire_authorisations",
    "forget_uploads",
    "judge_site",
    "move_authorisation",
    "move_quota",
    "move_specification",
    "move_title",
    "note_use",
    "only_season_keeper",
    "open_season",
    "open_title",
    "redraft_specification",
    "register_producer",
    "register_site",
    "remove_document",
    "retire_site",
    "review_site",
    "set_quota",
    "stage_upload",
    "turn_dormant",
    "turn_specifications",
    "update_holder",
    "update_indication",
    "update_producer",
    "update_title",
]
