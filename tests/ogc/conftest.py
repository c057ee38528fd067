"""Who asks the map."""

import pytest
from django.test import Client

from tests.build_world import World


@pytest.fixture
def lin(world: World) -> Client:
    """The registrar's client: every layer is listed for it, and none is empty."""
    return Client(headers={"Accept": "application/json", **world.headers("lin")})
