"""What tests of all adapters use."""

from collections.abc import Iterator

import pytest
import requests


@pytest.fixture
def visitor() -> Iterator[requests.Session]:
    """Somebody with a browser."""
    with requests.Session() as session:
        session.trust_env = False
        yield session
