"""The practice store's routes for products and their variations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from adapters.woocommerce.practice.forms import Json
from adapters.woocommerce.practice.model import Product, Refused
from adapters.woocommerce.practice.rest import Api, answer, cut, entries, kept, listed, outcome, sent, whole

INVALID_VARIATION = ("woocommerce_rest_product_variation_invalid_id", "Invalid ID.", 404)


def routes(api: Api) -> Blueprint:
    """products, products/batch, products/<id>, and the same below products/<id>/variations."""
    part = Blueprint("products", __name__)
    shop, forms = api.shop, api.forms

    def edit() -> bool:
        return request.args.get("context") == "edit"

    @part.get("/products")
    def products() -> Response:
        shelf = [product for product in shop.products.values() if not product.parent]
        sku = request.args.get("sku")
        asked = (sku or "").split(",")
        found = [product for product in shop.products.values() if product.sku in asked] if sku else shelf
        return listed(found, lambda product: forms.product(product, edit=edit()))

    @part.post("/products")
    def create() -> Response:
        product = _created(api, sent(request))
        return answer(forms.product(product, edit=True), 201)

    @part.post("/products/batch")
    def batch() -> Response:
        return answer({"update": [_batched(api, 0, entry) for entry in entries(request)]})

    @part.get("/products/<int:known_as>")
    def product(known_as: int) -> Response:
        return answer(cut(forms.product(shop.product(known_as), edit=edit()), request.args))

    @part.route("/products/<int:known_as>", methods=["PUT", "POST", "PATCH"])
    def update(known_as: int) -> Response:
        found = shop.product(known_as)
        if found.parent:
            # WooCommerce shows a variation here, but changes it only below its parent.
            raise Refused("woocommerce_rest_invalid_product_id", "To manipulate product variations, use theirs.", 404)
        _apply(api, found, sent(request), validated=True)
        return answer(forms.product(found, edit=True))

    @part.delete("/products/<int:known_as>")
    def delete(known_as: int) -> Response:
        form = forms.product(shop.product(known_as), edit=True)
        shop.delete_product(known_as, force=request.args.get("force") == "true")
        return answer(form)

    @part.get("/products/<int:parent>/variations")
    def variations(parent: int) -> Response:
        return listed(shop.variations(parent), forms.variation)

    @part.post("/products/<int:parent>/variations/batch")
    def variations_batch(parent: int) -> Response:
        return answer({"update": [_batched(api, parent, entry) for entry in entries(request)]})

    @part.route("/products/<int:parent>/variations/<int:known_as>", methods=["GET", "PUT", "POST", "PATCH"])
    def variation(parent: int, known_as: int) -> Response:
        found = _variation(api, parent, known_as)
        if request.method != "GET":
            _apply(api, found, sent(request), validated=True)
        return answer(cut(forms.variation(found), request.args))

    return part


def _batched(api: Api, parent: int, entry: Json) -> Json:
    """One entry of a batch; it is not validated, and an error is part of the answer."""
    known_as = int(entry.get("id", 0))
    try:
        found = _variation(api, parent, known_as) if parent else api.shop.product(known_as)
        _apply(api, found, entry, validated=False)
    except Refused as error:
        return outcome(known_as, error)
    return api.forms.variation(found) if parent else api.forms.product(found, edit=True)


def _variation(api: Api, parent: int, known_as: int) -> Product:
    found = api.shop.products.get(known_as)
    if found is None or found.parent != parent:
        raise Refused(*INVALID_VARIATION)
    return found


def _created(api: Api, body: Mapping[str, Any]) -> Product:
    shop = api.shop
    with shop.lock:
        price = Decimal(str(body.get("regular_price") or 0))
        known_as, now = shop.next_id(), shop.now()
        product = Product(known_as, str(body.get("sku", "")), str(body.get("name", "")), price, now, now)
        _set(api, product, body, validated=True)
        return shop.add_product(product)


def _apply(api: Api, product: Product, body: Mapping[str, Any], *, validated: bool) -> None:
    with api.shop.lock:
        _set(api, product, body, validated=validated)
        api.shop.touch(product)


def _set(api: Api, product: Product, body: Mapping[str, Any], *, validated: bool) -> None:
    """Set what the body names; what a store ignores or stores as nonsense is treated just so."""
    for field in ("short_description", "description"):
        if isinstance(body.get(field), str):
            setattr(product, field, kept(body[field]))
    for field in ("name", "status", "sku", "backorders"):
        if isinstance(body.get(field), str):
            setattr(product, field, body[field])
    if "regular_price" in body:
        product.price = Decimal(str(body["regular_price"]))
    if "stock_status" in body:
        product.unmanaged_status = str(body["stock_status"])
    _set_stock(product, body, validated=validated)
    for entry in body.get("meta_data") or []:
        api.shop.set_meta(product, str(entry["key"]), entry.get("value"))


def _set_stock(product: Product, body: Mapping[str, Any], *, validated: bool) -> None:
    if body.get("manage_stock") is False:
        product.stock, product.backorders = None, "no"
    elif body.get("manage_stock") is True and product.stock is None:
        product.stock, product.parent_stock = 0, False
    if "stock_quantity" in body and product.stock is not None:
        product.stock = whole(body, "stock_quantity", validated=validated)
