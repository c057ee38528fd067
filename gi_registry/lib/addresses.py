"""Whose request it is, as far as the network tells: one rule for checks of codes and for failed sign-ins."""

from ipaddress import IPv6Address, ip_address


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
