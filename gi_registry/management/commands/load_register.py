"""Fills an empty register with the real data of `fixtures/`: divisions, regions, indications, titles, specifications.

It adds what is missing and leaves alone what is there, since people may have corrected it. The digest of the files is
kept with the answered requests, so that a second run, and one at the same time, has nothing to do.
"""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.models import AnsweredRequest
from products import actions
from products.models import Holder, Indication, SpecificationVersion, Title
from products.rules.titles import TitleFacts
from products.rules.words import Confidence, SpecificationStatus, TitleKind, TitleStatus
from regions.actions import create_region, import_divisions, publish_boundary, record_division_change
from regions.models import Region
from regions.rules import BoxCheck, ChangeShare, DeclaredBox, Extent

FIXTURES = settings.BASE_DIR / "fixtures"
FILES = ("divisions.geojson", "division_changes.json", "indications.json")
ACTOR = Actor.SYSTEM
REASON = "fixtures"
Record = dict[str, Any]

# Fields of a record that go into the register as they are.
INDICATION = (
    *("slug", "name_zh", "name_en", "pinyin", "category", "category_en", "main_division_code", "division_codes"),
    *("notes_zh", "notes_en", "agreement_zh", "agreement_en", "sources", "figures"),
)


class Command(BaseCommand):
    help = "载入山西行政区划与 76 个地理标志 loads the divisions of Shanxi and 76 geographical indications"

    def handle(self, *args: Any, **options: Any) -> None:
        texts = [(FIXTURES / name).read_bytes() for name in FILES]
        now = clock.now()
        with transaction.atomic():
            if not _claim(hashlib.sha256(b"\0".join(texts)).digest(), now):
                self.stdout.write("登记数据已载入 The register is loaded already")
                return
            divisions, changes, records = (json.loads(text) for text in texts)
            import_divisions(features=divisions["features"], actor=ACTOR, now=now, reason=REASON)
            self._say("行政区划 divisions", len(divisions["features"]))
            load_changes(changes, now)
            self._say("区划代码变更 changes of codes", len(changes))
            known = set(Indication.objects.values_list("slug", flat=True))
            for record in records:
                if record["slug"] in known:
                    add_rules(record, now)
                else:
                    load_indication(record, now)
            self._say("地理标志 indications", len(records))
            self._say("保护形式 titles", sum(len(record["titles"]) for record in records))
        wrong = Region.objects.filter(declared_check=BoxCheck.WRONG).count()
        self._say("公布的四至有误（不用作边界） published boxes found wrong, never used as outlines", wrong)

    def _say(self, what: str, count: int) -> None:
        self.stdout.write(f"  {count:>4}  {what}")


def _claim(digest: bytes, now: datetime) -> bool:
    """Whether these very files have still to be loaded; waits for another loader and then answers no."""
    key = f"load_register:{digest.hex()}"
    if not AnsweredRequest.claim(identity=ACTOR.identity, key=key, fingerprint=digest, now=now):
        return False
    AnsweredRequest.objects.filter(identity=ACTOR.identity, key=key).update(status=204, answer=b"")
    return True


def load_changes(changes: list[Record], now: datetime) -> None:
    """What became of earlier codes; noting a change again corrects the note."""
    for change in changes:
        days = {name: _day(change[name]) for name in ("changed_after", "changed_before", "changed_on")}
        record_division_change(**{**change, **days, "share": ChangeShare(change["share"])}, actor=ACTOR, now=now)


def load_indication(record: Record, now: datetime) -> None:
    """One indication with everything that hangs on it."""
    region = load_region(record, now)
    indication = actions.create_indication(
        **{name: record[name] for name in INDICATION},
        confidence=Confidence(record["confidence"]),
        actor=ACTOR,
        now=now,
        reason=REASON,
    )
    titles = [_title(row, indication, region, now) for row in record["titles"]]
    for row in record["specifications"]:
        _specification(row, titles[row["title"]], now)


def add_rules(record: Record, now: datetime) -> None:
    """Rules for versions that were loaded before there were any; those that people took up are left alone."""
    for row in record["specifications"]:
        versions = SpecificationVersion.objects.filter(
            title__indication__slug=record["slug"], label_zh=row["label_zh"], status=SpecificationStatus.REPORTED
        )
        version = versions.filter(drafted_by=None, rules=None).first()
        if version and row["rules"]:
            actions.enter_reported_rules(specification=version, rules=row["rules"], actor=ACTOR, now=now, reason=REASON)


def load_region(record: Record, now: datetime) -> Region:
    """The region as printed, and its outline: the union of the divisions that it names, since before our records."""
    row, codes = record["region"], record["division_codes"]
    region = create_region(
        **{name: row[name] for name in ("slug", "name_zh", "name_en", "source_text", "accuracy_m")},
        division_codes=codes,
        declared=DeclaredBox(**row["declared"]) if row["declared"] else None,
        extent=Extent(row["extent"]),
        actor=ACTOR,
        now=now,
        reason=REASON,
    )
    publish_boundary(
        region=region,
        valid_from=None,
        division_codes=codes,
        source_text="\n".join(filter(None, (row["note_zh"], row["note_en"]))),
        actor=ACTOR,
        now=now,
        reason=REASON,
    )
    return region


def _title(row: Record, indication: Indication, region: Region, now: datetime) -> Title:
    return actions.open_title(
        indication=indication,
        kind=TitleKind(row["kind"]),
        status=TitleStatus(row["status"]),
        facts=TitleFacts(
            title_number=row["title_number"],
            announcement_number=row["announcement_number"],
            recognised_on=_day(row["recognised_on"]),
        ),
        holder=_holder(row["holder_name"], now),
        region=region,
        confidence=Confidence(row["confidence"]),
        **{name: row[name] for name in ("recognised_text", "source_note_zh", "source_note_en")},
        actor=ACTOR,
        now=now,
        reason=REASON,
    )


def _holder(name_zh: str, now: datetime) -> Holder | None:
    """The named body, once for all its titles; nobody acts for it here, so it has no organisation."""
    if not name_zh:
        return None
    known = Holder.objects.filter(name_zh=name_zh, organisation=None).first()
    return known or actions.enter_holder(name_zh=name_zh, actor=ACTOR, now=now, reason=REASON)


def _specification(row: Record, title: Title, now: datetime) -> None:
    actions.draft_specification(
        title=title,
        status=SpecificationStatus.REPORTED,
        effective_from=_day(row["effective_from"]),
        effective_until=_day(row["effective_until"]),
        facts=[{**fact, **_bounds(fact)} for fact in row["facts"]],
        rules=row["rules"],
        **{name: row[name] for name in ("label_zh", "label_en", "standards", "note_zh", "note_en")},
        actor=ACTOR,
        now=now,
        reason=REASON,
    )


def _bounds(fact: Record) -> dict[str, Decimal | None]:
    return {end: Decimal(fact[end]) if fact[end] is not None else None for end in ("low", "high")}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
