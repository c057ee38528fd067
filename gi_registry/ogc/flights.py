"""One thread makes a thing, the others who want the same wait for it: ten requests for one slow tile cost as one."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

from gi_registry.lib.problems import Problem

Made = TypeVar("Made")
# Longer than a statement may run (GI_STATEMENT_TIMEOUT_MS): by then the one who makes it has failed or answered.
WAIT_S = 30.0


class Flights(Generic[Made]):
    """What is being made just now, by key."""

    def __init__(self) -> None:
        self._making: dict[Hashable, Future[Made]] = {}
        self._lock = Lock()

    def share(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives or raises, made once for all who ask for the key meanwhile; 503 when that takes too long."""
        with self._lock:
            flight = self._making.get(key)
            if flight is None:
                own = self._making[key] = Future()
        if flight is not None:
            return _awaited(flight)
        try:
            own.set_result(make())
        except BaseException as error:
            own.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._making[key]
        return own.result()


def _awaited(flight: Future[Made]) -> Made:
    try:
        return flight.result(WAIT_S)
    except TimeoutError as error:
        raise Problem("unavailable") from error
