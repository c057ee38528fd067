"""Months counted as people count them: the same day of a later month, or its last day where there is none."""

import calendar
from datetime import date


def months_after(day: date, months: int) -> date:
    """The day ``months`` later; 31 August + 6 months is 28 or 29 February. Negative months count back."""
    index = day.year * 12 + (day.month - 1) + months
    if not 12 <= index < 12 * 10_000:  # beyond what a date can hold: as far as it goes
        return date.max if months > 0 else date.min
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
