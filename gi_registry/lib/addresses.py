"""Whose request it is, as far as the network tells: one rule for checks of codes, limits and failed sign-ins."""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

IPV4_PREFIX = 24
IPV6_PREFIX = 48


def client_address(remote: str, forwarded: str, trusted_proxies: int) -> str:
    """The address of the sender: the hop that our own outermost proxy wrote, else the peer itself; "" if unreadable.

    X-Forwarded-For is a list to which each proxy appends the peer it saw. Only the last ``trusted_proxies`` entries were
    written by proxies of ours; whatever stands before them is the client's own claim and is never read.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    found = hops[-trusted_proxies] if 0 < trusted_proxies <= len(hops) else remote
    try:
        address = ip_address(found)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


def address_of(request: HttpRequest) -> str:
    """The address of the sender of a request, by the proxies that the operator calls ours."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), forwarded, settings.TRUSTED_PROXIES)


def network_of(address: str) -> str:
    """The network of an address, cut to /24 or /48, which is all that is ever used of it. "" stays ""."""
    if not address:
        return ""
    found = ip_address(address)
    if found.version == 4:
        return str(IPv4Network((found, IPV4_PREFIX), strict=False))
    return str(IPv6Network((found, IPV6_PREFIX), strict=False))
