"""Load on loopback: wrk for reading, threads with kept connections for writing. Bounded in time and count."""

import http.client
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS, THREADS = 8, 1
TIMEOUT_S = 10
# One line of JSON at the end, for the reader below.
_LUA = """
local paths = {%s}
math.randomseed(os.time())
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\\nJSON{"answered": %%d, "microseconds": %%d, "refused": %%d, "broken": %%d, "late": %%d}\\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write, e.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Answers a second that were a success; how many were not (``failures``) or came after TIMEOUT_S (``late``)."""

    rate: float
    failures: int
    late: int


def read(
    base: str,
    paths: Sequence[str],
    seconds: int,
    headers: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> Reading:
    """Ask for random ones of the paths on several connections at once."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    told = [option for name, value in (headers or {}).items() for option in ("-H", f"{name}: {value}")]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_LUA % ", ".join(json.dumps(path) for path in paths))
        script.flush()
        options = [f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{TIMEOUT_S}s", *told]
        said = subprocess.run(  # noqa: S603
            [wrk, *options, "-s", script.name, base], check=True, capture_output=True, text=True
        ).stdout
    seen = json.loads(said.rpartition("\nJSON")[2])
    good = (seen["answered"] - seen["refused"]) * 1e6 / seen["microseconds"]
    return Reading(good, seen["refused"] + seen["broken"], seen["late"])


def read_rate(base: str, paths: Sequence[str], seconds: int, headers: Mapping[str, str] | None = None) -> float:
    """Requests answered each second, all of them with success; raises when one was not."""
    seen = read(base, paths, seconds, headers)
    if seen.failures or seen.late:
        raise RuntimeError(f"{paths[0]} and others: {seen}")
    return seen.rate


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
