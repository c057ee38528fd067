"""Rows are held against what was logged of them: whatever the owner of the database edits, deletes or slips in is named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gi_registry.openlog.models import Disclosure
from tests.build_certificates import an_issuer
from tests.build_openlog import by_the_owner, named, the_log_here
from tests.cast import NOW
from trace.certificates.issued import CertificateKind, certificate_of
from trace.models import Batch

pytestmark = pytest.mark.django_db


def test_a_changed_specification_is_named(goods):
    version = goods.register.specification
    by_the_owner("UPDATE products_specificationversion SET label_zh = '另一版' WHERE number = %s", version.number)
    assert f"specification:{version.number} label" in named()


def test_a_moved_outline_is_named(goods):
    region = goods.register.region
    by_the_owner("UPDATE regions_boundary SET geom = ST_Translate(geom, 0.001, 0) WHERE region_id = %s", region.pk)
    assert any(where.startswith(f"region:{region.number} ") for where in named())


def test_a_row_that_was_slipped_in_is_named(goods):
    batch = goods.batch()
    columns = ", ".join(
        f'"{field.column}"' for field in Batch._meta.concrete_fields if field.column not in ("id", "number")
    )
    by_the_owner(
        f"INSERT INTO trace_batch (number, {columns}) SELECT 'ZZZZZZZZZZ', {columns} FROM trace_batch WHERE number = %s",  # noqa: S608
        batch.number,
    )
    assert named() == ["batch:ZZZZZZZZZZ"]


def test_a_certificate_with_other_claims_is_named(goods, settings, tmp_path):
    an_issuer(settings, tmp_path)
    kept = certificate_of(CertificateKind.BATCH, goods.batch().number, NOW).kept
    assert named() == []
    by_the_owner(
        "UPDATE credentials_credential SET claims = jsonb_set(claims, '{issuer}', '\"x\"') WHERE id = %s", kept.pk
    )
    assert named() == [f"certificate:{kept.serial} claims_sha256"]


def test_what_was_erased_of_secrets_is_no_difference_and_what_is_public_is_compared_on(goods):
    batch = goods.batch()
    Disclosure.objects.all().delete()
    assert named() == []
    by_the_owner("UPDATE trace_batch SET produced_on = produced_on - 1 WHERE id = %s", batch.pk)
    assert named() == [f"batch:{batch.number} produced_on"]


def test_the_nightly_command_names_it_and_fails(goods, settings, tmp_path, capsys):
    batch = goods.batch()
    the_log_here(settings, tmp_path).go_on(NOW)
    call_command("openlog_fsck")
    by_the_owner("UPDATE trace_batch SET produced_on = produced_on - 1 WHERE id = %s", batch.pk)
    with pytest.raises(CommandError, match="1 处不同"):
        call_command("openlog_fsck")
    assert f"batch:{batch.number} produced_on" in capsys.readouterr().out


def test_it_asks_as_often_for_many_lots_as_for_few(goods, django_assert_num_queries):
    goods.batch()
    with CaptureQueriesContext(connection) as few:
        assert named() == []
    for _ in range(5):
        goods.batch()
    with django_assert_num_queries(len(few)):
        assert named() == []
