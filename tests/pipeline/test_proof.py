"""The proof of an order tells the whole story, from the promise to the end, and can be checked by anybody."""

import json
from datetime import date, timedelta

import pytest

from connector.domain.chain import broken_at
from connector.domain.errors import Ambiguous, BadInput, Terminal
from connector.domain.facts import NoticeEvent, NoticeOutcome, OrderState, Payment, SupplyRow, SupplySnapshot
from connector.domain.jurisdictions import Exemption, Regime
from connector.domain.obligations import Answer
from connector.domain.telling import KINDS
from connector.pipeline.customers import give_answer, open_case, order_link
from connector.pipeline.hear import hear
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.proof import Proof, check, pack, proof_of
from connector.store import shops, supplies
from connector.store.ledger import chain
from tests.conftest import NOW, Clock
from tests.pipeline.given import House
from tests.store.given import item, level, line, order


@pytest.fixture
def waiting(home: House) -> House:
    """Order 1001 of two lamps waits for what Acme announces, under the FTC's rule."""
    home.tell(item(), level(available=-2))
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"jurisdiction": "us_ftc", "timezone": "America/New_York"})
        rows = (SupplyRow("SKU-A", 5, date(2027, 1, 10), "PO-1"),)
        supplies.fold_supply(tx, home.shop.id, SupplySnapshot("acme", rows, NOW), NOW)
    home.tell(order("1001", line(quantity=2)))
    plan(home.connector, home.shop.id)
    return home


def proof(home: House) -> Proof:
    found = proof_of(home.connector, home.shop.id, "1001")
    assert found is not None
    return found


def kinds(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return [one.kind for one in chain(tx, home.shop.id, "1001")]


def test_a_promise_says_what_it_rests_on(waiting: House) -> None:
    (said,) = [one.sentence for one in proof(waiting).said if one.link.kind == "PromiseMade"]
    assert said == (
        "Promised 10 January 2027 because more was ordered than is there; 2 units waiting. It rests on the supply"
        " acme/PO-1, which the supplier announces for 10 January 2027. No delivery of this supplier is known: the"
        " date rests on what all suppliers do. Units go out by the rule “first come”; 90% of the dates are meant to"
        " be kept."
    )


def test_an_order_that_the_law_leaves_out_says_why(waiting: House) -> None:
    assert (proof(waiting).regime, proof(waiting).exempt) == (Regime.US_FTC, None)
    waiting.tell(order("1002", line(quantity=2), payment=Payment.ON_DELIVERY))
    plan(waiting.connector, waiting.shop.id)
    found = proof_of(waiting.connector, waiting.shop.id, "1002")
    assert found is not None
    assert (found.regime, found.exempt) == (Regime.NONE, Exemption.COD)


def test_the_text_of_a_mail_is_kept_letter_by_letter(waiting: House) -> None:
    perform(waiting.connector, waiting.shop.id)
    (letter,) = waiting.post.sent
    (sent,) = [one for one in proof(waiting).said if one.link.kind == "NoticeSent"]
    assert sent.text == letter.text
    said = f"The e-mail “{letter.subject}” to ann@example.com was taken by the mail service as mail-1."
    assert sent.sentence == said


def test_a_mail_that_may_have_gone_is_kept_as_such(waiting: House) -> None:
    waiting.post.trouble["ann@example.com"] = Ambiguous("no answer")
    perform(waiting.connector, waiting.shop.id)
    (sent,) = [one for one in proof(waiting).said if one.link.kind == "NoticeSent"]
    assert sent.sentence.endswith("was handed to the mail service, which has not said whether it took it.")
    assert "Your order #1001 is delayed" in sent.sentence
    assert "You can agree to wait" in sent.text


def test_a_mail_that_was_refused_is_kept_as_such(waiting: House) -> None:
    waiting.post.trouble["ann@example.com"] = Terminal("no such mailbox")
    perform(waiting.connector, waiting.shop.id)
    assert proof(waiting).said[-1].sentence == "A notice could not be sent and was given up: no such mailbox"


def test_the_whole_story_in_its_order(waiting: House, clock: Clock) -> None:
    connector, store = waiting.connector, waiting.shop.id
    perform(connector, store)
    notice = waiting.post.sent[0].notice_id
    delivered = NoticeEvent("e1", notice, NoticeOutcome.DELIVERED, clock.now + timedelta(seconds=9), "250 ok")
    clock.move(hours=1)
    hear(connector, [delivered, delivered])
    case = open_case(connector, order_link(connector.config, store, "1001").rpartition("/")[2])
    assert case is not None
    give_answer(connector, case, Answer.WAIT)
    clock.move(days=20)
    waiting.tell(order("1001", line(quantity=2, shipped=2), seen=99999, state=OrderState.COMPLETED))
    plan(connector, store)
    found = proof(waiting)
    assert kinds(waiting) == [
        "PromiseMade",
        "ObligationOpened",
        "OptionNotice",
        "ObligationMet",
        "NoticeSent",
        "NoticeReported",
        "Answered",
        "Shipped",
        "OrderTurned",
    ]
    assert found.broken is None
    assert [one.sentence for one in found.said[5:]] == [
        "The mail service reports the notice delivered to the customer's mail server at 23 November 2026, 07:00 EST:"
        " 250 ok.",
        "The customer answered by the link in the mail: to wait.",
        "The store shows 2 units as shipped, 2 in all.",
        "The store shows the order as completed.",
    ]
    assert [(row.duty, row.state) for row in found.duties] == [("first_option", "met")]
    assert found.law[0][0] == "16 CFR 435.2(b)(1)"


def test_an_event_of_the_mail_service_is_written_once_however_often_it_comes(waiting: House) -> None:
    perform(waiting.connector, waiting.shop.id)
    event = NoticeEvent("e1", waiting.post.sent[0].notice_id, NoticeOutcome.FAILED, NOW, "550")
    for _ in range(3):
        hear(waiting.connector, [event])
    hear(waiting.connector, [NoticeEvent("e2", "nobody/notice:1:1", NoticeOutcome.FAILED, NOW, "550")])
    assert kinds(waiting).count("NoticeReported") == 1


def test_a_pack_is_json_that_anybody_can_check(waiting: House) -> None:
    perform(waiting.connector, waiting.shop.id)
    whole = json.dumps(pack(proof(waiting)), ensure_ascii=False)
    assert check(whole.encode())[:2] == (5, None)
    assert check(whole.replace("2027-01-10", "2027-01-11").encode())[:2] == (5, 1)
    assert check(whole.replace("You can agree to wait", "You may agree to wait").encode())[:2] == (5, 5)
    left_out = json.loads(whole)
    del left_out["entries"][2]
    assert check(json.dumps(left_out).encode())[:2] == (4, 3)
    cut_off = json.loads(whole)
    del cut_off["entries"][-1]
    assert check(json.dumps(cut_off).encode())[:2] == (4, 5)
    silent = json.loads(whole)
    silent["entries"][-1]["personal"] = None
    assert (check(whole.encode()).erased, check(json.dumps(silent).encode()).erased) == (0, 1)


def test_a_pack_says_whose_order_under_which_law_and_zone(waiting: House) -> None:
    made = pack(proof(waiting))
    assert (made["order"]["number"], made["timezone"]) == ("#1001", "America/New_York")
    assert made["law"]["regime"] == "us_ftc"
    assert [one["duty"] for one in made["duties"]] == ["first_option"]
    assert made["duties"][0]["place"] == "16 CFR 435.2(b)(1)"
    assert made["entries"][0]["local_time"] == "23 November 2026, 07:00 EST"
    assert made["chain"]["head"] == made["entries"][-1]["seal"]


def test_an_order_is_found_by_its_number_too(waiting: House) -> None:
    store = waiting.shop.id
    assert [proof_of(waiting.connector, store, one) is None for one in ("1001", "#1001", "1002", "10\x0001")] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"\xff", b'{"entries": [1]}', b"[" * 9999])
def test_what_is_no_pack_is_refused(text: bytes) -> None:
    with pytest.raises(BadInput, match="this is no proof pack"):
        check(text)


def test_every_kind_of_entry_can_be_told(waiting: House) -> None:
    assert set(kinds(waiting)) <= set(KINDS)
    assert broken_at(()) is None
