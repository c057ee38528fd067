"""Documents of an application: told by their first bytes, bounded, and a test report always among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.rules.documents import MAX_BYTES, file_faults, media_of, missing_from
from products.rules.words import DocumentKind, MediaType

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (b"%PDF-1.4\n...", MediaType.PDF),
        (b"\xff\xd8\xff\xe0", MediaType.JPEG),
        (PNG + b"...", MediaType.PNG),
        (b"<html>%PDF-", None),
        (b"PK\x03\x04", None),
        (b"GIF89a", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(data, media):
    assert media_of(data) is media
    assert [refusal.code for refusal in file_faults(data)] == ([] if media else ["file_kind"])


def test_nothing_and_too_much_are_refused():
    assert [refusal.code for refusal in file_faults(b"")] == ["empty"]
    assert [refusal.code for refusal in file_faults(PNG.ljust(MAX_BYTES + 1, b"x"))] == ["file_too_large"]
    assert file_faults(PNG.ljust(MAX_BYTES, b"x")) == []


@given(st.binary(max_size=64))
def test_whatever_is_sent_is_taken_or_refused_with_a_reason(data):
    assert bool(file_faults(data)) == (media_of(data) is None)


@given(st.frozensets(st.sampled_from(DocumentKind)))
def test_an_application_needs_a_test_report_whatever_else_it_has(kinds):
    assert bool(missing_from(kinds)) == (DocumentKind.TEST_REPORT not in kinds)
