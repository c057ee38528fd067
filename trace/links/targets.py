"""Addresses that producers and holders propose to link to: which may be, and how they are written.

Only https to a host with a public name. What looks like our own host, hides another behind it, or names a machine by
number is refused. A host in other letters is written in its ASCII form, so that a look-alike is seen.
"""

import re
from urllib.parse import quote, urlsplit

from gi_registry.lib.texts import Refusal, Text

MAX_HREF = 500
# Special-use names (RFC 6761 and others) and such as stand for the machine or its own network.
_NOT_PUBLIC = (
    "arpa", "corp", "example", "home", "internal", "invalid", "lan", "local", "localhost", "localdomain", "onion",
    "test", "alt",
)  # fmt: skip
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# As RFC 3986 allows in path, query and fragment; others are escaped, and blanks, controls and quotes refused before.
_SAFE = "/?#%:@!$&'()*+,;=-._~[]"


def judged(href: str, *, our_host: str) -> tuple[str, list[Refusal]]:
    """The address as it will be served, and what is wrong with it (then the first is ""). ``our_host``: name of ours."""
    if fault := _text_fault(href):
        return "", [fault]
    try:
        parts = urlsplit(href)
        port = parts.port
        host = _ascii_host(parts.hostname or "")
    except (ValueError, UnicodeError):
        return "", [_refusal("href_form", "不是有效的网址。", "This is no web address.")]
    if parts.scheme != "https":
        return "", [_refusal("href_scheme", "只接受以 https:// 开头的网址。", "The address must begin with https://.")]
    if "@" in parts.netloc:
        return "", [_refusal("href_credentials", "网址中不能有用户名或密码。", "It may hold no user name or password.")]
    if port not in (None, 443) or parts.netloc.endswith(":"):
        return "", [_refusal("href_port", "网址中不能指定端口。", "It may name no port.")]
    if fault := _host_fault(host, our_host.partition(":")[0].lower()):
        return "", [fault]
    rest = quote(href[href.index(parts.netloc) + len(parts.netloc) :], safe=_SAFE) or "/"
    told = f"https://{host}{rest}"
    return (told, []) if len(told) <= MAX_HREF else ("", [_LONG])


def host_of(href: str) -> str:
    return urlsplit(href).hostname or ""


def _text_fault(href: str) -> Refusal | None:
    if len(href) > MAX_HREF:
        return _LONG
    # Browsers drop tabs and take a backslash for a slash: what they would read is not what was reviewed.
    if not href.isprintable() or any(character in ' \\"<>^`{|}' for character in href):
        zh, en = "网址中有空格、反斜杠等不允许的字符。", "It holds blanks, backslashes or the like."
        return _refusal("href_characters", zh, en)
    if re.search(r"%(?![0-9A-Fa-f]{2})", href):
        return _refusal("href_escape", "百分号转义有误。", "A percent escape is not well formed.")
    return None


def _ascii_host(host: str) -> str:
    """The host in small ASCII letters (RFC 3490). Raises UnicodeError for what cannot be one."""
    return host.lower() if host.isascii() else host.encode("idna").decode().lower()


def _host_fault(host: str, our_host: str) -> Refusal | None:
    labels = host.split(".")
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return _refusal("href_host", "主机名无效。", "The host is no public name.")
    # 10.0.0.1, 0x7f.1, 2130706433: browsers take any host whose last label is a number for an address.
    if not re.fullmatch(r"[a-z][a-z0-9-]*", labels[-1]):
        return _refusal("href_address", "请使用域名，不要用 IP 地址。", "Give a name, not an IP address.")
    if labels[-1] in _NOT_PUBLIC:
        return _refusal("href_host", "主机名无效。", "The host is no public name.")
    if our_host and our_host in host:
        zh, en = (
            "不能指向本站或含有本站名称的主机。",
            "It may not lead to this registry or a host that contains its name.",
        )
        return _refusal("href_ours", zh, en)
    if any(label.startswith("xn--") and not _is_idna(label) for label in labels):
        return _refusal("href_host", "主机名无效。", "The host is no public name.")
    return None


def _is_idna(label: str) -> bool:
    try:
        return label.encode().decode("idna").encode("idna").decode() == label
    except UnicodeError:
        return False


def _refusal(code: str, zh: str, en: str) -> Refusal:
    return Refusal(code, Text(zh, en), "/href")


_LONG = _refusal("href_long", f"网址不超过 {MAX_HREF} 个字符。", f"An address has at most {MAX_HREF} characters.")
