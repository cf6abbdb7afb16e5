"""Claims and lots as tests write them, and as hypothesis draws them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from connector.domain.allocation import Allotment, Claim, Lot, Stock

START = datetime(2026, 3, 1, tzinfo=UTC)
SPREAD = {"east": "win", "west": "redistribute", "south": "fill", "north": "lose"}


def claim(order: str, quantity: int = 1, hour: int = 0, **more: Any) -> Claim:
    """A claim of an order's only line, placed `hour` hours after the start."""
    return Claim(order, more.pop("line", "1"), quantity, START + timedelta(hours=hour), **more)


def lot(id: str, quantity: int, day: int | None, **more: Any) -> Lot:
    """A lot that is ready on a day of March 2026 (None: no date)."""
    return Lot(id, quantity, None if day is None else march(day), **more)


def march(day: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, day)


def claims(places: tuple[str, ...] = ("",), most: int = 8) -> st.SearchStrategy[list[Claim]]:
    """Claims of different lines, many of them placed at the same time."""
    one = st.builds(
        lambda number, line, units, hour, held, more: claim(
            f"{number:03}", units, hour, line=str(line), held=min(held, units), **more
        ),
        st.integers(0, 5),
        st.integers(1, 2),
        st.integers(1, 5),
        st.integers(0, 3),
        st.integers(0, 2),
        st.fixed_dictionaries(
            {
                "pinned": st.booleans(),
                "rank": st.integers(0, 2),
                "segment": st.sampled_from([*SPREAD, "dtc"]),
                "deadline": st.one_of(st.none(), st.integers(1, 28).map(march)),
                "location": st.sampled_from(places),
            }
        ),
    )
    return st.lists(one, max_size=most, unique_by=lambda drawn: (drawn.order, drawn.line))


def lots(places: tuple[str, ...] = ("",), most: int = 6) -> st.SearchStrategy[list[Lot]]:
    """Lots with and without a date, several of them ready on one day."""
    one = st.builds(
        lambda number, units, day, place: lot(f"L{number}", units, day, location=place),
        st.integers(0, 20),
        st.integers(0, 6),
        st.one_of(st.none(), st.integers(1, 9)),
        st.sampled_from(places),
    )
    return st.lists(one, max_size=most, unique_by=lambda drawn: drawn.id)


@st.composite
def shops(draw: st.DrawFn, places: tuple[str, ...] = ("",)) -> list[Stock]:
    """Two or three stocks in which some orders ship complete."""
    whole = draw(st.frozensets(st.integers(0, 5).map(lambda number: f"{number:03}")))
    stocks = []
    for name in ("A", "B", "C")[: draw(st.integers(2, 3))]:
        drawn = [mark(one, f"{name}{one.line}", one.order in whole) for one in draw(claims(places))]
        stocks.append(Stock(name, tuple(drawn), draw(st.integers(0, 6)), tuple(draw(lots(places)))))
    return stocks


def mark(one: Claim, line: str, whole: bool) -> Claim:
    """The claim as a line of its own in an order that ships complete or not, served in turn of its time."""
    return claim(one.order, one.quantity, 0, line=line, held=one.held, ship_complete=whole, location=one.location)


def by_line(got: tuple[Allotment, ...]) -> dict[tuple[str, str], Allotment]:
    """The allotments by order and line."""
    return {(one.order, one.line): one for one in got}


def wait(one: Allotment) -> tuple[int, int, int]:
    """Waiting units, first and last day as ordinals, unknown after all others; less is better in each."""
    if not one.waiting:
        return 0, 0, 0
    return one.waiting, (one.first or date.max).toordinal(), (one.eta or date.max).toordinal()


def later(before: tuple[Allotment, ...], after: tuple[Allotment, ...]) -> list[tuple[str, str]]:
    """Lines that are worse off after than before, in any of the three."""
    old, new = by_line(before), by_line(after)
    both = old.keys() & new.keys()
    return [line for line in both if any(b < a for b, a in zip(wait(old[line]), wait(new[line]), strict=True))]
