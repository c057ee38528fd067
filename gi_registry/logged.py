"""What entries of the log are called, and which rows they are held against. A room names its own, this puts them together."""

from gi_registry.lib.texts import Text
from gi_registry.openlog.keys import SUCCEEDED
from gi_registry.openlog.urls import addresses
from products.held import KINDS as OF_REGISTER
from products.rules.logged import Logged as OfRegister
from regions.held import KINDS as OF_REGIONS
from regions.rules.logged import Logged as OfRegions
from trace.held import KINDS as OF_GOODS
from trace.rules.logged import Logged as OfGoods

WORDS = {word.value: word.text for words in (OfRegions, OfRegister, OfGoods) for word in words}
WORDS[SUCCEEDED] = Text("更换日志签名密钥", "Key of the log replaced")
# Rows that must say what was logged of them.
KINDS = (*OF_REGIONS, *OF_REGISTER, *OF_GOODS)

log_urls = addresses(WORDS)
