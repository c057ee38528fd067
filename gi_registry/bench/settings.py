"""The real settings, with one more address: a view that does nothing, for comparison on the same server."""

from gi_registry.settings import *  # noqa: F403

GI_LOOKS_A_MINUTE = 0  # one address sends all the load
TRUSTED_PROXIES = 1  # counted checks come from many addresses, as a web server in front tells them
ROOT_URLCONF = "gi_registry.bench.urls"
