"""The books of a season in the database: what they grant, take, give back, and what their walls hold."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from gi_registry.lib.problems import Forbidden, Invalid, Problem, Refused
from products.actions import QuotaContent, move_authorisation, set_quota
from products.rules.authorisations import Given
from products.rules.seasons import CeilingBasis, QuotaState
from products.rules.words import AuthorisationState, SiteKind, Unit
from tests.build_products import QI_FIELD, a_season, a_site, an_authorisation, everybody
from tests.build_quota import Books, a_ceiling, a_draft_quota, a_quota, an_entitlement, left, the_books
from tests.cast import NOW
from trace import actions
from trace.actions.debits import debit_batches, debit_of
from trace.models import Entitlement, EntitlementLine, LedgerAccount, LedgerEntry, LedgerTransaction
from trace.rules.batches import BatchState
from trace.rules.dates import BatchDates
from trace.rules.genealogy import InputKind
from trace.rules.ledger import AccountKind, PostingKind
from trace.rules.quantities import QuantityUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(goods) -> Books:
    return the_books(goods)


def codes(action, *args, **kwargs):
    with pytest.raises(Problem) as error:
        action(*args, **kwargs)
    return [refusal.code for refusal in error.value.errors]


def walls(statement, *values):
    """The database itself refuses: no rule of ours was asked."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        at_once(statement, values)
    return str(error.value)


def at_once(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- the season ---


def test_a_quota_is_drafted_anew_until_it_is_open_and_then_stays(goods):
    season = a_season(goods.register.indication)
    quota = a_draft_quota(season, a_ceiling(5))
    quota = a_draft_quota(season, a_ceiling(7), a_ceiling(9, division_code="140727"))
    assert [ceiling.amount for ceiling in quota.ceilings.order_by("pk")] == [7, 9]
    actions.open_quota(quota=quota, actor=everybody(), now=NOW)
    assert codes(a_draft_quota, season) == ["quota_not_draft"]
    assert codes(actions.open_quota, quota=quota, actor=everybody(), now=NOW) == ["quota_state"]
    assert "never changed" in walls("UPDATE products_seasonceiling SET amount = 1")
    assert "never changed" in walls("UPDATE products_seasonquota SET cap = 1")
    assert "cannot go" in walls("UPDATE products_seasonquota SET state = 'draft'")


def test_a_season_is_kept_by_a_holder_of_its_name_and_by_the_registrar(goods, cast):
    season = a_season(goods.register.indication)
    content = QuotaContent(Unit.LITRE, Unit.LITRE, "通知", [a_ceiling()])
    set_quota(season=season, content=content, actor=cast.chen.actor, now=NOW)
    set_quota(season=season, content=content, actor=cast.lin.actor, now=NOW)
    for person in (cast.zhang, cast.li, cast.sun):
        with pytest.raises(Forbidden):
            set_quota(season=season, content=content, actor=person.actor, now=NOW)


def test_a_draft_quota_holds_nothing_against_anybody(goods):
    season = a_season(goods.register.indication)
    quota = a_draft_quota(season)
    goods.batch(season=season)
    assert codes(an_entitlement, quota, goods.register.zhang) == ["season_draft"]
    assert not LedgerTransaction.objects.exists()


# --- entitlements ---


def test_an_entitlement_is_the_area_of_the_outline_by_the_ceiling(goods):
    quota = a_quota(goods.register.indication, a_ceiling("28.75", CeilingBasis.PER_MU, site_kind=SiteKind.FIELD))
    row = an_entitlement(quota, goods.register.zhang)
    expected = round(goods.register.field.area_m2 * 3 / 2000 * 28.75 * 1000)
    assert abs(row.quantity - expected) < 1
    (line,) = row.lines.filter(quantity__gt=0)
    assert (line.site, line.area_m2, line.factor) == (goods.register.field, goods.register.field.area_m2, 1)
    assert left(row) == {"entitlement": row.quantity, "label_right": row.quantity}


def test_computed_anew_only_the_difference_is_posted(goods):
    quota = a_quota(goods.register.indication, a_ceiling(30, CeilingBasis.PER_MU))
    row = an_entitlement(quota, goods.register.zhang)
    again = an_entitlement(quota, goods.register.zhang)
    assert (again.pk, again.revision, left(again)) == (row.pk, 2, left(row))
    assert LedgerTransaction.objects.filter(kind=PostingKind.GRANT.value).count() == 1
    half = an_entitlement(quota, goods.register.zhang, factors={goods.register.field.number: Decimal("0.5")})
    assert half.quantity == round(row.quantity / 2, 3)
    assert left(half)["entitlement"] == half.quantity


def test_less_is_not_granted_than_was_harvested_already(goods):
    quota = a_quota(goods.register.indication, a_ceiling(30, CeilingBasis.PER_MU))
    row = an_entitlement(quota, goods.register.zhang)
    actions.declare_harvest(row=row, quantity=round(row.quantity / 1000, 2) - 1, actor=goods.maker, now=NOW)
    none = {goods.register.field.number: Decimal(0)}
    assert "over_entitlement" in codes(an_entitlement, quota, goods.register.zhang, factors=none)
    row.refresh_from_db()
    assert row.revision == 1


def test_the_cap_is_shared_and_never_passed(goods, cast):
    quota = a_quota(goods.register.indication, a_ceiling(3_000), cap=Decimal(4_000))
    first = an_entitlement(quota, goods.register.zhang)
    field = a_site(goods.register.feng, goods.register.indication, box=QI_FIELD)
    an_authorisation(goods.register.feng, goods.register.title, [field])
    second = an_entitlement(quota, goods.register.feng)
    assert (first.quantity, second.quantity, second.computed) == (3_000_000, 1_000_000, 3_000_000)
    pool = LedgerAccount.objects.get(quota=quota, kind=AccountKind.POOL.value)
    assert pool.balance == 0
    an_entitlement(quota, goods.register.feng)
    assert left(second)["entitlement"] == 1_000_000


def test_a_site_counts_for_one_producer_however_often_it_is_named(goods, cast):
    field = a_site(goods.register.feng, goods.register.indication, box=QI_FIELD)
    an_authorisation(goods.register.feng, goods.register.title, [field])
    quota = a_quota(goods.register.indication, a_ceiling(30, CeilingBasis.PER_MU))
    row = an_entitlement(quota, goods.register.feng)
    other = an_entitlement(quota, goods.register.zhang)
    line = row.lines.get()
    copy = EntitlementLine(
        entitlement=other, quota=quota, producer=goods.register.zhang, revision=9, site=line.site, quantity=1
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save()


def test_who_has_no_right_today_is_granted_nothing(goods):
    quota = a_quota(goods.register.indication)
    assert codes(an_entitlement, quota, goods.register.feng) == ["not_authorised"]
    row = an_entitlement(quota, goods.register.zhang)
    suspended = Given(reason="抽检不合格")
    move_authorisation(
        authorisation=goods.register.authorisation,
        to=AuthorisationState.SUSPENDED,
        given=suspended,
        actor=goods.maker,
        now=NOW,
    )
    assert codes(an_entitlement, quota, goods.register.zhang) == ["not_authorised"]
    assert left(row)["entitlement"] == 3_000_000


def test_only_the_keeper_of_the_season_grants_and_penalises(books, cast):
    for person in (cast.zhang, cast.li, cast.feng):
        with pytest.raises(Forbidden):
            actions.grant_entitlement(quota=books.quota, producer=books.row.producer, actor=person.actor, now=NOW)
        with pytest.raises(Forbidden):
            actions.penalise(row=books.row, quantity=Decimal(1), actor=person.actor, now=NOW, reason="瞒报")
    with pytest.raises(Forbidden):
        actions.declare_harvest(row=books.row, quantity=Decimal(1), actor=cast.feng.actor, now=NOW)


def test_a_penalty_takes_goods_and_labels_and_owes_its_reason(books):
    given = {"row": books.row, "actor": everybody(), "now": NOW}
    assert codes(actions.penalise, quantity=Decimal(100), **given) == ["reason_missing"]
    assert codes(actions.penalise, quantity=Decimal("NaN"), reason="瞒报", **given) == ["quantity"]
    assert codes(actions.penalise, quantity=Decimal(3_001), reason="瞒报", **given) == [
        "over_entitlement",
        "over_label_right",
    ]
    actions.penalise(quantity=Decimal(1_000), reason="瞒报", **given)
    assert left(books.row) == {"entitlement": 2_000_000, "label_right": 2_000_000}
    books.row.refresh_from_db()
    assert books.row.penalties == 1_000_000


# --- goods ---


def test_a_batch_takes_its_quantity_and_one_litre_more_than_the_balance_is_refused(books):
    books.batch(1_200)
    books.batch(1_700)
    assert left(books.row) == {"entitlement": 100_000, "packed": 2_900_000, "label_right": 3_000_000}
    assert codes(books.batch, 101) == ["over_entitlement"]
    books.batch(100)
    assert codes(books.batch, 1) == ["over_entitlement"]


def test_a_refused_batch_is_not_there(books):
    before = LedgerTransaction.objects.count()
    assert codes(books.batch, 3_001) == ["over_entitlement"]
    assert LedgerTransaction.objects.count() == before


def test_what_is_processed_goes_first_into_a_batch(goods):
    books = the_books(goods, a_ceiling(3_000), raw_unit=Unit.KILOGRAM, yield_raw=Decimal(160), yield_goods=Decimal(102))
    given = {"row": books.row, "actor": books.maker, "now": NOW}
    actions.declare_harvest(quantity=Decimal(1_600), **given)
    assert codes(actions.process_goods, raw=Decimal(1_600), goods=Decimal("1020.001"), **given) == [
        "conversion_exceeded"
    ]
    assert codes(actions.process_goods, raw=Decimal(1_601), goods=Decimal(1), **given) == ["over_raw"]
    actions.process_goods(raw=Decimal(800), goods=Decimal(500), **given)
    books.batch(600)
    assert left(books.row) == {
        "entitlement": 1_400_000,
        "raw": Decimal("643137.254"),
        "packed": 600_000,
        "label_right": 1_912_500,
    }


def test_a_voided_batch_gives_back_what_it_took_and_its_postings_stay(books):
    batch = books.batch(1_200)
    actions.void_batch(batch=batch, actor=books.maker, now=NOW, reason="填错数量")
    assert left(books.row) == {"entitlement": 3_000_000, "label_right": 3_000_000}
    posting = LedgerTransaction.objects.get(batch=batch)
    assert posting.reversal.reason == "填错数量"
    assert codes(actions.void_batch, batch=batch, actor=books.maker, now=NOW, reason="再次") == ["already_void"]


def blended(books, parents, litres, used, **more):
    """A draft of Zhang's in the season, blended from so much of each."""
    content = {"quantity": Decimal(litres), "pack_count": litres * 2, "season": books.quota.season, **more}
    given = {"actor": books.maker, "now": NOW}
    draft = actions.draft_batch(content=books.goods.content(**content), **given)
    for parent in parents:
        use = actions.Use(parent, InputKind.BLEND, Decimal(used), QuantityUnit.LITRE)
        actions.add_input(batch=draft, use=use, **given)
    return draft


def made_of(books, *told, **more):
    return actions.register_batch(batch=blended(books, *told, **more), actor=books.maker, now=NOW)


def test_a_batch_made_of_registered_batches_does_not_take_from_the_season_again(books):
    cask = books.batch(2_000)
    before = left(books.row)
    blend = made_of(books, [cask], 1_000, 1_000)
    case = made_of(books, [blend, cask], 600, 300)
    assert left(books.row) == before
    assert [debit_of(batch).entries.count() for batch in (blend, case)] == [0, 0]
    actions.void_batch(batch=case, actor=books.maker, now=NOW, reason="写错")
    assert left(books.row) == before
    assert LedgerTransaction.objects.filter(reversal_of=debit_of(case)).count() == 1


def test_batches_debited_together_take_each_only_what_their_inputs_have_not_entered(books):
    cask = books.batch(2_000)
    before = left(books.row)
    drafts = [blended(books, [cask], 1_000, 1_000), blended(books, [cask], 500, 450), blended(books, [], 600, 0)]
    debit_batches(batches=drafts, quotas=lambda indication: [books.quota], actor=books.maker, now=NOW)
    assert before["entitlement"] - left(books.row)["entitlement"] == 50_000 + 600_000
    assert [debit_of(batch).entries.count() > 0 for batch in drafts] == [False, True, True]


def test_what_a_batch_has_beyond_its_inputs_is_taken_from_the_season(books):
    cask = books.batch(2_000)
    before = left(books.row)
    made_of(books, [cask], 1_050, 1_000)
    after = left(books.row)
    assert before["entitlement"] - after["entitlement"] == 50_000
    assert after["packed"] - before["packed"] == 50_000


def test_inputs_that_no_season_counted_bring_nothing(goods):
    before = goods.batch(BatchState.REGISTERED, quantity=Decimal(1_000), pack_count=None)
    books = the_books(goods)
    had = left(books.row)
    made_of(books, [before], 1_000, 1_000)
    assert had["entitlement"] - left(books.row)["entitlement"] == 1_000_000


def test_in_a_season_with_a_quota_its_name_is_owed(books):
    assert codes(books.batch, 10, season=None) == ["season_owed"]
    other = a_season(books.goods.register.indication, name="另一产季")
    assert codes(books.batch, 10, season=other) == ["season_owed"]
    early = BatchDates(produced_on=date(2026, 8, 1), packed_on=date(2026, 8, 1))
    assert books.batch(10, season=None, dates=early).state == BatchState.REGISTERED


def test_goods_that_the_season_cannot_count_are_refused(goods):
    books = the_books(goods, raw_unit=Unit.KILOGRAM, goods_unit=Unit.KILOGRAM)
    assert codes(books.batch, 10) == ["unit_of_season"]


def test_harvests_are_reversed_by_the_keeper_once_and_only_while_what_they_gave_is_there(books):
    posting = actions.declare_harvest(row=books.row, quantity=Decimal(900), actor=books.maker, now=NOW)
    given = {"row": books.row, "posting": posting, "actor": everybody(), "now": NOW}
    assert codes(actions.reverse_posting, **given) == ["reason_missing"]
    with pytest.raises(Forbidden):
        actions.reverse_posting(**{**given, "actor": replace(books.maker, roles=())})
    batch = books.batch(500)
    assert codes(actions.reverse_posting, reason="误报", **given) == ["over_raw"]
    actions.void_batch(batch=batch, actor=books.maker, now=NOW, reason="填错")
    actions.reverse_posting(reason="误报", **given)
    assert left(books.row) == {"entitlement": 3_000_000, "label_right": 3_000_000}
    assert codes(actions.reverse_posting, reason="误报", **given) == ["already_reversed"]
    reversal = posting.reversal
    assert codes(actions.reverse_posting, reason="误报", **{**given, "posting": reversal}) == ["is_reversal"]
    grant = LedgerTransaction.objects.get(kind=PostingKind.GRANT.value)
    assert codes(actions.reverse_posting, reason="误报", **{**given, "posting": grant}) == ["not_by_hand"]


def test_a_reversed_penalty_is_forgiven_in_the_entitlement_too(books):
    given = {"row": books.row, "actor": everybody(), "now": NOW, "reason": "复议"}
    posting = actions.penalise(quantity=Decimal(1_000), **given)
    actions.reverse_posting(posting=posting, **given)
    books.row.refresh_from_db()
    assert (books.row.penalties, left(books.row)["entitlement"]) == (0, 3_000_000)


# --- the walls ---


def an_entry(books, amount, kind=AccountKind.ENTITLEMENT):
    account = LedgerAccount.objects.get(quota=books.quota, kind=kind.value)
    posting = LedgerTransaction.objects.get(kind=PostingKind.GRANT.value)
    return (
        "INSERT INTO trace_ledgerentry (transaction_id, account_id, amount) VALUES (%s, %s, %s)",
        posting.pk,
        account.pk,
        amount,
    )


def test_nothing_in_the_books_is_changed_or_taken_away(books):
    for table in ("trace_ledgerentry", "trace_ledgertransaction", "trace_entitlementline"):
        assert "Cannot" in walls(f"DELETE FROM {table}")  # noqa: S608
    assert "Cannot" in walls("UPDATE trace_ledgerentry SET amount = 1")
    assert "Cannot" in walls("UPDATE trace_ledgertransaction SET reason = 'x'")
    assert "Cannot" in walls("DELETE FROM trace_ledgeraccount")


def test_a_balance_is_moved_by_postings_alone(books):
    assert "follows from postings" in walls("UPDATE trace_ledgeraccount SET balance = balance + 1")
    insert = "INSERT INTO trace_ledgeraccount (quota_id, producer_id, kind, balance) VALUES (%s, %s, 'raw', 5)"
    assert "begins empty" in walls(insert, books.quota.pk, books.row.producer_id)


def test_an_account_of_nobody_else_is_overdrawn_or_unbalanced(books):
    actions.declare_harvest(row=books.row, quantity=Decimal(5), actor=books.maker, now=NOW)
    insert, _, account, _ = an_entry(books, -1)
    fresh = LedgerTransaction.objects.create(quota=books.quota, kind="harvest", by="x", by_name="x", at=NOW)
    assert "sum to zero" in walls(insert, fresh.pk, account, -1)
    assert "not_overdrawn" in walls(insert, fresh.pk, account, Decimal(10) ** 9 * -1)
    assert "moves" in walls(insert, fresh.pk, account, 0)


def test_a_posting_stays_within_one_season_and_in_an_open_one(books):
    later = a_season(
        books.goods.register.indication, name="2027 年", opens_on=date(2027, 1, 1), closes_on=date(2027, 2, 1)
    )
    other = a_quota(books.goods.register.indication, season=later)
    insert, _, account, _ = an_entry(books, 1)
    fresh = LedgerTransaction.objects.create(quota=other, kind="harvest", by="x", by_name="x", at=NOW)
    assert "within one season" in walls(insert, fresh.pk, account, 1)
    draft = a_draft_quota(a_season(books.goods.register.indication, name="2028 年"))
    posting = (
        "INSERT INTO trace_ledgertransaction (number, quota_id, kind, reason, by, by_name, at)"
        " VALUES ('0000000000', %s, 'harvest', '', 'x', 'x', now())"
    )
    assert "not open" in walls(posting, draft.pk)


def test_a_batch_is_debited_once(books):
    batch = books.batch(10)
    insert = (
        "INSERT INTO trace_ledgertransaction (number, quota_id, kind, reason, by, by_name, at, batch_id)"
        " VALUES ('0000000000', %s, 'batch', '', 'x', 'x', now(), %s)"
    )
    assert "ledger_batch_once" in walls(insert, books.quota.pk, batch.pk)


def test_every_balance_is_the_sum_of_its_entries(books):
    books.batch(1_200)
    actions.declare_harvest(row=books.row, quantity=Decimal("3.5"), actor=books.maker, now=NOW + timedelta(hours=1))
    for account in LedgerAccount.objects.exclude(kind__endswith="outside"):
        assert account.balance == sum(entry.amount for entry in LedgerEntry.objects.filter(account=account))
    assert Entitlement.objects.get().quantity == 3_000_000
    assert books.quota.state == QuotaState.OPEN
    with pytest.raises(Invalid):
        actions.declare_harvest(row=books.row, quantity=Decimal(0), actor=books.maker, now=NOW)
    with pytest.raises(Refused):
        actions.declare_harvest(row=books.row, quantity=Decimal(10_000), actor=books.maker, now=NOW)
