"""No list shows a row too many or too few: for every list, every thing and who finds it there, written by hand."""

import pytest
from django.test import Client

from tests.api.matrix import (
    CHENS,
    EVERYBODY,
    FENGS,
    FENGS_AND_CHEN,
    GROWERS,
    MAS,
    OFFICIALS_QI,
    OFFICIALS_QINGXU,
    OGC,
    PRODUCTS,
    REGIONS,
    SIGNED_IN,
    TRACE,
    ZHANGS,
    ZHANGS_AND_CHEN,
    without,
)
from tests.api.test_matrix import routes

_STATES = ("registered", "released", "on_hold", "recalled", "closed", "void")
_ZHANGS_ISSUED = " ".join(f"zhang.{state}" for state in (*_STATES, "spring", "waiting", "called"))
_FENGS_ISSUED = "feng.registered feng.released feng.on_hold feng.spring feng.waiting feng.called"
_SITES = {
    "zhang.field zhang.works": ZHANGS_AND_CHEN,
    "zhang.flagged": ZHANGS,
    "feng.field": FENGS_AND_CHEN,
    "feng.orchard feng.flagged": FENGS,
    "ma.field": MAS,
}
# list -> {things: who finds them there}
LISTS: dict[str, dict[str, str]] = {
    f"{REGIONS}divisions/?level=county": {"public.qingxu public.qi public.jinyuan": EVERYBODY},
    f"{REGIONS}regions/": {"public.region public.pear_region": EVERYBODY},
    f"{PRODUCTS}indications/": {"public.vinegar public.pears": EVERYBODY},
    f"{PRODUCTS}holders/": {"chen.holder growers.holder": EVERYBODY},
    f"{PRODUCTS}seasons/": {"chen.season chen.past_season growers.season growers.past_season": EVERYBODY},
    f"{PRODUCTS}titles/": {
        "chen.title chen.mark chen.old_mark growers.title": EVERYBODY,
        "chen.filed": CHENS,
        "growers.filed": GROWERS,
    },
    f"{PRODUCTS}specifications/": {
        "chen.specification growers.specification": EVERYBODY,
        "chen.draft_specification": CHENS,
        "growers.draft_specification": GROWERS,
    },
    f"{PRODUCTS}producers/": {"zhang.producer feng.producer": EVERYBODY, "ma.producer": MAS},
    f"{PRODUCTS}sites/": _SITES,
    f"{PRODUCTS}site-uploads/": {"zhang.upload": ZHANGS, "feng.upload": FENGS},
    f"{PRODUCTS}authorisations/": {
        "zhang.authorisation zhang.old_authorisation": ZHANGS_AND_CHEN,
        "feng.authorisation feng.old_authorisation": FENGS_AND_CHEN,
        "feng.draft_authorisation feng.application": FENGS,
        "ma.draft_authorisation": MAS,
    },
    f"{TRACE}forms/": {"zhang.form": ZHANGS, "feng.form": FENGS},
    f"{TRACE}batches/": {
        f"zhang.draft zhang.blend {_ZHANGS_ISSUED}": ZHANGS_AND_CHEN,
        f"feng.draft feng.blend {_FENGS_ISSUED}": FENGS_AND_CHEN,
    },
    f"{TRACE}prints/": {"zhang.print": ZHANGS_AND_CHEN, "feng.print": FENGS_AND_CHEN},
    f"{TRACE}imports/": {"zhang.sheet": "zhang reader", "feng.sheet": "feng"},
    f"{TRACE}quota/": {"zhang.entitlement": ZHANGS_AND_CHEN, "feng.entitlement": FENGS_AND_CHEN},
    f"{TRACE}batch-links/": {"zhang.link feng.link": without(SIGNED_IN, "ma hu")},
    f"{TRACE}recalls/": {
        "zhang.recall": ZHANGS_AND_CHEN,
        "zhang.open_recall": ZHANGS,
        "feng.recall": FENGS_AND_CHEN,
        "feng.open_recall": FENGS,
    },
    f"{TRACE}label-orders/": {
        "zhang.asked_order zhang.approved_order zhang.order": ZHANGS_AND_CHEN,
        "feng.asked_order feng.approved_order feng.order": FENGS_AND_CHEN,
    },
    f"{TRACE}transfers/": {"zhang.offer feng.offer": "lin wang gao li zhao chen zhang feng sun reader"},
    f"{TRACE}annual-reports/": {
        "zhang.annual_report": ZHANGS_AND_CHEN,
        "feng.annual_report": FENGS_AND_CHEN,
        "zhang.annual_draft": "zhang reader",
        "feng.annual_draft": "feng",
    },
    f"{TRACE}annual-report-due-dates/": {"chen.due": without(SIGNED_IN, "ma hu")},
    f"{TRACE}alerts/": {"zhang.alert": CHENS, "feng.alert": f"{OFFICIALS_QI} chen"},
    f"{TRACE}reports/": {"zhang.report": OFFICIALS_QINGXU, "feng.report": OFFICIALS_QI, "public.report": "lin sun"},
    f"{TRACE}link-targets/": {
        "zhang.target": f"{OFFICIALS_QINGXU} zhang reader",
        "chen.target": f"{OFFICIALS_QINGXU} chen",
    },
    f"{OGC}collections/regions/items": {"public.region public.pear_region": EVERYBODY},
    f"{OGC}collections/producers/items": {"zhang.producer": EVERYBODY},
    f"{OGC}collections/site_cells/items": {"public.cell": EVERYBODY},
    f"{OGC}collections/sites/items": _SITES,
    f"{OGC}collections/checks/items": {
        "zhang.checks": "lin wang li sun chen",
        "feng.checks": "lin gao zhao sun chen",
    },
    f"{OGC}collections/batches/items": {
        _ZHANGS_ISSUED: ZHANGS_AND_CHEN,
        _FENGS_ISSUED: FENGS_AND_CHEN,
    },
}


def numbers(answer: dict) -> list[str]:
    """What the rows of a list are called."""
    if "features" in answer:
        assert answer["numberReturned"] == len(answer["features"])
        assert answer.get("numberMatched", answer["numberReturned"]) == answer["numberReturned"]
        return [feature["id"] for feature in answer["features"]]
    return [next(row[key] for key in ("number", "slug", "code") if key in row) for row in answer["results"]]


def read(world, who, path):
    return Client(headers=world.headers(who)).get(path)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_each_exactly_what_is_theirs(world, path):
    seen = LISTS[path]
    for who in EVERYBODY.split():
        expected = sorted(
            thing for things, readers in seen.items() for thing in things.split() if who in readers.split()
        )
        answer = read(world, who, path)
        if who == "nobody" and not expected:
            assert answer.status_code == 401
            continue
        assert sorted(world.name_of(number) for number in numbers(answer.json())) == expected, who


def test_a_filter_never_widens_what_is_seen(world):
    """Naming another's number, state or words in a filter finds nothing of theirs."""
    feng, feng_title = world.number("feng.producer"), world.number("growers.title")
    for path in (
        f"{PRODUCTS}sites/?producer={feng}",
        f"{PRODUCTS}site-uploads/?producer={feng}",
        f"{PRODUCTS}authorisations/?producer={feng}",
        f"{PRODUCTS}authorisations/?title={feng_title}",
        f"{TRACE}batches/?producer={feng}",
        f"{TRACE}annual-reports/?authorisation={world.number('feng.old_authorisation')}",
        f"{TRACE}batches/?q=FJ-0910",
        f"{TRACE}batches/?q={world.number('feng.released')}",
        f"{TRACE}prints/?issuance={world.number('feng.issuance')}",
        f"{TRACE}prints/?batch={world.number('feng.released')}",
        f"{TRACE}recalls/?state=opened&batch={world.number('feng.waiting')}",
        f"{TRACE}reports/?lot={world.number('feng.released')}",
        f"{OGC}collections/sites/items?producer={feng}",
        f"{OGC}collections/batches/items?producer={feng}",
    ):
        assert numbers(read(world, "zhang", path).json()) == [], path
        assert numbers(read(world, "lin", path).json()) != [], path


def test_a_cursor_of_another_person_shows_no_row_of_theirs(world):
    """A cursor is a place in an order and carries no right: Zhang walking Lin's pages meets only what is Zhang's."""
    page, met = f"{TRACE}batches/?page_size=2", []
    while page:
        theirs = read(world, "lin", page).json()
        met += numbers(read(world, "zhang", page).json())
        page = theirs["next"]
    assert {world.name_of(number).partition(".")[0] for number in met} == {"zhang"}


def test_every_list_is_held():
    """A list that nobody wrote down here would be one that nobody watches."""
    written = {path.partition("?")[0] for path in LISTS}
    lists = {
        f"/{place}" for place, methods in routes() if "GET" in methods and place.startswith("api/") and "<" not in place
    }
    # The sheet is the list above it as a file: what stands in it is held where it is tested.
    assert lists - written - {f"{TRACE}check", f"{TRACE}annual-reports/sheet.xlsx"} == set()
