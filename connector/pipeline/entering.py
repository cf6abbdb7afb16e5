"""A merchant installs the app: inside the platform's own back office, or sent there to agree and back."""

from collections.abc import Mapping

from connector.domain.errors import BadInput, BadSignature, Retryable
from connector.pipeline.connect import admit_with
from connector.pipeline.connector import Connector
from connector.pipeline.install import Begun
from connector.ports import App
from connector.store import consents, shops
from connector.store.engine import lock_store
from connector.store.shops import Shop

NOT_HERE = "This installation has no app there."
OVER = "This way of connecting has ended, or was begun in another browser. Begin again."
BEING_DONE = "The store is being connected at the moment. Load this page again."


def has_app(connector: Connector, platform: str) -> bool:
    """Whether merchants can install the app at a platform."""
    adapter = connector.platforms.get(platform)
    return adapter is not None and adapter.app is not None and bool(adapter.app.client_id)


def app_of(connector: Connector, platform: str) -> App:
    """The app at a platform; BadInput where there is none."""
    app = connector.platforms[platform].app
    if app is None or not app.client_id:
        raise BadInput(NOT_HERE)
    return app


def known(connector: Connector, platform: str, token: str) -> tuple[str, Shop | None]:
    """Whose back office shows the app, by address, and that store where it is known; BadSignature for a bad token."""
    address = app_of(connector, platform).visitor(token, connector.clock())
    with connector.db.begin() as tx:
        return address, shops.by_address(tx, platform, address)


def has_left(connector: Connector, shop: Shop | None) -> bool:
    """Whether a store was disconnected by its merchant: then only a wish of theirs connects it again."""
    if shop is None or shop.status != "closed":
        return False
    with connector.db.begin() as tx:
        return not shops.access_of(tx, connector.vault, shop).credentials


def enter(connector: Connector, platform: str, token: str) -> Shop:
    """Connect the store whose back office shows the app, unless it is; one at a time for each store."""
    app = app_of(connector, platform)
    address, _ = known(connector, platform, token)
    with connector.db.begin() as tx:
        if not lock_store(tx, f"enter {platform} {address}"):
            raise Retryable(BEING_DONE)
        shop = shops.by_address(tx, platform, address)
        if shop is not None and shop.status == "active":
            return shop
        return admit_with(connector, platform, app.exchange(address, token, connector.clock())).shop


def begin(connector: Connector, platform: str, typed: str) -> Begun:
    """Where to send a merchant who is to agree; BadInput where they name no store."""
    app = app_of(connector, platform)
    address = app.address(typed)
    with connector.db.begin() as tx:
        nonce = consents.begin(tx, platform, address, connector.clock())
    return Begun(nonce, address, app.ask_at(address, nonce, f"{connector.config.url}/{platform}/back"))


def finish(connector: Connector, platform: str, nonce: str, query: Mapping[str, str]) -> Shop:
    """Connect the store whose merchant is back in the browser that was sent away with this number, and agreed."""
    app = app_of(connector, platform)
    address, returned, code = app.came_back(query, connector.clock())
    with connector.db.begin() as tx:
        waiting = consents.look_up(tx, connector.vault, nonce, connector.clock()) if nonce else None
        consents.end(tx, nonce)  # whatever comes of it, it is good for once
    if waiting is None or (returned, address, platform) != (nonce, waiting.address, waiting.platform):
        raise BadSignature(OVER)
    return admit_with(connector, platform, app.redeem(address, code, connector.clock())).shop
