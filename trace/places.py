"""The province of a network address, by an offline table: no address leaves the machine.

The table (an ip2region ``xdb`` file, named by GI_IP_REGION_FILE) is not part of this repository, and no package that we use ships
one; without it the province stays empty. Addresses of phones are placed some 200 km wrong at the median, so nothing
finer than a province is ever read from it.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from ip2region import searcher, util

PROVINCE_LENGTH = 20
_SUFFIXES = ("省", "市", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区")


@lru_cache(maxsize=1)
def _table(path: str) -> Any:
    content = Path(path).read_bytes()
    version = util.version_from_header(util.Header(content[: util.HeaderInfoLength]))
    return searcher.new_with_buffer(version, content)


def province_of(address: str) -> str:
    """The province in Chinese without its suffix (``山西``); "" where there is no table or it does not know.

    A table that is broken, or of the other kind of address, is as good as none: a check must not fail by it.
    """
    path = settings.IP_REGION_FILE
    if not path or not address or not Path(path).is_file():
        return ""
    try:
        found = _table(path).search(address)
    except (ValueError, OSError, IndexError, AttributeError):
        return ""
    return province_in(found or "")


def province_in(record: str) -> str:
    """The province in a record of the table: ``中国|0|山西省|太原市|电信`` or ``中国|山西省|太原市|电信|CN``."""
    fields = record.split("|")
    if fields[0] != "中国":
        return ""
    found = next((field for field in fields[1:3] if field and field != "0"), "")
    for suffix in _SUFFIXES:
        found = found.removesuffix(suffix)
    return found[:PROVINCE_LENGTH]
