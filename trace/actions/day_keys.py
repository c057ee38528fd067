"""The key of a day, under which devices are told apart: made by the day's first check, and destroyed two days later."""

import secrets
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

from gi_registry.lib.clock import day_of
from trace.models import DeviceKey
from trace.rules.devices import KEY_BYTES, KEY_LIFE_DAYS

# A key that was destroyed must not live on in the memory of a process, though nobody asks it for anything any more.
HELD_S = 3_600


class HeldKeys:
    """Keys that this process has read, each for an hour and then forgotten by a timer."""

    def __init__(self) -> None:
        self._held: dict[date, tuple[bytes, threading.Timer]] = {}

    def get(self, day: date) -> bytes | None:
        held = self._held.get(day)
        return held and held[0]

    def hold(self, day: date, secret: bytes) -> None:
        timer = threading.Timer(HELD_S, self._held.pop, (day, None))
        timer.daemon = True
        timer.start()
        self._held[day] = secret, timer

    def forget(self) -> None:
        while self._held:
            _, (_, timer) = self._held.popitem()
            timer.cancel()


held_keys = HeldKeys()


def day_key(*, day: date, random: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """The key of a day, made when the day's first check needs it; two processes that make it at once agree on one.

    Only what was there before is held in memory: a key just made goes when its transaction is taken back.
    """
    if held := held_keys.get(day):
        return held
    if kept := DeviceKey.objects.filter(day=day).first():
        held_keys.hold(day, bytes(kept.secret))
        return bytes(kept.secret)
    DeviceKey.objects.bulk_create([DeviceKey(day=day, secret=random(KEY_BYTES))], ignore_conflicts=True)
    return bytes(DeviceKey.objects.get(day=day).secret)


def destroy_old_keys(*, now: datetime) -> int:
    """Destroy the keys of days that ended two days ago or more; how many."""
    oldest = day_of(now) - timedelta(days=KEY_LIFE_DAYS)
    held_keys.forget()
    return DeviceKey.objects.filter(day__lte=oldest).delete()[0]
