"""What a certificate says: public facts of an authorisation or of a lot, as the record holds them, and nothing else.

The claims are the facts alone, without a day of issue, so that the same facts are the same credential. Of a household nothing is said
but the body that vouches for it, as on the page behind the code.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

from gi_registry.credentials.contexts import PATH, W3C
from gi_registry.lib import jsonio
from gi_registry.lib.clock import CHINA
from products.actions.requirements import rules_as_sent
from products.models import Authorisation, Producer, SpecificationVersion, Title
from products.queries import public_face
from products.rules.logged import authorisation_object
from regions.models import Boundary, Region
from trace.models import Batch
from trace.rules.dates import BatchDates
from trace.rules.logged import batch_object

Claims = dict[str, Any]
MOST_ZONES = 20
_DAYS = {
    "harvested_on": "harvestedOn",
    "produced_on": "producedOn",
    "packed_on": "packedOn",
    "best_before_on": "bestBeforeOn",
}


def of_authorisation(row: Authorisation, root: str, issuer: str) -> Claims:
    """That a producer may use the mark, from when to when."""
    subject = {
        "id": f"{root}/certificates/authorisation/{row.number}#authorisation",
        "registrationNumber": row.number,
        "approvalReference": row.approval_reference,
        "producer": _producer(row.producer, root),
        **_title(row.title, row.valid_from, root),
        "logProof": f"{root}/log/objects/{authorisation_object(row.number)}/",
    }
    days = {"validFrom": _moment(row.valid_from), "validUntil": _moment(row.valid_until, is_end=True)}
    return _claims("GeographicalIndicationAuthorisation", root, issuer, days, subject)


def of_batch(row: Batch, root: str, issuer: str) -> Claims:
    """That a lot was released under a name, with what whoever checks it is told. No quantity: it would tell a producer's volume."""
    days = {said: _day(getattr(row, name)) for name, said in _DAYS.items() if name in BatchDates.__slots__}
    subject = {
        "id": row.digital_link or row.link,
        "lot": row.number,
        "gtin": row.form.gtin,
        "division": row.division_code,
        **days,
        "producer": _producer(row.producer, root),
        **_title(row.authorisation.title, row.produced_on, root),
        "specification": _specification(row.specification, root),
        "logProof": f"{root}/log/objects/{batch_object(row.number)}/",
    }
    released = row.released_at.astimezone(UTC).replace(microsecond=0) if row.released_at else None
    days = {"validFrom": released.isoformat().replace("+00:00", "Z") if released else None}
    return _claims("GeographicalIndicationBatch", root, issuer, days, subject)


def _claims(kind: str, root: str, issuer: str, days: Mapping[str, str | None], subject: Claims) -> Claims:
    return {
        "@context": [W3C, f"{root}/{PATH}"],
        "type": ["VerifiableCredential", "GeographicalIndicationCertificate", kind],
        "issuer": issuer,
        **_told(days),
        "credentialSubject": _told(subject),
    }


def _title(title: Title, on: date, root: str) -> Claims:
    name = title.indication
    return {
        "indication": {"id": f"{root}/products/{name.slug}/", "label": _label(name.name_zh, name.name_en)},
        "titleNumber": title.title_number or title.announcement_number or None,
        "region": _region(title.region, on, root) if title.region else None,
    }


def _region(region: Region, on: date, root: str) -> Claims:
    """With the digests of its outlines of a day, as the open log has them (``geometry_sha256``)."""
    outlines = Boundary.objects.as_of(on).filter(region=region).order_by("zone", "pk")[:MOST_ZONES]
    digests = [sha256(bytes(outline.geom.wkb)).hexdigest() for outline in outlines]
    return _told({"id": f"{root}/ogc/collections/regions/items/{region.number}", "digestSHA256": digests})


def _specification(version: SpecificationVersion | None, root: str) -> Claims | None:
    """With the digest of its demands, as the open log has it (``rules_sha256``)."""
    if version is None:
        return None
    return {
        "id": f"{root}/products/{version.title.indication.slug}/#specification-{version.number}",
        "digestSHA256": sha256(jsonio.dumps(rules_as_sent(version))).hexdigest(),
    }


def _producer(producer: Producer, root: str) -> Claims:
    face = public_face(producer)
    page = f"{root}/products/producers/{face.number}/" if face.number else None
    return _told({"id": page, "label": _label(face.name_zh, face.name_en)})


def _label(zh: str, en: str) -> dict[str, str]:
    return {language: name for language, name in (("zh", zh), ("en", en)) if name}


def _told(claims: Mapping[str, Any]) -> Claims:
    """Without what is not known: an absent fact is absent."""
    return {name: value for name, value in claims.items() if value not in (None, "", {}, [])}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(day: date | None, *, is_end: bool = False) -> str | None:
    """A day of the register as moments in China's time, told in UTC."""
    if day is None:
        return None
    at = datetime.combine(day, time(23, 59, 59) if is_end else time(0), tzinfo=CHINA)
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
