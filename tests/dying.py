"""Rounds of the log that are killed at a named step, each in a fork of this process, which runs nothing else: no browser, no thread and
no connection of its own. A line ``STEP AFTER`` in, the number of the signal out. Run as ``python -m tests.dying FOLDER``."""

import os
import signal
import sys
from pathlib import Path

import django


def die_at(folder: Path, step: str, after: int) -> None:
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

    a_log(folder, at).go_on(NOW)


def main(folder: Path) -> None:
    django.setup()
    for line in sys.stdin:
        step, _, after = line.rstrip("\n").rpartition(" ")
        if not (child := os.fork()):
            try:
                die_at(folder, step, int(after))
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.WTERMSIG(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
