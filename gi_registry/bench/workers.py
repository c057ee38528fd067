"""Processes of a measurement: each with its own interpreter and connection, on the database that is measured."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def at_once(
    module: str, url: str, jobs: Sequence[Sequence[object]], extra: Mapping[str, str] | None = None
) -> list[Any]:
    """Call ``work`` of a module of ours in as many processes as there are jobs, with the words of each, and give back what they
    wrote as JSON. RuntimeError when one failed."""
    code = f"import sys, django; django.setup(); from gi_registry.bench import {module}; {module}.work(*sys.argv[1:])"
    environment = {**os.environ, **(extra or {}), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gi_registry.settings"}
    started = [
        subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-c", code, *map(str, job)], env=environment, stdout=subprocess.PIPE
        )
        for job in jobs
    ]
    told = [process.communicate()[0] for process in started]
    if failed := [process.returncode for process in started if process.returncode]:
        raise RuntimeError(f"processes of the measurement failed: {failed}")
    return [json.loads(out) for out in told]
