"""The way into a store: what is kept of it, and renewed before it ends, by one at a time."""

from datetime import datetime

from connector.domain.effects import AlertStaff
from connector.domain.errors import NeedsMerchant, Retryable
from connector.pipeline.connector import Connector
from connector.ports import App, StoreAccess
from connector.store import outbox, problems, shops
from connector.store.engine import Tx, wait_for_access
from connector.store.shops import Shop

SUBJECT = "The connector can no longer speak to {}"
MEANWHILE = "Until this is mended no listing is written and no customer is told anything. The desk:"


def reach(connector: Connector, shop: Shop) -> StoreAccess:
    """How to reach a store now; NeedsMerchant where that has ended, Retryable where it cannot be renewed yet.

    What follows an access is kept before it is used, so that whoever stops in between finds the old one still good.
    """
    app = connector.platforms[shop.platform].app
    with connector.db.begin() as tx:
        access = shops.access_of(tx, connector.vault, shop)
    if app is None or not app.is_due(access, connector.clock()):
        return access
    with connector.db.begin() as tx:
        wait_for_access(tx, shop.id)
        access = shops.access_of(tx, connector.vault, shop)  # another may have renewed it while this one waited
        if app.is_due(access, connector.clock()):
            access = shops.renew_access(tx, connector.vault, shop, _following(app, access, connector.clock()))
    return access


def _following(app: App, access: StoreAccess, now: datetime) -> StoreAccess:
    """The access that follows, or the same for as long as it lasts where the platform cannot renew it now."""
    try:
        return app.renew(access, now)
    except Retryable:
        if app.is_over(access, now):
            raise
        return access


def refused(connector: Connector, tx: Tx, store: str, error: NeedsMerchant, now: datetime) -> None:
    """A store that refuses us is left alone until its merchant has acted, who is told of it once."""
    newly = shops.pause(tx, store)
    problems.report(tx, store, "access", "", str(error), now)
    shop = shops.get(tx, store)
    if newly and (to := shop.settings.staff_email):
        lines = (str(error), f"{MEANWHILE} {connector.config.url}/")
        subject = SUBJECT.format(shop.name or shop.address)
        outbox.put_once(tx, store, AlertStaff(f"alert:access:{now.isoformat()}", to, subject, lines), now)
