"""Master keys by epoch, and the keys of one issuance derived from them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.texts import Word
from trace.codes.errors import EpochNotSigning, MalformedEpoch, UnknownEpoch
from trace.codes.layout import MOST_ISSUANCES

MASTER_BYTES = 32
NO_GTIN = "-"
CACHED = 4096
# Epochs are salts and names of files: nothing in one may mean something to a shell or a path.
EPOCH = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}", re.ASCII)
_GTIN = re.compile(r"[0-9]{14}|-", re.ASCII)
_LOT = re.compile(r"[0-9A-Za-z]{1,20}", re.ASCII)

Prf = Callable[[bytes], bytes]
# Every byte with the pads of HMAC put on it.
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class EpochState(Word):
    """What an epoch's master may still do. ``compromised`` verifies too: a code on the shelf cannot be called back,
    so its answer comes with a warning instead."""

    SIGNING = "signing", "签发", "Signing"
    VERIFY_ONLY = "verify_only", "仅验证", "Verify only"
    COMPROMISED = "compromised", "已泄露", "Compromised"


@dataclass(frozen=True, slots=True)
class Epoch:
    """The span of time in which one master signs, usually a year."""

    name: str
    state: EpochState


@dataclass(frozen=True, slots=True, repr=False)
class UnitKeys:
    """The three keys of one issuance, each as a function bytes -> 32 bytes; the keys themselves cannot be printed."""

    ordinal: int
    tag: Prf
    enc: Prf
    pin: Prf


def prf(key: bytes) -> Prf:
    """HMAC-SHA256 (RFC 2104) under a key of 32 bytes, with both padded blocks hashed beforehand.

    ``hmac.digest`` sets up OpenSSL at each call, which takes three times as long as all the rest of a code.
    """
    block = key.ljust(64, b"\0")
    inner, outer = sha256(block.translate(_INNER)), sha256(block.translate(_OUTER))

    def digest(message: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(message)
        second.update(first.digest())
        return second.digest()

    return digest


class KeyRing:
    """Every master that codes in the world were signed with. At most one epoch signs.

    ``masters`` are 32 bytes each; ``states`` has the same names, oldest first.
    """

    def __init__(self, masters: Mapping[str, bytes], states: Mapping[str, EpochState]) -> None:
        _agree(masters, states)
        self._masters = dict(masters)
        self._states = {name: EpochState(state) for name, state in states.items()}
        late_first = [Epoch(name, state) for name, state in reversed(self._states.items())]
        # In the order in which a code is tried: the one that signs, then the others from the latest back.
        self.epochs = tuple(sorted(late_first, key=lambda epoch: epoch.state is not EpochState.SIGNING))
        # A flood of guesses walks lots: what is kept for it has to be bounded.
        self._derived = lru_cache(CACHED)(self._derive)

    @property
    def current(self) -> str:
        """The epoch that signs. Raises EpochNotSigning when none does."""
        if self.epochs and self.epochs[0].state is EpochState.SIGNING:
            return self.epochs[0].name
        raise EpochNotSigning

    def state(self, epoch: str) -> EpochState:
        if epoch not in self._states:
            raise UnknownEpoch(epoch)
        return self._states[epoch]

    def keys(self, epoch: str, gtin: str, lot: str, ordinal: int) -> UnitKeys:
        """The keys of an issuance. ``gtin`` is 14 digits or ``-``; ``ordinal`` 0 to 31. UnknownEpoch, or ValueError.

        Any epoch of the ring serves: the codes of an old issuance must be made again for a reprint. Whether a *new*
        issuance may be made is a question to ``current``.
        """
        if epoch not in self._masters:
            raise UnknownEpoch(epoch)
        # None of the three can hold a bar, so no two issuances share an info.
        if not (_GTIN.fullmatch(gtin) and _LOT.fullmatch(lot) and 0 <= ordinal < MOST_ISSUANCES):
            raise ValueError("no such issuance")
        return self._derived(epoch, gtin, lot, ordinal)

    def _derive(self, epoch: str, gtin: str, lot: str, ordinal: int) -> UnitKeys:
        about = f"|{gtin}|{lot}|".encode() + bytes([ordinal])
        salt, master = epoch.encode(), self._masters[epoch]
        tag, enc, pin = (
            prf(HKDF(hashes.SHA256(), 32, salt, b"gi-unit/v1|" + use + about).derive(master))
            for use in (b"tag", b"enc", b"pin")
        )
        return UnitKeys(ordinal, tag, enc, pin)


def _agree(masters: Mapping[str, bytes], states: Mapping[str, EpochState]) -> None:
    """Raises KeyFault for masters and states that cannot make a ring."""
    if masters.keys() != states.keys():
        names = ", ".join(sorted(masters.keys() ^ states.keys()))
        raise KeyFault(f"期次与密钥不对应：{names}。", f"Epochs and masters differ: {names}.")
    for name, master in masters.items():
        if not EPOCH.fullmatch(name):
            raise MalformedEpoch(name)
        if len(master) != MASTER_BYTES:
            raise KeyFault(f"期次 {name} 的密钥不是 32 字节。", f"The master of epoch {name} is not 32 bytes.")
    if len(set(masters.values())) != len(masters):
        raise KeyFault("两个期次用了同一密钥。", "Two epochs have the same master.")
    if sum(state == EpochState.SIGNING for state in states.values()) > 1:
        raise KeyFault("同时只能有一个期次签发。", "Only one epoch may sign at a time.")
