"""Certificates are verified by libraries that are not ours, in Node; whatever is spoilt, revoked or out of its days is refused."""

import base64
import copy
import json
from datetime import date
from typing import Any

import pytest
from django.conf import settings as project

from gi_registry.credentials.issuer import our_issuer, rotate
from gi_registry.credentials.status import encoded
from products.actions import move_authorisation
from products.models import Authorisation
from products.rules.authorisations import Given
from products.rules.words import AuthorisationState
from tests.build_certificates import HOST, Case, an_issuer, judged
from tests.cast import NOW
from trace import actions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def issuer(settings, tmp_path):
    an_issuer(settings, tmp_path)


@pytest.fixture
def right(goods) -> Authorisation:
    return goods.register.authorisation


def asked_for(client, kind: str, number: str, form: str = "json") -> str:
    answer = client.get(f"/certificates/{kind}/{number}.{form}")
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def told_of(client, tmp_path, *cases: Case) -> list[Any]:
    return judged(client, tmp_path, cases)


def test_both_kinds_verify_in_both_forms_and_say_the_same(client, goods, right, tmp_path):
    batch = goods.batch()
    places = (("batch", batch.number), ("authorisation", right.number))
    texts = [asked_for(client, *place, form) for place in places for form in ("json", "jwt")]
    told = told_of(client, tmp_path, *(Case(text, ("json", "jwt")[place % 2]) for place, text in enumerate(texts)))
    assert [one["verified"] for one in told] == [True] * 4, told
    for proven, jwt in ((texts[0], told[1]), (texts[2], told[3])):
        credential = json.loads(proven)
        assert credential.pop("proof")["cryptosuite"] == "eddsa-rdfc-2022"
        assert jwt["credential"] == credential
        assert jwt["head"] == {"alg": "Ed25519", "typ": "vc+jwt", "cty": "vc", "kid": our_issuer().method}


def spoilt(credential: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The credential with each single thing in it changed, by what was changed."""
    found: dict[str, dict[str, Any]] = {}

    def walk(value: Any, path: tuple[Any, ...]) -> None:
        if isinstance(value, dict | list):
            for key in value if isinstance(value, dict) else range(len(value)):
                walk(value[key], (*path, key))
            return
        changed = copy.deepcopy(credential)
        holder: Any = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = other(str(value))
        found[".".join(map(str, path))] = changed

    walk(credential, ())
    return found


def other(value: str) -> str:
    """Another value of the same look."""
    last = value[-1]
    return value[:-1] + ("1" if last != "1" else "2") if last.isdigit() else value + "x"


@pytest.mark.parametrize("kind", ["batch", "authorisation"])
def test_whatever_is_changed_in_a_credential_it_is_refused(client, goods, right, tmp_path, kind):
    number = goods.batch().number if kind == "batch" else right.number
    changed = spoilt(json.loads(asked_for(client, kind, number)))
    assert len(changed) > 30
    told = told_of(client, tmp_path, *(Case(json.dumps(one)) for one in changed.values()))
    assert [name for name, one in zip(changed, told, strict=True) if one["verified"]] == []


def test_a_jwt_with_any_part_changed_is_refused(client, right, tmp_path):
    head, body, signature = asked_for(client, "authorisation", right.number, "jwt").split(".")
    flip = lambda part, at: part[:at] + ("A" if part[at] != "A" else "B") + part[at + 1 :]  # noqa: E731
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"vc+jwt"}').decode().rstrip("=")
    cases = [f"{head}.{flip(body, at)}.{signature}" for at in range(0, len(body), len(body) // 20)]
    cases += [f"{head}.{body}.{flip(signature, at)}" for at in range(0, 80, 8)]
    cases += [f"{flip(head, 30)}.{body}.{signature}", f"{unsigned}.{body}."]
    assert not any(one["verified"] for one in told_of(client, tmp_path, *(Case(text, "jwt") for text in cases)))


def test_a_lot_on_hold_is_suspended_until_it_is_resumed_and_a_recalled_one_is_revoked(client, cast, goods, tmp_path):
    batch = goods.batch()
    text = asked_for(client, "batch", batch.number)
    by_city = {"actor": cast.wang.actor, "now": NOW}
    steps = (
        (actions.hold_batch, ["suspension"]),
        (actions.resume_batch, []),
        (actions.recall_batch, ["revocation"]),
    )
    for step, reasons in steps:
        step(batch=batch, reason="检验结果待复核", **by_city)
        told = told_of(client, tmp_path, Case(text))[0]
        assert (told["verified"], told["reasons"]) == (not reasons, reasons)


@pytest.mark.parametrize(
    ("state", "purpose"), [(AuthorisationState.SUSPENDED, "suspension"), (AuthorisationState.REVOKED, "revocation")]
)
def test_the_certificate_of_an_authorisation_ends_with_it(client, right, goods, tmp_path, state, purpose):
    text = asked_for(client, "authorisation", right.number)
    assert told_of(client, tmp_path, Case(text))[0]["verified"]
    for step in (AuthorisationState.SUSPENDED, AuthorisationState.REVOKED):
        if right.state != state:
            given = Given(reason="抽检不合格")
            right = move_authorisation(authorisation=right, to=step, given=given, actor=goods.maker, now=NOW)
    told = told_of(client, tmp_path, Case(text))[0]
    assert (told["verified"], told["reasons"]) == (False, [purpose])


def test_outside_its_days_a_certificate_is_refused(client, right, tmp_path):
    Authorisation.objects.filter(pk=right.pk).update(valid_until=date(2027, 12, 31))
    text = asked_for(client, "authorisation", right.number)
    assert json.loads(text)["validUntil"] == "2027-12-31T15:59:59Z"  # the end of that day in China
    days = ("2019-01-01T00:00:00Z", "2027-12-31T15:59:58Z", "2028-01-01T00:00:00Z")
    told = told_of(client, tmp_path, *(Case(text, now=day) for day in days))
    assert [one["verified"] for one in told] == [False, True, False]


def test_a_status_list_that_was_tampered_with_is_refused(client, right, tmp_path):
    text = asked_for(client, "authorisation", right.number)
    url = f"{HOST}/certificates/status/revocation/1"
    kept = json.loads(client.get(url.removeprefix(HOST)).content)
    forged = copy.deepcopy(kept)
    forged["credentialSubject"]["encodedList"] = encoded([1])
    other_purpose = copy.deepcopy(kept)
    other_purpose["credentialSubject"]["statusPurpose"] = "refresh"
    cases = (Case(text, served={url: one}) for one in (kept, forged, other_purpose))
    assert [one["verified"] for one in told_of(client, tmp_path, *cases)] == [True, False, False]


def test_what_an_older_key_signed_is_verified_on_and_what_a_strange_key_signed_never(client, settings, right, tmp_path):
    before, jwt = (asked_for(client, "authorisation", right.number, form) for form in ("json", "jwt"))
    rotate(project.CREDENTIALS)
    after = asked_for(client, "authorisation", right.number)
    assert json.loads(before)["proof"]["verificationMethod"] != json.loads(after)["proof"]["verificationMethod"]
    told = told_of(client, tmp_path, Case(before), Case(jwt, "jwt"), Case(after))
    assert [one["verified"] for one in told] == [True, True, True], told
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    an_issuer(settings, tmp_path / "elsewhere")
    assert not any(one["verified"] for one in told_of(client, tmp_path, Case(before), Case(jwt, "jwt"), Case(after)))


def test_the_certificate_of_other_facts_takes_the_place_of_the_one_before(client, goods, right, tmp_path):
    before = asked_for(client, "authorisation", right.number)
    Authorisation.objects.filter(pk=right.pk).update(approval_reference="晋知局核〔2026〕2号")
    after = asked_for(client, "authorisation", right.number)
    assert json.loads(before)["id"] != json.loads(after)["id"]
    assert [one["verified"] for one in told_of(client, tmp_path, Case(before), Case(after))] == [False, True]
