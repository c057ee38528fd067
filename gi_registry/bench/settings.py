"""The real settings, with one more address: a view that does nothing, for comparison on the same server."""

from gi_registry.settings import *  # noqa: F403

ROOT_URLCONF = "gi_registry.bench.urls"
