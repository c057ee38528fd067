"""GS1 Digital Links: what reads, what is refused and why, and that writing gives back what was read."""

from contextlib import suppress

import pytest
from biip import ParseConfig
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build_links import a_link, a_value
from trace.links import DigitalLink, LinkError, parse
from trace.links.dictionary import IDENTIFIERS, QUALIFIERS
from trace.links.values import check_pair, fault_of

HOST = "https://gi.example.cn"
ORIGIN = (("422", "156"), ("427", "SX"), ("7007", "260901260930"))
GTIN = "09506000134352"


@pytest.mark.parametrize(
    ("link", "key", "qualifiers", "attributes"),
    [
        (f"/01/{GTIN}", ("01", GTIN), (), ()),
        ("/01/9506000134352", ("01", GTIN), (), ()),
        ("/01/614141123452", ("01", "00614141123452"), (), ()),
        ("/01/96385074", ("01", "00000096385074"), (), ()),
        (f"/01/{GTIN}/", ("01", GTIN), (), ()),
        (f"/01/{GTIN}/10/LOT01", ("01", GTIN), (("10", "LOT01"),), ()),
        (f"/01/{GTIN}/22/2A/10/A%2FB/21/x%25y", ("01", GTIN), (("22", "2A"), ("10", "A/B"), ("21", "x%y")), ()),
        (f"/01/{GTIN}/22/2A/21/9", ("01", GTIN), (("22", "2A"), ("21", "9")), ()),
        (f"/01/{GTIN}/235/TPX-1", ("01", GTIN), (("235", "TPX-1"),), ()),
        (f"/01/{GTIN}/10/A+B", ("01", GTIN), (("10", "A+B"),), ()),
        (f"/01/{GTIN}?10x=1&17=271231", ("01", GTIN), (), (("17", "271231"),)),
        (f"/01/{GTIN}?15=270200", ("01", GTIN), (), (("15", "270200"),)),
        (f"/01/{GTIN}?422=156&427=SX&7007=260901260930", ("01", GTIN), (), ORIGIN),
        (f"/01/{GTIN}?linkType=gs1:pip#part", ("01", GTIN), (), ()),
        (f"/01/{GTIN}?utm=%E9%86%8B&x=%zz&y", ("01", GTIN), (), ()),
        (f"/some/stem/01/{GTIN}/10/L", ("01", GTIN), (("10", "L"),), ()),
        (f"/01/{GTIN}/10/A/01/00614141123452", ("01", "00614141123452"), (), ()),
        (f"/01/{GTIN}/10/01", ("01", GTIN), (("10", "01"),), ()),
        ("/00/106141412345678908", ("00", "106141412345678908"), (), ()),
        ("/253/9521321000018PROMO", ("253", "9521321000018PROMO"), (), ()),
        ("/255/9521321000018", ("255", "9521321000018"), (), ()),
        ("/401/9521321ABC", ("401", "9521321ABC"), (), ()),
        ("/414/9521321000018/254/A1", ("414", "9521321000018"), (("254", "A1"),), ()),
        ("/415/9521321000018/8020/REF", ("415", "9521321000018"), (("8020", "REF"),), ()),
        ("/417/9521321000018/7040/1ABC", ("417", "9521321000018"), (("7040", "1ABC"),), ()),
        ("/8003/09521321000018SER", ("8003", "09521321000018SER"), (), ()),
        ("/8004/9521321ASSET/7040/1ABC", ("8004", "9521321ASSET"), (("7040", "1ABC"),), ()),
        (f"/8006/{GTIN}0102/22/V/10/L/21/S", ("8006", f"{GTIN}0102"), (("22", "V"), ("10", "L"), ("21", "S")), ()),
        ("/8010/9521%23PART/8011/12", ("8010", "9521#PART"), (("8011", "12"),), ()),
        ("/8013/1987654Ad4X4bL5ttr2310c2K", ("8013", "1987654Ad4X4bL5ttr2310c2K"), (), ()),
        ("/8018/952132100000000014/8019/3", ("8018", "952132100000000014"), (("8019", "3"),), ()),
    ],
)
def test_what_the_standard_allows_is_read(link, key, qualifiers, attributes):
    read = parse(HOST + link)
    assert (read.key, read.qualifiers, read.attributes) == (key, qualifiers, attributes)


@pytest.mark.parametrize(
    ("link", "code", "ai"),
    [
        ("/01/09506000134353", "link_value_sum", "01"),
        ("/01/950600013435", "link_value_sum", "01"),
        ("/01/9506000134", "link_value_short", "01"),
        ("/01/0950600013435A", "link_value_characters", "01"),
        ("/01/095060001343521", "link_value_long", "01"),
        (f"/01/{GTIN}/10/ABCDEFGHIJKLMNOPQRSTU", "link_value_long", "10"),
        (f"/01/{GTIN}/10/A%20B", "link_value_characters", "10"),
        (f"/01/{GTIN}/10/A%E9", "link_escape", ""),
        (f"/01/{GTIN}/10/A%4", "link_escape", ""),
        (f"/01/{GTIN}/10/A%zz", "link_escape", ""),
        (f"/01/{GTIN}/10/%00", "link_value_characters", "10"),
        (f"/01/{GTIN}/21/S/10/L", "link_qualifiers", "01"),
        (f"/01/{GTIN}/10/L/235/T", "link_qualifiers", "01"),
        (f"/01/{GTIN}/10/L/10/M", "link_qualifiers", "01"),
        (f"/01/{GTIN}/254/X", "link_qualifiers", "01"),
        ("/00/106141412345678908/10/L", "link_qualifiers", "00"),
        (f"/01/{GTIN}/foo", "link_no_key", ""),
        (f"/01/{GTIN}/foo/bar", "link_no_key", ""),
        (f"/gtin/{GTIN}", "link_no_key", ""),
        ("/", "link_no_key", ""),
        ("", "link_no_key", ""),
        (f"//01/{GTIN}", "link_path", ""),
        (f"/01/{GTIN}//10/L", "link_path", ""),
        (f"/01/{GTIN}?10=L", "link_not_attribute", "10"),
        (f"/01/{GTIN}?21=S", "link_not_attribute", "21"),
        (f"/01/{GTIN}?01={GTIN}", "link_not_attribute", "01"),
        ("/00/106141412345678908?21=S", "link_not_attribute", "21"),
        (f"/01/{GTIN}?8200=x", "link_not_attribute", "8200"),
        (f"/01/{GTIN}?4444=1", "link_unknown_ai", "4444"),
        (f"/01/{GTIN}?17=271231&17=271231", "link_repeated", "17"),
        (f"/01/{GTIN}?17=271331", "link_value_day0", "17"),
        (f"/01/{GTIN}?17=270229", "link_value_day0", "17"),
        (f"/01/{GTIN}?7006=270200", "link_value_day", "7006"),
        (f"/01/{GTIN}?7003=2702012460", "link_value_clock", "7003"),
        (f"/01/{GTIN}?422=157", "link_value_country", "422"),
        (f"/01/{GTIN}?422=CHN", "link_value_characters", "422"),
        (f"/01/{GTIN}?423=156999", "link_value_country", "423"),
        (f"/01/{GTIN}?240=%zz", "link_escape", ""),
        (f"/01/{GTIN}?17", "link_value_short", "17"),
        (f"/01/{GTIN}?240=A+B", "link_value_characters", "240"),
        ("/414/9521321000019", "link_value_sum", "414"),
        ("/00/106141412345678907", "link_value_sum", "00"),
        ("/253/9521321000019X", "link_value_sum", "253"),
        ("/8003/19521321000018", "link_value_zero", "8003"),
        ("/8004/AB", "link_value_prefix", "8004"),
        (f"/8006/{GTIN}0201", "link_value_piece", "8006"),
        ("/8010/9521%21PART", "link_value_characters", "8010"),
        ("/8010/9521PART/8011/012", "link_value_noleadingzero", "8011"),
        ("/8013/1987654Ad4X4bL5ttr2310c2J", "link_value_pair", "8013"),
        ("/417/9521321000018/7040/X", "link_value_characters", "7040"),
        ("/417/9521321000018/7040/1AB%3D", "link_value_importer", "7040"),
        (f"/01/{GTIN}?7258=2%2F1", "link_value_position", "7258"),
        (f"/01/{GTIN}?7258=000", "link_value_position", "7258"),
        (f"/01/{GTIN}?7252=3", "link_value_sex", "7252"),
        (f"/01/{GTIN}?7241=11", "link_value_media", "7241"),
        (f"/01/{GTIN}?8001=00010000100121", "link_value_winding", "8001"),
    ],
)
def test_what_the_standard_forbids_is_refused_with_the_identifier_and_the_reason(link, code, ai):
    with pytest.raises(LinkError) as refused:
        parse(HOST + link)
    assert (refused.value.refusal.code, refused.value.ai) == (code, ai)
    assert refused.value.refusal.text.zh
    assert refused.value.refusal.text.en


@pytest.mark.parametrize(
    "text", ["", "01/2", "ftp://a/01/1", "https://", "https://[/01/1", "https:///01/1", "a b", "码"]
)
def test_what_is_no_web_address_is_refused(text):
    with pytest.raises(LinkError):
        parse(text)


def test_a_link_longer_than_any_symbol_holds_is_not_taken_apart():
    with pytest.raises(LinkError) as refused:
        parse(f"{HOST}/01/{GTIN}?x=" + "a" * 3_000)
    assert refused.value.refusal.code == "link_long"


def test_the_canonical_form_has_the_stem_of_gs1_sorted_attributes_and_nothing_else():
    read = parse("http://brand.example/some/stem/01/9506000134352/10/A%2fB/?x=1&422=156&17=271231#f")
    assert read.canonical == f"https://id.gs1.org/01/{GTIN}/10/A%2FB?17=271231&422=156"
    assert read.stem == "http://brand.example/some/stem"
    assert read.others == (("x", "1"),)


def test_every_key_and_qualifier_is_a_known_identifier_and_no_qualifier_of_a_key_is_its_attribute():
    for key, orders in QUALIFIERS.items():
        assert key in IDENTIFIERS
        assert all(ai in IDENTIFIERS for order in orders for ai in order)


def test_the_model_number_of_the_general_specifications_has_the_check_characters_printed_there():
    assert check_pair("1987654Ad4X4bL5ttr2310c") == "2K"


@given(a_link())
def test_what_is_written_reads_back_as_it_was(link: DigitalLink):
    again = parse(link.uri(HOST))
    assert (again.key, again.qualifiers, again.attributes, again.others) == (
        link.key,
        link.qualifiers,
        link.attributes,
        link.others,
    )
    assert parse(again.canonical).canonical == again.canonical == link.canonical


@given(a_link())
def test_links_of_every_kind_pass_the_checks_of_their_values(link: DigitalLink):
    for ai, value in (link.key, *link.qualifiers, *link.attributes):
        assert fault_of(ai, value) is None


@given(st.text(max_size=80))
def test_random_text_never_raises_anything_but_our_own_error(text):
    for candidate in (text, HOST + "/" + text, f"{HOST}/01/{GTIN}/{text}", f"{HOST}/01/{GTIN}?{text}"):
        with suppress(LinkError):
            assert parse(candidate).canonical


# The other reader takes the two days of a harvest (7007) for a day and a time of day, unless dates are left alone.
THEIRS = ParseConfig(gs1_element_strings_verify_date=False)
# The first identifier of each form -> all of that form.
SAME_FORM = {
    ais[0]: ais
    for components in dict.fromkeys(known.components for known in IDENTIFIERS.values())
    for ais in [[ai for ai, known in IDENTIFIERS.items() if known.components == components]]
}


@pytest.mark.parametrize("ais", SAME_FORM.values(), ids=SAME_FORM.keys())
def test_another_reader_takes_every_value_that_we_take(ais):
    @settings(max_examples=25)
    @given(a_value(ais[0]))
    def every(value: str):
        # It knows no padding of base64url.
        known = value.replace("=", "-") if ais == ["8030"] else value
        for ai in ais:
            assert GS1ElementString.parse(ai + known, config=THEIRS).value == known

    every()


@given(a_link())
def test_another_reader_of_links_finds_the_same_values(link: DigitalLink):
    # It writes no link in which another key is an attribute, and none with the padding of base64url (8030).
    kept = tuple(pair for pair in link.attributes if pair[0] not in {*QUALIFIERS, "8030"})
    plain = DigitalLink(link.key, link.qualifiers, kept)
    theirs = GS1DigitalLinkURI.parse(plain.uri(HOST), config=THEIRS)
    assert [(e.ai.ai, e.value) for e in theirs.element_strings] == [link.key, *link.qualifiers, *kept]
    assert theirs.as_canonical_uri() == plain.canonical


@given(st.sampled_from(sorted(IDENTIFIERS)).flatmap(lambda ai: st.tuples(st.just(ai), a_value(ai), st.integers(0, 99))))
def test_a_value_cut_or_lengthened_never_breaks_the_check(drawn):
    ai, value, at = drawn
    for changed in (value[: at % (len(value) + 1)], value + "0", value[::-1], "~" + value):
        assert fault_of(ai, changed) is None or fault_of(ai, changed).ai == ai
