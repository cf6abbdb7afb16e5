"""What another version of the connector left in the outbox: it is given up by itself, and holds nothing else."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from connector.domain.effects import GrantOffer, Offer
from connector.pipeline.left import take_up_left
from connector.pipeline.perform import perform
from connector.store import outbox, problems
from connector.store.outbox import LEASE, STRANGE, TRIES
from connector.store.tables import outbox as table
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import listing, notice, read

UNNAMED = "this version of the connector knows no notice by the name of birthday"


def given(home: House, spoil: dict[str, Any], **values: Any) -> None:
    """Letters about two orders and a third, of which the second is spoilt, and a listing."""
    with home.connector.db.begin() as tx:
        outbox.put_messages(tx, home.shop.id, [notice("1"), notice("2"), notice("3")], NOW)
        outbox.put_state(tx, home.shop.id, listing("a"), NOW)
        second = table.c.key == notice("2").key
        tx.execute(sa.update(table).where(second).values(effect=table.c.effect.concat(spoil), **values))


def stand(home: House) -> list[Any]:
    with home.connector.db.begin() as tx:
        return read(tx, table, "key", "status", "error")


def wrong(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.text for one in problems.open_problems(tx, home.shop.id)]


@pytest.mark.parametrize(
    ("spoil", "why", "said"),
    [
        ({"template": "birthday"}, UNNAMED, f"Given up after 1 try: {UNNAMED}"),
        ({"lines": 7}, STRANGE, f"Given up: {STRANGE}."),
    ],
)
def test_a_letter_that_nobody_can_write_is_given_up_and_all_others_go(
    home: House, spoil: dict[str, Any], why: str, said: str
) -> None:
    given(home, spoil)
    perform(home.connector, home.shop.id)
    assert sorted(letter.notice_id for letter in home.post.sent) == [
        f"{home.shop.id}/{notice(one).key}" for one in ("1", "3")
    ]
    assert sorted(stand(home)) == [
        ("listing:a", "done", None),
        (notice("1").key, "done", None),
        (notice("2").key, "dead", why),
        (notice("3").key, "done", None),
    ]
    assert wrong(home) == [said]


def test_one_that_is_spoilt_while_a_worker_has_it_holds_up_no_other_store(home: House, clock: Clock) -> None:
    given(home, {"lines": 7}, status="sending", attempts=TRIES, available_at=NOW + LEASE)
    clock.move(seconds=(LEASE + timedelta(seconds=1)).total_seconds())
    take_up_left(home.connector)
    assert (notice("2").key, "dead", STRANGE) in stand(home)
    assert wrong(home) == [f"Given up: {STRANGE}."]


def test_an_offer_that_nobody_can_read_is_no_reason_to_keep_the_letter_behind_it(home: House) -> None:
    with home.connector.db.begin() as tx:
        offer = GrantOffer("offer:1", "1", "#1", "ann@example.com", Offer(5, NOW.date()))
        outbox.put_messages(tx, home.shop.id, [offer, notice("1")], NOW)
        here = table.c.key == "offer:1"
        tx.execute(sa.update(table).where(here).values(effect=table.c.effect.concat({"offer": None})))
    perform(home.connector, home.shop.id)
    assert [letter.notice_id for letter in home.post.sent] == [f"{home.shop.id}/{notice('1').key}"]
