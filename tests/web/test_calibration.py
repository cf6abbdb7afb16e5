"""What suppliers' dates are worth: a chart that can be read aloud, a table beside it, and words."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.calibration import Held
from connector.pipeline.connector import Connector
from connector.store.shops import Shop
from connector.store.tables import arrivals
from connector.web.calibration import SIDE, chart
from tests.web import given
from tests.web.reading import read

LogIn = Callable[[Shop], FlaskClient]


@pytest.fixture
def shop(connector: Connector) -> Shop:
    return given.store(connector)


def came(connector: Connector, shop: Shop, supplier: str, slips: list[int], skus: int = 1) -> None:
    """Deliveries that were a week apart and slipped by so many days."""
    days = [(number, date(2026, 1, 5) + timedelta(weeks=number), slip) for number, slip in enumerate(slips)]
    rows = [
        {
            "store": shop.id,
            "supplier": supplier,
            "reference": f"PO-{number}",
            "sku": f"SKU-{sku}",
            "location": "",
            "expected": promised,
            "day": promised + timedelta(days=slip),
            "quantity": 5,
        }
        for number, promised, slip in days
        for sku in range(skus)
    ]
    with connector.db.begin() as tx:
        tx.execute(sa.insert(arrivals), rows)


def test_a_store_that_has_seen_no_delivery_says_so(log_in: LogIn, shop: Shop) -> None:
    assert "Too little history: no delivery that a date was named for" in log_in(shop).get("/calibration").text


def test_a_few_deliveries_are_too_little_history(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    came(connector, shop, "acme", [0] * 9)
    page = log_in(shop).get("/calibration").text
    assert "Too little history: 9 deliveries with a date so far, and 10 are needed" in page
    assert "<svg" not in page


def test_kept_promises_are_said_drawn_and_listed(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    came(connector, shop, "Acme", [0, 0, 0, 0, 9, 0, 0, 0, 0, 20, 0, 0], skus=3)
    page = read(log_in(shop).get("/calibration").text)
    assert "Acme: 12 deliveries; at 90\u202f% 10 came in time" in page.text
    assert "Its own dates were kept 10 times." in page.text
    assert ["Supplier's date", "10 of 12", "83\u202f%", "0.0"] in page.rows
    assert ["+7 days", "10 of 12", "83\u202f%", "7.0"] in page.rows
    assert [row[0] for row in page.rows[1:7]] == [f"{share}\u202f% date" for share in (50, 60, 70, 80, 90, 95)]
    (drawn,) = (attributes for tag, attributes in page.tags if tag == "svg")
    assert (drawn["role"], drawn["aria-labelledby"]) == ("img", "title-1 words-1")
    assert [tag for tag, _ in page.tags].count("circle") == 6


def test_another_store_sees_nothing_of_it(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    came(connector, shop, "Acme", [0] * 12)
    other = given.store(connector, "https://other.example")
    assert "Acme" not in log_in(other).get("/calibration").text


def test_a_date_worth_what_it_says_lies_on_the_line_from_corner_to_corner() -> None:
    drawn = chart([Held(0.5, 10, 5, 0.0), Held(0.9, 10, 9, 0.0), Held(0.95, 10, 10, 0.0)])
    assert [dot.x + dot.y for dot in drawn.dots[:2]] == [SIDE, SIDE]
    assert drawn.dots[2].x + drawn.dots[2].y < SIDE


def test_shares_below_the_scale_stretch_it() -> None:
    assert chart([Held(0.5, 10, 1, 0.0)]).least == 0.0
    assert chart([Held(0.5, 10, 4, 0.0)]).least == 0.4
