"""Masters wrapped by a key that never leaves its token (HSM, smart card, SoftHSM2), by PKCS#11.

The only importer of ``pkcs11``. A wrapped master is useless without the token, so that backups and disks may leak.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pkcs11
from pkcs11 import KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error
from pkcs11.mechanisms import GCMParams

from trace.codes.errors import KeyFault

HEADER = b"gi-unit-key/1\n"
NONCE_BYTES, TAG_BITS = 12, 128


@dataclass(frozen=True, slots=True)
class Token:
    """Where the wrapping key is: the module's shared library, the labels of token and key, and who tells the PIN."""

    module: str
    token: str
    key: str
    pin: Callable[[], str]

    def wrap(self, epoch: str, master: bytes) -> bytes:
        """header || nonce || AES-GCM(master), bound to the epoch's name: files cannot be exchanged."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        with self._key() as key:
            return HEADER + nonce + bytes(key.encrypt(master, **_gcm(epoch, nonce)))

    def unwrap(self, epoch: str, wrapped: bytes) -> bytes:
        """The master. KeyFault when the token is not to be had, or did not wrap this under this name."""
        nonce, sealed = wrapped[len(HEADER) :][:NONCE_BYTES], wrapped[len(HEADER) + NONCE_BYTES :]
        with self._key() as key:
            return bytes(key.decrypt(sealed, **_gcm(epoch, nonce)))

    def ensure_key(self) -> None:
        """Make the wrapping key in the token unless it is there: AES-256, sensitive and not extractable."""
        with self._session(may_write=True) as session:
            if not list(session.get_objects({pkcs11.Attribute.LABEL: self.key})):
                session.generate_key(KeyType.AES, 256, label=self.key, store=True)

    @contextmanager
    def _key(self) -> Iterator[Any]:
        with self._session(may_write=False) as session:
            yield session.get_key(object_class=ObjectClass.SECRET_KEY, label=self.key)

    @contextmanager
    def _session(self, *, may_write: bool) -> Iterator[Any]:
        try:
            token = pkcs11.lib(self.module).get_token(token_label=self.token)
            with token.open(user_pin=self.pin(), rw=may_write) as session:
                yield session
        except (PKCS11Error, RuntimeError) as error:  # RuntimeError: the module cannot be loaded
            raise KeyFault(
                f"令牌 {self.token} 不能使用（{type(error).__name__}）。",
                f"The token {self.token} cannot be used ({type(error).__name__}).",
            ) from error


def is_wrapped(content: bytes) -> bool:
    return content.startswith(HEADER)


def _gcm(epoch: str, nonce: bytes) -> dict[str, Any]:
    bound = GCMParams(nonce, HEADER + epoch.encode(), TAG_BITS)
    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": bound}
