"""The server that is measured: the same one as `./gi demo` starts, on a free port, with the bench settings."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

WORKERS, THREADS = 2, 4
START_S, STOP_S = 120, 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(url: str, **more: str) -> Iterator[str]:
    """Serve the database at ``url``; gives the base URL. ``more`` goes to the environment."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gi_registry.bench.settings", "GI_PUBLIC_URL": base}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS), "gi_registry.wsgi:application"]
    with process(command, environment | more, f"{base}/livez"):
        yield base


@contextmanager
def process(command: list[str], environment: Mapping[str, str], probe: str) -> Iterator[None]:
    """A server that answers at ``probe``, stopped at the end; raises RuntimeError when it does not start."""
    started = subprocess.Popen(  # noqa: S603
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(probe, started)
        yield
    finally:
        started.terminate()
        try:
            started.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:  # it waits for answers that nobody waits for any more
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def _wait(probe: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(probe, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server that was to be measured did not start: {probe}")
