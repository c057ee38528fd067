"""Does the longitude/latitude box that an announcement printed fit the divisions that it names?

Printed boxes are full of slips (a digit, the axes, another county's box), so they are stored verbatim, compared here,
and shown with the finding; they are never used as geometry. The comparison is with the envelope of the named divisions
only: it can show that a box contradicts its text, never that a box is right to the metre.

How far is too far, in degrees (0.01 degree is about 1 km, the accuracy of our division boundaries):

* ``FAR_OUT``: a limit more than 1 degree outside is a misprint; few counties here are that wide altogether.
* ``LOOSE``: up to 0.25 degree outside is how roughly such boxes are drawn.
* ``LOOSE_TOWNSHIP``: 0.15 degree where the text names a single township, a tenth of a county.
* A box that takes in nearly the whole of its divisions may overhang further, up to ``FAR_OUT``: it is generous, but
  contradicts nothing.
* ``STRIP``: a box for more than one township that is less than a quarter as wide or as high as its divisions has
  probably lost a digit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gi_registry.lib.texts import Refusal, Text, Word
from regions.rules.degrees import read_degrees
from regions.rules.places import Extent

FAR_OUT = 1.0
LOOSE = 0.25
LOOSE_TOWNSHIP = 0.15
NEARLY_ALL = 0.9
HARDLY_ANY = 0.05
STRIP = 0.25
KM_PER_DEGREE = 111.2

_SIDES = {
    "west": Text("西界", "west limit"),
    "east": Text("东界", "east limit"),
    "south": Text("南界", "south limit"),
    "north": Text("北界", "north limit"),
}


class BoxCheck(Word):
    ABSENT = "absent", "未公布经纬度范围", "No box was published"
    UNREADABLE = "unreadable", "公布的经纬度无法识读", "The published box cannot be read"
    AGREES = "agrees", "与行政区划相符", "Agrees with the divisions"
    DOUBTFUL = "doubtful", "存疑", "Doubtful"
    WRONG = "wrong", "有误", "Wrong"


@dataclass(frozen=True, slots=True)
class DeclaredBox:
    """The four limits exactly as printed; empty where nothing was printed."""

    west: str = ""
    east: str = ""
    south: str = ""
    north: str = ""

    def printed(self) -> dict[str, str]:
        return {"west": self.west, "east": self.east, "south": self.south, "north": self.north}


@dataclass(frozen=True, slots=True)
class Envelope:
    """Limits in decimal degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        return self.east - self.west

    @property
    def height(self) -> float:
        return self.north - self.south

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    def overlap(self, other: Envelope) -> float:
        """Square degrees in common; 0 where they do not meet."""
        width = min(self.east, other.east) - max(self.west, other.west)
        height = min(self.north, other.north) - max(self.south, other.south)
        return max(width, 0.0) * max(height, 0.0)

    def transposed(self) -> Envelope:
        return Envelope(west=self.south, south=self.west, east=self.north, north=self.east)

    def overhang(self, place: Envelope) -> dict[str, float]:
        """Degrees by which each side lies outside the place; negative where it lies within."""
        return {
            "west": place.west - self.west,
            "east": self.east - place.east,
            "south": place.south - self.south,
            "north": self.north - place.north,
        }

    def gap_km(self, other: Envelope) -> float:
        """Roughly how far apart two boxes lie (a sphere and a mean latitude are enough for a sentence)."""
        width = max(other.west - self.east, self.west - other.east, 0.0)
        height = max(other.south - self.north, self.south - other.north, 0.0)
        return math.hypot(width * math.cos(math.radians(other.south + other.height / 2)), height) * KM_PER_DEGREE


@dataclass(frozen=True, slots=True)
class BoxFinding:
    """The verdict on a printed box and each reason for it."""

    check: BoxCheck
    reasons: tuple[Refusal, ...] = ()

    @property
    def note(self) -> Text:
        """All reasons as one sentence run; the verdict's own label where there is none."""
        if not self.reasons:
            return self.check.text
        return Text("".join(r.text.zh for r in self.reasons), " ".join(r.text.en for r in self.reasons))


def check_box(declared: DeclaredBox, place: Envelope, extent: Extent) -> BoxFinding:
    """Compare a printed box with the envelope of the divisions that its text names."""
    printed = declared.printed()
    if not any(printed.values()):
        return BoxFinding(BoxCheck.ABSENT)
    limits = {side: read_degrees(text) for side, text in printed.items()}
    if unread := [side for side, value in limits.items() if value is None]:
        return BoxFinding(BoxCheck.UNREADABLE, tuple(_unread(side, printed[side]) for side in unread))
    box = Envelope(**{side: value for side, value in limits.items() if value is not None})
    if wrong := _contradictions(box, place):
        return BoxFinding(BoxCheck.WRONG, wrong)
    if doubts := _doubts(box, place, extent):
        return BoxFinding(BoxCheck.DOUBTFUL, doubts)
    return BoxFinding(BoxCheck.AGREES)


def _contradictions(box: Envelope, place: Envelope) -> tuple[Refusal, ...]:
    if not box.overlap(place) and box.transposed().overlap(place):
        return (Refusal("box_axes_swapped", Text("经度与纬度印反。", "Longitude and latitude are swapped.")),)
    if box.width <= 0 or box.height <= 0:
        return (
            Refusal(
                "box_inverted", Text("西界不在东界以西，或南界不在北界以南。", "Its limits are the wrong way round.")
            ),
        )
    far = tuple(_reaches(side, by) for side, by in box.overhang(place).items() if by > FAR_OUT)
    if not box.overlap(place) or (not far and box.overlap(place) < HARDLY_ANY * box.area):
        return (_elsewhere(box.gap_km(place)), *far)
    return far


def _doubts(box: Envelope, place: Envelope, extent: Extent) -> tuple[Refusal, ...]:
    takes_in_nearly_all = box.overlap(place) >= NEARLY_ALL * place.area
    allowed = FAR_OUT if takes_in_nearly_all else LOOSE
    if extent is Extent.ONE_TOWNSHIP:
        allowed = LOOSE_TOWNSHIP
    doubts = [_reaches(side, far) for side, far in box.overhang(place).items() if far > allowed]
    if extent is not Extent.ONE_TOWNSHIP and (box.width < STRIP * place.width or box.height < STRIP * place.height):
        sentence = Text(
            "与所述行政区划相比，该范围过窄。", "The box is a narrow strip compared with the named divisions."
        )
        doubts.append(Refusal("box_narrow_strip", sentence))
    return tuple(doubts)


def _reaches(side: str, degrees: float) -> Refusal:
    sentence = Text("{zh}超出所述行政区划{far:.2f}度。", "The {en} lies {far:.2f} degrees outside the named divisions.")
    label = _SIDES[side]
    return Refusal("box_reaches_outside", sentence.format(zh=label.zh, en=label.en, far=degrees), f"/declared_{side}")


def _elsewhere(km: float) -> Refusal:
    if km < 1:
        text = Text(
            "该范围紧挨所述行政区划但不落在其内。", "The box lies just beside the named divisions, not in them."
        )
    else:
        text = Text(
            f"该范围不落在所述行政区划内（相距约{km:.0f}千米）。",
            f"The box lies elsewhere, about {km:.0f} km from the named divisions.",
        )
    return Refusal("box_elsewhere", text)


def _unread(side: str, printed: str) -> Refusal:
    label = _SIDES[side]
    if not printed:
        return Refusal(
            "box_limit_missing", Text(f"缺少{label.zh}。", f"The {label.en} is missing."), f"/declared_{side}"
        )
    sentence = Text(f"{label.zh}无法识读。", f"The {label.en} cannot be read as an angle.")
    return Refusal("box_limit_unreadable", sentence, f"/declared_{side}")
