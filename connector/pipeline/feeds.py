"""A supplier's feed is added: its address is judged before it is kept, and sealed, for it may hold a password."""

from dataclasses import replace
from urllib.parse import urlsplit

from connector.domain.errors import BadInput, ConnectorError, NeedsMerchant
from connector.domain.wording import place
from connector.pipeline.connector import Connector
from connector.ports import FeedSource, Validators
from connector.store import feeds
from connector.store.engine import Tx, wait_for_store
from connector.store.feeds import Feed, NewFeed


def add_feed(connector: Connector, store: str, new: NewFeed, *, move: bool = False) -> Feed:
    """A new feed, or a known one described anew; BadInput where no file can be read in that way: nothing is kept.

    A supplier without a name is called by its host. With `move` a supplier's feed may get another address.
    """
    url = new.url.strip()
    try:
        source_of(connector, url).check(url)
    except ConnectorError as error:
        raise BadInput(f"--url: {error}") from error
    named = replace(new, supplier=new.supplier or urlsplit(url).hostname or url, url=place(url))
    _read_once(connector, named, url)
    with connector.db.begin() as tx:
        wait_for_store(tx, store)
        known = next((one for one in feeds.of_store(tx, store) if one.supplier == named.supplier), None)
        if known is not None and not move and address_of(connector, tx, known) != url:
            raise BadInput(
                f"--supplier: {known.supplier} has feed {known.id} already, at another address:"
                " give this one a --supplier of its own, or --move the feed to this address"
            )
        feed = feeds.add(tx, store, named, connector.clock())
        connector.vault.put(tx, store, _name(feed), {"url": url})
    return feed


def _read_once(connector: Connector, new: NewFeed, url: str) -> None:
    """Whoever describes a feed is there to put it right; a wrong description must not replace one that works."""
    try:
        fetched = source_of(connector, url).fetch(url, Validators())
        if fetched is not None:
            connector.formats[new.format].read(fetched.body, new.mapping, fetched.charset)
    except ConnectorError as error:
        raise BadInput(f"the feed is not added: {error}") from error


def source_of(connector: Connector, url: str) -> FeedSource:
    """Who reads an address; NeedsMerchant where nobody does."""
    for source in connector.sources:
        if source.handles(url):
            return source
    raise NeedsMerchant("no way is known to fetch a file from this address")


def address_of(connector: Connector, tx: Tx, feed: Feed) -> str:
    """A feed's whole address, with what is secret in it."""
    try:
        sealed = connector.vault.find(tx, feed.store, _name(feed))
    except NeedsMerchant:
        raise NeedsMerchant("its address cannot be opened with this installation's secret; add it again") from None
    return sealed["url"] if sealed is not None else feed.url


def _name(feed: Feed) -> str:
    return f"feed {feed.id}"
