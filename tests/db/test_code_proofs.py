"""An auditor without keys is led from a code to the root on record; a code that was not issued has no proof."""

import json

import pgtrigger
import pytest
from django.core.management import CommandError, call_command

from gi_registry.openlog import tree
from tests.build_codes import an_issuance, code_of, forged, mistyped
from trace.codes.sign import code_at
from trace.models import Issuance
from trace.proofs import proof_of

pytestmark = pytest.mark.django_db
COUNT = 11


@pytest.fixture
def issuance(goods) -> Issuance:
    return an_issuance(goods, goods.batch(), COUNT)


def test_every_code_of_an_issuance_is_proven_from_what_the_command_prints(issuance, capsys):
    for index in range(COUNT):
        code = code_of(issuance, index)
        call_command("code_keys", "prove", issuance.batch.number, code.lower())
        told = json.loads(capsys.readouterr().out)
        assert (told["code"], told["index"], told["count"], told["issuance"]) == (code, index, COUNT, issuance.number)
        proof = tree.Proof(told["index"], told["count"], tuple(bytes.fromhex(step) for step in told["path"]))
        assert told["root"] == bytes(issuance.root).hex()
        assert tree.is_proven(code.encode(), proof, bytes.fromhex(told["root"]))


def test_a_code_that_was_not_issued_has_no_proof(goods, issuance):
    lot, code = issuance.batch.number, code_of(issuance)
    above = code_at(issuance.unit_keys, COUNT)
    for number, unit in ((lot, above), (lot, forged(code)), (lot, mistyped(code)), (goods.batch().number, code)):
        with pytest.raises(CommandError, match="No such code"):
            call_command("code_keys", "prove", number, unit)


def test_a_root_that_was_tampered_with_is_noticed(issuance):
    with pgtrigger.ignore():
        Issuance.objects.filter(pk=issuance.pk).update(root=bytes(32))
    with pytest.raises(CommandError, match="does not lead to the root"):
        call_command("code_keys", "prove", issuance.batch.number, code_of(issuance))


def test_keys_that_cannot_be_read_are_said_to_be_so(issuance, settings, tmp_path):
    lot, code = issuance.batch.number, code_of(issuance)
    settings.GI_CODE_KEYS = str(tmp_path / "gone")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("code_keys", "prove", lot, code)
    assert proof_of("0000000000", code) is None
