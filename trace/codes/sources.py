"""The folder of a key ring: one file ``<epoch>.key`` a master (32 bytes, or wrapped by a token) and ``ring.json``.

::

    {"version": 1,
     "epochs": [{"name": "2025", "state": "verify_only"}, {"name": "2026", "state": "signing"}],    oldest first
     "token": {"module": "/usr/lib/softhsm/libsofthsm2.so", "token": "gi", "key": "unit-codes", "pin_file": "pin"}}

``token`` is there when masters are wrapped; ``pin_file`` is relative to the folder. Nothing here prints a key.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.keyfiles import WRITTEN_BY_OTHERS, exchange, read_closed, token_at, write_new
from trace.codes.errors import EpochNotSigning, MalformedEpoch, UnknownEpoch
from trace.codes.keyring import EPOCH, MASTER_BYTES, EpochState, KeyRing
from trace.codes.tokens import Token, is_wrapped

RING = "ring.json"
VERSION = 1


def load_ring(folder: Path) -> KeyRing:
    """Every master and state in the folder. KeyFault for anything missing, malformed or open to others."""
    told = _told(folder)
    states, token = _states(told), _token(told, folder)
    masters = {epoch: _master(folder, epoch, token) for epoch in states}
    return KeyRing(masters, states)


def add_epoch(folder: Path, epoch: str) -> str | None:
    """Make a new master that signs from now on; gives the epoch that signed before, which now only verifies.

    The folder is made when there is none. A name that was ever used is refused: its codes are out in the world.
    """
    if not EPOCH.fullmatch(epoch):
        raise MalformedEpoch(epoch)
    if not folder.exists():
        folder.mkdir(mode=0o700)
    with _changing(folder) as told:
        states = _states(told)
        if epoch in states or (folder / f"{epoch}.key").exists():
            raise KeyFault(f"期次 {epoch} 已经有过。", f"There already was an epoch {epoch}.")
        before = next((name for name, state in states.items() if state is EpochState.SIGNING), None)
        token, master = _token(told, folder), secrets.token_bytes(MASTER_BYTES)
        # The master first: a ring that names a master which is not there cannot be loaded.
        write_new(folder / f"{epoch}.key", token.wrap(epoch, master) if token else master)
        later = {name: EpochState.VERIFY_ONLY if name == before else state for name, state in states.items()}
        _store(told, later | {epoch: EpochState.SIGNING})
    return before


def retire_epoch(folder: Path, epoch: str) -> None:
    """It signs no more and goes on verifying. Only an epoch that signs can be retired."""
    with _changing(folder) as told:
        states = _states(told)
        if _state(states, epoch) is not EpochState.SIGNING:
            raise EpochNotSigning(epoch)
        _store(told, states | {epoch: EpochState.VERIFY_ONLY})


def compromise_epoch(folder: Path, epoch: str) -> None:
    """Its master may be in other hands: it signs no more, and what it verifies comes with a warning. There is no way back."""
    with _changing(folder) as told:
        states = _states(told)
        if _state(states, epoch) is EpochState.COMPROMISED:
            raise KeyFault(f"期次 {epoch} 已标为泄露。", f"Epoch {epoch} is already marked compromised.")
        _store(told, states | {epoch: EpochState.COMPROMISED})


def seal_masters(folder: Path, where: Mapping[str, str]) -> list[str]:
    """Make the wrapping key in a token, unless it has it, and wrap every master that lies open; gives their epochs.

    ``where`` is what ``ring.json`` says of the token. The ring names the token before any master is wrapped by it, and
    each file is exchanged whole: wherever this is interrupted, the ring can be read, and the command given again.
    """
    with _changing(folder) as told:
        told["token"] = dict(where)
        token_at(where, folder, Token).ensure_key()
    with _changing(folder) as told:
        token, sealed = token_at(where, folder, Token), []
        for epoch in _states(told):
            master, file = read_closed(folder / f"{epoch}.key"), folder / f"{epoch}.key"
            if not is_wrapped(master):
                wrapped = token.wrap(epoch, master)
                if token.unwrap(epoch, wrapped) != master:  # else the only copy would be lost
                    raise KeyFault(f"令牌未能还原期次 {epoch} 的密钥。", f"The token does not give {epoch} back.")
                exchange(file, wrapped)
                sealed.append(epoch)
    return sealed


def states_of(folder: Path) -> dict[str, EpochState]:
    """The epochs and their states, oldest first, without reading any master."""
    return _states(_told(folder))


def token_of(folder: Path) -> str:
    """The label of the token that wraps the masters; empty where they lie open."""
    where = _told(folder).get("token")
    return str(where.get("token", "")) if isinstance(where, dict) else ""


# --- ring.json -----------------------------------------------------------------------------------------------------


def _told(folder: Path) -> dict[str, Any]:
    try:
        told = json.loads(read_closed(folder / RING, WRITTEN_BY_OTHERS))
    except (ValueError, RecursionError) as error:
        raise _malformed("JSON") from error
    if not isinstance(told, dict) or told.get("version") != VERSION:
        raise _malformed("version")
    return told


def _states(told: Mapping[str, Any]) -> dict[str, EpochState]:
    """Names of epochs are tested here, before any becomes the name of a file."""
    epochs, states = told.get("epochs"), {}
    if not isinstance(epochs, list):
        raise _malformed("epochs")
    for epoch in epochs:
        name, state = (epoch.get("name"), epoch.get("state")) if isinstance(epoch, dict) else (None, None)
        if not (isinstance(name, str) and EPOCH.fullmatch(name)) or name in states or state not in list(EpochState):
            raise _malformed(f"epochs: {name!r}")
        states[name] = EpochState(state)
    return states


def _state(states: Mapping[str, EpochState], epoch: str) -> EpochState:
    if epoch not in states:
        raise UnknownEpoch(epoch)
    return states[epoch]


def _store(told: dict[str, Any], states: Mapping[str, EpochState]) -> None:
    told["epochs"] = [{"name": name, "state": state.value} for name, state in states.items()]


def _malformed(what: str) -> KeyFault:
    return KeyFault(f"{RING} 有误：{what}。", f"{RING} is malformed: {what}.")


@contextmanager
def _changing(folder: Path) -> Iterator[dict[str, Any]]:
    """What ``ring.json`` holds, written anew at the end: whole or not at all, and by one process at a time."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        told = _told(folder) if (folder / RING).exists() else {"version": VERSION, "epochs": []}
        yield told
        exchange(folder / RING, json.dumps(told, indent=1).encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


# --- files ---------------------------------------------------------------------------------------------------------


def _master(folder: Path, epoch: str, token: Token | None) -> bytes:
    content = read_closed(folder / f"{epoch}.key")
    if not is_wrapped(content):
        return content
    if token is None:
        raise KeyFault(
            f"期次 {epoch} 的密钥由令牌封装，{RING} 未写明令牌。",
            f"The master of epoch {epoch} is wrapped, and {RING} names no token.",
        )
    return token.unwrap(epoch, content)


def _token(told: Mapping[str, Any], folder: Path) -> Token | None:
    where = told.get("token")
    return None if where is None else token_at(where, folder, Token)
