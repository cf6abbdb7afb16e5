"""What a small store feels of a big one: from a webhook's answer to the mail, while 10,000 events wait next door."""

import itertools
import time
from collections.abc import Iterator

from tests.bench.drain import fill
from tests.bench.figures import percentile, table
from tests.bench.place import Place, place
from tests.chaos.posting import post_all
from tests.chaos.storefront import Storefront, open_storefront
from tests.chaos.waiting import until
from tests.fakes.sendgrid import SendGridService

EVENTS = 10_000
ASKED = 30
TO_REACH = 2.0


def run() -> str:
    """Thirty orders of the small store, one after the other: alone, and beside the big one."""
    with SendGridService() as service:
        entries = {"sendgrid_url": service.url, "sendgrid_key": service.api_key, "dial_allow": (service.address,)}
        with place(**entries) as here:
            small = open_storefront(here.connector, name="small")
            big = open_storefront(here.connector, 20, name="big")
            here.installation.web()
            here.installation.clock()
            worker = here.installation.worker()
            numbers = itertools.count(1)
            alone = _feel(here, service, small, numbers)
            worker.terminate()
            fill(here.connector, big, 1_000_001, EVENTS, 20)
            here.installation.worker()
            beside = _feel(here, service, small, numbers)
            until(lambda: len(service.mails) == EVENTS + 2 * ASKED, 180)
    rows: list[list[object]] = [["alone", *alone], [f"beside {EVENTS:,} events", *beside]]
    rows.append([f"times as long (p95 at most {TO_REACH:.0f})", *(b / a for a, b in zip(alone, beside, strict=True))])
    return table("Neighbour: seconds from a webhook's answer to the mail", ("small store", "median", "p95"), rows)


def _feel(here: Place, service: SendGridService, small: Storefront, numbers: Iterator[int]) -> tuple[float, float]:
    seconds = []
    for number in itertools.islice(numbers, ASKED):
        (told,) = post_all(here.installation.url, [small.order(number)], 1)
        assert told.status == 200
        answered, to = time.monotonic(), f"buyer-{number}@example.com"
        until(lambda to=to: any(mail.to == to for mail in list(service.mails)[-3000:]), 60)  # type: ignore[misc]
        seconds.append(time.monotonic() - answered)
    return percentile(sorted(seconds), 50), percentile(sorted(seconds), 95)
