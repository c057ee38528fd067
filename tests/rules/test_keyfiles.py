"""Keys that sign: PEM files and keys in a real PKCS#11 token (SoftHSM2), closed to others; whatever is wrong is said and no key told."""

import json
from secrets import token_hex

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gi_registry.lib.keyfaults import KeyFault
from gi_registry.lib.keyfiles import fresh, keep, make, private, public_of, public_pem
from gi_registry.lib.texts import Text
from tests.build_keys import MODULE, PIN, the_token

WHAT = Text("测试密钥", "The key of a test")


@pytest.fixture(scope="module")
def token():
    return the_token()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pin").write_text(f"{PIN}\n")
    (tmp_path / "pin").chmod(0o600)
    return tmp_path


def where(token: str, key: str, **more: str) -> str:
    return json.dumps({"module": MODULE, "token": token, "key": key, "pin_file": "pin"} | more)


@pytest.mark.parametrize("is_in_token", [False, True])
def test_a_key_is_made_once_and_what_it_signs_is_verified(folder, token, is_in_token):
    path = folder / "keys" / "log.pem"
    place = where(token, f"log-{is_in_token}", pin_file="../pin") if is_in_token else ""
    make(path, place)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    key = private(path, WHAT)
    assert key.token == (token if is_in_token else "")
    Ed25519PublicKey.from_public_bytes(key.public).verify(key.sign(b"said"), b"said")
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(key.public).verify(key.sign(b"said"), b"unsaid")
    before = path.read_bytes()
    with pytest.raises(KeyFault, match="already"):
        make(path, place)
    assert path.read_bytes() == before


def test_a_key_in_a_token_leaves_nothing_of_itself_in_the_file_and_is_made_once(folder, token):
    content = fresh(folder, where(token, "once"))
    assert json.loads(content)["pkcs11"]["key"] == "once"
    assert b"PRIVATE" not in content
    with pytest.raises(KeyFault, match="holds a once already"):
        fresh(folder, where(token, "once"))


def test_two_keys_of_one_token_sign_as_themselves(folder, token):
    for name in ("one", "two"):
        make(folder / name, where(token, name))
    one, two = (private(folder / name, WHAT) for name in ("one", "two"))
    assert one.public != two.public
    Ed25519PublicKey.from_public_bytes(one.public).verify(one.sign(b"said"), b"said")
    Ed25519PublicKey.from_public_bytes(two.public).verify(two.sign(b"said"), b"said")


@pytest.mark.parametrize(
    "wrong",
    [{"module": "/nowhere/libnothing.so"}, {"token": "another"}, {"key": "another"}, {"pin_file": "none"}, {"pin_file": "wrong"}],
    ids=str,
)  # fmt: skip
def test_a_token_that_does_not_open_says_so_and_never_tells_the_pin(folder, token, wrong):
    make(folder / "key", where(token, f"wrong-{token_hex(4)}"))
    (folder / "wrong").write_text("0000")
    (folder / "wrong").chmod(0o600)
    told = json.loads((folder / "key").read_bytes())["pkcs11"] | wrong
    (folder / "key").write_text(json.dumps({"pkcs11": told}))
    with pytest.raises(KeyFault) as refused:
        private(folder / "key", WHAT)
    assert PIN not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no PEM"),
        (b"{", "no token named"),
        (b"{}", "no token named"),
        (b'{"pkcs11": 1}', "names a token is malformed"),
        (b'{"pkcs11": {"module": "a", "token": "b", "key": 1, "pin_file": "c"}}', "names a token is malformed"),
        (b"[" * 60_000, "no PEM"),
        (b'{"pkcs11":' * 5_000, "no token named"),
        (b"x" * 70_000, "too large"),
    ],
)
def test_what_is_no_key_is_refused(folder, content, reason):
    keep(folder / "key", content)
    with pytest.raises(KeyFault, match=reason):
        private(folder / "key", WHAT)


def test_a_key_of_another_kind_is_refused(folder):
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    keep(folder / "key", other)
    with pytest.raises(KeyFault, match="must be Ed25519"):
        private(folder / "key", WHAT)


def test_a_key_that_others_can_read_or_exchange_is_not_used(folder):
    make(folder / "closed" / "key")
    (folder / "closed" / "key").chmod(0o640)
    with pytest.raises(KeyFault, match="chmod 600"):
        private(folder / "closed" / "key", WHAT)
    (folder / "closed" / "key").chmod(0o600)
    (folder / "closed").chmod(0o770)
    with pytest.raises(KeyFault, match="chmod 700"):
        private(folder / "closed" / "key", WHAT)


def test_a_public_key_comes_back_from_its_file_and_nothing_else_does(folder):
    make(folder / "key")
    key = private(folder / "key", WHAT)
    assert public_of(public_pem(key.public), WHAT) == key.public
    for content in (b"", b"PEM", (folder / "key").read_bytes()):
        with pytest.raises(KeyFault, match="no PEM"):
            public_of(content, WHAT)
