"""How fast long work goes, and when it must be taken for dead. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# A part takes seconds; so long without one, and nobody works on the job.
STILL_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Pace:
    """Pieces a second since the work was last begun, and what is left at that rate."""

    a_second: float
    left: timedelta

    @property
    def minutes(self) -> int:
        """What is left, rounded up."""
        return -(-int(self.left.total_seconds()) // 60)


def pace_of(*, total: int, done: int, done_before: int, begun_at: datetime, seen_at: datetime) -> Pace | None:
    """None until there is something to go by. ``done_before`` of the pieces were done when the work was last begun."""
    seconds = (seen_at - begun_at).total_seconds()
    pieces = done - done_before
    if pieces <= 0 or seconds <= 0:
        return None
    rate = pieces / seconds
    return Pace(rate, timedelta(seconds=round((total - done) / rate)))
