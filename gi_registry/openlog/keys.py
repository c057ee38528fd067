"""The keys that sign the log: PEM files (PKCS #8; Ed25519, and SM2 where it is wanted) outside the database and the repository
(docs/openlog.md)."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from gi_registry.lib.access import Actor
from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.keyfiles import keep, make, private
from gi_registry.lib.texts import Text
from gi_registry.openlog.actions import PUBLISHER, Event, record
from gi_registry.openlog.notes import KeyType, Note, NoteFault, Signer, VerifierKey
from gi_registry.openlog.publishing import Log, alone
from gi_registry.openlog.queries import successions
from gi_registry.openlog.sm2 import SM2, SM2Fault, new_key, point_of, sign_sm2
from gi_registry.openlog.stamps import HASHES, HttpAuthority, LocalAuthority, Stamper
from gi_registry.openlog.store import Store, store_of
from gi_registry.openlog.succession import Succession, succession_path
from gi_registry.openlog.witness import Asked

SUCCEEDED, LOG_OBJECT = "log.key_succeeded", "log:keys"
ROUNDS, PAUSE_S = 50, 0.2
_KEY = Text("日志的签名密钥", "The key that signs the log")


def make_sm2(path: Path) -> None:
    """A fresh key of SM2. Raises KeyFault."""
    try:
        keep(path, new_key())
    except SM2Fault as fault:
        raise _no_sm2(fault) from fault


def signer(path: Path, name: str) -> Signer:
    """Who signs under this name. Raises KeyFault."""
    key = private(path, _KEY)
    return Signer(VerifierKey(name, KeyType.ED25519, key.public), key.sign)


def sm2_signer(path: Path, name: str) -> Signer:
    """Who signs by SM2 under this name; it signed once when it is handed out. Raises KeyFault."""
    key = _sm2_key(path, name)
    try:
        pem = path.read_bytes()
        ours = Signer(key, lambda message: sign_sm2(pem, message))
        if not key.is_signed("?\n", ours.sign(b"?\n")):
            raise SM2Fault("what it signs cannot be verified")
    except (OSError, SM2Fault) as fault:
        raise _no_sm2(fault) from fault
    return ours


def _sm2_key(path: Path, name: str) -> VerifierKey:
    try:
        return VerifierKey(name, KeyType.PRIVATE, SM2 + point_of(path.read_bytes()))
    except (OSError, SM2Fault) as fault:
        raise _no_sm2(fault) from fault


def _no_sm2(fault: Exception) -> KeyFault:
    return KeyFault(f"SM2 密钥无法使用：{fault}", f"The SM2 key cannot be used: {fault}")


def public_keys() -> list[VerifierKey]:
    """Those under which the log of this installation is verified, the Ed25519 key first. Raises KeyFault."""
    told = settings.OPENLOG
    first = signer(told.key, told.origin).key
    return [first, _sm2_key(told.sm2_key, told.origin)] if told.sm2_key else [first]


def our_log() -> Log:
    """The log of this installation, ready to be published. Raises KeyFault."""
    told, store = settings.OPENLOG, store_of(settings.OPENLOG)
    ours, chain = signer(told.key, told.origin), _chain(store)
    if chain and chain[-1].after != ours.key:
        raise KeyFault(
            "签名密钥已经更换，这不是现在的密钥。", "Another key took the place of this one: it signs no more."
        )
    asked = tuple(_witness(one) for one in told.witnesses)
    also = (sm2_signer(told.sm2_key, told.origin),) if told.sm2_key else ()
    return Log(told.origin, store, ours, asked, also=also, chain=chain)


def rotate(where: str = "", *, now: datetime) -> Succession:
    """A fresh key takes the place of the one that signs: both sign a note that says so, it is published for ever, and the log has it as an
    entry. Can be repeated after a crash at any step. Raises KeyFault, Tampered, OSError."""
    told, store = settings.OPENLOG, store_of(settings.OPENLOG)
    ready, before = told.key.with_name(f"{told.key.name}.next"), signer(told.key, told.origin)
    with _nobody_publishes():
        chain = _chain(store)
        if ready.exists() and chain and chain[-1].after == signer(ready, told.origin).key:
            os.replace(ready, told.key)  # all but the last step was done before
            return chain[-1]
        log = our_log()
        if not ready.exists():
            make(ready, where)
        after = signer(ready, told.origin)
        link = Succession(told.origin, len(chain) + 1, before.key, after.key, log.published().size)
        note = Note(str(link), (before.over(str(link)), after.over(str(link))))
        facts = {"number": link.number, "from": str(link.before), "to": str(link.after), "size": link.size}
        with transaction.atomic():
            record([Event(SUCCEEDED, LOG_OBJECT, now, facts)], actor=Actor.SYSTEM, now=now)
            store.write_once(succession_path(link.number), str(note).encode())
        os.replace(ready, told.key)
        return link


@contextmanager
def _nobody_publishes() -> Iterator[None]:
    for _ in range(ROUNDS):
        with alone(PUBLISHER) as is_ours:
            if is_ours:
                yield
                return
        time.sleep(PAUSE_S)
    raise KeyFault("日志正在发布，请稍后再试。", "The log is being published just now. Try again.")


def _chain(store: Store) -> tuple[Succession, ...]:
    try:
        return tuple(map(Succession.read, successions(store)))
    except NoteFault as fault:
        raise KeyFault(f"密钥更替记录有误：{fault}", f"The succession of keys does not hold: {fault}") from fault
    except OSError as fault:
        raise KeyFault(f"日志文件读不到：{fault}", f"The files of the log cannot be read: {fault}") from fault


def our_stamper() -> Stamper | None:
    """Who stamps the checkpoints of this installation; None where nobody is asked. Raises KeyFault for settings that cannot be meant."""
    told = settings.OPENLOG.stamps
    if told is None:
        return None
    if told.hash_name not in HASHES:
        raise KeyFault("时间戳的摘要算法不可用。", f"Time stamps are made over one of {', '.join(HASHES)}.")
    asked = (told.policy, told.hash_name, told.every_s)
    if told.url == "local":
        local = LocalAuthority(told.own)
        return Stamper(local, local.roots, *asked)
    if not told.url.startswith(("http://", "https://")) or not told.roots.is_file():
        raise KeyFault(
            "时间戳机构需要 http(s) 地址和根证书文件。",
            "A time-stamping authority needs an http(s) address and a file of roots.",
        )
    return Stamper(HttpAuthority(told.url, told.user, told.password, told.proxy), told.roots, *asked)


def _witness(told: str) -> Asked:
    """``https://address key``: two words."""
    url, _, key = told.strip().partition(" ")
    try:
        if not url.startswith(("http://", "https://")):
            raise NoteFault("an address begins with http:// or https://")
        return Asked(url.rstrip("/"), VerifierKey.read(key))
    except NoteFault as fault:
        raise KeyFault(
            f"见证方“{told[:80]}”无法使用：{fault}", f"The witness “{told[:80]}” cannot be asked: {fault}"
        ) from fault


__all__ = ["KeyFault", "make", "make_sm2", "our_log", "our_stamper", "public_keys", "rotate", "signer", "sm2_signer"]
