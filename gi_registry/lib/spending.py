"""How long a request may hold the database: some questions of strangers are short to write and long to answer, and some work of
officials is done whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from gi_registry.lib.problems import Invalid
from gi_registry.lib.texts import Refusal, Text

MOST_MS = 5_000
# Of what is seldom, and must be done at once: some hundred thousand batches called back.
LONGEST_MS = 600_000
_CANCELLED = "57014"
TOO_MUCH = Text(
    "一次问得太多，无法及时算完。请减少数量或简化图形后分次提问。",
    "This is too much to work out at once. Ask about fewer or simpler places at a time.",
)


@contextmanager
def sparingly(pointer: str) -> Iterator[None]:
    """Statements inside are stopped after MOST_MS each; the question is then Invalid, with this pointer."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{MOST_MS}ms"])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _CANCELLED:
            raise
        raise Invalid(Refusal("too_much_at_once", TOO_MUCH, pointer)) from error


def at_length() -> None:
    """Until the transaction ends each of its statements may take LONGEST_MS. For what only few may ask for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{LONGEST_MS}ms"])
