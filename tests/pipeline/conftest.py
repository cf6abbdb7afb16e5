"""The house that the tests of the pipeline live in."""

import pytest

from connector.pipeline.connector import Connector
from tests.conftest import open_shop
from tests.pipeline.given import House, house


@pytest.fixture
def home(connector: Connector) -> House:
    """A connected store of a stall."""
    return house(connector, open_shop)
