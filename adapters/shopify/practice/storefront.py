"""A shop as buyers and the merchant see it: shelves, product pages, a till, and the packing table."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Redirect

from adapters.practice import STATIC, mailbox, supplier
from adapters.shopify.practice.catalogue import SoldOut
from adapters.shopify.practice.payloads import gid, work
from adapters.shopify.practice.records import Buyer, Order, PlanGroup, Variant
from adapters.shopify.practice.shop import Shop

COUNTRIES = ("US", "CA", "DE", "FR", "GB")
GUEST = Buyer("sample.customer@example.com", "Sample Customer")
MOST_UNITS = 9999
RESERVED = "reserved"
NOON = time(12)


def pages(shop: Shop, letters: Path, supplier_csv: Path) -> Flask:
    """/, /products/<handle>, /orders/<id>, /admin/, /supplier/ and /mailbox/ of one shop."""
    app = _Counter("practice-shopify", template_folder=Path(__file__).parent / "templates", static_folder=STATIC)
    app.shop = shop
    app.register_blueprint(_buying(shop))
    app.register_blueprint(supplier.routes(supplier_csv))
    app.register_blueprint(mailbox.routes(letters))
    app.add_template_global(availability)
    app.add_template_global(notice)
    return app


class _Counter(Flask):
    """One customer at a time."""

    shop: Shop

    def dispatch_request(self) -> ResponseReturnValue:
        with self.shop.lock:
            return super().dispatch_request()


def availability(variant: Variant) -> str:
    """What a theme says of a variant's stock."""
    if variant.tracked and variant.available > 0:
        return f"{variant.available} in stock"
    if not variant.tracked:
        return "In stock"
    return "Available on backorder" if variant.policy == "continue" else "Sold out"


def notice(variant: Variant) -> str:
    """The sentence that the theme block shows: only for what is on backorder."""
    state, text = variant.metafields.get("state"), variant.metafields.get("notice")
    return text.value if text and state and state.value == "backorder" else ""


def _buying(shop: Shop) -> Blueprint:
    part = Blueprint("storefront", __name__)
    _packing_table(part, shop)
    _loading_bay(part, shop)

    @part.get("/")
    def shelves() -> str:
        return render_template("shelves.html", products=list(shop.catalogue.products.values()))

    @part.get("/products/<handle>")
    def product(handle: str) -> str:
        return _product_page(shop, handle, "")

    @part.post("/products/<handle>")
    def buy(handle: str) -> Redirect | tuple[str, int]:
        units = request.form.get("quantity", "")
        try:
            order = _order(shop, request.form.get("sku", ""), int(units) if units.isdecimal() else 0)
        except SoldOut:
            return _product_page(shop, handle, "There are not that many, and it is not sold beyond its stock."), 409
        except NotOffered as refusal:
            return _product_page(shop, handle, str(refusal)), 409
        return redirect(url_for("storefront.thanks", known_as=order.id))

    @part.get("/pages/<handle>")
    def info(handle: str) -> str:
        found = shop.pages.at(handle)
        if found is None or not found.published:
            raise NotFound
        return render_template("info.html", info=found, body=Markup(found.body))  # noqa: S704 # cleaned as it was kept

    @part.get("/orders/<int:known_as>")
    def thanks(known_as: int) -> str:
        return render_template("thanks.html", order=_known(shop, known_as))

    return part


def _packing_table(part: Blueprint, shop: Shop) -> None:
    """/admin/."""

    @part.get("/admin/")
    def admin() -> str:
        counted = [variant for variant in shop.catalogue.variants if variant.tracked]
        orders, moved = reversed(shop.orders.kept.values()), shop.transfers.kept
        return render_template("admin.html", orders=orders, variants=counted, transfers=moved)

    @part.post("/admin/orders/<int:known_as>/<step>")
    def step(known_as: int, step: str) -> Redirect | Response:
        steps: dict[str, Callable[[Order], None]] = {
            "ship": lambda order: shop.fulfil(order, _may_leave(order)),
            "release": lambda order: _release(shop, order),
            "cancel": shop.cancel,
            "archive": shop.archive,
        }
        if step not in steps:
            raise NotFound
        order = _known(shop, known_as)
        if step == "ship" and not _may_leave(order):
            return Response("Nothing of this order may leave now: what has not is on hold, or put off.", 409)
        steps[step](order)
        return redirect(url_for("storefront.admin"))

    @part.post("/admin/stock")
    def goods_in() -> Redirect | Response:
        units = request.form.get("units", "")
        if not units.removeprefix("-").isdecimal():
            return Response("A whole number of units, please.", 400)
        variant = _stocked(shop, request.form.get("sku", ""))
        shop.set_inventory(variant.sku, variant.levels[shop.catalogue.first_location].available + int(units))
        return redirect(url_for("storefront.admin"))

    @part.post("/admin/policy")
    def policy() -> Redirect:
        variant = _stocked(shop, request.form.get("sku", ""))
        shop.change_variant(variant, policy="deny" if variant.policy == "continue" else "continue")
        return redirect(url_for("storefront.admin"))


def _loading_bay(part: Blueprint, shop: Shop) -> None:
    """/admin/transfers."""

    @part.post("/admin/transfers")
    def send() -> Redirect | Response:
        units, day = request.form.get("units", ""), request.form.get("arrives", "")
        try:
            arrives = datetime.combine(date.fromisoformat(day), NOON, ZoneInfo(shop.timezone)) if day else None
        except ValueError:
            return Response("A day such as 2026-12-01, please, or none.", 400)
        if not units.isdecimal() or not 1 <= int(units) <= MOST_UNITS:
            return Response("A whole number of units, please.", 400)
        wanted = {_stocked(shop, request.form.get("sku", "")).sku: int(units)}
        transfer = shop.transfers.plan(wanted)
        shop.transfers.ready(transfer)
        shop.transfers.ship(transfer, wanted, arrives)
        return redirect(url_for("storefront.admin"))

    @part.post("/admin/transfers/<int:known_as>/receive")
    def receive(known_as: int) -> Redirect:
        transfer = next((one for one in shop.transfers.kept if one.id == known_as), None)
        if transfer is None:
            raise NotFound
        for shipment in transfer.shipments:
            left = {parcel.variant.sku: parcel.unreceived for parcel in shipment.parcels}
            shop.transfers.receive(transfer, shipment, left)
        return redirect(url_for("storefront.admin"))


class NotOffered(Exception):
    """This way to pay is not there for what is bought, or for who buys it."""


def _order(shop: Shop, sku: str, units: int) -> Order:
    """A buyer's order of what the form says; SoldOut also for a number that nobody can buy."""
    variant = _stocked(shop, sku)
    if not 1 <= units <= MOST_UNITS:
        raise SoldOut(sku)
    email, name, country = (request.form.get(name, "").strip() for name in ("email", "name", "country"))
    account = request.form.get("account", "")
    company = shop.companies.locations.get(int(account) if account.isdecimal() else 0)
    buyer = Buyer(email or GUEST.email, name or GUEST.name, country or GUEST.country, company=company)
    pays = request.form.get("pays", "")
    if pays and company is not None:
        raise NotOffered("Companies pay at once, or on their terms.")
    if pays == RESERVED:
        return shop.checkout({variant.sku: units}, buyer=buyer, payment="authorized")
    if pays:
        return _pre_order(shop, variant, units, buyer, pays)
    if company is None or company.net_days is None:
        return shop.checkout({variant.sku: units}, buyer=buyer)
    due = shop.clock.now() + timedelta(days=company.net_days)
    return shop.checkout(
        {variant.sku: units}, buyer=buyer, payment="pending", gateway="manual", payment_terms=True, pay_by=due
    )


def _pre_order(shop: Shop, variant: Variant, units: int, buyer: Buyer, pays: str) -> Order:
    """Bought by a plan; NotOffered where the variant is not sold by it."""
    plan = next((one for one in shop.plan_groups if str(one.plan) == pays and _is_offered(one, variant)), None)
    if plan is None:
        raise NotOffered("This is not offered by that plan.")
    payment = "partially_paid" if plan.deposit else "pending"
    return shop.checkout(
        {variant.sku: units},
        buyer=buyer,
        payment=payment,
        payment_terms=True,
        selling_plan=plan.plan,
        deposit=plan.deposit,
    )


def _is_offered(plan: PlanGroup, variant: Variant) -> bool:
    return gid("ProductVariant", variant.id) in plan.variants


def _may_leave(order: Order) -> dict[int, int]:
    return {line.id: line.unfulfilled - line.held for line in order.lines if line.unfulfilled > line.held}


def _release(shop: Shop, order: Order) -> None:
    """The merchant's hand takes every hold off."""
    for of in [one for one in order.fulfilment_orders if one.status == "ON_HOLD"]:
        with shop.work_at(order) as tell:
            shop.fulfilments.release(order, of, None)
            tell("hold_released", {"fulfillment_order": work(of)})


def _stocked(shop: Shop, sku: str) -> Variant:
    found = next((variant for variant in shop.catalogue.variants if variant.sku == sku), None)
    if found is None:
        raise NotFound
    return found


def _known(shop: Shop, known_as: int) -> Order:
    if known_as not in shop.orders.kept:
        raise NotFound
    return shop.orders.kept[known_as]


def _product_page(shop: Shop, handle: str, problem: str) -> str:
    found = next((product for product in shop.catalogue.products.values() if product.handle == handle), None)
    if found is None or found.status != "active":
        raise NotFound
    plans = [one for one in shop.plan_groups if any(_is_offered(one, variant) for variant in found.variants)]
    return render_template(
        "product.html",
        product=found,
        problem=problem,
        guest=GUEST,
        countries=COUNTRIES,
        accounts=shop.companies.locations.values(),
        plans=plans,
    )
