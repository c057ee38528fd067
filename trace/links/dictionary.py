"""Application identifiers (AI): the form of each value, its checks, and where in a link it may stand.

Facts of the GS1 Barcode Syntax Dictionary (2026) and the General Specifications: every AI there is, with the length,
character set and content checks named in ``values.CHECKS``. Left out on purpose are the pairings of AIs (``req``, ``ex``),
which speak of all codes on an item together, and the inner grammar of coupons, currencies and package types.

A line is ``AIs  flags  components``. Flags: ``?`` may be an attribute in the query; ``.`` may not. A component is a
type (N digits, X character set 82, Y set 39, Z base64url), its length (``6``, or ``..20`` for 1 to 20) and its checks;
brackets make it optional. ``3100-3105`` is a range.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_TABLE = """
00 ? N18,sum
01 ? N14,sum
02 ? N14,sum
03 . N14,sum
10 ? X..20
11-13 ? N6,day0
15-17 ? N6,day0
20 ? N2
21-22 . X..20
235 . X..28
240-241 ? X..30
242 ? N..6
243 ? X..20
250-251 ? X..30
253 ? N13,sum,prefix [X..17]
254 . X..20
255 ? N13,sum,prefix [N..12]
30 ? N..8
3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 ? N6
3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 ? N6
3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 ? N6
3400-3405 3410-3415 3420-3425 3430-3435 3440-3445 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 ? N6
3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565 3570-3575 ? N6
3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685 3690-3695 ? N6
37 ? N..8
3900-3909 ? N..15
3910-3919 ? N3 N..15
3920-3929 ? N..15
3930-3939 ? N3 N..15
3940-3943 ? N4
3950-3955 ? N6
400 ? X..30
401 ? X..30,prefix
402 ? N17,sum,prefix
403 ? X..30
410-417 ? N13,sum,prefix
420 ? X..20
421 ? N3,country X..9
422 424 426 ? N3,country
423 425 ? N3,country [N3,country] [N3,country] [N3,country] [N3,country]
427 ? X..3
4300-4301 4310-4311 4320 ? X..35,escapes
4302-4306 4312-4316 ? X..70,escapes
4307 4317 ? X2,letters
4308 4319 ? X..30
4309 ? N10,latitude N10,longitude
4318 ? X..20
4321-4323 ? N1,yesno
4324-4325 ? N6,day0 N4,clock
4326 ? N6,day
4330-4333 ? N6 [X1,hyphen]
7001 ? N13
7002 ? X..30
7003 ? N6,day N4,clock
7004 ? N..4
7005 ? X..12
7006 ? N6,day
7007 ? N6,day [N6,day]
7008 ? X..3
7009 ? X..10
7010 ? X..2
7011 ? N6,day [N4,clock]
7020-7022 ? X..20
7023 ? X..30,prefix
7030-7039 ? N3,country999 X..27
7040 . N1 X1 X1 X1,importer
7041 . X..4
710-717 ? X..20
7230-7239 ? X2 X..28
7240 ? X..20
7241 ? N2,media
7242 ? X..25
7250 ? N8,date
7251 ? N8,date N4,clock
7252 ? N1,sex
7253-7254 7259 ? X..40,escapes
7255 ? X..10
7256 ? X..90,escapes
7257 ? X..70,escapes
7258 ? X3,position
8001 ? N4,nonzero N5,nonzero N3,nonzero N1,winding N1
8002 ? X..20
8003 ? N1,zero N13,sum,prefix [X..16]
8004 ? X..30,prefix
8005 ? N6
8006 ? N14,sum N4,piece
8007 ? X..34,iban
8008 ? N6,day N2,hour [N2,sixty] [N2,sixty]
8009 ? X..50
8010 ? Y..30,prefix
8011 . N..12,noleadingzero
8012 ? X..20
8013 ? X..25,pair,prefix
8014 . X..25,pair,prefix
8017-8018 ? N18,sum,prefix
8019 . N..10
8020 . X..25
8026 ? N14,sum N4,piece
8030 ? Z..90
8110 8112 ? X..70
8111 ? N4
8200 . X..70
90 ? X..30
91-99 ? X..90
"""

# Primary keys and their qualifiers in fixed order, any subset; alternatives are never mixed.
QUALIFIERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "00": ((),),
    "01": (("22", "10", "21"), ("235",)),
    "253": ((),),
    "255": ((),),
    "401": ((),),
    "402": ((),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8003": ((),),
    "8004": (("7040",),),
    "8006": (("22", "10", "21"),),
    "8010": (("8011",),),
    "8013": ((),),
    "8017": (("8019",),),
    "8018": (("8019",),),
}
# Their values are GTINs: 8, 12 and 13 digits are read too, and always written as 14.
GTINS = ("01", "02", "03")

_COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?(\d+)((?:,\w+)*)\]?")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a value: ``kind`` N, X, Y or Z; ``length`` exact, or the most where ``is_variable``."""

    kind: str
    length: int
    is_variable: bool
    is_optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    ai: str
    components: tuple[Component, ...]
    is_attribute: bool

    @property
    def max_length(self) -> int:
        return sum(component.length for component in self.components)


def _component(text: str) -> Component:
    bracket, kind, dots, length, checks = _COMPONENT.fullmatch(text).groups()  # type: ignore[union-attr]
    return Component(kind, int(length), bool(dots), bool(bracket), tuple(checks.split(",")[1:]))


def _read() -> dict[str, Identifier]:
    known = {}
    for line in _TABLE.strip().splitlines():
        ranges, flag, form = re.fullmatch(r"([\d -]+) ([?.]) (.+)", line).groups()  # type: ignore[union-attr]
        components = tuple(_component(text) for text in form.split())
        for span in ranges.split():
            first, _, last = span.partition("-")
            for number in range(int(first), int(last or first) + 1):
                ai = f"{number:0{len(first)}}"
                known[ai] = Identifier(ai, components, flag == "?")
    return known


IDENTIFIERS = _read()


@lru_cache(maxsize=1)
def lengths_by_prefix() -> dict[str, int]:
    """The first two digits of an AI -> how many digits it has."""
    return {ai[:2]: len(ai) for ai in IDENTIFIERS}
