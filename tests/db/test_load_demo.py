"""The demo: loaded twice it is the same demo, every sample reads as promised, and nothing invented passes for real."""

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum

from gi_registry.accounts.models import ApiKey, Organisation, User
from gi_registry.accounts.queries import actor_of
from gi_registry.accounts.rules import digest_of
from gi_registry.demo.load import NEVER_ISSUED, UNAVAILABLE_PATH, mistyped
from gi_registry.lib import clock
from gi_registry.lib.ids import is_well_formed, uscc_faults
from products.models import Authorisation, Holder, Producer, Season, SeasonQuota, Site, SiteCell
from products.rules.words import AuthorisationState, SiteState
from tests.build_openlog import named
from trace import queries
from trace.models import (
    Alert,
    AnnualUseReport,
    Batch,
    Check,
    CheckCount,
    LabelOrder,
    LinkTarget,
    ProductForm,
    Transfer,
    UnitTally,
)
from trace.rules.annual_figures import Figures
from trace.rules.copies import OFTEN
from trace.rules.typed import read_typed
from trace.rules.verdicts import Verdict

BASE = "http://127.0.0.1:8123"
ROLES = ["registrar", "city_regulator", "county_regulator", "holder", "producer", "rival_producer"]


def load(card: Path, base: str = BASE) -> dict:
    call_command("load_demo", base_url=base, card=card, stdout=StringIO())
    return json.loads(card.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def card_file(django_db_setup, django_db_blocker, tmp_path_factory):
    """The register and the demo, loaded once for this file and taken back at its end."""
    from_outside = pytest.MonkeyPatch()
    from_outside.setattr("django.conf.settings.GI_DEMO", True)
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", stdout=StringIO())
        file = tmp_path_factory.mktemp("demo") / "demo.json"
        load(file)
        yield file
        transaction.set_rollback(True)
    from_outside.undo()


@pytest.fixture
def card(card_file, db) -> dict:
    return json.loads(card_file.read_text(encoding="utf-8"))


@pytest.mark.django_db
def test_it_is_refused_where_there_is_no_demo(settings):
    settings.GI_DEMO = False
    with pytest.raises(CommandError, match="GI_DEMO"):
        call_command("load_demo")


@pytest.mark.django_db
def test_it_asks_for_the_register_first(settings, tmp_path):
    settings.GI_DEMO = True
    with transaction.atomic(), pytest.raises(CommandError, match="load_register"):
        call_command("load_demo", card=tmp_path / "demo.json")
    assert not (tmp_path / "demo.json").exists()


def test_every_row_of_the_register_and_the_demo_is_what_was_logged_of_it(card):
    assert named() == []


def test_the_card_names_every_role_and_a_sample_of_every_verdict(card):
    assert [account["role"] for account in card["accounts"]] == ROLES
    assert list(card["samples"]) == [verdict.value for verdict in Verdict]
    assert card["base_url"] == BASE
    assert card["batch"]["url"] == card["samples"]["registered"] == f"{BASE}/c/{card['batch']['number']}"
    gtin = Batch.objects.get(number=card["batch"]["number"]).form.gtin
    assert card["batch"]["digital_link"] == f"{BASE}/01/{gtin}/10/{card['batch']['number']}"
    assert card["indication"] == "shanxi-laochencu"


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.UNAVAILABLE])
def test_each_sample_reads_as_the_card_says(card, verdict):
    assert queries.check(read_typed(card["samples"][verdict]), now=clock.now())["verdict"] == verdict


def test_each_sample_of_a_unit_reads_as_the_card_says_for_a_quarter_of_a_year(card):
    expected = [verdict for verdict in Verdict if verdict is not Verdict.UNAVAILABLE]
    assert list(card["unit_samples"]) == expected
    for now in (clock.now(), clock.now() + timedelta(days=90)):
        told = {name: queries.check(read_typed(url), now=now) for name, url in card["unit_samples"].items()}
        assert {name: answer["verdict"] for name, answer in told.items()} == {name: name for name in told}
        assert {answer["kind"] for answer in told.values()} == {"unit"}


def test_the_samples_go_on_reading_so_for_a_quarter_of_a_year(card):
    later = clock.now() + timedelta(days=90)
    for verdict, url in card["samples"].items():
        if verdict != Verdict.UNAVAILABLE:
            assert queries.check(read_typed(url), now=later)["verdict"] == verdict


def test_the_sample_of_our_own_outage_is_an_example_for_people_and_programs(card, client):
    assert card["samples"]["unavailable"] == BASE + UNAVAILABLE_PATH
    told = client.get(UNAVAILABLE_PATH, headers={"Accept": "application/json"}).json()
    assert (told["verdict"], told["is_example"]) == ("unavailable", True)
    assert client.get(UNAVAILABLE_PATH).status_code == 200


def test_the_unit_that_was_checked_often_says_so_by_its_own_checks_and_no_other_unit_does(card):
    def told(name):
        return queries.check(read_typed(card["unit_samples"][name]), now=clock.now())

    often, usual = told("checked_often"), told("registered")
    assert (often["grade"], often["checks"]["count"], usual["grade"], usual["checks"]["count"]) == (1, OFTEN, 0, 0)
    assert [reason["code"] for reason in often["unit"]["reasons"]] == ["many_checks"]
    assert not Alert.objects.exists()


def test_an_address_elsewhere_is_served_by_the_resolver_and_one_waits(card, client):
    served, waiting = LinkTarget.objects.get(state="accepted"), LinkTarget.objects.get(state="proposed")
    path = f"/01/{served.form.gtin}"
    told = client.get(path, {"linkType": "linkset"}, headers={"Accept": "application/linkset+json"}).content.decode()
    assert served.href in told
    assert waiting.href not in told
    led = client.get(path, {"linkType": "gs1:pip"}, headers={"Accept-Language": "zh"})
    assert (led.status_code, led["Location"]) == (307, served.href)


def test_a_second_load_changes_nothing(card, card_file):
    def everything() -> list:
        models = (
            Organisation,
            Producer,
            Site,
            Authorisation,
            ProductForm,
            Batch,
            Season,
            User,
            ApiKey,
            LinkTarget,
            UnitTally,
        )
        return [list(model.objects.order_by("pk").values()) for model in models]

    before, text = everything(), card_file.read_bytes()
    load(card_file)
    assert everything() == before
    assert card_file.read_bytes() == text


def test_another_address_keeps_numbers_and_keys(card, card_file, tmp_path):
    moved_file = tmp_path / "demo.json"
    moved_file.write_bytes(card_file.read_bytes())
    moved = load(moved_file, "http://127.0.0.1:9000/")
    assert moved["accounts"] == card["accounts"]
    assert moved["samples"]["recalled"] == card["samples"]["recalled"].replace(":8123", ":9000")


def test_a_lost_card_gets_new_keys_and_the_lost_ones_open_no_more(card, tmp_path):
    fresh = load(tmp_path / "demo.json")
    for old, new in zip(card["accounts"], fresh["accounts"], strict=True):
        assert old["api_key"] != new["api_key"]
        usable = ApiKey.objects.usable(clock.now())
        assert not usable.filter(key_hash=digest_of(old["api_key"])).exists()
        assert usable.filter(key_hash=digest_of(new["api_key"])).count() == 1


def test_a_password_that_a_visitor_changed_is_set_back(card, card_file):
    user = User.objects.get(username="producer")
    user.set_password("something else")
    user.save()
    load(card_file)
    user.refresh_from_db()
    assert user.check_password(next(a["password"] for a in card["accounts"] if a["role"] == "producer"))


def test_the_accounts_have_the_rights_that_they_are_named_for(card):
    for account in card["accounts"]:
        actor = actor_of(User.objects.get(username=account["username"]))
        kind = "producer" if account["role"] == "rival_producer" else account["role"]
        assert [role.kind for role in actor.roles] == [kind]
        scope = {prefix for role in actor.roles if (prefix := role.division_prefix)}
        own = set(
            Organisation.objects.filter(pk__in=actor.organisation_ids(*actor.roles[0].kind.__class__)).values_list(
                "uscc", flat=True
            )
        )
        assert {account["scope"]} == scope | own
    assert User.objects.filter(is_staff=True).values_list("username", flat=True).get() == "registrar"
    assert not User.objects.filter(is_superuser=True).exists()


def test_everything_invented_says_so(card):
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert all("TEXT" in row.uscc and uscc_faults(row.uscc) == [] for row in Organisation.objects.exclude(uscc=None))
    assert all(form.gtin.startswith("0952") for form in ProductForm.objects.all())
    assert all(
        row.approval_reference.startswith("示例") for row in Authorisation.objects.exclude(approval_reference="")
    )
    holder = Holder.objects.get(organisation__isnull=False)
    assert holder.is_demo
    assert "虚构" in holder.name_zh
    assert "invented" in holder.name_en


def test_there_are_producers_of_every_kind_in_many_counties(card):
    kinds = set(Producer.objects.values_list("organisation__kind", flat=True))
    assert kinds == {"company", "cooperative", "collective", "sole_trader", "household"}
    assert Producer.objects.values("division").distinct().count() >= 5
    slugs = Authorisation.objects.values_list("title__indication__slug", flat=True)
    assert len(set(slugs)) >= 6
    makers = Authorisation.objects.filter(title__indication__slug="shanxi-laochencu").values_list(
        "producer__division__code"
    )
    assert len(set(makers)) >= 2


def test_authorisations_stand_suspended_run_out_and_wait(card):
    states = set(Authorisation.objects.values_list("state", flat=True))
    assert states == {
        AuthorisationState.ACTIVE,
        AuthorisationState.SUSPENDED,
        AuthorisationState.EXPIRED,
        AuthorisationState.SUBMITTED,
    }


def test_parcels_are_of_the_size_of_parcels_and_one_awaits_a_person(card):
    mu = [site.area_m2 * 3 / 2000 for site in Site.objects.filter(kind__in=["orchard", "field"])]
    assert len(mu) >= 10
    assert all(0.3 <= area <= 5 for area in mu)
    assert Site.objects.filter(state=SiteState.FLAGGED).count() == 1
    assert Site.objects.exclude(state__in=[SiteState.FLAGGED, SiteState.ACTIVE]).count() == 0


def test_a_household_is_never_shown(card):
    assert not Producer.objects.public().filter(organisation__kind="household").exists()
    assert Producer.objects.public().filter(public_point__isnull=False).count() >= 8


def test_the_books_of_a_season_hold_a_quota_an_order_and_goods_that_wait_for_an_answer(card, client):
    client.force_login(User.objects.get(username="producer"))
    listed = client.get("/portal/quota/", headers={"Accept": "text/html"}).content.decode()
    assert "已用 6,400 升 · 还剩 13,600 升" in listed
    assert set(LabelOrder.objects.values_list("state", flat=True)) == {"issued", "requested"}
    waiting = Transfer.objects.get()
    assert f"/portal/transfers/{waiting.number}/" in client.get("/portal/").content.decode()
    assert not SeasonQuota.objects.filter(season__closes_on__gte=clock.today()).exists(), (
        "no other batch has to name it"
    )


def test_one_annual_report_was_accepted_and_one_waits_on_the_desk_of_the_county(card, client):
    last = clock.today().year - 1
    rows = AnnualUseReport.objects.order_by("year").values_list("year", "state")
    assert list(rows) == [(last - 1, "accepted"), (last, "submitted")]
    client.force_login(User.objects.get(username="county_regulator"))
    listed = client.get("/portal/annual-reports/", headers={"Accept": "text/html"}).content.decode()
    for report in AnnualUseReport.objects.all():
        assert f"/portal/annual-reports/{report.number}/" in listed
    assert any(Figures.read(report.figures).articles for report in AnnualUseReport.objects.all())


def test_both_layers_of_cells_have_something_to_show(card):
    assert SiteCell.objects.get().indication.slug == "jixian-pingguo"
    assert CheckCount.objects.aggregate(n=Sum("count"))["n"] == Check.objects.count() > 50
    assert CheckCount.objects.values("cell").distinct().count() >= 5


@pytest.fixture
def var_of_this_demo(card_file, settings):
    settings.VAR_DIR, settings.GI_DEMO = card_file.parent, True


def test_the_tour_shows_every_sample_and_account_in_both_languages(card, var_of_this_demo, client):
    for language, heading in (("zh", "演示导览"), ("en", "Tour of the demo")):
        page = client.get(f"/tour/?lang={language}").content.decode()
        assert heading in page
        for url in (*card["samples"].values(), *card["unit_samples"].values()):
            assert f'href="{url.removeprefix(BASE)}"' in page
        assert all(account["password"] in page for account in card["accounts"])


def test_the_tour_does_not_exist_where_there_is_no_demo(card, var_of_this_demo, client, settings):
    settings.GI_DEMO = False
    assert client.get("/tour/").status_code == 404


def test_the_tour_says_so_before_the_first_load(db, client, settings, tmp_path):
    settings.VAR_DIR, settings.GI_DEMO = tmp_path, True
    assert "./gi demo" in client.get("/tour/?lang=en").content.decode()


def test_the_message_of_the_day_fits_a_screen_and_tells_what_opens(card, var_of_this_demo):
    said = StringIO()
    call_command("demo_card", stdout=said)
    lines = said.getvalue().splitlines()
    assert len(lines) <= 32
    assert f"{BASE}/tour/" in said.getvalue()
    assert all(any(account["password"] in line for line in lines) for account in card["accounts"])


@pytest.mark.parametrize("command", ["demo_card", "demo_check"])
def test_without_a_demo_the_commands_say_how_to_make_one(command, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with pytest.raises(CommandError, match=r"\./gi demo"):
        call_command(command)


def test_the_slip_is_a_slip_and_the_unknown_lot_is_well_formed():
    assert is_well_formed(NEVER_ISSUED)
    assert not is_well_formed(mistyped(NEVER_ISSUED))


def test_the_first_sample_shows_a_picture_that_we_drew(card, client):
    page = client.get(card["samples"]["registered"].removeprefix(BASE), headers={"Accept": "text/html"})
    picture = client.get(re.search(r'src="[^"]*(/c/photos/\w+\.jpg)"', page.content.decode())[1])
    assert picture["Content-Type"] == "image/jpeg"
    assert 10_000 < len(b"".join(picture)) < 30_000
