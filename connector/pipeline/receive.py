"""A delivery at the door: is it genuine, is it new, keep it; nothing else, so that a flash sale does not drown us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from connector.domain.errors import BadSignature
from connector.pipeline.connector import Connector
from connector.ports import Accepted
from connector.store import inbox, shops

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Door:
    """Where the webhooks of one store come in."""

    store: str
    platform: str
    secret: str = field(repr=False)
    is_open: bool


class Doors:
    """The doors by address; looked up once a process, and again when a signature does not fit."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._known: dict[tuple[str, str], Door] = {}
        self._lock = Lock()

    def find(self, platform: str, token: str, *, again: bool = False) -> Door | None:
        """The door at an address; None where there is none."""
        known = None if again else self._known.get((platform, token))
        if known is not None:
            return known
        with self._connector.db.begin() as tx:
            shop = shops.by_token(tx, platform, token)
            if shop is None:
                return None
            access = shops.access_of(tx, self._connector.vault, shop)
        door = Door(shop.id, platform, access.hook_secret, shop.status != "closed")
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[platform, token] = door
        return door


def receive(
    connector: Connector, doors: Doors, platform: str, token: str, headers: Mapping[str, str], body: bytes
) -> bool:
    """Keep a genuine delivery; True where it is new.

    BadSignature for what is not genuine, and for an address that nobody has; Retryable where the database is away.
    """
    door = doors.find(platform, token)
    if door is None:
        raise BadSignature("no store has this address")
    accepted = _verified(connector, doors, door, token, headers, body)
    if not door.is_open:  # it may have been connected again meanwhile, by another process
        door = doors.find(platform, token, again=True) or door
    if accepted is None or not door.is_open:
        return False
    return inbox.put(connector.db, door.store, accepted.dedupe_key, accepted.headers, body, connector.clock())


def _verified(
    connector: Connector, doors: Doors, door: Door, token: str, headers: Mapping[str, str], body: bytes
) -> Accepted | None:
    adapter = connector.platforms[door.platform]
    try:
        return adapter.verify(headers, body, door.secret)
    except BadSignature:
        fresh = doors.find(door.platform, token, again=True)
        if fresh is None or fresh.secret == door.secret:
            raise
        return adapter.verify(headers, body, fresh.secret)
