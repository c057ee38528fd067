"""Every address of the log, for the words that the roof hands in. Those of C2SP tlog-tiles have no slash at the end."""

from collections.abc import Mapping

from django.urls import URLPattern, path

from gi_registry.lib.texts import Text
from gi_registry.openlog import pages


def addresses(words: Mapping[str, Text]) -> list[URLPattern]:
    """To be included at ``/log/``."""
    told = {"words": words}
    return [
        path("", pages.home, told, name="log"),
        path("verify/", pages.verify, told, name="log-verify"),
        path("checkpoint", pages.checkpoint, name="log-checkpoint"),
        path("checkpoints/<str:folder>/<int:size>", pages.past_checkpoint, name="log-past-checkpoint"),
        path("tile/<path:path>", pages.tile, name="log-tile"),
        path("timestamps/<str:folder>/<int:size>.tsr", pages.timestamp),
        path("succession/<int:number>", pages.succession, name="log-succession"),
        path("key", pages.key, name="log-key"),
        path("key-sm2", pages.sm2_key, name="log-key-sm2"),
        path("proof/<int:index>", pages.proof, name="log-proof"),
        path("entries/<int:index>", pages.raw, name="log-raw"),
        path("entries/<int:index>/", pages.entry, told, name="log-entry"),
        path("objects/<str:name>/", pages.history, told, name="log-object"),
        path("objects/<str:name>/evidence.zip", pages.evidence, name="log-evidence"),
    ]
