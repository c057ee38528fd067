"""What the map keeps in memory: bounded, oldest out first, and safe to use from several threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gi_registry.ogc.cache import Memory


def test_what_was_put_in_is_found_again_also_when_it_is_nothing():
    kept = Memory("test", 2)
    assert kept.recall("a", lambda: None) is None
    assert kept.recall("a", lambda: 1 / 0) is None
    assert kept.get("b", "absent") == "absent"


def test_the_one_longest_unused_goes_first():
    kept = Memory("test", 2)
    kept.put("a", 1)
    kept.put("b", 2)
    kept.get("a")
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]


def test_the_sum_of_the_weights_is_bounded_and_what_is_too_heavy_is_not_kept():
    kept = Memory("test", 10, weigh=len)
    kept.put("a", b"12345")
    kept.put("b", b"12345")
    kept.put("a", b"123")
    kept.put("c", b"12")
    assert len(kept) == 3
    kept.put("d", b"1234")
    assert [kept.get(key) for key in "abcd"] == [b"123", None, b"12", b"1234"]
    kept.put("e", b"12345678901")
    assert kept.get("e") is None
    kept.put("a", b"12345678901")
    assert kept.get("a") is None, "an old value never stands in for one that is too heavy"


def test_what_cannot_be_made_is_not_kept():
    kept = Memory("test", 2)
    with pytest.raises(ZeroDivisionError):
        kept.recall("a", lambda: 1 / 0)
    assert len(kept) == 0


def test_many_threads_leave_it_whole():
    kept = Memory("test", 50)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: kept.recall(n % 80, lambda: n % 80), range(4000)))
    assert found == [n % 80 for n in range(4000)]
    assert len(kept) == 50


def test_all_can_be_forgotten_at_once():
    one, other = Memory("test", 2), Memory("test", 2)
    one.put("a", 1)
    other.put("a", 1)
    Memory.clear_all()
    assert (len(one), len(other)) == (0, 0)
