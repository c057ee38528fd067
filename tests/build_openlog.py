"""A log in a folder of the test's, and things that happened to be logged."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from gi_registry.lib.access import Actor
from gi_registry.logged import KINDS
from gi_registry.openlog import actions, keys, tree
from gi_registry.openlog.actions import Event
from gi_registry.openlog.held import edited
from gi_registry.openlog.models import Entry
from gi_registry.openlog.notes import KeyType, Note, Signer, VerifierKey
from gi_registry.openlog.proofs import EntryProof
from gi_registry.openlog.publishing import Log
from gi_registry.openlog.store import CHECKPOINT, Folder, Store
from gi_registry.openlog.succession import Succession
from tests.cast import NOW

ORIGIN = "gi.example/log"


def a_signer(seed: bytes = bytes(range(32)), name: str = ORIGIN) -> Signer:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(VerifierKey(name, KeyType.ED25519, key.public_key().public_bytes_raw()), key.sign)


SIGNER = a_signer()


def succeeded(number: int, before: Signer, after: Signer, size: int) -> bytes:
    """The note by which one key takes the place of another, signed by both."""
    text = str(Succession(before.key.name, number, before.key, after.key, size))
    return str(Note(text, (before.over(text), after.over(text)))).encode()


def a_log(place: Path | Store, at: Callable[[str], None] | None = None) -> Log:
    """In a folder, or in another store."""
    log = Log(ORIGIN, Folder(place) if isinstance(place, Path) else place, SIGNER)
    return replace(log, at=at) if at else log


def the_log_here(settings: Any, folder: Path) -> Log:
    """The log that the pages show, with a key of its own."""
    settings.OPENLOG = replace(settings.OPENLOG, folder=folder / "log", key=folder / "key.pem")
    keys.make(settings.OPENLOG.key)
    return keys.our_log()


def say(count: int = 1, *, objects: int = 3, start: int = 0, **more: Any) -> None:
    """So many things happen, in one transaction, to a few objects in turn."""
    events = [
        Event(
            occurred_at=NOW - timedelta(minutes=5),
            **{
                "type": "batch.released",
                "object": f"batch:{number % objects:010}",
                "facts": {"number": number},
                **more,
            },
        )
        for number in range(start, start + count)
    ]
    with transaction.atomic():
        actions.record(events, actor=Actor.SYSTEM, now=NOW)


def logged() -> list[bytes]:
    """What stands in the log, in order."""
    return [bytes(data) for data in Entry.objects.order_by("index").values_list("data", flat=True)]


def proof_of(log: Log, index: int) -> EntryProof:
    """As it is handed out: from the published files alone."""
    size = log.published().size
    path = tree.inclusion(index, size, log.tiled(size).subtree).path
    return EntryProof(index, path, Note.read(log.store.read(CHECKPOINT)))


def named() -> list[str]:
    """The rows that are not what was logged of them."""
    return [difference.where for difference in edited(KINDS)]


def by_the_owner(statement: str, *given: object) -> None:
    """As whoever owns the database may: triggers and foreign keys do not fire."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, given)
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
