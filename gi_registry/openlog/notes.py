"""Signed notes and checkpoints (C2SP signed-note and tlog-checkpoint): what a log says of itself, and under whose name. Pure.

A note is text, an empty line, and signature lines. Lines of keys that are not known say nothing, for or against: so more
signers can be added (a witness, an SM2 key) without anybody's verifier being touched.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gi_registry.openlog.sm2 import SM2, SM2Fault, is_point, is_signed_sm2

MOST_BYTES = 100_000
MOST_SIGNATURES = 64
_LINE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


class NoteFault(Exception):
    """What is wrong with a note, in words of the format."""


class KeyType(IntEnum):
    """The first byte of a public key in these formats."""

    ED25519 = 0x01
    COSIGNATURE = 0x04  # Ed25519, with the time of signing
    PRIVATE = 0xFF  # followed by a long name of its own


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Who may sign: the name, the type of the key, and its public half."""

    name: str
    type: int
    public: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise NoteFault("a key's name has no space and no +")

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.type]) + self.public).decode()}"

    @classmethod
    def read(cls, text: str) -> "VerifierKey":
        """``name+id+base64``; the last part may hold a plus itself. Raises NoteFault."""
        name, _, rest = text.strip().partition("+")
        told, _, coded = rest.partition("+")
        data = unbase64(coded)
        if len(data) < 2:
            raise NoteFault("that is no verifier key")
        key = cls(name, data[0], data[1:])
        if key.id.hex() != told:
            raise NoteFault("the id does not belong to this key")
        if key.type in (KeyType.ED25519, KeyType.COSIGNATURE) and len(key.public) != 32:
            raise NoteFault("an Ed25519 key has 32 bytes")
        if key.is_sm2 and not is_point(key.public.removeprefix(SM2)):
            raise NoteFault("an SM2 key is a point of 65 bytes")
        return key

    @property
    def is_sm2(self) -> bool:
        return self.type == KeyType.PRIVATE and self.public.startswith(SM2)

    def is_signed(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature of a note's text. NoteFault for a type that cannot be told here."""
        message, blob = text.encode(), signature
        if self.is_sm2:
            try:
                return is_signed_sm2(self.public.removeprefix(SM2), message, signature)
            except SM2Fault as fault:
                raise NoteFault(str(fault)) from fault
        if self.type == KeyType.COSIGNATURE:
            if len(signature) != 72:
                return False
            message, blob = cosigned(text, int.from_bytes(signature[:8], "big")), signature[8:]
        elif self.type != KeyType.ED25519:
            raise NoteFault(f"no verifier for keys of type {self.type:#04x}")
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(blob, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: ``blob`` is the signature itself, after the four bytes of the key's id."""

    name: str
    id: bytes
    blob: bytes

    def __str__(self) -> str:
        return f"\u2014 {self.name} {b64encode(self.id + self.blob).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs. ``sign`` takes the message and gives the bytes of the signature, wherever the key is kept."""

    key: VerifierKey
    sign: Callable[[bytes], bytes]

    def over(self, text: str) -> Signature:
        return Signature(self.key.name, self.key.id, self.sign(text.encode()))

    def cosign(self, text: str, at: int) -> Signature:
        """With the time of signing, seconds since 1970 (C2SP tlog-cosignature, v1)."""
        blob = at.to_bytes(8, "big") + self.sign(cosigned(text, at))
        return Signature(self.key.name, self.key.id, blob)


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a line feed, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.signatures))}"

    @classmethod
    def read(cls, data: str | bytes) -> "Note":
        """Raises NoteFault. The last empty line is what separates text from signatures."""
        if len(data) > MOST_BYTES:
            raise NoteFault("the note is too long")
        try:
            whole = data if isinstance(data, str) else data.decode()
            whole.encode()
        except UnicodeError:
            raise NoteFault("the note is not UTF-8") from None
        if any(ord(sign) < 0x20 and sign != "\n" for sign in whole):
            raise NoteFault("the note holds a control character")
        text, separator, lines = whole.rpartition("\n\n")
        if not separator or not text or not lines.endswith("\n"):
            raise NoteFault("there is no text, or no signature")
        signed = lines[:-1].split("\n")
        if len(signed) > MOST_SIGNATURES:
            raise NoteFault("there are too many signatures")
        return cls(f"{text}\n", tuple(map(_signature, signed)))

    def by(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Which of these keys signed. Raises NoteFault when a line bears the name and id of one and is not its own:
        such a note was tampered with, whoever else signed it."""
        known = {(key.name, key.id): key for key in keys}
        signed = []
        for line in self.signatures:
            if key := known.get((line.name, line.id)):
                if not key.is_signed(self.text, line.blob):
                    raise NoteFault(f"the signature of {key.name} is wrong")
                if key not in signed:
                    signed.append(key)
        return tuple(signed)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: ``origin`` is its name for life, ``size`` the number of its entries, ``root`` 32 bytes."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, b64encode(self.root).decode(), *self.more))

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Raises NoteFault."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise NoteFault("a checkpoint has three lines or more, and none is empty")
        origin, size, coded, *more = lines
        root = unbase64(coded)
        if not _SIZE.fullmatch(size) or len(root) != 32:
            raise NoteFault("the size or the root of the checkpoint is malformed")
        return cls(origin, int(size), root, tuple(more))


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs: the time, then the whole text of the note."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def is_key_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(sign.isspace() or not sign.isprintable() for sign in name)


def unbase64(text: str) -> bytes:
    """Standard base64 with its padding, and no other spelling of the same bytes. Raises NoteFault."""
    try:
        data = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        data = b""
    if b64encode(data).decode() != text:
        raise NoteFault("that is not base64 as it is written here")
    return data


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    data = unbase64(found[2]) if found else b""
    if not found or not is_key_name(found[1]) or len(data) < 5:
        raise NoteFault("a line under the note is no signature")
    return Signature(found[1], data[:4], data[4:])
