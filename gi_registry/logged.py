"""What entries of the log are called, in both languages. A room names its types, this puts them together."""

from gi_registry.openlog.urls import addresses
from trace.rules.logged import Logged

WORDS = {word.value: word.text for words in (Logged,) for word in words}

log_urls = addresses(WORDS)
