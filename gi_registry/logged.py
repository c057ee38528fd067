"""What entries of the log are called, in both languages. A room names its types, this puts them together."""

from gi_registry.lib.texts import Text
from gi_registry.openlog.keys import SUCCEEDED
from gi_registry.openlog.urls import addresses
from products.rules.logged import Logged as OfRegister
from regions.rules.logged import Logged as OfRegions
from trace.rules.logged import Logged as OfGoods

WORDS = {word.value: word.text for words in (OfRegions, OfRegister, OfGoods) for word in words}
WORDS[SUCCEEDED] = Text("更换日志签名密钥", "Key of the log replaced")

log_urls = addresses(WORDS)
