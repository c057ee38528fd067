"""Keys for tests: a ring whose masters are drawn from fixed seeds, so that the same codes come out each time, and a token (SoftHSM2). They
sign nothing that lasts."""

import atexit
import json
import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

SIGNING, OLD, LEAKED = "test-2026", "test-2025", "test-2024"
MODULE, LABEL, PIN = "/usr/lib/softhsm/libsofthsm2.so", "gi", "48151623"
STATES = {LEAKED: "compromised", OLD: "verify_only", SIGNING: "signing"}


def master_of(epoch: str) -> bytes:
    return sha256(f"only for tests: {epoch}".encode()).digest()


def put_ring(folder: Path, states: dict[str, str], **more: object) -> Path:
    """Write a ring into an existing folder, as ``code_keys`` would leave it."""
    epochs = [{"name": name, "state": state} for name, state in states.items()]
    _put(folder / "ring.json", json.dumps({"version": 1, "epochs": epochs, **more}).encode())
    for name in states:
        _put(folder / f"{name}.key", master_of(name))
    return folder


def keys_for_tests() -> str:
    """The folder that the test run reads; gone when it ends."""
    return str(put_ring(_a_folder(), STATES))


@lru_cache(1)
def the_token() -> str:
    """The label of a token with nothing in it. One a process: the module reads its configuration once."""
    folder = _a_folder()
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    told = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "87654321"]
    subprocess.run(told, check=True, capture_output=True)
    return LABEL


def _a_folder() -> Path:
    """Gone when the run ends."""
    folder = tempfile.mkdtemp(prefix="gi-test-keys-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _put(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    file.chmod(0o600)
