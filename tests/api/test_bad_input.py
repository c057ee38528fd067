"""Every kind of bad input, once through the front door: refused by name, in both languages, with nothing half-written.

The rooms' own files try each of these at length (``test_batches``, ``test_sites``, ``test_forms``, ``tests/rules``,
``tests/db/test_accounts`` for credit codes); here the whole list stands on one page and is held to one standard.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from gi_registry.accounts.actions import register_organisation
from gi_registry.accounts.rules import OrganisationKind
from gi_registry.lib.access import Actor
from gi_registry.lib.problems import Invalid
from products.actions import move_authorisation
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests.api.matrix import PRODUCTS, TRACE
from tests.build_products import an_authorisation, everybody
from tests.build_regions import a_ring, a_square
from tests.build_trace import a_form
from tests.cast import NOW

pytestmark = pytest.mark.django_db
BATCHES, SITES, FORMS = f"{TRACE}batches/", f"{PRODUCTS}sites/", f"{TRACE}forms/"
FREE = (112.08, 37.45, 112.081, 37.451)
BOW_TIE = [[112.1, 37.5], [112.11, 37.51], [112.11, 37.5], [112.1, 37.51], [112.1, 37.5]]
ENDLESS = [[112.1 + n / 1e7, 37.5] for n in range(100_001)]


def polygon(*rings: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings), **more}


@dataclass(frozen=True)
class Bad:
    """What is wrong with a request, and how the answer names it."""

    name: str
    url: str
    changes: dict[str, Any]
    pointer: str
    code: str
    status: int = 400
    things: dict[str, str] = field(default_factory=dict)  # field -> somebody else's thing

    def __str__(self) -> str:
        return self.name


def site(name: str, geometry: Any, code: str, pointer: str = "/geometry/coordinates", status: int = 400) -> Bad:
    return Bad(name, SITES, {"geometry": geometry}, pointer, code, status)


def batch(name: str, pointer: str, code: str, status: int = 400, things: Any = None, **changes: Any) -> Bad:
    return Bad(name, BATCHES, changes, pointer, code, status, things or {})


TABLE = [
    Bad("a GTIN with a wrong check digit", FORMS, {"gtin": "09520012345675"}, "/gtin", "gtin_check"),
    Bad("a GTIN that is too short", FORMS, {"gtin": "952001234"}, "/gtin", "gtin_length"),
    batch("a number with a typing error", "/form", "number", form="7K3QX9PA29"),
    batch("a number nobody has", "/form", "unknown_form", form="7K3QX9PA28"),
    site("a polygon that crosses itself", polygon(BOW_TIE), "self_crossing"),
    site("a ring that is not closed", polygon(a_ring(*FREE)[:-1]), "ring_open", "/geometry/coordinates/0/3"),
    site("a polygon without rings", polygon(), "geometry_empty"),
    site("a ring without positions", polygon([]), "geometry_empty", "/geometry/coordinates/0"),
    site("a position that is no number", polygon([["a", "b"]] * 4), "position_shape", "/geometry/coordinates/0/0"),
    site("outside longitude and latitude", a_square(200, 95, 201, 96), "out_of_range", "/geometry/coordinates/0/0"),
    site("latitude first", a_square(37.45, 112.08, 37.451, 112.081), "axes_swapped", "/geometry/coordinates/0/0"),
    site("over 100,000 vertices", polygon([*ENDLESS, ENDLESS[0]]), "too_many_vertices", "/geometry/coordinates/0/"),
    site("another crs", {**a_square(*FREE), "crs": {"type": "name"}}, "foreign_crs", "/geometry/crs"),
    site("no geometry", "POLYGON EMPTY", "geometry_not_object", "/geometry"),
    site("outside the region", a_square(112.6, 37.36, 112.601, 37.39), "outside_divisions", "/geometry", 409),
    site("over another site", a_square(112.0505, 37.45, 112.0515, 37.451), "site_overlap", "/geometry", 409),
    Bad(
        "outside the region of the name",
        SITES,
        {"geometry": a_square(*FREE), "indication": "qi-xian-su-li"},
        "/geometry",
        "site_outside",
        409,
    ),
    batch("made tomorrow", "/produced_on", "date_in_future", produced_on="2126-01-01"),
    batch("packed before it was made", "/packed_on", "dates_out_of_order", packed_on="2026-09-09"),
    batch("a day that is none", "/produced_on", "invalid", produced_on="2026-02-30"),
    batch("less than nothing", "/quantity", "quantity_not_positive", quantity="-1"),
    batch("nothing", "/quantity", "quantity_not_positive", quantity="0"),
    batch("more than there is", "/quantity", "quantity_absurd", quantity="99999999"),
    batch("more digits than there are", "/quantity", "max_digits", quantity="1" * 40),
    batch("not a number", "/quantity", "invalid", quantity="NaN"),
    batch("a field that nobody knows", "/colour", "unknown_field", colour="red"),
    batch("a field of the wrong kind", "/sites", "not_a_list", sites="all"),
    batch("a missing field", "/quantity", "required", quantity=...),
    batch("another producer's form", "/form", "unknown_form", things={"form": "feng.form"}),
    batch("another producer's site", "/sites/0", "unknown_sites", things={"sites": "feng.field"}),
    batch(
        "another producer's authorisation",
        "/authorisation",
        "unknown_authorisation",
        things={"authorisation": "feng.authorisation"},
    ),
    Bad("another producer", SITES, {}, "/producer", "unknown", things={"producer": "feng.producer"}),
]


def body_for(bad: Bad, world: Any) -> dict[str, Any]:
    base = {
        BATCHES: world.goods.body(state="registered"),
        FORMS: {
            "name_zh": "十年陈酿醋",
            "net_content": "500",
            "net_content_unit": "millilitre",
            "indication": world.number("public.vinegar"),
        },
        SITES: {
            "producer": world.number("zhang.producer"),
            "indication": world.number("public.vinegar"),
            "kind": "field",
            "name": "北地",
            "geometry": a_square(*FREE),
        },
    }[bad.url]
    named = {name: world.number(thing) for name, thing in bad.things.items()}
    if "sites" in named:
        named["sites"] = [named["sites"]]
    sent = {**base, **bad.changes, **named}
    return {name: value for name, value in sent.items() if value is not ...}


def row_counts() -> dict[str, int]:
    """Rows of every table that a request could write, histories and kept answers included; a key's last use is not one."""
    ours = {"regions", "products", "trace", "lib"}
    models = (model for model in apps.get_models() if model._meta.app_label in ours)
    return {model._meta.label: model.objects.count() for model in models}


def _are_two(chinese: str, english: str) -> bool:
    """Both are said, and not the one for the other."""
    return bool(chinese) and bool(english) and chinese != english


def post(world: Any, url: str, body: Any, language: str, kind: str = "application/json", **headers: str) -> Any:
    client = Client(headers={"Accept": "application/json", "Accept-Language": language, **world.headers("zhang")})
    return client.post(url, body, content_type=kind, headers=headers)


def refused(world: Any, url: str, body: Any, status: int, kind: str = "application/json") -> list[dict[str, Any]]:
    """Sends it in both languages; the answers are problems that say the same in each, and nothing was written."""
    before = row_counts()
    told = []
    for language in ("zh", "en"):
        answer = post(world, url, body, language, kind, **{"Idempotency-Key": f"bad-{language}"})
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        told.append(answer.json())
    chinese, english = told
    for key in ("title", "detail"):
        assert _are_two(chinese[key], english[key])
    assert [(e["pointer"], e["code"]) for e in chinese["errors"]] == [
        (e["pointer"], e["code"]) for e in english["errors"]
    ]
    for one, other in zip(chinese["errors"], english["errors"], strict=True):
        assert _are_two(one["detail"], other["detail"]), one
    assert row_counts() == before
    return english["errors"]


@pytest.mark.parametrize("bad", TABLE, ids=str)
def test_a_mistake_is_named_in_both_languages_and_writes_nothing(world, bad):
    errors = refused(world, bad.url, body_for(bad, world), bad.status)
    named = [(error["pointer"], error["code"]) for error in errors]
    # Which vertex was one too many is for the geometry's own tests.
    assert any(code == bad.code and pointer.startswith(bad.pointer) for pointer, code in named), named


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"quantity": NaN}', "application/json", 400),
        (b'{"quantity": 1e999}', "application/json", 400),
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (json.dumps({"producer_lot": "x" * 10_000_000}).encode(), "application/json", 413),
        (b"form=1", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
        (b"{}", "multipart/form-data; boundary=x", 415),
    ],
    ids=["NaN", "infinite", "cut off", "a list", "no UTF-8", "10 MB", "a form", "XML", "multipart"],
)
def test_a_body_that_is_no_request_is_refused_in_both_languages(world, body, kind, status):
    refused(world, BATCHES, body, status, kind)


@pytest.mark.parametrize("url", [BATCHES, FORMS, SITES, f"{PRODUCTS}holders/", f"{PRODUCTS}authorisations/"])
def test_a_parameter_that_nobody_knows_is_refused(world, url):
    answer = Client(headers=world.headers("lin")).get(url, {"colour": "red"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/colour")


# --- authorisations that do not carry a batch --------------------------------------------------------------------


def test_a_batch_under_a_suspended_authorisation_is_refused(world):
    given = Given(reason="抽检不合格")
    authorisation, actor = world.things["zhang.authorisation"], everybody()
    move_authorisation(authorisation=authorisation, to=AuthorisationState.SUSPENDED, given=given, actor=actor, now=NOW)
    errors = refused(world, BATCHES, world.goods.body(state="registered"), 409)
    assert {error["pointer"] for error in errors} == {"/authorisation"}


def test_a_batch_made_after_the_authorisation_lapsed_is_refused(world):
    lapsed = an_authorisation(
        world.things["zhang.producer"],
        world.things["chen.mark"],
        [world.things["zhang.field"]],
        valid_until=date(2026, 6, 30),
    )
    body = world.goods.body(state="registered", authorisation=lapsed.number, sites=[world.number("zhang.field")])
    errors = refused(world, BATCHES, body, 409)
    assert "/authorisation" in {error["pointer"] for error in errors}


def test_a_batch_of_one_name_under_an_authorisation_for_another_is_refused(world):
    register = world.goods.register
    maker = everybody(world.cast.zhang.organisation)
    pears = a_form(
        type(register)(**{**vars(register), "indication": world.things["public.pears"]}),
        maker,
        name_zh="祁县酥梨",
        gtin=None,
    )
    errors = refused(world, BATCHES, world.goods.body(state="registered", form=pears.number), 400)
    assert "/authorisation" in {error["pointer"] for error in errors}


def test_a_batch_released_twice_is_refused(world):
    url = f"{BATCHES}{world.number('zhang.released')}/release/"
    assert [error["code"] for error in refused(world, url, {}, 409)] == ["already_released"]


# --- credit codes: no address takes one, the action that does is asked itself -------------------------------------


@pytest.mark.parametrize(
    "uscc",
    ["", "91140121", "91140121TEXT010200", "91140121TEXT0102OI", "９１１４０１２１" + "A" * 10, "0" * 18, "x" * 500],
)
def test_a_wrong_credit_code_is_refused_in_both_languages(world, uscc):
    before = row_counts()
    facts = {"kind": OrganisationKind.COMPANY, "name_zh": "某醋厂", "division_code": "140121"}
    with pytest.raises(Invalid) as error:
        register_organisation(**facts, uscc=uscc, actor=Actor.SYSTEM, now=NOW)
    for refusal in error.value.errors:
        assert refusal.pointer == "/uscc"
        assert _are_two(refusal.text.zh, refusal.text.en)
    assert row_counts() == before
