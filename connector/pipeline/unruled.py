"""Orders to countries whose law is not known here: no legal clock runs for them, and the merchant is told so."""

from collections.abc import Iterable
from datetime import datetime

from connector.domain.board import OrderBefore
from connector.domain.jurisdictions import AUTO, Regime
from connector.domain.owing import regime_of_address
from connector.store import orderbook, problems
from connector.store.engine import Tx
from connector.store.shops import Shop

UNRULED = "no_law"


def tell(tx: Tx, shop: Shop, news: Iterable[OrderBefore], now: datetime) -> None:
    """Show the countries among orders that something is new of, once each."""
    if shop.settings.jurisdiction != AUTO:
        return
    where = {(one.country, one.region) for one in news if one.lines and not one.cancelled}
    for country, text in sorted(_texts(where).items()):
        problems.state(tx, shop.id, UNRULED, country, text, now)


def settle(tx: Tx, shop: Shop, now: datetime) -> None:
    """A country that no open order goes to any more, or that the settings name a law for, is no problem."""
    where = orderbook.addresses(tx, shop.id) if shop.settings.jurisdiction == AUTO else ()
    problems.settle(tx, shop.id, UNRULED, _texts(where), now)


def _texts(where: Iterable[tuple[str, str]]) -> dict[str, str]:
    unruled = {country.strip().upper() for country, region in where if _is_unruled(country, region)}
    return {country: _text(country) for country in unruled}


def _is_unruled(country: str, region: str) -> bool:
    return regime_of_address(AUTO, country, region) is Regime.NONE


def _text(country: str) -> str:
    whose = f"whose country is {country[:40]}" if country else "that name no country"
    return (
        f"There are orders {whose}, and no law is known here for them: no notice of law goes out, no deadline"
        " runs, and nothing of them counts as cancelled by itself. Their customers hear of dates like all others."
        " If a law does bind you there, keep to it yourself, or name one for all orders by the setting"
        " jurisdiction."
    )
