"""Walls shared by the nouns that have states: triggers made from the tables in ``rules``, so that neither can drift."""

from collections.abc import Iterable, Mapping

import pgtrigger
from django.db import models
from django.db.models import Q

from gi_registry.lib.texts import Word


def quoted(words: Iterable[str]) -> str:
    """Words of a closed vocabulary as a SQL list. Only ever given our own constants."""
    return ", ".join(f"'{word}'" for word in sorted(words))


def only_words(field: str, words: type[Word], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [word.value for word in words]}), name=name)


def kept() -> pgtrigger.Protect:
    """Rows of the register are ended, never deleted."""
    return pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)


def only_steps(field: str, machine: Mapping[str, Iterable[str]], starts: Iterable[str]) -> pgtrigger.Trigger:
    """A row begins in one of ``starts`` and moves only along the machine."""
    edges = sorted((a, b) for a, after in machine.items() for b in after if a != b)
    pairs = ", ".join(f"('{a}', '{b}')" for a, b in edges)
    return pgtrigger.Trigger(
        name="only_steps",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(field),
        func=f"""
IF TG_OP = 'INSERT' THEN
    IF NEW.{field} NOT IN ({quoted(starts)}) THEN
        RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.{field};
    END IF;
ELSIF NEW.{field} IS DISTINCT FROM OLD.{field} AND (OLD.{field}, NEW.{field}) NOT IN ({pairs}) THEN
    RAISE EXCEPTION '% cannot go from % to %', TG_TABLE_NAME, OLD.{field}, NEW.{field};
END IF;
RETURN NEW;
""",
    )
