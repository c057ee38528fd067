"""What several want at once is made once, and nobody waits for ever."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gi_registry.lib.problems import Problem
from gi_registry.ogc import flights
from gi_registry.ogc.flights import Flights

LONGEST_S = 60


def test_eight_who_want_the_same_at_once_have_it_made_once(monkeypatch):
    shared, made, begun, go_on = Flights(), [], threading.Event(), threading.Event()

    def make():
        made.append(1)
        begun.set()
        go_on.wait(LONGEST_S)
        return "tile"

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(shared.share, "tile", make)
        assert begun.wait(LONGEST_S)
        waiting, awaited = threading.Semaphore(0), flights._awaited
        monkeypatch.setattr(flights, "_awaited", lambda flight: waiting.release() or awaited(flight))
        others = [pool.submit(shared.share, "tile", make) for _ in range(7)]
        assert all(waiting.acquire(timeout=LONGEST_S) for _ in others)
        go_on.set()
        assert [each.result(LONGEST_S) for each in (first, *others)] == ["tile"] * 8
    assert len(made) == 1
    assert shared.share("tile", lambda: "anew") == "anew", "nothing is kept once it has been handed out"


def test_those_who_wait_get_the_very_thing_and_others_do_not():
    shared, begun, go_on = Flights(), threading.Event(), threading.Event()

    def make():
        begun.set()
        go_on.wait(LONGEST_S)
        return "first"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared.share, "tile", make)
        assert begun.wait(LONGEST_S)
        second = pool.submit(shared.share, "tile", lambda: "second")
        assert shared.share("another", lambda: "other") == "other"
        go_on.set()
        assert (first.result(LONGEST_S), second.result(LONGEST_S) in ("first", "second")) == ("first", True)


def test_a_failure_is_shared_and_then_forgotten():
    shared = Flights()
    with pytest.raises(ZeroDivisionError):
        shared.share("tile", lambda: 1 / 0)
    assert shared.share("tile", lambda: 1) == 1


def test_who_waits_too_long_is_told_that_the_service_is_busy(monkeypatch):
    monkeypatch.setattr(flights, "WAIT_S", 0.01)
    shared, begun, go_on = Flights(), threading.Event(), threading.Event()

    def make():
        begun.set()
        go_on.wait(LONGEST_S)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(shared.share, "tile", make)
        assert begun.wait(LONGEST_S)
        with pytest.raises(Problem) as refused:
            shared.share("tile", lambda: None)
        go_on.set()
    assert refused.value.status == 503
