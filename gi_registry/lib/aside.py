"""A word on a connection of its own, while the usual one is in the middle of a transaction: others hear of it at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections

Tell = Callable[..., None]


@contextmanager
def aside() -> Iterator[Tell]:
    """``tell(statement, arguments)`` runs one statement that is committed at once.

    Never of a row that the transaction holds: the two would wait for each other for ever.
    """
    beside = connections.create_connection("default")

    def tell(statement: str, arguments: list[object]) -> None:
        with beside.cursor() as cursor:
            cursor.execute(statement, arguments)

    try:
        yield tell
    finally:
        beside.close()
