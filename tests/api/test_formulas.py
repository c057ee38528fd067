"""Sheets that leave the register run nothing when they are opened: whatever a name begins with, it stays a name.

CWE-1236. A workbook says of each cell what it is; in CSV a program guesses, so there the cell begins with an apostrophe.
"""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from gi_registry.accounts.models import Organisation
from gi_registry.lib.sheets import csv_of
from products.models import Season, Site
from tests.api.matrix import TABLE
from tests.api.test_matrix import address, route_of
from trace.models import ProductForm, SheetImport, SheetRow
from trace.rules.imports import ImportKind

CONTRACT = Path(__file__).parents[2] / "docs" / "openapi.yaml"
STARTS = "=+-@\t\r\n＝＋－＠"
SHEETS = [row for row in TABLE if row.method == "GET" and re.search(r"\.(csv|xlsx)(\?|$)", row.path)]


def operations_that_give_sheets():
    """How many the contract has: a new one belongs among those asked here."""
    found, operation = set(), ""
    for line in CONTRACT.read_text(encoding="utf-8").splitlines():
        operation = line.partition("operationId: ")[2] or operation
        if re.search(r"^ +(text/csv|application/vnd\.openxml.*sheet):", line):
            found.add(operation)
    return found


@given(st.sampled_from(STARTS), st.text(max_size=20))
def test_no_cell_of_a_csv_begins_like_a_formula(start, rest):
    (row,) = csv.reader(io.StringIO(csv_of([start + rest], []).decode("utf-8-sig"), newline=""))
    assert row == [f"'{start}{rest}"]


def test_every_sheet_of_the_contract_is_asked_here():
    assert len({route_of(row) for row in SHEETS}) == len(operations_that_give_sheets())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r"], ids=["equals", "plus", "minus", "at", "tab", "return"]
)
def test_no_sheet_that_is_given_out_holds_a_formula_whatever_names_begin_with(world, start):
    name = f"{start}HYPERLINK(1)"
    ProductForm.objects.update(name_zh=name, name_en=name)
    Organisation.objects.update(name_zh=name)
    Site.objects.update(name=name)
    Season.objects.update(name=Concat(Value(name), "number"))
    SheetRow.objects.update(cells=[f"t{name}", f"f{name}", f"d{name}"])
    SheetImport.objects.update(header=[name, "数量"])
    met = 0
    for row in SHEETS:
        who = next(who for who, status in row.expected.items() if status == 200)
        for path in {address(row, world).replace("=batches", f"={kind.value}") for kind in ImportKind}:
            answer = Client(headers=world.headers(who)).get(path)
            assert answer.status_code == 200
            data = b"".join(answer)
            met += harmless_book(data, name) if data.startswith(b"PK") else harmless_text(data)
    assert met > 10, "the names stand in the sheets"


def harmless_text(data: bytes) -> int:
    """How many cells had to be held back."""
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple(STARTS))]
    return sum(cell.startswith("'") for cell in cells)


def harmless_book(data: bytes, name: str) -> int:
    """How many times the name stands there as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {part: book.read(part).decode() for part in book.namelist() if part.endswith(".xml")}
    for part, xml in parts.items():
        assert "sheet" not in part or not re.search(r"<f[ >]", xml), part
        assert "<externalReference" not in xml
    return sum(xml.count(name.strip()) for xml in parts.values())
