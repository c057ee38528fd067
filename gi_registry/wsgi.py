"""The entry point of the server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gi_registry.settings")
application = get_wsgi_application()
# Everything is loaded now, not with the first request, and lives as long as the process: a collector that went through it
# again and again took up to 0.3 s of a large answer.
get_resolver().url_patterns  # noqa: B018 - read for what reading it loads
gc.collect()
gc.freeze()
