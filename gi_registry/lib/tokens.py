"""Keys that never leave their token (HSM, smart card, SoftHSM2), by PKCS#11. The only importer of ``pkcs11``."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error

from gi_registry.lib.keyfaults import KeyFault

# Whoever logs in, logs the whole process in (PKCS #11, 5.6): one session at a time, or the second login is refused.
_ONE_AT_A_TIME = threading.Lock()
_EDWARDS25519 = bytes.fromhex("06032b6570")  # DER of the curve's OID (RFC 8410): id-Ed25519
_POINT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Token:
    """Where a key is: the module's shared library, the labels of token and key, and who tells the PIN."""

    module: str
    token: str
    key: str
    pin: Callable[[], str]

    @contextmanager
    def session(self, *, may_write: bool = False) -> Iterator[Any]:
        """Raises KeyFault for whatever the token refuses."""
        try:
            with _ONE_AT_A_TIME:
                token = pkcs11.lib(self.module).get_token(token_label=self.token)
                with token.open(user_pin=self.pin(), rw=may_write) as session:
                    yield session
        except (PKCS11Error, RuntimeError) as error:  # RuntimeError: the module cannot be loaded
            raise KeyFault(
                f"令牌 {self.token} 不能使用（{type(error).__name__}）。",
                f"The token {self.token} cannot be used ({type(error).__name__}).",
            ) from error

    def make_ed25519(self) -> None:
        """A pair under this label, its private half sensitive and not extractable. Raises KeyFault rather than make a second."""
        with self.session(may_write=True) as session:
            if list(session.get_objects({Attribute.LABEL: self.key})):
                raise KeyFault(
                    f"令牌 {self.token} 中已有 {self.key}。", f"The token {self.token} holds a {self.key} already."
                )
            curve = session.create_domain_parameters(
                KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _EDWARDS25519}, local=True
            )
            curve.generate_keypair(mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=self.key)

    def ed25519(self) -> bytes:
        """The 32 bytes of the public half."""
        with self.session() as session:
            key = session.get_key(object_class=ObjectClass.PUBLIC_KEY, key_type=KeyType.EC_EDWARDS, label=self.key)
            # An OCTET STRING about the point, as PKCS #11 has it, or the point alone, as some modules do.
            return bytes(key[Attribute.EC_POINT])[-_POINT_BYTES:]

    def sign_ed25519(self, message: bytes) -> bytes:
        """64 bytes (RFC 8032, PureEdDSA)."""
        with self.session() as session:
            key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, key_type=KeyType.EC_EDWARDS, label=self.key)
            return bytes(key.sign(message, mechanism=Mechanism.EDDSA))
