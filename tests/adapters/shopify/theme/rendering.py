"""A product page as Shopify would render it: a theme's form, and our block below it."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from liquid import Environment

import adapters.shopify

EXTENSION = Path(adapters.shopify.__file__).parent / "app" / "extensions" / "backorder-notice"
BLOCK = EXTENSION / "blocks" / "backorder-notice.liquid"
SCRIPT = EXTENSION / "assets" / "backorder-notice.js"
SETTINGS = {"wording": "", "style": "plain", "line_property": True, "structured_data": True}
SCHEMA = re.compile(r"{% schema %}(.*?){% endschema %}", re.DOTALL)


def schema() -> dict[str, Any]:
    """What the block tells Shopify's theme editor."""
    found = SCHEMA.search(BLOCK.read_text())
    assert found is not None
    return dict(json.loads(found[1]))


def variant(number: int, *, notice: str = "", eta: date | None = None, state: str = "backorder") -> dict[str, Any]:
    """A variant with the metafields that the connector writes."""
    fields = {"state": state, "notice": notice or None, "eta": eta, "available": 4 if state == "backorder" else None}
    return {
        "id": number,
        "sku": f"SKU-{number}",
        "url": f"/products/lamp?variant={number}",
        "price": 1999,
        "metafields": {"$app": {key: {"value": value} for key, value in fields.items() if value is not None}},
    }


def render(variants: list[dict[str, Any]], **settings: object) -> str:
    """The block's HTML for a product with these variants, the first of them selected."""
    env = Environment(extra=True)
    env.filters["t"] = _translated
    env.filters["json"] = _json
    env.filters["date"] = _date
    product = {
        "title": "Lamp",
        "url": "/products/lamp",
        "variants": variants,
        "selected_or_first_available_variant": variants[0],
    }
    block = {"settings": {**SETTINGS, **settings}, "shopify_attributes": ""}
    text = SCHEMA.sub("", BLOCK.read_text())
    return env.from_string(text).render(
        product=product,
        block=block,
        request={"origin": "https://shop.example"},
        cart={"currency": {"iso_code": "EUR"}},
    )


def _translated(key: str) -> str:
    found: Any = json.loads((EXTENSION / "locales" / "en.default.json").read_text())
    for part in key.split("."):
        found = found[part]
    return str(found)


def _json(value: object) -> str:
    return json.dumps(value, default=lambda missing: None).replace("<", "\\u003c")


def _date(value: date, pattern: str = "", *, format: str = "") -> str:
    wanted = {"date": "%B %-d, %Y"}.get(format, pattern).replace("%z", "+0000")
    return datetime(value.year, value.month, value.day).strftime(wanted)
