"""How well copied codes are told from uncopied ones: a made-up year of checks, from a seed, through the rules.

Orders of magnitude only: nobody knows the true habits of buyers. The set follows what is published of such registers: a
third of packs is ever checked, families check again, some packs are given away, some stand in a shop, and phones are
placed in a wrong province. In service the share of leads that a person confirms takes the place of these figures.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from gi_registry.bench.report import Figure
from trace.rules.copies import UNCHECKED, Checked, advance, judge
from trace.rules.provinces import PROVINCES, Province
from trace.rules.verdicts import Grade, Verdict

UNITS = 200_000
CLONES = 2_000
CLONED = (20, 100, 500, 2_000)  # copies of one code
PROVINCES_OF_A_CLONE = 8
LOOKED_AT = 8  # by which check a copy should have shown itself
CHECKED_SHARE, COPY_CHECKED_SHARE = 0.30, 0.10
AGAIN, MOST_AGAIN = 0.45, 12  # after each check another follows at home
GIFT_SHARE, DISPLAY_SHARE, DISPLAY_CHECKS = 0.03, 0.02, (5, 30)
MISPLACED, MISPLACED_FAR = 0.15, 0.05  # of checks; of those, not into a neighbouring province
HOURS = 365 * 24
# Where buyers live: millions of people, census of 2020, rounded.
PEOPLE = {
    "11": 22, "12": 14, "13": 75, "14": 35, "15": 24, "21": 43, "22": 24, "23": 32, "31": 25, "32": 85, "33": 65,
    "34": 61, "35": 42, "36": 45, "37": 101, "41": 99, "42": 58, "43": 66, "44": 126, "45": 50, "46": 10, "50": 32,
    "51": 84, "52": 39, "53": 47, "54": 4, "61": 40, "62": 25, "63": 6, "64": 7, "65": 26, "71": 23, "81": 7, "82": 1,
}  # fmt: skip
ABOUT = """A made-up year of checks, from a seed, through the rules that find copied codes (`trace/rules/copies.py`); orders of
magnitude only. 200,000 uncopied packs, of which 30 % are ever checked; 15 % of phones are placed in a wrong province. A clone is one
code on so many packs in eight provinces, of which 10 % are checked.
"""
_ALL = list(PROVINCES.values())
_WEIGHTS = [PEOPLE[province.code] for province in _ALL]


@dataclass(frozen=True, slots=True)
class Found:
    """Of so many units, how many were raised to grade 2. ``full``: those checked eight times, and raised among them."""

    units: int
    raised: int
    full: int
    raised_of_full: int


def uncopied(*, seed: int, units: int = UNITS, misplaced_far: float = MISPLACED_FAR) -> Found:
    """Uncopied units that were checked in a year, and those that a person would be sent to look at for nothing."""
    random = Random(seed)  # noqa: S311 (a recorded set, not a secret)
    stories = (_of_a_pack(random, misplaced_far) for _ in range(units) if random.random() < CHECKED_SHARE)
    return _found(stories, most=None)


def cloned(*, seed: int, copies: int, clones: int = CLONES, misplaced_far: float = MISPLACED_FAR) -> Found:
    """Units whose code stands on so many copies in eight provinces, and those raised by their eighth check."""
    random = Random(seed)  # noqa: S311 (a recorded set, not a secret)
    return _found((_of_a_clone(random, copies, misplaced_far) for _ in range(clones)), most=LOOKED_AT)


def _found(stories: Iterator[list[Checked]], most: int | None) -> Found:
    units = raised = full = raised_of_full = 0
    for story in stories:
        state = UNCHECKED
        for event in story[:most]:
            state = advance(state, event)
        # Grades never fall, so looking at the end finds what was found on the way.
        is_raised = judge(state).grade == Grade.UNDER_REVIEW
        is_full = state.count >= LOOKED_AT
        units, raised = units + 1, raised + is_raised
        full, raised_of_full = full + is_full, raised_of_full + (is_full and is_raised)
    return Found(units, raised, full, raised_of_full)


def _of_a_pack(random: Random, misplaced_far: float) -> list[Checked]:
    home, *others = random.choices(_ALL, _WEIGHTS, k=2)
    checks = 1
    while random.random() < AGAIN and checks < MOST_AGAIN:
        checks += 1
    places = [home] * checks
    fate = random.random()
    if fate < GIFT_SHARE:
        places += others * random.randint(1, 2)
    elif fate < GIFT_SHARE + DISPLAY_SHARE:
        places = [home] * random.randint(*DISPLAY_CHECKS)
    return _checks(random, places, misplaced_far)


def _of_a_clone(random: Random, copies: int, misplaced_far: float) -> list[Checked]:
    sold_in = random.sample(_ALL, PROVINCES_OF_A_CLONE)
    checks = sum(random.random() < COPY_CHECKED_SHARE for _ in range(copies))
    return _checks(random, random.choices(sold_in, k=checks), misplaced_far)


def _checks(random: Random, places: list[Province], misplaced_far: float) -> list[Checked]:
    hours = sorted(random.randrange(HOURS) for _ in places)
    placed = (_placed(random, place, misplaced_far) for place in places)
    return [Checked(hour, place.bit, Verdict.REGISTERED) for hour, place in zip(hours, placed, strict=True)]


def _placed(random: Random, place: Province, misplaced_far: float) -> Province:
    if random.random() >= MISPLACED:
        return place
    if random.random() < misplaced_far:
        return random.choices(_ALL, _WEIGHTS)[0]
    return PROVINCES[random.choice(place.neighbours)]


def measure(say: Callable[[str], None], seed: int = 20_261_122) -> list[Figure]:
    """Leads among uncopied units, and copies found; and how the former depends on how badly phones are placed."""
    figures = []
    for far in (MISPLACED_FAR, 0.0, 0.10, 0.30):
        found = uncopied(seed=seed, misplaced_far=far)
        per = found.raised / found.units * 100_000
        say(f"uncopied, {far:.0%} of misplaced far: {found.raised} of {found.units:,} checked units raised")
        target = "<= 300" if far == MISPLACED_FAR else ""
        name = f"uncopied units raised, {far:.0%} of misplaced phones not in a neighbouring province"
        figures.append(Figure(name, per, "of 100,000 checked", None, target, f"{found.units:,} checked"))
    for number in CLONED:
        found = cloned(seed=seed, copies=number)
        share = found.raised_of_full / found.full * 100 if found.full else 0.0
        overall = found.raised / found.units * 100
        say(f"{number:>5} copies: {share:.1f} % raised by check {LOOKED_AT}, {overall:.1f} % of all clones")
        name = f"codes copied {number:,} times, raised by their check {LOOKED_AT}"
        target = ">= 95" if number >= 100 else ""
        beside = f"{found.full:,} so often checked; of all {found.units:,}: {overall:.1f} %"
        figures.append(Figure(name, share, "%", None, target, beside))
    return figures
