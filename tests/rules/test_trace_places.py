"""From a record of the offline table to a province, and nothing finer."""

import os
import struct
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network

import pytest

from trace import places
from trace.places import province_in, province_of
from trace.rules.provinces import PROVINCES

HEADER, VECTOR_CELL, VECTOR_SIDE = 256, 8, 256
LAYOUT_2, LAYOUT_3 = 2, 3


def a_table(records: dict[str, str], layout: int = LAYOUT_3) -> bytes:
    """A table of networks and their records, as ip2region lays it out.

    A header of 256 bytes; for each first two bytes of an address, where its segments begin and where the last of them
    stands; the segments (first address, last address, length and place of the text); the texts. Numbers are little-endian,
    also the addresses of IPv4; those of IPv6 are as they go over the wire. Layout 2 knows IPv4 only and does not say so.
    """
    networks = sorted(map(ip_network, records))
    version = networks[0].version
    vector = bytearray(VECTOR_SIDE * VECTOR_SIDE * VECTOR_CELL)
    begin, size = HEADER + len(vector), {4: 14, 6: 38}[version]
    texts_begin = begin + size * len(networks)
    segments, texts = b"", b""
    for network in networks:
        first, last = network[0].packed, network[-1].packed
        cell, here = (first[0] * VECTOR_SIDE + first[1]) * VECTOR_CELL, begin + len(segments)
        start = struct.unpack_from("<I", vector, cell)[0] or here
        struct.pack_into("<II", vector, cell, start, here)
        text = records[str(network)].encode()
        ends = first + last if version == 6 else first[::-1] + last[::-1]
        segments += ends + struct.pack("<HI", len(text), texts_begin + len(texts))
        texts += text
    header = struct.pack("<HHIII", layout, 1, 0, begin, texts_begin - size)
    if layout == LAYOUT_3:
        header += struct.pack("<HH", version, 4)
    return header.ljust(HEADER, b"\0") + bytes(vector) + segments + texts


@pytest.fixture
def put(settings, tmp_path):
    """Writes tables and names them in the setting."""

    def write(*contents: bytes) -> list[str]:
        files = [tmp_path / f"{number}.xdb" for number in range(len(contents))]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content)
        settings.IP_REGION_FILES = [str(file) for file in files]
        return settings.IP_REGION_FILES

    return write


@pytest.mark.parametrize(
    ("record", "province"),
    [
        ("中国|0|山西省|太原市|电信", "山西"),
        ("中国|山西省|太原市|电信|CN", "山西"),
        ("中国|0|北京|北京市|联通", "北京"),
        ("中国|0|内蒙古自治区|呼和浩特市|移动", "内蒙古"),
        ("中国|0|广西壮族自治区|南宁市|移动", "广西"),
        ("中国|0|香港特别行政区|0|0", "香港"),
        ("中国|0|0|0|0", ""),
        ("中国|0|某地|0|0", ""),
        ("美国|0|加利福尼亚|0|0", ""),
        ("0|0|0|内网IP|内网IP", ""),
        ("", ""),
    ],
)
def test_a_record_gives_the_province_without_its_suffix(record, province):
    assert province_in(record) == province


def test_every_province_is_known_by_the_name_that_tables_use():
    suffixes = {
        "内蒙古": "自治区",
        "广西": "壮族自治区",
        "宁夏": "回族自治区",
        "新疆": "维吾尔自治区",
        "西藏": "自治区",
    }
    for province in PROVINCES.values():
        full = province.name.zh + suffixes.get(province.name.zh, "省")
        assert province_in(f"中国|{full}|0|0|CN") == province.name.zh


def test_without_a_table_the_province_is_empty(settings, tmp_path):
    settings.IP_REGION_FILES = []
    assert province_of("198.51.100.7") == ""
    settings.IP_REGION_FILES = [str(tmp_path / "none.xdb")]
    assert province_of("198.51.100.7") == ""


@pytest.mark.parametrize("content", [b"", b"not a table", b"\x09\x00" * 200, b"\x02\x00" + b"\xff" * 600_000])
def test_a_table_that_is_none_is_survived(put, content):
    put(content)
    assert province_of("198.51.100.7") == ""


def test_an_address_is_found_in_the_table_and_others_are_not(put):
    put(a_table({"198.51.0.0/16": "中国|0|山西省|太原市|电信"}, LAYOUT_2))
    assert province_of("198.51.100.7") == "山西"
    assert province_of("203.0.113.9") == ""
    assert province_of("2001:db8::1") == ""
    assert province_of("") == province_of("nonsense") == ""


def test_addresses_of_both_kinds_are_found_each_in_its_own_table(put):
    four = {
        "198.18.0.0/24": "中国|广东省|深圳市|移动|CN",
        "198.18.1.0/24": "中国|山西省|太原市|电信|CN",
        "198.18.2.0/23": "中国|新疆维吾尔自治区|0|联通|CN",
        "203.0.113.0/24": "中国|0|香港特别行政区|0|0",
    }
    six = {"2001:db8::/33": "中国|山西省|太原市|电信|CN", "2001:db8:8000::/33": "日本|东京都|0|0|JP"}
    put(a_table(four), a_table(six))
    found = [province_of(address) for address in ("198.18.0.255", "198.18.1.0", "198.18.3.255", "203.0.113.9")]
    assert found == ["广东", "山西", "新疆", "香港"]
    assert (province_of("2001:db8::1"), province_of("2001:db8:ffff::1")) == ("山西", "")
    assert province_of("::ffff:198.18.1.7") == "山西"


def test_a_table_put_in_the_place_of_another_is_read(put):
    (path,) = put(a_table({"198.51.0.0/16": "中国|山西省|0|0|CN"}))
    assert province_of("198.51.100.7") == "山西"
    put(a_table({"198.51.0.0/16": "中国|陕西省|0|0|CN"}))
    os.utime(path, (1, 1))
    assert province_of("198.51.100.7") == "陕西"


def test_threads_share_one_reader_and_agree(put):
    put(a_table({f"198.18.{n}.0/24": f"中国|{p.name.zh}省|0|0|CN" for n, p in enumerate(PROVINCES.values())}))
    asked = [f"198.18.{number % 34}.{number % 250}" for number in range(3_400)]
    places._load.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(province_of, asked))
    assert found == [list(PROVINCES.values())[number % 34].name.zh for number in range(3_400)]
    assert places._load.cache_info().misses == 1
