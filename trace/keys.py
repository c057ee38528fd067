"""The key ring of this installation: the folder ``GI_CODE_KEYS`` (docs/keys.md), read again when its ``ring.json`` changes."""

import os
import threading
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from gi_registry.lib.keyfaults import KeyFault
from trace.codes.keyring import KeyRing
from trace.codes.sources import RING, load_ring

_ONE_AT_A_TIME = threading.Lock()  # a token lets a process sign in once


def folder() -> Path:
    return Path(settings.GI_CODE_KEYS)


def ring() -> KeyRing:
    """Every key that codes were signed with. Raises KeyFault, with the reason, when they cannot be read."""
    try:
        seen = os.stat(f"{settings.GI_CODE_KEYS}/{RING}")
    except OSError:
        return load_ring(folder())  # which says what is missing
    with _ONE_AT_A_TIME:
        return _read(settings.GI_CODE_KEYS, seen.st_mtime_ns, seen.st_ino)


def fault() -> KeyFault | None:
    """Why no unit code can be verified here, or None."""
    try:
        ring()
    except KeyFault as found:
        return found
    return None


@lru_cache(1)
def _read(where: str, written_ns: int, inode: int) -> KeyRing:
    """A change of state must not wait for a restart: the day on which an epoch is compromised is a bad one already."""
    return load_ring(Path(where))
