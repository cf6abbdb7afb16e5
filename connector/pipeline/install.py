"""A store is connected by its merchant: there and back by a click, or with keys that were typed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.domain.errors import BadInput, Unreadable
from connector.pipeline.connect import admit
from connector.pipeline.connector import Connector
from connector.ports import Consent
from connector.store import consents
from connector.store.consents import Waiting
from connector.store.shops import Shop

GONE = "This way of connecting has ended. Begin again."


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the merchant is asked, and the number by which this browser is known when it comes back."""

    nonce: str
    address: str
    ask_at: str


def begin(connector: Connector, platform: str, typed: str) -> Begun:
    """Where to send the merchant of the store at an address; BadInput where it is none."""
    consent = _consent(connector, platform)
    address = consent.address(typed)
    with connector.db.begin() as tx:
        nonce = consents.begin(tx, platform, address, connector.clock())
    back_to = f"{connector.config.url}/install/back"
    keys_to = f"{connector.config.url}/install/keys/{platform}"
    return Begun(nonce, address, consent.ask_at(address, nonce, back_to, keys_to))


def take_keys(connector: Connector, platform: str, body: bytes) -> bool:
    """Keep what somebody says are a store's keys; they count for nothing until its merchant is back."""
    try:
        nonce, keys = _consent(connector, platform).granted(body)
    except (BadInput, Unreadable):
        return False
    with connector.db.begin() as tx:
        return consents.keep(tx, connector.vault, platform, nonce, keys, connector.clock())


def awaited(connector: Connector, nonce: str) -> Waiting | None:
    """What a browser that is back was sent away for; None where that has ended."""
    with connector.db.begin() as tx:
        return consents.look_up(tx, connector.vault, nonce, connector.clock())


def finish(connector: Connector, nonce: str) -> Shop:
    """Connect the store that the merchant named, with the keys that came; they are tried against no other store."""
    waiting = awaited(connector, nonce)
    if waiting is None or waiting.keys is None:
        raise BadInput(GONE)
    with connector.db.begin() as tx:
        consents.end(tx, nonce)  # whatever comes of it, these keys are tried once
    return admit(connector, waiting.platform, {**waiting.keys, "url": waiting.address}).shop


def with_keys(connector: Connector, platform: str, options: Mapping[str, str]) -> Shop:
    """Connect a store with keys that its merchant made there."""
    given = {**options, "url": _consent(connector, platform).address(options.get("url", ""))}
    return admit(connector, platform, given).shop


def _consent(connector: Connector, platform: str) -> Consent:
    adapter = connector.platforms.get(platform)
    if adapter is None or adapter.consent is None:
        raise BadInput("Stores of this kind are not connected in this way.")
    return adapter.consent
