"""/api/v1/products/specifications/: drafted, reviewed by another, announced, then frozen."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from products.models import SpecificationRule, SpecificationVersion
from tests.api.asking import codes, send
from tests.build_products import DOCUMENT, a_specification, a_title
from tests.cast import NOW

pytestmark = pytest.mark.django_db
SPECS = "/api/v1/products/specifications/"


DRAFT = {
    "label_zh": "2027 版",
    "effective_from": "2027-01-01",
    "standards": ["GB/T 19777-2013"],
    "facts": [{"key": "acid", "label_zh": "总酸", "operator": "min", "low": "6.0", "unit": "gram_per_100_ml"}],
}


def test_a_draft_is_edited_reviewed_by_another_and_announced(cast, register, as_machine):
    client = as_machine(cast.lin)
    answer = send(client, "post", SPECS, DRAFT | {"title": register.title.number})
    assert answer.status_code == 201, answer.content
    url = answer["Location"]
    assert as_machine(None).get(url).status_code == 404
    edited = send(client, "patch", url, {"label_en": "Version of 2027"}, If_Match='"v1"')
    assert edited.json()["label_en"] == "Version of 2027"
    own = send(client, "post", f"{url}move/", {"to": "reviewed"})
    assert (own.status_code, codes(own)) == (409, [("/to", "own_draft")])
    SpecificationVersion.objects.filter(label_zh="2027 版").update(drafted_by=cast.sun.user)
    assert send(client, "post", f"{url}move/", {"to": "reviewed"}).json()["status"] == "reviewed"
    assert codes(send(client, "post", f"{url}move/", {"to": "announced"})) == [
        ("/document_sha256", "missing_document_sha256")
    ]
    done = send(client, "post", f"{url}move/", {"to": "announced", "document_sha256": DOCUMENT})
    assert done.json()["status"] == "announced"
    before = as_machine(None).get(SPECS, {"title": register.title.number, "on": "2026-12-31"}).json()["results"]
    after = as_machine(None).get(SPECS, {"title": register.title.number, "on": "2027-01-01"}).json()["results"]
    assert [row["label_zh"] for row in before + after] == ["2014 版", "2027 版"]
    frozen = send(client, "patch", url, {"label_en": "x"}, If_Match="*")
    assert codes(frozen) == [("", "not_a_draft")]


@pytest.mark.parametrize(
    ("fact", "fault"),
    [
        ({"low": "1", "high": "2"}, ("/facts/0/high", "fact_bounds")),
        ({"low": None}, ("/facts/0/low", "fact_bounds")),
        ({"low": "NaN"}, ("/facts/0/low", "invalid")),
        ({"low": "1e99"}, ("/facts/0/low", "max_digits")),
        ({"unit": "furlong"}, ("/facts/0/unit", "invalid_choice")),
        ({"colour": 1}, ("/facts/0/colour", "unknown_field")),
    ],
)
def test_a_fact_with_a_mistake_is_named(cast, register, as_machine, fact, fault):
    data = DRAFT | {"title": register.title.number, "facts": [DRAFT["facts"][0] | fact]}
    answer = send(as_machine(cast.lin), "post", SPECS, data)
    assert answer.status_code == 400
    assert fault in codes(answer)
    assert SpecificationVersion.objects.count() == 1


def test_only_holder_and_registrar_draft_and_only_the_registrar_announces(cast, register, as_machine):
    for person in (cast.li, cast.zhang, cast.sun):
        answer = send(as_machine(person), "post", SPECS, DRAFT | {"title": register.title.number})
        assert answer.status_code == 403
    url = send(as_machine(cast.chen), "post", SPECS, DRAFT | {"title": register.title.number})["Location"]
    assert send(as_machine(cast.lin), "post", f"{url}move/", {"to": "reviewed"}).status_code == 200
    announced = {"to": "announced", "document_sha256": DOCUMENT}
    assert send(as_machine(cast.chen), "post", f"{url}move/", announced).status_code == 403
    assert send(as_machine(cast.lin), "post", f"{url}move/", announced).status_code == 200


ACID = {"kind": "test_limit", "fact": "acid", "severity": "block"}
AGEING = {
    "kind": "ageing_min",
    "key": "ageing",
    "label_zh": "陈酿期",
    "severity": "block",
    "operator": "min",
    "low": "12",
    "unit": "month",
}


def test_rules_are_entered_by_one_person_and_checked_by_another(cast, register, as_machine):
    holder, registrar = as_machine(cast.chen), as_machine(cast.lin)
    draft = DRAFT | {"title": register.title.number, "rules": [ACID, AGEING]}
    answer = send(holder, "post", SPECS, draft)
    assert answer.status_code == 201, answer.content
    url = answer["Location"]
    acid, ageing = answer.json()["rules"]
    assert (acid["label_zh"], acid["operator"], acid["demanded"]["en"]) == ("总酸", "", "at least 6 g/100 mL")
    assert (ageing["demanded"]["zh"], ageing["is_checked"]) == ("不低于 12 个月", False)
    edited = send(registrar, "patch", url, {"rules": [AGEING | {"low": "10"}, ACID]}, If_Match="*")
    assert [row["key"] for row in edited.json()["rules"]] == ["ageing", "acid"]
    entered = dict(SpecificationRule.objects.values_list("key", "entered_by"))
    assert entered == {"ageing": cast.lin.user.pk, "acid": cast.chen.user.pk}
    for person in (holder, registrar):
        answer = send(person, "post", f"{url}move/", {"to": "reviewed"})
        assert answer.status_code == 409
        assert {code for _, code in codes(answer)} <= {"own_draft", "rules_unchecked"}
    assert codes(send(holder, "post", f"{url}move/", {"to": "reviewed"})) == [("/to", "rules_unchecked")]
    send(holder, "patch", url, {"rules": [AGEING, ACID]}, If_Match="*")
    done = send(registrar, "post", f"{url}move/", {"to": "reviewed"}).json()
    assert [row["is_checked"] for row in done["rules"]] == [True, True]
    assert send(registrar, "post", f"{url}move/", {"to": "announced", "document_sha256": DOCUMENT}).status_code == 200
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        SpecificationRule.objects.filter(key="ageing").update(low=6)


def test_what_only_a_person_can_tell_is_demanded_in_the_words_of_its_fact(cast, register, as_machine):
    grain = {"key": "grain", "label_zh": "不得使用", "operator": "text", "text": "玉米", "text_en": "maize"}
    rule = {"kind": "attested", "fact": "grain", "severity": "attest"}
    draft = {"title": register.title.number, "label_zh": "新版", "facts": [grain], "rules": [rule]}
    (told,) = send(as_machine(cast.chen), "post", SPECS, draft).json()["rules"]
    assert (told["label_zh"], told["demanded"]) == ("不得使用", {"zh": "玉米", "en": "maize"})


def test_facts_may_change_under_rules_that_rest_on_them_but_not_vanish(cast, register, as_machine):
    client = as_machine(cast.chen)
    draft = DRAFT | {"title": register.title.number, "rules": [ACID]}
    url = send(client, "post", SPECS, draft)["Location"]
    higher = send(client, "patch", url, {"facts": [DRAFT["facts"][0] | {"low": "6.5"}]}, If_Match="*")
    assert higher.json()["rules"][0]["demanded"]["en"] == "at least 6.5 g/100 mL"
    assert codes(send(client, "patch", url, {"facts": []}, If_Match="*")) == [("/rules/0/fact", "rule_fact")]
    assert SpecificationRule.objects.get().fact.low == Decimal("6.5")


def test_rules_that_nobody_checked_are_not_announced_past_the_actions(cast, register, as_machine):
    draft = DRAFT | {"title": register.title.number, "rules": [ACID]}
    number = send(as_machine(cast.chen), "post", SPECS, draft).json()["number"]
    row = SpecificationVersion.objects.filter(number=number)
    row.update(status="reviewed")
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        row.update(status="announced", document_sha256=DOCUMENT)
    with pytest.raises(DatabaseError, match="rule_four_eyes"), transaction.atomic():
        SpecificationRule.objects.update(checked_by=cast.chen.user, checked_at=NOW)


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ([ACID | {"fact": "sugar"}], ("/rules/0/fact", "rule_fact")),
        ([ACID | {"operator": "min", "low": "7"}], ("/rules/0/operator", "rule_fact_figures")),
        ([AGEING | {"unit": "fortnight"}], ("/rules/0/unit", "invalid_choice")),
        ([AGEING | {"unit": "percent"}], ("/rules/0/unit", "rule_unit")),
        ([AGEING | {"low": None}], ("/rules/0/low", "fact_bounds")),
        ([AGEING | {"low": "-1"}], ("/rules/0/low", "rule_bound_range")),
        ([AGEING | {"kind": "vibes"}], ("/rules/0/kind", "invalid_choice")),
        ([AGEING, AGEING], ("/rules/1/key", "rule_repeated")),
        ([ACID, ACID | {"fact": "", "key": "acid", "operator": "max", "high": "5", "unit": "gram_per_100_ml", "grade": "a"}],
         ("/rules/1", "rules_contradict")),
        ([{"kind": "variety_in", "severity": "block"}], ("/rules/0/words", "rule_words")),
        ([{"kind": "harvest_window", "severity": "warn", "words": ["09-31", "10-01"]}], ("/rules/0/words/0", "rule_day")),
        ([AGEING] * 201, ("/rules", "max_length")),
    ],
)  # fmt: skip
def test_a_rule_with_a_mistake_is_named_and_nothing_is_written(cast, register, as_machine, rules, fault):
    answer = send(as_machine(cast.lin), "post", SPECS, DRAFT | {"title": register.title.number, "rules": rules})
    assert answer.status_code == 400, answer.content
    assert fault in codes(answer)
    assert SpecificationVersion.objects.count() == 1
    assert SpecificationRule.objects.count() == 0


def test_the_list_of_specifications_takes_a_fixed_number_of_queries(register, as_machine, django_assert_num_queries):
    for number in range(3):
        a_specification(a_title(register.indication, number=f"公告{number}"))
    with django_assert_num_queries(3):
        assert len(as_machine(None).get(SPECS).json()["results"]) == 4


def test_the_history_of_a_specification_is_kept(cast, register, as_machine):
    url = f"{SPECS}{register.specification.number}/history/"
    events = as_machine(cast.chen).get(url).json()
    assert [event["event"] for event in events][-1] == "insert"
    assert len(events) >= 4
