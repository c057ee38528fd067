"""Rounds of the log that are killed at a named step, each in a fork of this process, which runs nothing else: no browser, no thread and
no connection of its own. A line ``STEP AFTER`` in, the number of the signal out. Run as ``python -m tests.dying PLACE``: a folder, or the
settings of a bucket in JSON."""

import json
import os
import signal
import sys
from pathlib import Path

import django

from gi_registry.openlog.conf import BucketSettings
from gi_registry.openlog.store import Store


def store_at(place: str) -> Path | Store:
    if not place.startswith("{"):
        return Path(place)
    from gi_registry.openlog.bucket import Bucket  # noqa: PLC0415 - only where one is asked for

    return Bucket(BucketSettings(**json.loads(place)))


def die_at(place: Path | Store, step: str, after: int) -> None:
    """A round of work that is killed when it reaches a step; ``after`` so many times that it got past it."""
    from tests.build_openlog import a_log  # noqa: PLC0415 - models are there once Django is set up
    from tests.cast import NOW  # noqa: PLC0415

    left = after

    def at(reached: str) -> None:
        nonlocal left
        if reached == step:
            left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    a_log(place, at).go_on(NOW)


def main(told: str) -> None:
    django.setup()
    place = store_at(told)
    for line in sys.stdin:
        step, _, after = line.rstrip("\n").rpartition(" ")
        if not (child := os.fork()):
            try:
                die_at(place, step, int(after))
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.WTERMSIG(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
