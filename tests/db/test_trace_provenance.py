"""The evidence of a batch in one file: what the log holds, what whoever asks may see besides, and how the data came to be."""

import io
import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from gi_registry.openlog.models import Disclosure
from gi_registry.openlog.verifier import verify
from tests.build_openlog import the_log_here
from tests.build_sheets import HEADER, batch_rows, checked, commit, fresh
from tests.cast import NOW
from trace import actions
from trace.actions.evidence import EvidenceItem
from trace.models import Batch
from trace.provenance import FILE, provenance_of
from trace.rules.batches import BatchState
from trace.rules.evidence import EvidenceKind
from trace.rules.imports import ImportKind

pytestmark = pytest.mark.django_db


def taken(client: Client, number: str, folder) -> tuple[list[str], dict[str, bytes]]:
    answer = client.get(f"/api/v1/trace/batches/{number}/evidence.zip")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Disposition"] == f'attachment; filename="evidence-{number}.zip"'
    assert answer["Cache-Control"] == "private, no-store"
    place = folder / "evidence.zip"
    place.write_bytes(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        return list(verify(str(place))), {name: files.read(name) for name in files.namelist()}


@pytest.fixture
def log(settings, tmp_path):
    return the_log_here(settings, tmp_path)


def test_whoever_sees_a_batch_takes_its_evidence_with_what_is_not_public(goods, log, cast, as_machine, tmp_path):
    batch = goods.batch()
    log.go_on(NOW)
    told, files = taken(as_machine(cast.zhang), batch.number, tmp_path)
    names = json.loads(files["bundle.json"])["objects"]
    register = goods.register
    assert names == [
        f"batch:{batch.number}",
        f"authorisation:{register.authorisation.number}",
        f"title:{register.title.number}",
        f"specification:{batch.specification.number}",
    ]
    assert told[0] == f"密钥 key (来自本包 of this bundle): {log.signer.key}"
    disclosed = [json.loads(data) for name, data in files.items() if name.startswith("disclosed/")]
    assert disclosed[0]["quantity"] == "1200.000"
    assert disclosed[0]["producer_lot"] == "ZJ-0910"
    assert (
        f"另附 besides besides/{FILE}: 登记机构的说明，日志不为其作证 told by the registry, not proven by the log"
        in told
    )
    public = as_machine(None).get(f"/log/objects/batch:{batch.number}/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(public.content)) as packed:
        assert not [name for name in packed.namelist() if name.startswith(("disclosed/", "besides/"))]


def test_what_was_erased_since_is_no_longer_disclosed(goods, log, cast, as_machine, tmp_path):
    batch = goods.batch()
    log.go_on(NOW)
    Disclosure.objects.all().delete()
    _, files = taken(as_machine(cast.zhang), batch.number, tmp_path)
    assert not [name for name in files if name.startswith("disclosed/")]


def test_a_batch_that_is_not_published_yet_says_so_and_a_strangers_is_not_there(goods, log, cast, as_machine):
    batch = goods.batch()
    path = f"/api/v1/trace/batches/{batch.number}/evidence.zip"
    answer = as_machine(cast.zhang).get(path)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "not_published")
    log.go_on(NOW)
    assert as_machine(cast.zhang).get(path).status_code == 200
    assert as_machine(cast.feng).get(path).status_code == 404
    assert as_machine(None).get(path).status_code == 401


def test_of_each_change_the_way_in_is_told_and_nobodys_name(goods, cast):
    batch = goods.batch()
    actions.hold_batch(batch=batch, actor=replace(cast.li.actor, key_id=7), now=NOW, reason="核查封口")
    actions.resume_batch(batch=batch, actor=cast.li.actor, now=NOW, reason="封口无误")
    told = provenance_of(batch)["changes"]
    assert [(change["state"], change["by_way_of"], change["reason"]) for change in told[-2:]] == [
        ("on_hold", "API key", "核查封口"),
        ("released", "web session", "封口无误"),
    ]
    assert told[0]["by_way_of"] == "the registry itself"
    assert cast.li.actor.name not in str(provenance_of(batch))


def test_a_batch_of_a_spreadsheet_names_the_file_and_the_row(goods, cast):
    actor, kind = cast.zhang.actor, ImportKind.BATCHES
    sheet = checked(goods.register.zhang, kind, actor, batch_rows(goods, 2), HEADER)
    commit(sheet, actor)
    told = provenance_of(Batch.objects.get(producer_lot="ZJ-00001"))["spreadsheet"]
    assert told == {
        "import": sheet.number,
        "row": 3,
        "format": "xlsx",
        "file_sha256": fresh(sheet).file_sha256,
        "received_at": NOW,
    }
    assert provenance_of(goods.batch())["spreadsheet"] is None


def test_what_was_put_on_record_is_told_with_its_laboratory_and_who_took_it_back(goods):
    batch = goods.batch(BatchState.REGISTERED)
    acid = EvidenceItem(
        EvidenceKind.MEASUREMENT, key="acid", value=Decimal("6.2"), unit="gram_per_100_ml", laboratory="省院"
    )
    (row,) = actions.add_evidence(batch=batch, items=[acid], actor=goods.maker, now=NOW)
    actions.withdraw_evidence(evidence=row, actor=goods.maker, now=NOW, reason="误录")
    (told,) = provenance_of(batch)["evidence"]
    assert {name: str(told[name]) for name in ("key", "value", "laboratory", "withdrawn_reason", "by_way_of")} == {
        "key": "acid",
        "value": "6.200000",
        "laboratory": "省院",
        "withdrawn_reason": "误录",
        "by_way_of": "the registry itself",
    }
    assert "document_sha256" not in told
