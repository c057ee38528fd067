"""How often anybody may ask about codes. Whoever only looks meets the network's limit alone; who guesses, a narrower one.

A mistyped code charges nothing beyond the look, since people mistype. A code that was never issued does: it is what
guessing looks like. When all the world guesses, codes never issued are put off (429), and codes that were issued are
answered as ever.
"""

from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest

from gi_registry.lib.addresses import address_of, network_of
from gi_registry.lib.limits import Limit, require
from trace.rules.verdicts import Verdict

# Behind one network (/24, /48) stand whole villages where an operator shares addresses, so these are wide.
UNKNOWN = Limit("unknown.network", 300, 600, block=10)
UNKNOWN_ALL = Limit("unknown.all", 60_000, 600, block=500)
# Beside the five tries of each unit: a machine that knows many codes must not burn the tries of all.
PINS = Limit("pins.network", 120, 600)
# Nobody has ten complaints an hour; a village behind one address may have thirty.
REPORTS = Limit("reports.network", 30, 3_600)
REPORTS_ALL = Limit("reports.all", 3_000, 3_600, block=10)
# A shop or a mobile operator's gateway may send many; a script sends more.
BEACONS = Limit("beacons.network", 3_000, 3_600, block=20)
BEACONS_OF_LOT = Limit("beacons.lot", 10_000, 3_600, block=50)
# Reading a photo costs as much as thousands of looks.
PHOTOS = Limit("photos.network", 120, 600)


def looks() -> Limit | None:
    """Looks a minute and network, as the operator set them; None where the web server in front counts them."""
    most = settings.GI_LOOKS_A_MINUTE
    return Limit("looks.network", most, 60, block=_block(most)) if most else None


def _block(most: int) -> int:
    """About a sixtieth: a busy network then costs a statement a second and process."""
    return next(block for block in range(max(1, most // 60), 0, -1) if most % block == 0)


def look(request: HttpRequest, *, now: datetime) -> None:
    """Charge one look. Raises TooOften. While the database is away nothing is counted: the answer says what is the matter."""
    limit = looks()
    if limit is None:
        return
    try:
        require(limit, network_of(address_of(request)), now=now)
    except (OperationalError, InterfaceError):
        return


def beacon(request: HttpRequest, lot: str, *, now: datetime) -> None:
    """Charge a beacon to its network and to the lot. Raises TooOften: nothing is counted then."""
    require(BEACONS, network_of(address_of(request)), now=now)
    require(BEACONS_OF_LOT, lot, now=now)


def told(request: HttpRequest, verdict: Verdict, *, now: datetime) -> None:
    """Charge an answer that a guesser would get. Raises TooOften."""
    if verdict is not Verdict.NOT_ISSUED:
        return
    require(UNKNOWN, network_of(address_of(request)), now=now)
    require(UNKNOWN_ALL, "", now=now)
