"""Deciding about people without a database: kinds of organisation, shapes of memberships and keys."""

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from gi_registry.lib.access import RoleKind
from gi_registry.lib.ids import uscc_faults
from gi_registry.lib.texts import Refusal, Text, Word


class OrganisationKind(Word):
    COMPANY = "company", "企业", "Company"
    COOPERATIVE = "cooperative", "农民专业合作社", "Farmers' cooperative"
    COLLECTIVE = "collective", "农村集体经济组织", "Rural collective economic organisation"
    SOLE_TRADER = "sole_trader", "个体工商户", "Sole trader"
    ASSOCIATION = "association", "社会团体", "Association"
    INSTITUTION = "institution", "事业单位", "Public institution"
    GOVERNMENT = "government", "机关", "Government body"
    HOUSEHOLD = "household", "农户", "Farming household"


class KeyScope(Word):
    READ = "read", "读取", "Read"
    WRITE = "write", "读取和修改", "Read and change"


# How long a division code prefix each role watches: 2 province, 4 city, 6 county. An auditor may have any of them.
PREFIX_LENGTHS: dict[RoleKind, tuple[int, ...]] = {
    RoleKind.REGISTRAR: (2,),
    RoleKind.CITY_REGULATOR: (4,),
    RoleKind.COUNTY_REGULATOR: (6,),
    RoleKind.AUDITOR: (2, 4, 6),
}
ORGANISATION_ROLES = (RoleKind.HOLDER, RoleKind.PRODUCER)


def organisation_faults(
    *, kind: OrganisationKind, uscc: str | None, has_sponsor: bool, sponsor_has_uscc: bool
) -> list[Refusal]:
    """A household has no credit code and stands under a sponsor that has one; everybody else has a valid one.

    The special mark must carry a credit code, so somebody in the chain must own one.
    """
    if kind is not OrganisationKind.HOUSEHOLD:
        return uscc_faults(uscc or "")
    if uscc:
        return [
            _fault(
                "household_uscc",
                "农户没有统一社会信用代码，请留空。",
                "A household has no credit code: leave it empty.",
                "/uscc",
            )
        ]
    if not has_sponsor:
        text = ("农户须由有统一社会信用代码的合作社或单位担保。", "A household needs a sponsor that has a credit code.")
        return [_fault("sponsor_missing", *text, "/sponsor")]
    if not sponsor_has_uscc:
        return [
            _fault(
                "sponsor_without_uscc",
                "担保单位须有统一社会信用代码。",
                "The sponsor must have a credit code.",
                "/sponsor",
            )
        ]
    return []


def membership_faults(*, role: RoleKind, has_organisation: bool, division_prefix: str) -> list[Refusal]:
    """Producers and holders act for an organisation; officials watch a place, as long a prefix as their level."""
    if role in ORGANISATION_ROLES:
        if not has_organisation:
            return [
                _fault(
                    "organisation_missing",
                    "该角色须属于一个单位。",
                    "This role needs an organisation.",
                    "/organisation",
                )
            ]
        return []
    lengths = PREFIX_LENGTHS[role]
    if not re.fullmatch(r"\d+", division_prefix, re.ASCII) or len(division_prefix) not in lengths:
        return [
            _fault(
                "division_prefix",
                "行政区划代码前缀与角色级别不符。",
                "The division code prefix does not fit the role's level.",
                "/division_prefix",
            )
        ]
    return []


# --- API keys: "gi_" + 8 characters to find the row + "_" + 43 characters (256 bits) that only the owner keeps -----

KEY_PATTERN = re.compile(r"gi_([0-9a-f]{8})_([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A fresh key: ``text`` is shown once, ``prefix`` and ``digest`` are stored."""

    text: str
    prefix: str
    digest: bytes


def new_key(token: Callable[[int], bytes] = secrets.token_bytes) -> NewKey:
    prefix = token(4).hex()
    secret = base64.urlsafe_b64encode(token(32)).rstrip(b"=").decode()
    text = f"gi_{prefix}_{secret}"
    return NewKey(text, prefix, digest_of(text))


def digest_of(text: str) -> bytes:
    """SHA-256 is enough for 256 random bits; a slow hash is for passwords."""
    return hashlib.sha256(text.encode()).digest()


def _fault(code: str, zh: str, en: str, pointer: str) -> Refusal:
    return Refusal(code, Text(zh, en), pointer)
