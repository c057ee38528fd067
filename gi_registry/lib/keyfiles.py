"""Files of keys, outside the database and the repository, closed to everybody else; and keys that sign (Ed25519): a PEM file (PKCS #8), or a
file that says where in a PKCS#11 token the key lies (docs/keys.md)."""

import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.texts import Text
from gi_registry.lib.tokens import Token

MOST_BYTES = 64 * 1024
OF_OTHERS, WRITTEN_BY_OTHERS = 0o077, 0o022
WHERE = ("module", "token", "key", "pin_file")
_Token = TypeVar("_Token", bound=Token)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``public``: 32 bytes; ``sign`` takes a message and gives 64, wherever the key is kept; ``token``: its label, of one in a token."""

    public: bytes
    sign: Callable[[bytes], bytes]
    token: str = ""


# --- files ---------------------------------------------------------------------------------------------------------


def read_closed(file: Path, refused: int = OF_OTHERS) -> bytes:
    """A small file and the folder it is in, unless somebody else could have read or written them. Raises KeyFault."""
    try:
        if stat.S_IMODE(file.parent.stat().st_mode) & WRITTEN_BY_OTHERS:
            raise KeyFault(
                f"他人可改写目录 {file.parent}：chmod 700。", f"Others may write to {file.parent}: chmod 700."
            )
        with file.open("rb") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & refused:
                raise KeyFault(f"文件 {file} 的权限过宽：chmod 600。", f"{file} is open to others: chmod 600.")
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise KeyFault(
            f"不能读取 {file}（{error.strerror}）。", f"{file} cannot be read ({error.strerror})."
        ) from error
    if len(content) > MOST_BYTES:
        raise KeyFault(f"文件 {file} 过大。", f"{file} is too large.")
    return content


def exchange(file: Path, content: bytes) -> None:
    """Put new content in the place of old: readers see the one or the other, whole."""
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    write_new(draft, content)
    draft.replace(file)


def write_new(file: Path, content: bytes) -> None:
    """Write a file that only we may read, and see it on the disk. FileExistsError when there is one."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(handle)


def keep(path: Path, content: bytes) -> None:
    """A file of a key. Raises KeyFault rather than take the place of one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_new(path, content)
    except FileExistsError:
        raise _taken(path) from None


def token_at(where: Any, folder: Path, kind: type[_Token]) -> _Token:
    """The token that a JSON object names; ``pin_file`` is relative to the folder. Raises KeyFault."""
    if not isinstance(where, dict) or not all(isinstance(where.get(name), str) for name in WHERE):
        raise KeyFault(
            f"令牌的写法有误：应写明 {'、'.join(WHERE)}。",
            f"What names a token is malformed: it needs {', '.join(WHERE)}.",
        )
    pin = folder / where["pin_file"]
    return kind(
        where["module"], where["token"], where["key"], lambda: read_closed(pin).decode(errors="replace").strip()
    )


# --- keys that sign ------------------------------------------------------------------------------------------------


def make(path: Path, where: str = "") -> None:
    """A fresh key. Raises KeyFault rather than take the place of one."""
    if path.exists():  # before a token makes one
        raise _taken(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep(path, fresh(path.parent, where))


def fresh(folder: Path, where: str = "") -> bytes:
    """What the file of a new key holds: the key, or, where ``where`` names a token (JSON), that place, once the token made it. Raises KeyFault."""
    if not where:
        return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    content = f'{{"pkcs11": {where}}}'.encode()
    token_at(_named(content), folder, Token).make_ed25519()
    return content


def private(path: Path, what: Text) -> SigningKey:
    """``what``: which key it is, for the reason. Raises KeyFault."""
    content = read_closed(path)
    if content.lstrip().startswith(b"{"):
        token = token_at(_named(content), path.parent, Token)
        return SigningKey(_public_in_token(content, path.parent), token.sign_ed25519, token.token)
    try:
        key = load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFault(f"{what.zh}不是 PEM 格式。", f"{what.en} is no PEM file.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _of_another_kind(what)
    return SigningKey(key.public_key().public_bytes_raw(), key.sign)


def public_pem(public: bytes) -> bytes:
    """Of 32 bytes (SubjectPublicKeyInfo)."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_of(pem: bytes, what: Text) -> bytes:
    """The 32 bytes of a public key. Raises KeyFault."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFault(f"{what.zh}不是 PEM 格式。", f"{what.en} is no PEM file.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise _of_another_kind(what)
    return key.public_bytes_raw()


@lru_cache(8)
def _public_in_token(content: bytes, folder: Path) -> bytes:
    """Asked once: pages that only tell the public half need not sign in to the token each time."""
    return token_at(_named(content), folder, Token).ed25519()


def _named(content: bytes) -> Any:
    try:
        return json.loads(content)["pkcs11"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise KeyFault("没有写明令牌。", "There is no token named.") from None


def _taken(path: Path) -> KeyFault:
    return KeyFault(f"{path} 已有密钥。", f"There is a key at {path} already.")


def _of_another_kind(what: Text) -> KeyFault:
    return KeyFault(f"{what.zh}应为 Ed25519。", f"{what.en} must be Ed25519.")
