"""The practice store as buyers and the merchant see it: shelves, product pages, a till, and the packing table."""

from __future__ import annotations

import nh3
from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Redirect

from adapters.woocommerce.practice.checkout import GUEST, ON_DELIVERY, checkout
from adapters.woocommerce.practice.companion import notice
from adapters.woocommerce.practice.forms import shown, stock_status
from adapters.woocommerce.practice.model import Product, Refused
from adapters.woocommerce.practice.shop import CARD, Shop

COUNTRIES = ("US", "CA", "DE", "FR", "GB")
STEPS = {"ship": "completed", "cancel": "cancelled", "reopen": "processing"}
AVAILABILITY = {"instock": "In stock", "onbackorder": "Available on backorder", "outofstock": "Out of stock"}


def routes(shop: Shop) -> Blueprint:
    """/, /product/<slug>/, /checkout/ and /admin/."""
    part = Blueprint("storefront", __name__)

    _words(part, shop)
    _packing_table(part, shop)

    @part.get("/")
    def shelves() -> str:
        shelf = [p for p in shop.products.values() if not p.parent and p.status == "publish"]
        return render_template("shelves.html", products=shelf)

    @part.get("/product/<slug>/")
    def product(slug: str) -> str:
        return _product_page(shop, slug, "")

    @part.post("/product/<slug>/")
    def buy(slug: str) -> Redirect | tuple[str, int]:
        form = request.form
        names = {
            name: form[name].strip() for name in ("first_name", "last_name", "email", "country") if form.get(name)
        }
        units = form.get("quantity", "1")
        try:
            wanted = [(form.get("sku", ""), int(units) if units.isdecimal() else 0)]
            gateway = ON_DELIVERY if form.get("pays") == ON_DELIVERY else CARD
            order = checkout(shop, wanted, names, gateway)
        except Refused as refusal:
            return _product_page(shop, slug, refusal.message), 409
        return redirect(url_for("storefront.thanks", known_as=order.id, key=order.key))

    @part.get("/checkout/order-received/<int:known_as>/")
    def thanks(known_as: int) -> str:
        order = shop.orders.get(known_as)
        if order is None or request.args.get("key") != order.key:
            raise NotFound
        return render_template("thanks.html", order=order)

    return part


def _words(part: Blueprint, shop: Shop) -> None:
    """What the templates say of a product."""

    @part.app_template_filter("shown")
    def as_shown(text: str) -> Markup:
        allowed = nh3.ALLOWED_ATTRIBUTES | {"p": {"class"}}
        return Markup(nh3.clean(shown(text), attributes=allowed))  # noqa: S704 # cleaned just here

    @part.app_template_global()
    def availability(product: Product) -> str:
        if said := notice(shop, product):
            return said
        holder = shop.stock_holder(product)
        text = AVAILABILITY[stock_status(product, holder)]
        return f"{holder.stock} in stock" if holder.stock and holder.stock > 0 else text

    @part.app_template_global()
    def variations(product: Product) -> list[Product]:
        return shop.variations(product.id)


def _packing_table(part: Blueprint, shop: Shop) -> None:
    """/admin/."""

    @part.get("/admin/")
    def admin() -> str:
        held = [p for p in shop.products.values() if p.stock is not None]
        return render_template("admin.html", orders=reversed(shop.orders.values()), products=held, shop=shop)

    @part.post("/admin/orders/<int:known_as>/<step>")
    def step(known_as: int, step: str) -> Redirect:
        if known_as not in shop.orders or step not in (*STEPS, "trash", "restore"):
            raise NotFound
        if step == "trash":
            shop.delete_order(known_as, force=False)
        elif step == "restore":
            shop.restore_order(known_as)
        else:
            shop.set_status(shop.orders[known_as], STEPS[step])
        return redirect(url_for("storefront.admin"))

    @part.post("/admin/companion")
    def switch() -> Redirect:
        shop.companion = not shop.companion
        return redirect(url_for("storefront.admin"))

    @part.post("/admin/goods-in")
    def goods_in() -> Redirect | Response:
        units = request.form.get("units", "")
        if not units.removeprefix("-").isdecimal():
            return Response("A whole number of units, please.", 400)
        shop.book_in(request.form.get("sku", ""), int(units))
        return redirect(url_for("storefront.admin"))


def _product_page(shop: Shop, slug: str, problem: str) -> str:
    found = next((p for p in shop.products.values() if not p.parent and p.slug == slug), None)
    if found is None or found.status != "publish":
        raise NotFound
    return render_template("product.html", product=found, problem=problem, guest=GUEST, countries=COUNTRIES)
