"""Masters wrapped by a token: a real one, SoftHSM2, in a folder of the test's own."""

import json
from pathlib import Path

import pkcs11
import pytest

from gi_registry.lib.keyfaults import KeyFault
from tests.build_keys import LABEL, MODULE, PIN, SIGNING, master_of, put_ring, the_token
from trace.codes import sources
from trace.codes.tokens import Token, is_wrapped

KEY = "unit-codes"
STATES = {"2025": "verify_only", "2026": "signing"}


@pytest.fixture(scope="module")
def token() -> Token:
    made = Token(MODULE, the_token(), KEY, lambda: PIN)
    made.ensure_key()
    return made


@pytest.fixture
def folder(tmp_path: Path, token: Token) -> Path:
    tmp_path.chmod(0o700)
    (tmp_path / "pin").write_text(f"{PIN}\n")
    (tmp_path / "pin").chmod(0o600)
    return put_ring(tmp_path, STATES, token={"module": MODULE, "token": LABEL, "key": KEY, "pin_file": "pin"})


def wrap(folder: Path, token: Token, epoch: str, named: str = "") -> None:
    (folder / f"{epoch}.key").write_bytes(token.wrap(named or epoch, master_of(epoch)))


def test_a_ring_of_wrapped_masters_is_the_ring_of_the_plain_ones(folder, token):
    plain = sources.load_ring(folder)
    for epoch in STATES:
        wrap(folder, token, epoch)
    wrapped = sources.load_ring(folder)
    issuance = ("-", "7K3QX9PA28", 0)
    for epoch in STATES:
        assert wrapped.keys(epoch, *issuance).tag(b"unit") == plain.keys(epoch, *issuance).tag(b"unit")


def test_a_wrapped_file_holds_nothing_of_the_master_and_is_never_twice_the_same(token):
    master = master_of(SIGNING)
    first, second = token.wrap(SIGNING, master), token.wrap(SIGNING, master)
    assert is_wrapped(first)
    assert not is_wrapped(master)
    assert first != second
    assert master not in first
    assert token.unwrap(SIGNING, first) == token.unwrap(SIGNING, second) == master


def test_a_new_epoch_of_a_ring_with_a_token_is_wrapped_at_once(folder):
    assert sources.add_epoch(folder, "2027") == "2026"
    assert is_wrapped((folder / "2027.key").read_bytes())
    assert sources.load_ring(folder).current == "2027"


def test_a_wrapped_master_cannot_pass_for_that_of_another_epoch(folder, token):
    wrap(folder, token, "2026", named="2025")
    with pytest.raises(KeyFault, match="cannot be used"):
        sources.load_ring(folder)


@pytest.mark.parametrize("place", [14, 30, 73])
def test_a_changed_byte_is_noticed(folder, token, place):
    content = bytearray(token.wrap("2026", master_of("2026")))
    content[place] ^= 1
    (folder / "2026.key").write_bytes(content)
    with pytest.raises(KeyFault, match="cannot be used"):
        sources.load_ring(folder)


@pytest.mark.parametrize("length", [14, 20, 26, 40, 73])
def test_a_file_cut_short_is_noticed(folder, token, length):
    (folder / "2026.key").write_bytes(token.wrap("2026", master_of("2026"))[:length])
    with pytest.raises(KeyFault, match="cannot be used"):
        sources.load_ring(folder)


@pytest.mark.parametrize(
    "wrong",
    [
        {"module": "/nowhere/libnothing.so"},
        {"token": "another"},
        {"key": "another"},
        {"pin_file": "wrong_pin"},
        {"pin_file": "missing"},
        {"pin_file": "open_pin"},
    ],
    ids=str,
)
def test_a_token_that_does_not_open_says_so_and_never_tells_the_pin(folder, token, wrong):
    wrap(folder, token, "2026")
    for name, pin, mode in (("wrong_pin", b"\xff\xfe0000", 0o600), ("open_pin", PIN.encode(), 0o644)):
        (folder / name).write_bytes(pin)
        (folder / name).chmod(mode)
    told = json.loads((folder / "ring.json").read_text())
    (folder / "ring.json").write_text(json.dumps(told | {"token": told["token"] | wrong}))
    with pytest.raises(KeyFault) as refused:
        sources.load_ring(folder)
    assert PIN not in str(refused.value)


def test_the_wrapping_key_never_leaves_its_token_and_is_made_once(token):
    wrapped = token.wrap("2026", master_of("2026"))
    token.ensure_key()
    assert token.unwrap("2026", wrapped) == master_of("2026")
    with token._key() as key:
        assert key[pkcs11.Attribute.SENSITIVE]
        assert not key[pkcs11.Attribute.EXTRACTABLE]


def test_open_masters_are_sealed_and_the_ring_stays_the_same(folder):
    told = json.loads((folder / "ring.json").read_text())
    where = told.pop("token")
    (folder / "ring.json").write_text(json.dumps(told))
    before = sources.load_ring(folder).keys("2025", "-", "7K3QX9PA28", 0)
    assert sources.seal_masters(folder, where) == ["2025", "2026"]
    assert all(is_wrapped(file.read_bytes()) for file in folder.glob("*.key"))
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in folder.glob("*.key"))
    assert sources.load_ring(folder).keys("2025", "-", "7K3QX9PA28", 0).tag(b"unit") == before.tag(b"unit")
    assert sources.seal_masters(folder, where) == []


def test_masters_stay_open_when_the_token_does_not_open(folder):
    where = {"module": MODULE, "token": "another", "key": KEY, "pin_file": "pin"}
    before = {file: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(KeyFault, match="cannot be used"):
        sources.seal_masters(folder, where)
    assert {file: file.read_bytes() for file in folder.iterdir()} == before
