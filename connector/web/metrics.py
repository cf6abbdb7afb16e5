"""Figures of the installation for Prometheus; stores are named by their ids and nothing else."""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge

from connector.domain.obligations import Duty
from connector.store import reports_duties, reports_health
from connector.store.engine import Tx
from connector.store.outbox import KINDS
from connector.store.reports_duties import Figure
from connector.store.reports_health import Queue

STATUSES = ("due", "sending", "unknown", "done", "dead", "withdrawn")


def gauges(tx: Tx, now: datetime) -> CollectorRegistry:
    """All figures as they are now; each store has each of them, so that none is missing where nothing happens."""
    registry = CollectorRegistry()
    stores = reports_health.store_ids(tx)
    _inboxes(registry, stores, reports_health.inboxes(tx), now)
    _outboxes(registry, stores, reports_health.outboxes(tx), now)
    _notices(registry, stores, tx)
    _duties(registry, stores, reports_duties.figures(tx), now)
    age = _gauge(registry, "reconcile_age_seconds", "Seconds since the store was last read completely.", "store")
    for store, at in reports_health.read_until(tx).items():
        age.labels(store).set(_seconds(at, now))
    return registry


def _gauge(registry: CollectorRegistry, name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"backorder_{name}", text, labels, registry=registry)


def _seconds(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0


def _inboxes(registry: CollectorRegistry, stores: Sequence[str], found: Sequence[Queue], now: datetime) -> None:
    due = _gauge(registry, "inbox_due", "Deliveries that are not folded yet.", "store")
    oldest = _gauge(registry, "inbox_oldest_seconds", "Age of the oldest of them in seconds.", "store")
    dead = _gauge(registry, "inbox_dead", "Deliveries that were given up.", "store")
    by_store = {one.store: one for one in found}
    for store in stores:
        one = by_store.get(store, Queue(store, "delivery", 0, None, 0, 0))
        due.labels(store).set(one.due)
        oldest.labels(store).set(_seconds(one.oldest, now))
        dead.labels(store).set(one.dead)


def _outboxes(registry: CollectorRegistry, stores: Sequence[str], found: Sequence[Queue], now: datetime) -> None:
    labels = ("store", "kind")
    due = _gauge(registry, "outbox_due", "Effects that are not performed yet.", *labels)
    oldest = _gauge(registry, "outbox_oldest_seconds", "Age of the oldest of them in seconds.", *labels)
    dead = _gauge(registry, "outbox_dead", "Effects that were given up.", *labels)
    unknown = _gauge(registry, "outbox_unknown", "Effects that may or may not have been performed.", *labels)
    by_kind = {(one.store, one.kind): one for one in found}
    for store in stores:
        for kind in KINDS.values():
            one = by_kind.get((store, kind), Queue(store, kind, 0, None, 0, 0))
            due.labels(store, kind).set(one.due)
            oldest.labels(store, kind).set(_seconds(one.oldest, now))
            dead.labels(store, kind).set(one.dead)
            unknown.labels(store, kind).set(one.unknown)


def _notices(registry: CollectorRegistry, stores: Sequence[str], tx: Tx) -> None:
    notices = _gauge(registry, "notices", "Notices to customers by status.", "store", "status")
    for store in stores:
        for status in STATUSES:
            notices.labels(store, status).set(0)
    for one in reports_health.notice_counts(tx):
        notices.labels(one.store, one.status).set(one.count)


def _duties(registry: CollectorRegistry, stores: Sequence[str], found: Sequence[Figure], now: datetime) -> None:
    labels = ("store", "duty")
    is_open = _gauge(registry, "obligations_open", "Duties of law that are open.", *labels)
    breached = _gauge(registry, "obligations_breached", "Duties of law that were not done in time.", *labels)
    text = "Seconds until the first open duty is due; below 0 where it is over, +Inf where none is open."
    due = _gauge(registry, "obligation_next_due_seconds", text, *labels)
    known = {(one.store, one.duty, one.state): one for one in found}
    for store in stores:
        for duty in Duty:
            opened, missed = known.get((store, duty, "open")), known.get((store, duty, "breached"))
            is_open.labels(store, duty).set(opened.count if opened else 0)
            breached.labels(store, duty).set(missed.count if missed else 0)
            due.labels(store, duty).set((opened.first_due - now).total_seconds() if opened else float("inf"))
