"""The table of provinces is public geography, and what is measured on it only grows."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from trace.rules.provinces import PROVINCES, are_near, bit_of, far_apart, is_one_home, members, named

ALL = list(PROVINCES.values())
sets = st.sets(st.sampled_from(ALL)).map(lambda provinces: sum(province.bit for province in provinces))


def of(*names):
    return sum(named(name).bit for name in names)


def test_there_are_34_provinces_with_their_codes_and_names():
    assert len(ALL) == 34
    kinds = {"直辖市": "11 12 31 50", "自治区": "15 45 54 64 65", "特别行政区": "81 82"}
    assert all(set(codes.split()) <= set(PROVINCES) for codes in kinds.values())
    assert sorted(PROVINCES) == [province.code for province in ALL]
    assert len({province.name.zh for province in ALL}) == len({province.name.en for province in ALL}) == 34
    assert (named("山西").code, named("陕西").code, named("内蒙古").name.en) == ("14", "61", "Inner Mongolia")


def test_neighbours_are_mutual_and_nobody_is_his_own():
    for province in ALL:
        assert province.code not in province.neighbours
        assert len(set(province.neighbours)) == len(province.neighbours)
        for code in province.neighbours:
            assert province.code in PROVINCES[code].neighbours


def test_there_are_73_pairs_of_neighbours_and_one_can_walk_from_anywhere_to_anywhere():
    assert sum(len(province.neighbours) for province in ALL) == 2 * 73
    reached, edge = {"14"}, ["14"]
    while edge:
        found = set(PROVINCES[edge.pop()].neighbours) - reached
        reached |= found
        edge += found
    assert reached == set(PROVINCES)


def test_the_pairs_that_people_ask_about():
    assert set(PROVINCES["14"].neighbours) == {"13", "15", "41", "61"}
    assert PROVINCES["46"].neighbours == ("44",)
    assert PROVINCES["71"].neighbours == ("35",)
    assert len(PROVINCES["15"].neighbours) == len(PROVINCES["61"].neighbours) == 8
    assert not are_near(bit_of("山西"), bit_of("山东"))
    assert are_near(bit_of("山西"), bit_of("山西"))


def test_bits_are_where_they_were_first_written():
    """They stand in the database: a line in the middle of the table would turn every kept set into another."""
    assert [(bit_of("北京"), bit_of("山西"), bit_of("澳门"))] == [(1, 8, 1 << 33)]
    assert bit_of("") == bit_of("加利福尼亚") == 0


def test_far_apart_counts_provinces_of_which_no_two_are_neighbours():
    assert far_apart(0) == 0
    assert far_apart(of("山西", "河北", "北京")) == 2  # Shanxi and Beijing have Hebei between them
    assert far_apart(of("北京", "天津", "河北")) == 1
    assert far_apart(of("山西", "广东", "新疆")) == 3
    assert far_apart(of("山西", "河北", "陕西", "广东")) == 3


def test_one_home_explains_neighbours_and_not_the_far_side_of_the_country():
    assert is_one_home(of("河北", "陕西", "内蒙古", "河南"))  # around Shanxi, itself not seen
    assert not is_one_home(of("山西", "广东"))
    assert is_one_home(0)


def no_two_near(provinces):
    return not any(are_near(one.bit, other.bit) for one, other in combinations(provinces, 2))


@given(st.sets(st.sampled_from(ALL), max_size=7))
def test_far_apart_is_what_trying_every_choice_finds(provinces):
    tried = [c for size in range(len(provinces) + 1) for c in combinations(provinces, size) if no_two_near(c)]
    assert far_apart(sum(province.bit for province in provinces)) == max(map(len, tried))


@given(sets, sets)
def test_nothing_shrinks_when_more_is_seen(seen, more):
    assert far_apart(seen | more) >= far_apart(seen)
    assert not (is_one_home(seen | more) and not is_one_home(seen))


@given(sets)
def test_a_set_is_its_members(seen):
    assert sum(province.bit for province in members(seen)) == seen
