"""Work that was put off, done at once: what is tested needs no worker beside the tests."""

import json

from django.db import connection
from procrastinate.contrib.django import app


def waiting() -> list[str]:
    """The names of the jobs in the queue, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [name for (name,) in cursor.fetchall()]


def work_it_off() -> int:
    """Do every job that waits, as a worker would, but on this connection; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo' RETURNING id, task_name, args::text")
        jobs = sorted(cursor.fetchall())
    for _, name, arguments in jobs:
        app.tasks[name].func(**json.loads(arguments))
    return len(jobs)
