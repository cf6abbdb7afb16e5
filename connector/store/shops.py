"""The connected stores, and what they are set to."""

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from connector.domain.errors import BadInput, NeedsMerchant
from connector.domain.settings import Settings, read_settings, readable
from connector.ports import StoreAccess, StoreProfile
from connector.store.engine import Tx
from connector.store.tables import stores
from connector.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Shop:
    """A connected store. `hook_token` is the unguessable end of the address that its webhooks come to."""

    id: str
    platform: str
    address: str
    name: str
    currency: str
    version: str
    status: str
    hook_token: str = field(repr=False)
    settings: Settings
    progress: Mapping[str, Any]
    connected_at: datetime
    reconciled_at: datetime | None


def meet(
    tx: Tx, vault: Vault, platform: str, access: StoreAccess, profile: StoreProfile, now: datetime
) -> tuple[Shop, StoreAccess]:
    """The store at an address, and this access to it with its hook secret; nothing that is known of it changes.

    A new one is closed, and has a door: its credentials have still to prove themselves.
    """
    row = insert(stores).values(
        id=f"s{random.token_hex(5)}",
        platform=platform,
        address=access.address,
        hook_token=random.token_hex(20),
        settings={"timezone": profile.timezone} if profile.timezone else {},
        connected_at=now,
        status="closed",
        **_said(profile),
    )
    new = tx.scalar(row.on_conflict_do_nothing(index_elements=["platform", "address"]).returning(stores.c.id))
    here = sa.and_(stores.c.platform == platform, stores.c.address == access.address)
    shop = _shop(tx.execute(sa.select(stores).where(here)).one())
    full = StoreAccess(access.address, access.credentials, access.hook_secret or _hook_secret(tx, vault, shop.id))
    if new is not None:
        vault.put(tx, shop.id, "access", {"_hook_secret": full.hook_secret})
    return shop, full


def add(
    tx: Tx, vault: Vault, platform: str, access: StoreAccess, profile: StoreProfile, now: datetime
) -> tuple[Shop, StoreAccess]:
    """A new store, or the known one at this address with its new credentials; and its access with hook secret."""
    shop, full = meet(tx, vault, platform, access, profile, now)
    # Where a store that was left had come to while it was read in is of then: much of it may be otherwise now.
    progress = sa.case((stores.c.status == "closed", sa.literal({}, JSONB)), else_=stores.c.progress)
    values = {"status": "active", "admitted_at": now, "progress": progress, **_said(profile)}
    tx.execute(sa.update(stores).where(stores.c.id == shop.id).values(values))
    vault.put(tx, shop.id, "access", {**full.credentials, "_hook_secret": full.hook_secret})
    return get(tx, shop.id), full


def _said(profile: StoreProfile) -> dict[str, str]:
    return {"name": profile.name, "currency": profile.currency, "version": profile.version}


def _hook_secret(tx: Tx, vault: Vault, store: str) -> str:
    """The secret that a known store's webhooks are signed with already, or a new one; hexadecimal digits only."""
    try:
        return vault.get(tx, store, "access")["_hook_secret"]
    except NeedsMerchant:
        return random.token_hex(32)


def access_of(tx: Tx, vault: Vault, shop: Shop) -> StoreAccess:
    """How to reach a store; NeedsMerchant where its credentials cannot be opened."""
    kept = dict(vault.get(tx, shop.id, "access"))
    secret = kept.pop("_hook_secret", "")
    return StoreAccess(shop.address, kept, secret)


def renew_access(tx: Tx, vault: Vault, shop: Shop, access: StoreAccess) -> StoreAccess:
    """Keep what follows a store's access; it comes back with the secret of its webhooks, which stays."""
    full = StoreAccess(shop.address, access.credentials, _hook_secret(tx, vault, shop.id))
    vault.put(tx, shop.id, "access", {**full.credentials, "_hook_secret": full.hook_secret})
    return full


def forget_access(tx: Tx, vault: Vault, shop: Shop) -> None:
    """Drop a store's credentials; the secret of its webhooks stays, to tell a late delivery from a made-up one."""
    vault.put(tx, shop.id, "access", {"_hook_secret": _hook_secret(tx, vault, shop.id)})


def get(tx: Tx, store: str) -> Shop:
    """A store by id; BadInput where there is none."""
    row = tx.execute(sa.select(stores).where(stores.c.id == store)).one_or_none()
    if row is None:
        raise BadInput(f"there is no store {store}")
    return _shop(row)


def by_token(tx: Tx, platform: str, token: str) -> Shop | None:
    """The store that a webhook address belongs to."""
    query = sa.select(stores).where(stores.c.platform == platform, stores.c.hook_token == token)
    row = tx.execute(query).one_or_none()
    return _shop(row) if row else None


def by_address(tx: Tx, platform: str, address: str) -> Shop | None:
    """The store of a platform at an address."""
    here = sa.and_(stores.c.platform == platform, stores.c.address == address)
    row = tx.execute(sa.select(stores).where(here)).one_or_none()
    return _shop(row) if row else None


def every(tx: Tx) -> tuple[Shop, ...]:
    """All stores, oldest first."""
    return tuple(_shop(row) for row in tx.execute(sa.select(stores).order_by(stores.c.connected_at, stores.c.id)))


def _shop(row: Any) -> Shop:
    return Shop(
        row.id,
        row.platform,
        row.address,
        row.name,
        row.currency,
        row.version,
        row.status,
        row.hook_token,
        _settings(row.settings),
        row.progress,
        row.connected_at,
        row.reconciled_at,
    )


def _settings(kept: Mapping[str, Any]) -> Settings:
    """Stores are looked up all the time, and nearly always all of it can be read."""
    try:
        return read_settings(kept)
    except BadInput:
        return read_settings(readable(kept))


def change_settings(tx: Tx, store: str, given: Mapping[str, Any]) -> Settings:
    """Set some entries; BadInput where one is wrong, and then none is set."""
    row = tx.execute(sa.select(stores.c.settings).where(stores.c.id == store).with_for_update()).one()
    merged = {**readable(row.settings), **given}
    settings = read_settings(merged)
    tx.execute(sa.update(stores).where(stores.c.id == store).values(settings=merged))
    return settings


def set_progress(tx: Tx, store: str, progress: Mapping[str, Any]) -> None:
    """How far a long work has come, to go on there."""
    tx.execute(sa.update(stores).where(stores.c.id == store).values(progress=dict(progress)))


def set_status(tx: Tx, store: str, status: str) -> None:
    """active, paused or closed."""
    tx.execute(sa.update(stores).where(stores.c.id == store).values(status=status))


def pause(tx: Tx, store: str) -> bool:
    """A store that refuses us is left alone; False where that is known, or it was left: a refusal is how many end."""
    active = sa.and_(stores.c.id == store, stores.c.status == "active")
    return tx.execute(sa.update(stores).where(active).values(status="paused")).rowcount == 1


def resume(tx: Tx, store: str) -> None:
    """A paused store is active again; one that was left meanwhile stays so."""
    tx.execute(sa.update(stores).where(stores.c.id == store, stores.c.status == "paused").values(status="active"))


def set_importing(tx: Tx, store: str, until: datetime | None) -> None:
    """A store has still to be read in, which whoever is at it holds until then; None: it has been."""
    tx.execute(sa.update(stores).where(stores.c.id == store).values(importing_until=until))


def hold_import(tx: Tx, store: str, now: datetime, until: datetime) -> bool:
    """Be the one who reads a store in; False where there is nothing to read, or somebody is at it."""
    free = sa.and_(stores.c.id == store, stores.c.status == "active", stores.c.importing_until <= now)
    return tx.execute(sa.update(stores).where(free).values(importing_until=until)).rowcount == 1


def is_being_read(tx: Tx, store: str, since: datetime) -> bool:
    """Whether a store that let us in after this time has still to be read in."""
    unread = sa.and_(stores.c.id == store, stores.c.importing_until.is_not(None), stores.c.admitted_at > since)
    return bool(tx.scalar(sa.select(sa.exists().where(unread))))


def importing(tx: Tx) -> tuple[tuple[str, datetime], ...]:
    """Stores that have still to be read in, and until when somebody is at it."""
    unread = sa.and_(stores.c.status == "active", stores.c.importing_until.is_not(None))
    rows = tx.execute(sa.select(stores.c.id, stores.c.importing_until).where(unread))
    return tuple((row.id, row.importing_until) for row in rows)


def set_reconciled(tx: Tx, store: str, at: datetime) -> None:
    """All that changed before this time has been read."""
    tx.execute(sa.update(stores).where(stores.c.id == store).values(reconciled_at=at))
