"""How allauth behaves here: accounts are given by the registrar, never taken by signing up."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from gi_registry.lib.addresses import address_of

IPV6_PREFIX = 64  # what one subscriber has to choose from


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """What failed sign-ins are counted by. A keyed digest: the counts lie in a table, and no address may."""
        found = address_of(request)
        if found and isinstance(address := ip_address(found), IPv6Address):
            found = str(IPv6Network((address, IPV6_PREFIX), strict=False))
        return salted_hmac("gi_registry.accounts.adapter", found, algorithm="sha256").hexdigest()[:32]
