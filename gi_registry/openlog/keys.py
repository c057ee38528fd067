"""The keys that sign the log: PEM files (PKCS #8; Ed25519, and SM2 where it is wanted) outside the database and the repository
(docs/openlog.md)."""

from pathlib import Path

from django.conf import settings

from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.keyfiles import keep, make, private
from gi_registry.lib.texts import Text
from gi_registry.openlog.notes import KeyType, NoteFault, Signer, VerifierKey
from gi_registry.openlog.publishing import Log
from gi_registry.openlog.sm2 import SM2, SM2Fault, new_key, point_of, sign_sm2
from gi_registry.openlog.stamps import HASHES, HttpAuthority, LocalAuthority, Stamper
from gi_registry.openlog.store import store_of
from gi_registry.openlog.witness import Asked

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
    told = settings.OPENLOG
    ours = signer(told.key, told.origin)
    asked = tuple(_witness(one) for one in told.witnesses)
    also = (sm2_signer(told.sm2_key, told.origin),) if told.sm2_key else ()
    return Log(told.origin, store_of(told), ours, asked, also=also)


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


__all__ = ["KeyFault", "make", "make_sm2", "our_log", "our_stamper", "public_keys", "signer", "sm2_signer"]
