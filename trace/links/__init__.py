"""GS1 Digital Link: reading, checking and writing links, and unpacking compressed ones. Pure: no Django, no network.

``dictionary`` knows the application identifiers, ``values`` checks what they hold, ``syntax`` reads and writes links,
``packed`` unpacks compressed ones, ``targets`` judges addresses that others propose to link to.
"""

from trace.links.errors import LinkError
from trace.links.packed import unpack
from trace.links.syntax import DigitalLink, parse, parse_path

__all__ = ["DigitalLink", "LinkError", "parse", "parse_path", "unpack"]
