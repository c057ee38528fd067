"""The inventory of keys: everybody reads which there are, nobody a path or a private half; the machine's own command tells where they lie."""

import json

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from gi_registry.credentials.issuer import our_issuer
from gi_registry.credentials.issuer import rotate as rotate_certificates
from gi_registry.inventory import CERTIFICATES, CODES, LOG, Use, inventory
from gi_registry.lib.keyfiles import make
from gi_registry.openlog.keys import public_keys, rotate
from tests.build_certificates import an_issuer
from tests.build_keys import LEAKED, MODULE, OLD, PIN, SIGNING, the_token
from tests.build_openlog import say, the_log_here
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(settings, tmp_path):
    an_issuer(settings, tmp_path)
    the_log_here(settings, tmp_path).go_on(NOW)
    cache.delete("inventory")


def told(purpose):
    return [(key.use, key.name) for key in inventory() if key.purpose is purpose]


def test_every_key_is_listed_with_what_it_may_still_do(settings):
    before, issued = public_keys()[0], our_issuer().method
    say(3)
    rotate(now=NOW)
    rotate_certificates(settings.CREDENTIALS)
    assert told(LOG) == [(Use.SIGNS, str(public_keys()[0])), (Use.VERIFIES, str(before))]
    assert told(CERTIFICATES) == [(Use.SIGNS, our_issuer().method), (Use.VERIFIES, issued)]
    assert told(CODES) == [(Use.SIGNS, SIGNING), (Use.VERIFIES, OLD), (Use.COMPROMISED, LEAKED)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_them_to_everybody_and_tells_no_place(client, settings, tmp_path, language):
    page = client.get("/log/keys/", headers={"Accept-Language": language}).content.decode()
    for name in (str(public_keys()[0]), our_issuer().method, SIGNING):
        assert name.replace("+", "&#x2B;") in page or name in page
    for private in (str(tmp_path), settings.GI_CODE_KEYS, "PRIVATE", ".pem"):
        assert private not in page


def test_a_key_that_cannot_be_read_is_said_on_the_page_and_why_on_the_machine_alone(client, settings, capsys):
    settings.CREDENTIALS.key.unlink()
    page = client.get("/log/keys/", headers={"Accept-Language": "en"}).content.decode()
    assert "Cannot be read" in page
    assert str(settings.CREDENTIALS.key) not in page
    with pytest.raises(CommandError, match="Certificates"):
        call_command("keys")
    assert str(settings.CREDENTIALS.key) in capsys.readouterr().out


def test_the_command_tells_where_keys_lie_and_never_a_key(settings, tmp_path, capsys):
    (tmp_path / "pin").write_text(PIN)
    (tmp_path / "pin").chmod(0o600)
    where = {"module": MODULE, "token": the_token(), "key": f"c-{tmp_path.name}", "pin_file": "pin"}
    settings.CREDENTIALS.key.unlink()
    make(settings.CREDENTIALS.key, json.dumps(where))
    call_command("keys")
    printed = capsys.readouterr().out
    assert f"{settings.CREDENTIALS.key} (PKCS#11: gi)" in printed
    assert str(settings.OPENLOG.key) in printed
    assert PIN not in printed
    assert settings.OPENLOG.key.read_text().splitlines()[1] not in printed


def test_the_page_is_looked_up_once_a_minute(client, settings, monkeypatch):
    client.get("/log/keys/")
    monkeypatch.setattr("gi_registry.inventory.our_log", lambda: pytest.fail("asked again"))
    assert client.get("/log/keys/").status_code == 200


@pytest.mark.parametrize("verb", ["new", "rotate", "show"])
def test_the_key_of_certificates_is_made_replaced_and_shown_by_its_command(settings, capsys, verb):
    before = our_issuer().key.public
    if verb == "new":
        with pytest.raises(CommandError, match="already"):
            call_command("credentials_key", "new")
        settings.CREDENTIALS.key.unlink()
    call_command("credentials_key", verb)
    methods = json.loads(capsys.readouterr().out)["verificationMethod"]
    assert len(methods) == (2 if verb == "rotate" else 1)
    assert (our_issuer().key.public == before) == (verb == "show")
    assert (before in our_issuer().former) == (verb == "rotate")
