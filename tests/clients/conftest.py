"""What other people's software meets: a real server with one of everything, and a record of what it was asked."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.core.signals import request_started

from tests.build_world import World
from tests.conftest import WORLD


@pytest.fixture
def world(transactional_db: None) -> World:
    return WORLD()


@pytest.fixture
def service(live_server: Any, world: World) -> str:
    """The one address that people paste."""
    return f"{live_server.url}/ogc/"


@pytest.fixture
def asked() -> Iterator[list[tuple[str, dict[str, str]]]]:
    """Path and parameters of every request that reached the server, as it came."""
    seen = []

    def note(environ: dict[str, Any], **more: Any) -> None:
        seen.append((environ["PATH_INFO"], dict(parse_qsl(environ["QUERY_STRING"]))))

    request_started.connect(note)
    yield seen
    request_started.disconnect(note)
