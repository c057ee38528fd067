"""Telling one device from another for one day without knowing either.

Two phones behind one network with the same kind of browser count as one: that is the price of not keeping what could
name a person. The token is an HMAC under a key of the day; once the key is destroyed nobody can link or reverse it.
"""

import hashlib
import hmac
import re

KEY_BYTES = 32
KEY_LIFE_DAYS = 2

# Closed lists: a sender who invents browser names gains no new devices by it. The first that is found counts, so the
# apps that pretend to be Chrome or Safari stand before them.
_BROWSERS = (
    ("wechat", "micromessenger"),
    ("alipay", "alipayclient"),
    ("douyin", "aweme"),
    ("baidu", "baidu"),
    ("quark", "quark"),
    ("uc", "ucbrowser"),
    ("qq", "qqbrowser"),
    ("huawei", "huaweibrowser"),
    ("xiaomi", "miuibrowser"),
    ("edge", "edg"),
    ("firefox", "firefox"),
    ("chrome", "chrome"),
    ("safari", "safari"),
)
_SYSTEMS = (
    ("harmony", "harmony"),
    ("android", "android"),
    ("ios", "iphone"),
    ("ipados", "ipad"),
    ("windows", "windows"),
    ("mac", "mac os"),
    ("linux", "linux"),
)
# Programs that fetch pages by themselves (link previews, search engines, scanners); they do not send beacons, but some
# run scripts.
_ROBOT = re.compile(r"bot\b|spider|crawl|preview|headless|curl/|wget/|python|scan|monitor", re.IGNORECASE)


def coarse_agent(user_agent: str) -> str:
    """Browser and system by family only: ``wechat/android``."""
    text = user_agent[:500].lower()
    return "/".join(
        next((name for name, sign in families if sign in text), "other") for families in (_BROWSERS, _SYSTEMS)
    )


def is_robot(user_agent: str) -> bool:
    """Whether a program says of itself that no person is behind it; an empty name says nothing and is taken for one."""
    return not user_agent.strip() or bool(_ROBOT.search(user_agent[:500]))


def token(secret: bytes, purpose: str, *parts: str) -> int:
    """A keyed 64-bit token (signed, as PostgreSQL's bigint): equal for equal parts on one day, unrelated on the next."""
    message = "\0".join((purpose, *parts)).encode()
    return int.from_bytes(hmac.digest(secret, message, hashlib.sha256)[:8], "big", signed=True)
