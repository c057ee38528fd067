"""Load on loopback: wrk for as much as goes, a timetable for answer times, threads for writing. Bounded in time and count."""

import asyncio
import http.client
import json
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CONNECTIONS, THREADS = 8, 1
TIMEOUT_S = 10
MOST_WAITING = 64  # connections of a timetable
# A phone somewhere: a header of its own for each request, as the web server in front writes it.
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile", "Accept": "application/json"}
# One line of JSON at the end, for the reader below.
_LUA = """
local paths = {%s}
math.randomseed(os.time())
request = function()
  if %s then
    wrk.headers["X-Forwarded-For"] = string.format("10.%%d.%%d.%%d", math.random(255), math.random(255), math.random(255))
  end
  return wrk.format("%s", paths[math.random(#paths)])
end
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
    method: str = "GET",
    from_everywhere: bool = False,
) -> Reading:
    """Ask for random ones of the paths on several connections at once; ``from_everywhere``: each from another address."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise RuntimeError("wrk is not installed: apt-get install wrk")
    told = [option for name, value in (headers or {}).items() for option in ("-H", f"{name}: {value}")]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        quoted = ", ".join(json.dumps(path) for path in paths)
        script.write(_LUA % (quoted, str(from_everywhere).lower(), method))
        script.flush()
        options = [f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "--timeout", f"{TIMEOUT_S}s", *told]
        said = subprocess.run(  # noqa: S603
            [wrk, *options, "-s", script.name, base], check=True, capture_output=True, text=True
        ).stdout
    seen = json.loads(said.rpartition("\nJSON")[2])
    good = (seen["answered"] - seen["refused"]) * 1e6 / seen["microseconds"]
    return Reading(good, seen["refused"] + seen["broken"], seen["late"])


def read_rate(
    base: str, paths: Sequence[str], seconds: int, headers: Mapping[str, str] | None = None, **how: Any
) -> float:
    """Requests answered each second, all of them with success; raises when one was not. ``how``: as ``read`` takes."""
    seen = read(base, paths, seconds, headers, **how)
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


def answer_times(base: str, paths: Sequence[str], rate: int, seconds: int, method: str = "GET") -> list[float]:
    """Milliseconds that each of ``rate * seconds`` requests took from the moment it was due, in ascending order.

    They come by a timetable of chance (a Poisson process), whatever became of those before: one that waits for a slow
    answer to another is counted with its waiting. Raises RuntimeError for an answer that is no success.
    """
    return sorted(asyncio.run(_keep_to_timetable(base, paths, rate, seconds, method)))


async def _keep_to_timetable(base: str, paths: Sequence[str], rate: int, seconds: int, method: str) -> list[float]:
    # No seed: the same phones before the same units would be counted once, however often this is measured.
    chance, host, loop = random.Random(), urlsplit(base), asyncio.get_running_loop()  # noqa: S311
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(MOST_WAITING):
        free.put_nowait(await asyncio.open_connection(host.hostname, host.port))

    async def ask(due: float, request: bytes) -> float:
        await asyncio.sleep(due - loop.time())
        reader, writer = await free.get()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(head.partition("content-length:")[2].partition("\r\n")[0]))
        if not head.startswith("http/1.1 200"):
            raise RuntimeError(f"{request!r}: {head.partition(chr(13))[0]}")
        free.put_nowait((reader, writer))
        return (loop.time() - due) * 1000

    due, asked = loop.time() + 0.2, []
    async with asyncio.TaskGroup() as group:
        for _ in range(rate * seconds):
            due += chance.expovariate(rate)
            request = _request(method, chance.choice(paths), host.netloc, chance)
            asked.append(group.create_task(ask(due, request)))
    while not free.empty():
        free.get_nowait()[1].close()
    return [task.result() for task in asked]


def _request(method: str, path: str, host: str, chance: random.Random) -> bytes:
    sender = "10." + ".".join(str(chance.randint(1, 255)) for _ in range(3))
    told = {"Host": host, "X-Forwarded-For": sender, "Content-Length": "0", **PHONE}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    return "\r\n".join(lines).encode()
