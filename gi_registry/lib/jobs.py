"""Work that is put off: queued in the transaction that asks for it, done by ``manage.py procrastinate worker``.

The only importer of procrastinate. A room's ``jobs.py`` says what is done under a name; its actions ask for it by that name,
so that they need not import what lies above them. A job is done at least once: what it calls must be safe to repeat.
"""

from collections.abc import Callable
from typing import Any

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

# A worker that died leaves its job marked as being done; after this many seconds without a sign of life it is given on.
SILENCE_S = 60
# The database away for a moment, a full disk: tried again after 2, 4, 8 and 16 seconds, then left failed, to be looked at.
_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=2)


def job(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Say what is done under a name. Arguments are what JSON can hold: numbers of rows, never rows."""

    def registered(function: Callable[..., None]) -> Callable[..., None]:
        app.task(name=name, retry=_AGAIN)(function)
        return function

    return registered


def later(name: str, *, lock: str, **arguments: Any) -> None:
    """Have it done once this transaction is committed; jobs with one ``lock`` are done one after the other."""
    app.configure_task(name, lock=lock).defer(**arguments)


@app.periodic(cron="* * * * *")
@app.task(name="lib.give_on_stalled", queueing_lock="lib.give_on_stalled", pass_context=True)
async def give_on_stalled(context: JobContext, timestamp: int) -> None:
    """Put jobs of dead workers back into the queue."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE_S):
        await manager.retry_job(stalled)
