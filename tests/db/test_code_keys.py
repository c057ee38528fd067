"""`manage.py code_keys`, and what the service says of keys that it cannot read."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.build_keys import LEAKED, OLD, SIGNING, STATES, master_of, put_ring
from trace import keys
from trace.codes import sources
from trace.codes.keyring import EpochState


@pytest.fixture
def folder(tmp_path: Path, settings) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    settings.GI_CODE_KEYS = str(folder)
    return put_ring(folder, STATES)


@pytest.fixture
def told(capsys):
    def run(*words: str) -> str:
        call_command("code_keys", *words)
        return capsys.readouterr().out

    return run


def test_the_list_gives_names_and_states_and_no_key(folder, told):
    out = told("list")
    for name, state in STATES.items():
        assert [line for line in out.splitlines() if line.startswith(name) and state in line]
        assert master_of(name).hex() not in out
    assert "仅验证 Verify only" in out


def test_a_new_epoch_signs_and_the_command_says_what_became_of_the_old_one(folder, told):
    out = told("new", "2027")
    assert "Epoch 2027 is made and signs from now on." in out
    assert f"期次 {SIGNING} 不再签发" in out
    assert "Back up" in out
    assert (folder / "2027.key").read_bytes().hex() not in out
    assert keys.ring().current == "2027"


def test_a_first_epoch_needs_no_folder(tmp_path, settings, told):
    settings.GI_CODE_KEYS = str(tmp_path / "none")
    assert "Epoch 2026" in told("new", "2026")
    assert keys.ring().current == "2026"


@pytest.mark.parametrize("verb", ["retire", "compromise"])
def test_the_last_signing_epoch_may_end_but_not_unsaid(folder, told, verb):
    assert "new ones cannot be issued" in told(verb, SIGNING)
    assert "new ones cannot be issued" in told("list")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("new", OLD), "already was"),
        (("new", "a/b"), "letters, digits"),
        (("retire", OLD), "signs no new codes"),
        (("retire", "1999"), "no epoch 1999"),
        (("compromise", LEAKED), "already marked"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason_and_changes_nothing(folder, words, reason):
    before = (folder / "ring.json").read_bytes()
    with pytest.raises(CommandError, match=reason):
        call_command("code_keys", *words)
    assert (folder / "ring.json").read_bytes() == before


def test_masters_are_not_sealed_by_a_token_that_is_not_there(folder):
    with pytest.raises(CommandError, match="cannot be used"):
        call_command("code_keys", "token", "/nowhere/libnothing.so", "gi", "unit-codes", "ring.json")
    assert keys.ring().current == SIGNING


def test_a_list_of_keys_that_cannot_be_read_is_a_failure(folder):
    (folder / f"{OLD}.key").chmod(0o644)
    with pytest.raises(CommandError, match="chmod 600"):
        call_command("code_keys", "list")


def test_a_running_service_takes_up_a_change_at_once(folder, told):
    first = keys.ring()
    assert keys.ring() is first
    told("compromise", SIGNING)
    assert keys.ring().state(SIGNING) is EpochState.COMPROMISED


# --- the service ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_service_is_not_ready_without_its_keys_and_names_no_file(folder, client: Client):
    assert client.get("/readyz").status_code == 200
    (folder / "ring.json").unlink()
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert refused.json() == {"ready": False, "reasons": ["code keys cannot be read"], "warnings": []}


@pytest.mark.django_db
def test_the_service_stays_ready_when_nothing_signs_since_old_codes_are_still_verified(folder, client: Client):
    sources.retire_epoch(folder, SIGNING)
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_the_doctor_says_what_is_wrong_with_the_keys_and_how_to_mend_it(folder, capsys):
    def line() -> str:
        with pytest.raises(SystemExit):  # the test database has no register
            call_command("doctor")
        return capsys.readouterr().out

    assert f"{SIGNING} signs, of 3" in line()
    sources.retire_epoch(folder, SIGNING)
    assert "No epoch of the key ring signs" in line()
    (folder / f"{OLD}.key").chmod(0o644)
    sources.compromise_epoch(folder, SIGNING)
    assert "chmod 600" in line()
