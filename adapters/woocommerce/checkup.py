"""The connection to a WooCommerce store, point by point: what its key may do, and whether its webhooks can come."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters.http import Http
from adapters.woocommerce.payloads import OnlyId
from adapters.woocommerce.refusals import Unrouted
from adapters.woocommerce.rest import Params, Rest
from adapters.woocommerce.subscriptions import TOPICS, ours
from connector.domain.errors import ConnectorError, Retryable
from connector.ports import Examined, StoreAccess, Verdict

# WordPress delivers webhooks to these only, and says nothing where it does not (wp_http_validate_url).
PORTS = frozenset({80, 443, 8080})
Found = tuple[bool | None, str]
FIRST: Params = {"per_page": 1, "orderby": "id", "order": "asc", "_fields": "id"}
READ, WRITE, PERMALINKS, HTTPS, WEBHOOKS = "Reading", "Writing", "Permalinks", "Encryption", "Webhooks"


class WooCheckUp:
    """Implements `CheckUp`."""

    lateness = (
        "WordPress sends webhooks once a minute at most, and only when somebody visits the store: open a page of it. "
        "Where its own timer (WP-Cron) is switched off, a timer of the server has to call wp-cron.php."
    )

    def __init__(self, http: Http) -> None:
        self._http = http

    def examine(self, access: StoreAccess, hook_url: str) -> Examined:
        """Look at every point; a store that cannot answer now is not asked for the rest."""
        rest, found = Rest(self._http, access), [_encryption(access.address, hook_url)]
        # The webhooks last, for each request is a visit, and a visit makes WordPress send what waits.
        for point, look in ((READ, _reading), (WRITE, _writing), (WEBHOOKS, _webhooks)):
            try:
                found.append(Verdict(point, *look(rest, hook_url)))
            except Unrouted as error:
                return Examined((*found, Verdict(PERMALINKS, False, str(error))), asked=False)
            except Retryable as error:
                return Examined(
                    (*found, Verdict(point, False, f"{error}. Check again in a while.")), _was_asked(found)
                )
            except ConnectorError as error:
                found.append(Verdict(point, False, str(error)))
        fine = Verdict(PERMALINKS, True, "The store's REST interface is where it has to be.")
        return Examined((*found, fine), _was_asked(found))


def _was_asked(found: Sequence[Verdict]) -> bool:
    return any(one.point == WRITE and one.good for one in found)


def _encryption(address: str, hook_url: str) -> Verdict:
    to = urlsplit(hook_url)
    port = to.port or (443 if to.scheme == "https" else 80)
    weak = (
        (address.startswith("https://"), "The store has no https: what is read from it can be read on the way."),
        (to.scheme == "https", "This installation has no https: what the store sends can be read on the way."),
        (port in PORTS, f"Webhooks are to come to port {port}, and stores send to 80, 443 and 8080 only."),
    )
    said = " ".join(words for fine, words in weak if not fine)
    return Verdict(HTTPS, not said, said or "Both ways are encrypted.")


def _reading(rest: Rest, _: str) -> Found:
    for what in ("products", "orders"):
        rest.get(what, list[OnlyId], FIRST)
    return True, "The key can read products and orders."


def _writing(rest: Rest, _: str) -> Found:
    """Write nothing to a product: it stays as it is, and the store tells its webhooks all the same."""
    some = rest.get("products", list[OnlyId], {**FIRST, "status": "publish"}).value
    if not some:
        return None, "The store has no published product to try it with."
    rest.send("PUT", f"products/{some[0].id}", {}, OnlyId)
    return True, "The key can write products."


def _webhooks(rest: Rest, hook_url: str) -> Found:
    there = ours(rest, hook_url)
    here = [hook for hook in there if hook.delivery_url == hook_url]
    active = {hook.topic for hook in here if hook.status == "active"}
    status = {hook.topic: "at an earlier address of ours" for hook in there}
    status |= {hook.topic: hook.status for hook in here}
    lacking = [f"{topic} ({status.get(topic, 'missing')})" for topic in TOPICS if topic not in active]
    if not lacking:
        return True, f"All {len(TOPICS)} webhooks are there and active."
    return (
        False,
        f"Not in force: {', '.join(lacking)}. The next reading of the store, within 15 minutes, makes them anew.",
    )
