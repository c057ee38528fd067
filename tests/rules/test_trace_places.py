"""From a record of the offline table to a province, and nothing finer."""

import struct

import pytest

from trace.places import province_in, province_of

HEADER, VECTOR_CELL, VECTOR_SIDE = 256, 8, 256


def a_table(record: str, network: str = "198.51") -> bytes:
    """A table of one record for one /16, laid out as ip2region's format 2: header, vector of pointers, segment, text."""
    high, low = (int(part) for part in network.split("."))
    start = HEADER + VECTOR_SIDE * VECTOR_SIDE * VECTOR_CELL
    first = (high << 24) | (low << 16)
    text = record.encode()
    vector = bytearray(VECTOR_SIDE * VECTOR_SIDE * VECTOR_CELL)
    struct.pack_into("<II", vector, (high * VECTOR_SIDE + low) * VECTOR_CELL, start, start)
    header = struct.pack("<HHIII", 2, 1, 0, start, start).ljust(HEADER, b"\0")
    return header + vector + struct.pack("<IIHI", first, first | 0xFFFF, len(text), start + 14) + text


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
        ("美国|0|加利福尼亚|0|0", ""),
        ("0|0|0|内网IP|内网IP", ""),
        ("", ""),
    ],
)
def test_a_record_gives_the_province_without_its_suffix(record, province):
    assert province_in(record) == province


def test_without_a_table_the_province_is_empty(settings, tmp_path):
    settings.IP_REGION_FILE = ""
    assert province_of("198.51.100.7") == ""
    settings.IP_REGION_FILE = str(tmp_path / "none.xdb")
    assert province_of("198.51.100.7") == ""


def test_a_table_that_is_none_is_survived(settings, tmp_path):
    table = tmp_path / "broken.xdb"
    table.write_bytes(b"not a table")
    settings.IP_REGION_FILE = str(table)
    assert province_of("198.51.100.7") == ""


def test_an_address_is_found_in_the_table_and_others_are_not(settings, tmp_path):
    table = tmp_path / "table.xdb"
    table.write_bytes(a_table("中国|0|山西省|太原市|电信"))
    settings.IP_REGION_FILE = str(table)
    assert province_of("198.51.100.7") == "山西"
    assert province_of("203.0.113.9") == ""
    assert province_of("2001:db8::1") == ""
    assert province_of("") == ""
