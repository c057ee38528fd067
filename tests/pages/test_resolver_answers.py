"""What the resolver makes of odd clients and odd links, and what it tells and does not tell of goods."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.build_links import packed
from tests.build_trace import GTIN, a_form
from tests.pages.resolving import (
    HOST,
    UNIT,
    UNKNOWN_LOT,
    an_accepted_target,
    ask,
    led_to,
    linkset_answer,
    linkset_of,
)
from trace.links.linkset import VOCABULARY
from trace.rules.batches import BatchState

pytestmark = pytest.mark.django_db
OTHER = "09520012345681"


@pytest.fixture
def goods(world):
    return world.goods


@pytest.fixture
def lot(world):
    return world.number("zhang.released")


@pytest.fixture
def dls(lot):
    """A link of ours at each level, and one of a lot that never was: every check is made of each."""
    article = f"/01/{GTIN}"
    return article, f"{article}/10/{lot}", f"{article}/10/{lot}/21/{UNIT}", f"{article}/10/{UNKNOWN_LOT}"


# --- tolerance ---


@pytest.mark.parametrize("accept", ["undefined", ";;;,", "text", "*/*;q=nonsense", "x" * 5_000, "text/html;q=0"])
def test_a_header_that_cannot_be_read_is_no_preference(client, dls, accept):
    for dl in dls:
        assert led_to(ask(client, dl, accept, language=accept)) == led_to(ask(client, dl))


def test_a_browser_is_led_to_the_page_and_a_program_to_the_data(client, goods, lot):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert led_to(ask(client, f"/01/{GTIN}/10/{lot}", browser, "zh-CN,zh;q=0.9")) == f"{HOST}/c/{lot}"
    data = led_to(ask(client, f"/01/{GTIN}/10/{lot}", "application/json"))
    assert client.get(data).json()["verdict"] == "registered"


def test_names_of_headers_are_in_one_case_and_there_is_one_link_header(client, dls):
    for dl in dls:
        names = [name for name, _ in ask(client, dl).items()]
        assert names.count("Link") == 1
        assert all(part == part.capitalize() for name in names for part in name.split("-")), names


def test_context_leads_nowhere_else_and_is_not_passed_on(client, dls):
    for dl in dls:
        assert led_to(ask(client, f"{dl}?context=somewhere")) == led_to(ask(client, dl))


def test_attributes_in_the_query_are_held_to_the_standard_and_other_parameters_are_not(client, goods, lot):
    path = f"/01/{GTIN}/10/{lot}"
    assert led_to(ask(client, f"{path}?17=271231&utm=%E9%86%8B")) == f"{HOST}/c/{lot}?17=271231&utm=%E9%86%8B"
    for query, said in (("17=271331", "AI (17)"), ("10=X", "AI (10)"), ("4444=1", "AI (4444)")):
        answer = ask(client, f"{path}?{query}", language="en")
        assert answer.status_code == 400
        assert said in answer.json()["detail"]


# --- compressed ---


def test_a_compressed_link_leads_on_and_names_its_uncompressed_form_on_this_host(client, goods, lot):
    answer = ask(client, "/" + packed([("01", GTIN), ("10", lot)], together="0B"))
    assert led_to(answer) == f"{HOST}/c/{lot}"
    assert f'<{HOST}/01/{GTIN}/10/{lot}>; rel="owl:sameAs"' in answer["Link"]


def test_a_key_in_the_clear_goes_with_a_compressed_rest(client, goods, lot):
    answer = ask(client, f"/01/{GTIN}/" + packed([("10", lot), ("21", UNIT)]))
    assert led_to(answer) == f"{HOST}/c/{lot}/{UNIT}"
    assert f'<{HOST}/01/{GTIN}/10/{lot}/21/{UNIT}>; rel="owl:sameAs"' in answer["Link"]


def test_a_compressed_link_of_no_article_here_and_a_word_that_is_no_link_are_not_found(client, goods, lot):
    assert ask(client, "/ARFKk4XB0CDKWcnpq").status_code == 404
    assert ask(client, "/some-word-that-is-no-link").status_code == 404
    assert ask(client, "/some-word-that-is-no-link/", "text/html").status_code == 404


# --- what is told ---


def test_the_types_of_the_standard_lead_to_our_own_pages(client, goods, lot):
    path, slug = f"/01/{GTIN}/10/{lot}", goods.register.indication.slug
    wanted = {
        "pip": f"/products/{slug}/",
        "recallStatus": f"/c/{lot}",
        "traceability": f"/c/{lot}",
    }
    for kind, target in wanted.items():
        assert led_to(ask(client, f"{path}?linkType=gs1:{kind}")) == HOST + target
    for form, media_type in (("/", "text/html"), (".json", "application/vc"), (".jwt", "application/vc+jwt")):
        certificate = led_to(ask(client, f"{path}?linkType=gs1:certificationInfo", media_type))
        assert certificate == f"{HOST}/certificates/batch/{lot}{form}"
    unreleased = goods.batch(BatchState.REGISTERED)
    asked = f"/01/{GTIN}/10/{unreleased.number}?linkType=gs1:certificationInfo"
    assert led_to(ask(client, asked)) == f"{HOST}/c/{unreleased.number}"
    for kind in ("registryEntry", "verificationService", "locationInfo"):
        assert led_to(ask(client, f"{path}?linkType=gs1:{kind}", "text/html")).startswith(HOST)


def test_every_target_of_ours_answers(client, goods, lot):
    for path in (f"/01/{GTIN}", f"/01/{GTIN}/10/{lot}/21/{UNIT}", f"/01/{GTIN}/10/{UNKNOWN_LOT}"):
        for context in linkset_of(client, path):
            for links in (value for key, value in context.items() if key.startswith(VOCABULARY)):
                for link in links:
                    answer = client.get(link["href"].removeprefix(HOST), headers={"Accept": link["type"]})
                    assert answer.status_code == 200, link
                    assert answer["Content-Type"].startswith(link["type"]), link


def test_a_lot_of_another_article_is_not_shown_as_one_of_this(client, goods, lot):
    other = a_form(goods.register, goods.maker, name_zh="十年陈酿醋", gtin=OTHER)
    goods.batch(form=other)
    target = led_to(ask(client, f"/01/{OTHER}/10/{lot}", "application/json"))
    assert client.get(target).json()["verdict"] == "not_issued"
    page = led_to(ask(client, f"/01/{OTHER}/10/{lot}", "text/html"))
    assert client.get(page, headers={"Accept": "application/json"}).json()["verdict"] == "not_issued"
    # What is passed on never takes the place of what was asked.
    page = led_to(ask(client, f"/01/{OTHER}/10/{lot}?code={lot}", "text/html"))
    assert client.get(page, headers={"Accept": "application/json"}).json()["verdict"] == "not_issued"


def test_a_serial_without_a_lot_and_odd_characters_are_never_an_error(client, goods, lot):
    for rest in (
        "21/X",
        f"21/{lot}",
        "22/V",
        "22/V/10/L/21/S",
        f"22/V/10/{lot}",
        "10/A%2BB",
        "10/%3F",
        "235/T",
        "10/-",
    ):
        page = led_to(ask(client, f"/01/{GTIN}/{rest}", "text/html"))
        assert client.get(page, headers={"Accept": "text/html"}).status_code == 200
    assert led_to(ask(client, f"/01/{GTIN}/22/V/10/{lot}")) == f"{HOST}/c/{lot}"
    page = led_to(ask(client, f"/01/{GTIN}/21/{lot}", "text/html"))
    assert client.get(page, headers={"Accept": "application/json"}).json()["verdict"] in ("mistyped", "not_issued")


def test_short_and_lower_case_spellings_find_the_same_lot(client, goods, lot):
    assert led_to(ask(client, f"/01/{GTIN[1:]}/10/{lot.lower()}")) == f"{HOST}/c/{lot}"
    assert linkset_of(client, f"/01/{GTIN[1:]}/10/{lot}")[0]["anchor"] == f"{HOST}/01/{GTIN[1:]}/10/{lot}"


def test_an_article_is_unknown_until_a_batch_of_it_is_registered(client, goods):
    planned = a_form(goods.register, goods.maker, name_zh="十年陈酿醋", gtin=OTHER)
    draft = goods.batch(BatchState.DRAFT, form=planned)
    for path in (f"/01/{OTHER}", f"/01/{OTHER}/10/{draft.number}", "/01/09506000134352"):
        for query in ("", "?linkType=linkset", "?linkType=gs1:pip"):
            answer = ask(client, path + query)
            assert answer.status_code == 404
            assert "十年陈酿醋" not in answer.content.decode()


def test_a_draft_is_told_like_a_lot_that_never_was(client, goods, lot):
    draft = goods.batch(BatchState.DRAFT).number
    one, other = (linkset_of(client, f"/01/{GTIN}/10/{number}") for number in (draft, UNKNOWN_LOT))
    assert json.dumps(one).replace(draft, "LOT") == json.dumps(other).replace(UNKNOWN_LOT, "LOT")


def test_no_producer_is_named(client, goods, lot):
    told = json.dumps(linkset_answer(client, f"/01/{GTIN}/10/{lot}"), ensure_ascii=False)
    for name in (goods.register.zhang.organisation.name_zh, goods.register.zhang.number):
        assert name not in told


@pytest.mark.parametrize("path", ["/414/9521321000018", "/417/9521321000018/7040/1ABC", "/00/106141412345678908"])
def test_keys_of_which_the_register_has_none_are_not_found_and_bad_ones_are_refused(client, path):
    assert ask(client, path).status_code == 404
    assert ask(client, path[:6] + "0" + path[7:] + "/foo").status_code == 400


def test_errors_are_problem_documents_or_a_page_and_never_a_fault_of_ours(client, goods, lot):
    for path in (f"/01/{GTIN}/foo", "/01/", "/01/x", "/01/%00", "/01/%FF", "/01/" + "9" * 5_000, "/01//", "/01/../c/"):
        machine, person = ask(client, path), ask(client, path, "text/html")
        assert machine.status_code == person.status_code == 400, path
        assert machine["Content-Type"] == "application/problem+json"
        assert person["Content-Type"].startswith("text/html")
    assert ask(client, f"/01/{GTIN}", method="post").status_code == 405
    assert ask(client, f"/01/{GTIN}", method="delete").status_code == 405


def test_a_link_costs_one_statement_and_its_linkset_two(client, goods, lot):
    an_accepted_target(goods)
    path = f"/01/{GTIN}/10/{lot}"
    ask(client, path)
    for query, most in (("", 1), ("?linkType=linkset", 2), ("?linkType=gs1:pip", 2)):
        with CaptureQueriesContext(connection) as queries:
            ask(client, path + query)
        assert len(queries) == most, [query["sql"] for query in queries]


def test_no_cookie_is_given_to_whoever_scans(client, dls):
    for dl in dls:
        assert ask(client, dl).cookies == {}
