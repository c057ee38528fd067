"""The province of a network address, by an offline table: no address leaves the machine.

The tables (ip2region ``xdb`` files, one for each kind of address, named by GI_IP_REGION_FILE) are not part of this
repository, and no package that we use ships one; without them the province stays empty. Addresses of phones are placed
some 200 km wrong at the median, so nothing finer than a province is ever read from one.
"""

import logging
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from threading import Lock

from django.conf import settings
from ip2region import searcher, util

from trace.rules.provinces import named

log = logging.getLogger("gi.trace")
_SUFFIXES = ("省", "市", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区")
_LAYOUTS = (util.XdbStructure20, util.XdbStructure30)
_KINDS = {util.XdbIPv4Id: 4, util.XdbIPv6Id: 6}
_loading = Lock()


def province_of(address: str) -> str:
    """The province in Chinese without its suffix (``山西``); "" where there is no table or it does not know.

    A table that is missing, broken, or of the other kind of address is as good as none: a check must not fail by it.
    """
    try:
        place = ip_address(address)
        if isinstance(place, IPv6Address) and place.ipv4_mapped:
            place = place.ipv4_mapped
        table = _tables().get(place.version)
        return province_in(table.search(place.packed)) if table else ""
    except (ValueError, IndexError):
        return ""


def province_in(record: str) -> str:
    """The province in a record of the table: ``中国|0|山西省|太原市|电信`` or ``中国|山西省|太原市|电信|CN``."""
    fields = record.split("|")
    if fields[0] != "中国":
        return ""
    found = next((field for field in fields[1:3] if field and field != "0"), "")
    for suffix in _SUFFIXES:
        found = found.removesuffix(suffix)
    return found if named(found) else ""


def _tables() -> dict[int, searcher.Searcher]:
    """The readers by kind of address (4, 6), one of each for all threads: they hold the file in memory and no position.

    A file that is replaced is read anew.
    """
    stamps = []
    for path in settings.IP_REGION_FILES:
        try:
            stamps.append((path, Path(path).stat().st_mtime_ns))
        except OSError:
            continue
    # Two threads that come first must not both read some tens of megabytes.
    with _loading:
        return _load(tuple(stamps))


@lru_cache(maxsize=1)
def _load(stamps: tuple[tuple[str, int], ...]) -> dict[int, searcher.Searcher]:
    tables = {}
    for path, _ in stamps:
        try:
            content = Path(path).read_bytes()
            header = util.Header(content[: util.HeaderInfoLength])
            kind = util.version_from_header(header)
        except (OSError, IndexError):
            kind = None
        if kind is None or header.version not in _LAYOUTS:
            log.warning("not a table of provinces: %s", path)
            continue
        tables[_KINDS[kind.id]] = searcher.new_with_buffer(kind, content)
    return tables
