"""The only place that asks the time. Rules and actions are handed the answer, so that tests can choose it."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in China: the day that a producer writes on a label."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    return instant.astimezone(CHINA).date()


def lasting(seconds: float) -> Callable[[], bool]:
    """Asked whether there is still time: True for so many seconds from now."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() < end
