"""What is looked at of a sender, and what is not."""

import pytest

from gi_registry.lib.addresses import client_address, network_of
from trace.rules.devices import coarse_agent, is_robot, token

WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; V2307A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile "
    "Safari/537.36 MicroMessenger/8.0.50"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)


def test_a_browser_is_known_by_family_only():
    assert coarse_agent(WECHAT) == "wechat/android"
    assert coarse_agent(IPHONE) == "safari/ios"
    assert coarse_agent("invented/1 " * 1_000) == "other/other"


@pytest.mark.parametrize(
    "agent", ["", " ", "Googlebot/2.1", "Baiduspider", "curl/8.1", "python-requests/2", "HeadlessChrome"]
)
def test_programs_that_say_so_are_robots(agent):
    assert is_robot(agent)


def test_browsers_of_people_are_not_robots():
    assert not is_robot(WECHAT)
    assert not is_robot(IPHONE)


@pytest.mark.parametrize(
    ("forwarded", "trusted", "expected"),
    [
        ("", 0, "203.0.113.9"),
        ("198.51.100.7", 0, "203.0.113.9"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("198.51.100.7", 2, "203.0.113.9"),
        ("not an address", 1, ""),
        ("::ffff:198.51.100.7", 1, "198.51.100.7"),
    ],
)
def test_only_hops_written_by_our_own_proxies_are_believed(forwarded, trusted, expected):
    assert client_address("203.0.113.9", forwarded, trusted) == expected


def test_addresses_are_cut_to_their_network():
    assert network_of("198.51.100.7") == network_of("198.51.100.250") == "198.51.100.0/24"
    assert network_of("2001:db8:1:2::9") == network_of("2001:db8:1:ffff::1") == "2001:db8:1::/48"
    assert network_of("") == ""


def test_tokens_agree_within_a_day_and_part_with_the_key_and_the_purpose():
    key, other = b"k" * 32, b"o" * 32
    assert token(key, "device", "a", "b") == token(key, "device", "a", "b")
    distinct = {
        token(key, "device", "a", "b"),
        token(other, "device", "a", "b"),
        token(key, "network", "a", "b"),
        token(key, "device", "ab"),
        token(key, "device", "a", "c"),
    }
    assert len(distinct) == 5
    assert all(-(2**63) <= value < 2**63 for value in distinct)
