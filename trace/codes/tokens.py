"""Masters wrapped by a key that never leaves its token. A wrapped master is useless without the token, so that backups and disks may leak."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.mechanisms import GCMParams

from gi_registry.lib import tokens

HEADER = b"gi-unit-key/1\n"
NONCE_BYTES, TAG_BITS = 12, 128


class Token(tokens.Token):
    """Where the wrapping key is."""

    __slots__ = ()

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
        with self.session(may_write=True) as session:
            if not list(session.get_objects({Attribute.LABEL: self.key})):
                session.generate_key(KeyType.AES, 256, label=self.key, store=True)

    @contextmanager
    def _key(self) -> Iterator[Any]:
        with self.session() as session:
            yield session.get_key(object_class=ObjectClass.SECRET_KEY, label=self.key)


def is_wrapped(content: bytes) -> bool:
    return content.startswith(HEADER)


def _gcm(epoch: str, nonce: bytes) -> dict[str, Any]:
    bound = GCMParams(nonce, HEADER + epoch.encode(), TAG_BITS)
    return {"mechanism": Mechanism.AES_GCM, "mechanism_param": bound}
