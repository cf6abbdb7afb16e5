"""Records of the practice store in WooCommerce's own JSON."""

from __future__ import annotations

import copy
import json
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters.woocommerce.practice.model import Customer, Hook, Line, Meta, Note, Order, Product, Refund
from adapters.woocommerce.practice.shop import Shop

Json = dict[str, Any]

# Every field that a real store sends, with its usual value; the functions below fill in the rest.
BLANKS: dict[str, Json] = json.loads((Path(__file__).parent / "forms.json").read_text("utf-8"))
EVENTS = {
    "order.created": ["woocommerce_new_order"],
    "order.updated": ["woocommerce_update_order", "woocommerce_order_refunded"],
    "order.deleted": ["wp_trash_post", "woocommerce_trash_order"],
    "order.restored": ["untrashed_post", "woocommerce_untrash_order"],
    "product.created": [
        "woocommerce_process_product_meta",
        "woocommerce_new_product",
        "woocommerce_new_product_variation",
    ],
    "product.updated": ["woocommerce_update_product", "woocommerce_update_product_variation"],
    "product.deleted": ["wp_trash_post"],
    "product.restored": ["untrashed_post"],
}
BLOCK = re.compile(r"<(p|ul|ol|div|table|h[1-6])\b.*?</\1\s*>", re.DOTALL)
EVERYTHING = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def encoded(value: object) -> str:
    """JSON as PHP writes it: slashes escaped, everything in ASCII."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


class Forms:
    """Writes records as JSON, with the addresses of the store at `url`."""

    def __init__(self, shop: Shop, url: str) -> None:
        self._shop = shop
        self._url = url

    def product(self, product: Product, *, edit: bool = False) -> Json:
        """A product, or a variation as the products route and webhooks show it; texts are raw with `edit`."""
        form = _blank("product", **self._shared(product), slug=product.slug, type=_type(product))
        described = product.description if product.parent else product.short_description
        text = described if edit else shown(described)
        form["description" if product.parent else "short_description"] = text
        form |= {
            "name": product.name,
            "total_sales": str(product.sold) if product.parent else product.sold,
            "reviews_allowed": not product.parent,
            "categories": [] if product.parent else form["categories"],
            "price_html": _price_html(product.price),
            "variations": [variation.id for variation in self._shop.variations(product.id)],
            "has_options": product.variable,
            "attributes": self._attributes(product),
        }
        if edit:
            form |= {"permalink_template": f"{self._url}/product/%pagename%/", "generated_slug": product.slug}
        return form | self._links(f"products/{product.id}", "products", EVERYTHING, self._up(product))

    def variation(self, product: Product) -> Json:
        """A variation as its own route shows it: the description always as the shop renders it."""
        form = _blank("variation", **self._shared(product), name=product.option[1] if product.option else "")
        form |= {"description": shown(product.description), "attributes": self._attributes(product)}
        path = f"products/{product.parent}/variations"
        return form | self._links(f"{path}/{product.id}", path, EVERYTHING, self._up(product))

    def order(self, order: Order) -> Json:
        """An order with its lines; of refunds only the totals."""
        form = _blank("order", id=order.id, status=order.status, number=str(order.id), parent_id=order.parent)
        form |= {
            **_dated("date_created", order.created),
            **_dated("date_modified", order.modified),
            **_dated("date_completed", order.completed),
            **_dated("date_paid", order.paid),
            "total": _money(order.total),
            "payment_method": order.gateway,
            "customer_id": order.customer,
            "meta_data": [_meta(entry) for entry in order.meta],
            "order_key": order.key,
            "billing": form["billing"] | order.billing,
            "shipping": form["shipping"] | order.shipping,
            "created_via": order.via,
            "line_items": [_line(line) for line in order.lines],
            "refunds": [_refund_total(refund) for refund in order.refunds],
            "payment_url": f"{self._url}/checkout/order-pay/{order.id}/?pay_for_order=true&key={order.key}",
            "is_editable": order.status in ("pending", "on-hold"),
            "needs_payment": order.status in ("pending", "failed"),
        }
        templates = {"embeddable": True, "href": self._rest(f"orders/{order.id}/actions/email_templates")}
        links = self._links(f"orders/{order.id}", "orders", EVERYTHING)
        links["_links"]["email_templates"] = [templates]
        return form | links

    def customer(self, customer: Customer) -> Json:
        """An account of the shop."""
        form = _blank("customer", id=customer.id, email=customer.email, role=customer.role)
        form |= _dated("date_created", customer.created) | _dated("date_modified", customer.modified)
        form["meta_data"] = [_meta(entry) for entry in customer.meta]
        return form | self._links(f"customers/{customer.id}", "customers", EVERYTHING)

    def refund(self, order: Order, refund: Refund) -> Json:
        """A refund with the units that it takes back, below zero."""
        by_id = {line.id: line for line in order.lines}
        form = _blank("refund", id=refund.id, amount=_money(refund.amount), reason=refund.reason)
        kind = {"id": refund.id, "key": "_refund_type", "value": "full" if order.status == "refunded" else "partial"}
        lines = [_refunded(by_id[line], refund, line) for line in refund.units if line in by_id]
        form |= {**_dated("date_created", refund.created), "meta_data": [kind], "line_items": lines}
        form["refunded_payment"] = refund.sent
        path = f"orders/{order.id}/refunds"
        return form | self._links(f"{path}/{refund.id}", path, ["GET", "DELETE"], f"orders/{order.id}")

    def note(self, order: Order, note: Note) -> Json:
        """A note on an order."""
        form = _blank("note", id=note.id, note=note.text, customer_note=note.for_customer)
        path = f"orders/{order.id}/notes"
        links = self._links(f"{path}/{note.id}", path, ["GET", "DELETE"], f"orders/{order.id}")
        return form | _dated("date_created", note.created) | links

    def webhook(self, hook: Hook) -> Json:
        """A webhook, without its secret and without its count of failures."""
        resource, _, event = hook.topic.partition(".")
        form = _blank("webhook", id=hook.id, name=hook.name, status=hook.status, topic=hook.topic)
        form |= {"resource": resource, "event": event, "hooks": EVENTS[hook.topic], "delivery_url": hook.url}
        form |= _dated("date_created", hook.created) | _dated("date_modified", hook.modified)
        return form | self._links(f"webhooks/{hook.id}", "webhooks", EVERYTHING)

    def system_status(self) -> Json:
        """What the store tells its administrators."""
        form = copy.deepcopy(BLANKS["system_status"])
        form["environment"] |= {"home_url": self._url, "site_url": self._url}
        return form

    def _shared(self, product: Product) -> Json:
        """Fields that the products and the variations route have in common."""
        holder = self._shop.stock_holder(product)
        managed = holder.stock is not None
        price = _price(product)
        return {
            "id": product.id,
            "sku": product.sku,
            "permalink": self._permalink(product),
            **_dated("date_created", product.created),
            **_dated("date_modified", product.modified),
            "price": price,
            "regular_price": "" if product.variable else price,
            "status": product.status,
            "manage_stock": "parent" if product.parent_stock else managed,
            "stock_quantity": holder.stock,
            "backorders": holder.backorders if managed else "no",
            "backorders_allowed": managed and holder.backorders in ("yes", "notify"),
            "backordered": managed and holder.backorders != "no" and (holder.stock or 0) <= 0,
            "stock_status": stock_status(product, holder),
            "parent_id": product.parent,
            "meta_data": [_meta(entry) for entry in product.meta],
        }

    def _attributes(self, product: Product) -> list[Json]:
        if product.option:
            name, option = product.option
            return [{"id": 0, "name": name, "slug": name.lower(), "option": option}]
        options = [variation.option for variation in self._shop.variations(product.id) if variation.option]
        names = dict.fromkeys(name for name, _ in options)
        return [
            {
                "id": 0,
                "name": name,
                "slug": name,
                "position": position,
                "visible": True,
                "variation": True,
                "options": [option for of, option in options if of == name],
            }
            for position, name in enumerate(names)
        ]

    def _permalink(self, product: Product) -> str:
        parent = self._shop.products.get(product.parent)
        if parent is None or product.option is None:
            return f"{self._url}/product/{product.slug}/"
        name, option = product.option
        return f"{self._url}/product/{parent.slug}/?attribute_{name.lower()}={option}"

    def _up(self, product: Product) -> str:
        return f"products/{product.parent}" if product.parent else ""

    def _rest(self, path: str) -> str:
        return f"{self._url}/wp-json/wc/v3/{path}"

    def _links(self, own: str, collection: str, allow: list[str], up: str = "") -> Json:
        links: Json = {"self": [{"href": self._rest(own), "targetHints": {"allow": allow}}]}
        links["collection"] = [{"href": self._rest(collection)}]
        if up:
            links["up"] = [{"href": self._rest(up)}]
        return {"_links": links}


def stock_status(product: Product, holder: Product) -> str:
    """What the shop says of a product's stock."""
    if holder.stock is None:
        return product.unmanaged_status
    if holder.stock > 0:
        return "instock"
    return "onbackorder" if holder.backorders in ("yes", "notify") else "outofstock"


def shown(text: str) -> str:
    """A text as the shop renders it: what stands beside its blocks is put into paragraphs."""
    parts, end = list[str](), 0
    for block in BLOCK.finditer(text):
        parts += [_paragraph(text[end : block.start()]), block[0]]
        end = block.end()
    return "".join(f"{part}\n" for part in (*parts, _paragraph(text[end:])) if part)


def _paragraph(loose: str) -> str:
    return f"<p>{loose.strip()}</p>" if loose.strip() else ""


def _blank(kind: str, **values: object) -> Json:
    return copy.deepcopy(BLANKS[kind]) | values


def _type(product: Product) -> str:
    return "variable" if product.variable else "variation" if product.parent else "simple"


def _dated(name: str, moment: datetime | None) -> Json:
    """A time twice, in the site's zone (which is UTC here) and in UTC."""
    text = None if moment is None else moment.replace(tzinfo=None).isoformat(timespec="seconds")
    return {name: text, f"{name}_gmt": text}


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _price(product: Product) -> str:
    """A variation's price has no cents where there are none, unlike a product's."""
    whole = product.parent and product.price == int(product.price)
    return str(int(product.price)) if whole else _money(product.price)


def _price_html(price: Decimal) -> str:
    symbol = '<span class="woocommerce-Price-currencySymbol" translate="no">&#36;</span>'
    return f'<span class="woocommerce-Price-amount amount"><bdi>{symbol}{_money(price)}</bdi></span>'


def _meta(entry: Meta) -> Json:
    return {"id": entry.id, "key": entry.key, "value": entry.value}


def _line_meta(line: Line) -> list[Json]:
    found: list[tuple[str, str, str]] = []
    if line.option:
        found.append((line.option[0].lower(), line.option[0], line.option[1]))
    if line.backordered:
        found.append(("Backordered", "Backordered", str(line.backordered)))
    if line.reduced is not None:
        found.append(("_reduced_stock", "_reduced_stock", str(line.reduced)))
    if line.restocked:
        found.append(("_restock_refunded_items", "_restock_refunded_items", str(line.restocked)))
    if line.moved_from:
        found.append(("_backorder_line", "_backorder_line", str(line.moved_from)))
    return [
        {"id": line.id * 10 + place, "key": key, "value": value, "display_key": label, "display_value": value}
        for place, (key, label, value) in enumerate(found)
    ]


def _line(line: Line) -> Json:
    form = _blank("line", id=line.id, name=line.name, product_id=line.product, variation_id=line.variation)
    form |= {"quantity": line.quantity, "subtotal": _money(line.total), "total": _money(line.total), "sku": line.sku}
    price = float(line.total / line.quantity) if line.quantity else 0
    form |= {"price": int(price) if price == int(price) else price, "parent_name": line.parent_name}
    return form | {"meta_data": _line_meta(line), "image": {"id": 0 if line.variation else "", "src": ""}}


def _refunded(line: Line, refund: Refund, of: int) -> Json:
    total = _money(-refund.totals[of])
    entry = {"id": line.id * 10 + 9, "key": "_refunded_item_id", "value": str(of)}
    shown_as = {"display_key": "_refunded_item_id", "display_value": str(of)}
    form = _line(line) | {"id": refund.id * 100 + list(refund.units).index(of), "quantity": -refund.units[of]}
    return form | {"subtotal": total, "total": total, "meta_data": [entry | shown_as]}


def _refund_total(refund: Refund) -> Json:
    return {"id": refund.id, "reason": refund.reason, "total": _money(-refund.amount), "total_tax": "0.00"}
