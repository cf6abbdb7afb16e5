"""Where the companion plugin shows notices, the merchant's texts are left alone."""

import json
from datetime import date

import pytest

from adapters.woocommerce.block import placed
from connector.domain.effects import ListingState, WriteListing
from connector.ports import Written
from tests.adapters.woocommerce.conftest import Scripted, Talking

SOON = "Ships by 24 December."
META = [
    {"key": "_backorder_eta", "value": "2026-12-24"},
    {"key": "_backorder_notice", "value": SOON},
    {"key": "_backorder_available", "value": "3"},
]
LAMP = WriteListing("11", None, ListingState.BACKORDER, date(2026, 12, 24), 3, SOON)
SMALL = WriteListing("12", "10", ListingState.BACKORDER, date(2026, 12, 24), 3, SOON)


def sent(scripted: Scripted) -> list[object]:
    """What was written, the calls that only read left out."""
    return [json.loads(request.get_data()) for request in scripted.seen if request.method == "POST"]


def listed(scripted: Scripted, path: str, **row: object) -> None:
    scripted.says(path, [row], X_Backorder_Notices="1.0.0")
    scripted.says(f"{path}/batch", {"update": [{"id": row["id"]}]})


def test_only_the_figures_are_written(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    listed(scripted, "products", id=11, short_description="Mine", meta_data=[])
    assert platform.write(access, [LAMP]) == (Written("11"),)
    assert sent(scripted) == [{"update": [{"id": 11, "meta_data": META}]}]


def test_a_block_from_before_the_plugin_is_taken_out(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    listed(scripted, "products", id=11, short_description=placed("Mine", SOON), meta_data=META)
    assert platform.write(access, [LAMP]) == (Written("11"),)
    assert sent(scripted) == [{"update": [{"id": 11, "short_description": "Mine"}]}]


def test_a_variations_text_is_not_even_read(talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    listed(scripted, "products/10/variations", id=12, description="<p>Mine</p>", meta_data=[])
    assert platform.write(access, [SMALL]) == (Written("12"),)
    assert sent(scripted) == [{"update": [{"id": 12, "meta_data": META}]}]
    assert [request.path.rpartition("/")[2] for request in scripted.seen] == ["variations", "batch"]


@pytest.mark.parametrize("header", [{}, {"X_Something_Else": "1"}])
def test_without_the_plugin_the_text_says_it(header: dict[str, str], talking: Talking, scripted: Scripted) -> None:
    platform, access = talking
    scripted.says("products", [{"id": 11, "short_description": "Mine", "meta_data": META}], **header)
    scripted.says("products/batch", {"update": [{"id": 11}]})
    assert platform.write(access, [LAMP]) == (Written("11"),)
    assert sent(scripted) == [{"update": [{"id": 11, "short_description": placed("Mine", SOON)}]}]
