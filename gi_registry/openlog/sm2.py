"""SM2 with SM3 (GM/T 0003, GM/T 0009), by OpenSSL's own program: the library that does the rest has no SM2. Pure but for that program.

A signature is DER as OpenSSL makes it; the signer is told apart by the usual identity. A public key is a point, uncompressed, 65 bytes.
"""

import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

# A private key type in a signed note is followed by a long name of its own: the standard's own number, and the identity.
SM2 = b"1.2.156.10197.1.501 SM2-with-SM3 1234567812345678\n"
MOST_SIGNATURE = 80
_POINT = 65
_IDENTITY = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
_SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_PATIENCE_S = 10


class SM2Fault(Exception):
    """OpenSSL cannot be asked, or does not take the key."""


def is_point(public: bytes) -> bool:
    return len(public) == _POINT and public[0] == 4


def new_key() -> bytes:
    """A private key, PEM (PKCS #8). Raises SM2Fault."""
    return _ask({}, "genpkey", "-algorithm", "SM2")


@lru_cache(8)
def point_of(pem: bytes) -> bytes:
    """The public half of a private key. Raises SM2Fault for a key of another kind."""
    spki = _ask({"key": pem}, "pkey", "-in", "key", "-pubout", "-outform", "DER")
    point = spki.removeprefix(_SPKI)
    if not spki.startswith(_SPKI) or not is_point(point):
        raise SM2Fault("the key is none of SM2")
    return point


def sign_sm2(pem: bytes, message: bytes) -> bytes:
    """Raises SM2Fault."""
    return _ask({"key": pem, "message": message}, "pkeyutl", "-sign", "-inkey", "key", "-in", "message", *_IDENTITY)


@lru_cache(256)
def is_signed_sm2(point: bytes, message: bytes, signature: bytes) -> bool:
    """Raises SM2Fault where there is no OpenSSL: what was not judged was not verified."""
    if not is_point(point) or len(signature) > MOST_SIGNATURE:
        return False
    files = {"key": _SPKI + point, "message": message, "signature": signature}
    given = ["-inkey", "key", "-keyform", "DER", "-pubin", "-in", "message", "-sigfile", "signature"]
    try:
        return b"Verified Successfully" in _ask(files, "pkeyutl", "-verify", *given, *_IDENTITY)
    except SM2Fault:
        if shutil.which("openssl") is None:
            raise
        return False


def _ask(files: dict[str, bytes], *words: str) -> bytes:
    """OpenSSL, in a folder of these files that nobody else may look into."""
    if (program := shutil.which("openssl")) is None:
        raise SM2Fault("OpenSSL is not installed, and SM2 needs it")
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        try:
            done = subprocess.run(  # noqa: S603 - our own words; what is hostile is in the files
                [program, *words], cwd=folder, capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise SM2Fault("OpenSSL did not end") from None
    if done.returncode:
        # Its words may quote a path, never a key.
        raise SM2Fault(f"OpenSSL refuses: {done.stderr.decode(errors='replace').strip()[-200:]}")
    return done.stdout
