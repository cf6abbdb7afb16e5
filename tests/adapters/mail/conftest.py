"""A letter, a SendGrid that can fail, and a mailer that sends the one to the other."""

from collections.abc import Callable, Iterator

import pytest

from adapters.http import Http
from adapters.mail.sendgrid import SendGrid
from connector.ports import Letter
from tests.fakes.sendgrid import SendGridService


@pytest.fixture
def make_letter() -> Callable[..., Letter]:
    def make(notice_id: str = "n-1", **changed: str) -> Letter:
        usual = {
            "to": "buyer@example.com",
            "to_name": "Ada Buyer",
            "sender": "shop@example.com",
            "sender_name": "The Shop",
            "subject": "Your order #1001 has a new date",
            "text": "It ships on 4 December.",
            "html": "<p>It ships on 4 December.</p>",
            "category": "delay",
        }
        return Letter(notice_id, **(usual | changed))

    return make


@pytest.fixture
def letter(make_letter: Callable[..., Letter]) -> Letter:
    return make_letter()


@pytest.fixture
def service() -> Iterator[SendGridService]:
    with SendGridService() as running:
        yield running


@pytest.fixture
def http(service: SendGridService) -> Iterator[Http]:
    client = Http([service.address])
    yield client
    client.close()


@pytest.fixture
def mailer(http: Http, service: SendGridService) -> SendGrid:
    return SendGrid(http, service.api_key, service.url, service.events_key)
