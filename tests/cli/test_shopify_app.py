"""The configuration of the Shopify app, as a command prints it."""

import tomllib

import pytest

from tests.cli.conftest import Run

URL = "https://ours.example"
KEY = "0123456789abcdef0123456789abcdef"


def test_it_is_printed_for_this_installation(run: Run) -> None:
    done = run("shopify-app", SHOPIFY_API_KEY=KEY, BACKORDER_URL=URL)
    said = tomllib.loads(done.out)
    assert (done.code, said["client_id"], said["application_url"]) == (0, KEY, f"{URL}/shopify")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"BACKORDER_URL": URL}, "SHOPIFY_API_KEY"),
        ({"BACKORDER_URL": URL, "SHOPIFY_API_KEY": 'a"b'}, "SHOPIFY_API_KEY"),
        ({"BACKORDER_URL": "http://ours.example", "SHOPIFY_API_KEY": KEY}, "BACKORDER_URL"),
    ],
)
def test_what_shopify_could_not_use_is_refused(run: Run, given: dict[str, str], named: str) -> None:
    done = run("shopify-app", **given)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"backorder: {named}: ")
