"""A key ring for tests: masters drawn from fixed seeds, so that the same codes come out each time. They sign nothing that lasts."""

import atexit
import json
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

SIGNING, OLD, LEAKED = "test-2026", "test-2025", "test-2024"
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
    folder = tempfile.mkdtemp(prefix="gi-test-keys-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(put_ring(Path(folder), STATES))


def _put(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    file.chmod(0o600)
