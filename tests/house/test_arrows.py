"""Imports run downward only, and nothing hides from the contract."""

import subprocess
import sys
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

import trace
from tests.house.tree import ROOMS, ROOT


def test_the_import_contract_holds():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_trace_is_our_room_and_not_the_standard_library():
    assert Path(trace.__path__[0]) == ROOT / "trace"


def test_no_relation_across_rooms_can_be_walked_upward():
    """A reverse accessor from a lower room to an upper one is an import in disguise."""
    ours = {*ROOMS, "accounts", "lib"}
    walked = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
        and {model._meta.app_label, field.related_model._meta.app_label} <= ours
        and model._meta.app_label != field.related_model._meta.app_label
        and not field.remote_field.hidden
    ]
    assert walked == []
