"""The page about backorders in a store: one, written when asked for, and never over what others wrote."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from connector.domain.errors import BadInput, Unsupported
from connector.pipeline.policy_page import HANDLE, draft, publish
from connector.ports import InfoPage, StoreAccess
from connector.store import shops
from tests.pipeline.given import House


@dataclass
class Shelf:
    """Pages of a store, which puts its own spaces between tags."""

    kept: dict[str, InfoPage] = field(default_factory=dict)
    dies: bool = False

    def find(self, access: StoreAccess, known_as: str, handle: str) -> InfoPage | None:
        at = f"https://store.example/pages/{handle}"
        return self.kept.get(known_as) or next((page for page in self.kept.values() if page.url == at), None)

    def put(self, access: StoreAccess, known_as: str, handle: str, title: str, body: str) -> InfoPage:
        number = known_as or str(len(self.kept) + 1)
        kept = InfoPage(number, title, body.replace("\n", ""), f"https://store.example/pages/{handle}")
        self.kept[number] = kept
        if self.dies:
            raise RuntimeError("killed")
        return kept


@pytest.fixture
def shelf(home: House) -> Iterator[Shelf]:
    home.stall.pages = shelf = Shelf()
    yield shelf


def write(home: House, *, over: bool = False) -> InfoPage:
    return publish(home.connector, home.shop.id, replace=over)


def change(home: House, **given: object) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, given)


def drafted(home: House) -> tuple[bool, bool]:
    """Whether the page was written, and whether it still says what the settings say."""
    with home.connector.db.begin() as tx:
        made = draft(home.connector, shops.get(tx, home.shop.id))
    return made.published is not None, made.is_current


def test_to_read_the_draft_writes_nothing(home: House, shelf: Shelf) -> None:
    assert drafted(home) == (False, False)
    assert shelf.kept == {}


def test_the_page_is_written_once_and_again_where_settings_have_changed(home: House, shelf: Shelf) -> None:
    first = write(home)
    assert drafted(home) == (True, True)
    change(home, partial_shipments="no")
    assert drafted(home) == (True, False)
    assert "ships once all of it is here" not in first.body
    again = write(home)
    assert (again.id, drafted(home), len(shelf.kept)) == (first.id, (True, True), 1)
    assert "ships once all of it is here" in again.body


def test_what_the_merchant_has_changed_stays_until_it_is_said_that_it_may_go(home: House, shelf: Shelf) -> None:
    first = write(home)
    theirs = shelf.kept[first.id] = replace(first, body=first.body + "<p>Ours</p>")
    with pytest.raises(BadInput, match="not as it was last written from here"):
        write(home)
    assert shelf.kept == {first.id: theirs}
    assert "Ours" not in write(home, over=True).body


def test_a_title_that_was_changed_counts_as_well(home: House, shelf: Shelf) -> None:
    first = write(home)
    shelf.kept[first.id] = replace(first, title="Late things")
    with pytest.raises(BadInput):
        write(home)


def test_a_page_of_another_at_the_same_address_is_not_touched(home: House, shelf: Shelf) -> None:
    shelf.kept["7"] = InfoPage("7", "Mine", "<p>Mine</p>", f"https://store.example/pages/{HANDLE}")
    with pytest.raises(BadInput, match="/pages/backorders"):
        write(home)
    assert write(home, over=True).id == "7"
    assert len(shelf.kept) == 1


def test_a_page_that_was_deleted_is_made_anew(home: House, shelf: Shelf) -> None:
    write(home)
    shelf.kept.clear()
    assert write(home).id in shelf.kept


def test_whoever_dies_before_it_is_recorded_finds_the_page_again(home: House, shelf: Shelf) -> None:
    shelf.dies = True
    with pytest.raises(RuntimeError):
        write(home)
    shelf.dies = False
    assert drafted(home) == (False, False)
    write(home)
    assert (len(shelf.kept), drafted(home)) == (1, (True, True))


def test_a_store_whose_pages_cannot_be_written_has_the_text_to_copy(home: House) -> None:
    with pytest.raises(Unsupported, match="copy the text"):
        write(home)
    assert drafted(home) == (False, False)


def test_a_store_that_was_left_is_not_written_to(home: House, shelf: Shelf) -> None:
    with home.connector.db.begin() as tx:
        shops.set_status(tx, home.shop.id, "closed")
    with pytest.raises(BadInput, match="not connected"):
        write(home)
    assert shelf.kept == {}
