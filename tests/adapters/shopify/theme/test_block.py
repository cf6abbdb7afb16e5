"""What the theme block says before any script runs, and whether its parts fit together."""

import json
import re
from datetime import date

import pytest

from tests.adapters.shopify.theme.rendering import BLOCK, EXTENSION, SCRIPT, render, schema, variant

MARCH = date(2026, 3, 20)
TEXT = re.compile(r"<p class=\"backorder-notice__text\"[^>]*?( hidden)?>(.*?)</p>", re.DOTALL)
LOCALES = sorted((EXTENSION / "locales").glob("*.json"))


def said(html: str) -> tuple[bool, str]:
    """Whether the sentence is hidden, and what it says."""
    found = TEXT.search(html)
    assert found is not None
    return found[1] is not None, found[2].strip()


def scripts(html: str, kind: str) -> list[object]:
    bodies = re.findall(rf'<script type="{re.escape(kind)}"[^>]*>(.*?)</script>', html, re.DOTALL)
    return [json.loads(body) for body in bodies]


def test_the_selected_variant_is_said_without_a_script() -> None:
    assert said(render([variant(1, notice="4 units can ship by 20 March 2026.", eta=MARCH)])) == (
        False,
        "4 units can ship by 20 March 2026.",
    )


def test_nothing_is_said_of_a_variant_that_is_there() -> None:
    html = render([variant(1, state="in_stock"), variant(2, notice="Later", eta=MARCH)])
    assert said(html) == (True, "")


def test_the_merchants_own_sentence_stands_in_only_where_there_is_a_date() -> None:
    undated, dated = variant(1, notice="No date yet."), variant(2, notice="4 units", eta=MARCH)
    wording = "Ours: [available] by [date]"
    assert said(render([undated, dated], wording=wording)) == (False, "No date yet.")
    assert said(render([dated, undated], wording=wording)) == (False, "Ours: 4 by March 20, 2026")


def test_the_script_finds_every_variant() -> None:
    html = render([variant(1, state="in_stock", notice="stale"), variant(2, notice="Later", eta=MARCH), variant(3)])
    assert scripts(html, "application/json") == [
        {
            "1": {"notice": "", "date": ""},
            "2": {"notice": "Later", "date": "March 20, 2026"},
            "3": {"notice": None, "date": ""},
        }
    ]


def test_search_engines_get_one_offer_for_each_variant_that_waits() -> None:
    html = render(
        [variant(1, state="in_stock"), variant(2, notice="Later", eta=MARCH), variant(3, notice="Some day")]
    )
    offer = {
        "@type": "Offer",
        "sku": "SKU-2",
        "url": "https://shop.example/products/lamp?variant=2",
        "price": 19.99,
        "priceCurrency": "EUR",
        "availabilityStarts": "2026-03-20T00:00:00+0000",
        "availability": "https://schema.org/BackOrder",
    }
    undated = offer | {"sku": "SKU-3", "url": "https://shop.example/products/lamp?variant=3"}
    del undated["availabilityStarts"]
    assert scripts(html, "application/ld+json") == [
        {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": "Lamp",
            "url": "https://shop.example/products/lamp",
            "offers": [offer, undated],
        }
    ]


@pytest.mark.parametrize(
    ("variants", "settings"),
    [([variant(1, state="in_stock")], {}), ([variant(1, eta=MARCH)], {"structured_data": False})],
)
def test_search_engines_get_nothing_where_nobody_waits_or_the_merchant_says_so(
    variants: list[dict[str, object]], settings: dict[str, object]
) -> None:
    assert scripts(render(variants, **settings), "application/ld+json") == []


def test_a_notice_is_text_wherever_it_stands() -> None:
    html = render([variant(1, notice="</script><script>alert(1)</script>", eta=MARCH)])
    assert said(html) == (False, "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;")
    assert html.count("<script") == 2


def test_the_editors_settings_are_the_ones_that_the_block_reads() -> None:
    used = set(re.findall(r"block\.settings\.(\w+)", BLOCK.read_text()))
    assert {one["id"] for one in schema()["settings"]} == used


def test_a_choice_has_its_default_among_its_options() -> None:
    for one in schema()["settings"]:
        if one["type"] == "select":
            assert one["default"] in [option["value"] for option in one["options"]]


def test_the_files_that_the_block_names_are_there() -> None:
    assert (EXTENSION / "assets" / schema()["javascript"]).is_file()
    assert (EXTENSION / "assets" / schema()["stylesheet"]).is_file()


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.name)
def test_every_language_has_every_sentence(path: object) -> None:
    name = str(path).rpartition("/")[2]
    whole = "en.default.schema.json" if ".schema." in name else "en.default.json"
    assert _keys(json.loads((EXTENSION / "locales" / name).read_text())) == _keys(
        json.loads((EXTENSION / "locales" / whole).read_text())
    )


def test_the_editors_words_are_translated_and_none_is_left_over() -> None:
    words = _keys(json.loads((EXTENSION / "locales" / "en.default.schema.json").read_text()))
    assert {f"t:{key}" for key in words} == set(re.findall(r'"(t:[\w.]+)"', json.dumps(schema())))


def test_the_script_is_small() -> None:
    assert SCRIPT.stat().st_size <= 10_000


def _keys(tree: object, path: str = "") -> set[str]:
    if not isinstance(tree, dict):
        return {path}
    return {key for name, below in tree.items() for key in _keys(below, f"{path}.{name}" if path else name)}
