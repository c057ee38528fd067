"""Load on loopback: wrk for reading, threads with kept connections for writing. Bounded in time and count."""

import http.client
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

CONNECTIONS, THREADS = 8, 1
_LUA = """
local paths = {%s}
math.randomseed(os.time())
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
"""


def read_rate(base: str, paths: list[str], seconds: int) -> float:
    """Requests answered each second, all of them with success; raises when one was not."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % ", ".join(json.dumps(path) for path in paths))
        script.flush()
        told = subprocess.run(  # noqa: S603
            [wrk, f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script.name, base],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    if "Non-2xx" in told or "Socket errors" in told:
        raise RuntimeError(told)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])  # type: ignore[index]


def write_rate(base: str, clients: int, each: int, call: Callable[[http.client.HTTPConnection, int], int]) -> float:
    """``clients`` at once make ``each`` calls; calls a second. ``call`` gives the HTTP status, which must be 201."""
    failures: list[int] = []

    def work(client: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
        failures.extend(s for n in range(each) if (s := call(connection, client * each + n)) != 201)
        connection.close()

    threads = [threading.Thread(target=work, args=(client,)) for client in range(clients)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} calls failed, first with {failures[0]}")
    return clients * each / (time.monotonic() - start)
