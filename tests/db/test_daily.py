"""The daily housekeeping forgets what is past and nothing else."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from gi_registry.lib import clock
from gi_registry.lib.access import Actor
from gi_registry.lib.models import AnsweredRequest

pytestmark = pytest.mark.django_db


def test_answers_older_than_a_week_are_forgotten_and_stamps_are_kept():
    now = clock.now()
    for identity, key, age in (("user:1", "old", 8), ("user:1", "fresh", 6), (Actor.SYSTEM.identity, "stamp", 900)):
        AnsweredRequest.claim(identity=identity, key=key, fingerprint=b"", now=now - timedelta(days=age))
    out = StringIO()
    call_command("daily", stdout=out)
    assert set(AnsweredRequest.objects.values_list("key", flat=True)) == {"fresh", "stamp"}
    assert "answers forgotten: 1" in out.getvalue()
