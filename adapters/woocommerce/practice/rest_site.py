"""The practice store's routes for webhooks and for what it says about itself."""

from __future__ import annotations

from flask import Blueprint, Response, request

from adapters.woocommerce.practice.courier import Courier
from adapters.woocommerce.practice.forms import EVENTS
from adapters.woocommerce.practice.model import Hook, Refused
from adapters.woocommerce.practice.rest import MOST, Api, answer, cut, sent

INVALID_HOOK = ("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 404)
INVALID_TOPIC = ("woocommerce_rest_shop_webhook_invalid_topic", "Webhook topic is required and must be valid.")
NO_TRASH = ("woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.", 501)
STATUSES = ("active", "paused", "disabled")


def routes(api: Api, courier: Courier) -> Blueprint:
    """webhooks, system_status, the currency."""
    part = Blueprint("site", __name__)
    shop, forms = api.shop, api.forms

    @part.get("/webhooks")
    def webhooks() -> Response:
        size, page = int(request.args.get("per_page", 10)), int(request.args.get("page", 1))
        hooks = sorted(shop.hooks.values(), key=lambda hook: hook.id, reverse=request.args.get("order") != "asc")
        on_page = hooks[(page - 1) * min(size, MOST) : page * min(size, MOST)]
        return answer([forms.webhook(hook) for hook in on_page], headers={"X-WP-Total": str(len(hooks))})

    @part.post("/webhooks")
    def create() -> Response:
        body = sent(request)
        topic, url = str(body.get("topic", "")), str(body.get("delivery_url", ""))
        if topic not in EVENTS:
            raise Refused(*INVALID_TOPIC)
        secret, status = str(body.get("secret", "")), str(body.get("status", "active"))
        hook = Hook(shop.next_id(), str(body.get("name", "")), topic, url, secret, status, shop.now())
        with shop.lock:
            shop.hooks[hook.id] = hook
        courier.ping(hook)
        return answer(forms.webhook(hook), 201)

    @part.get("/webhooks/<int:known_as>")
    def webhook(known_as: int) -> Response:
        return answer(forms.webhook(_hook(api, known_as)))

    @part.route("/webhooks/<int:known_as>", methods=["PUT", "POST", "PATCH"])
    def update(known_as: int) -> Response:
        hook, body = _hook(api, known_as), sent(request)
        with shop.lock:
            # Set active again it keeps its count of failures.
            hook.status = body["status"] if body.get("status") in STATUSES else hook.status
            hook.url, hook.secret = str(body.get("delivery_url", hook.url)), str(body.get("secret", hook.secret))
            hook.modified = shop.now()
        return answer(forms.webhook(hook))

    @part.delete("/webhooks/<int:known_as>")
    def delete(known_as: int) -> Response:
        hook = _hook(api, known_as)
        if request.args.get("force") != "true":
            raise Refused(*NO_TRASH)
        with shop.lock:
            del shop.hooks[known_as]
        return answer(forms.webhook(hook))

    @part.get("/system_status")
    def system_status() -> Response:
        return answer(cut(forms.system_status(), request.args))

    @part.get("/data/currencies/current")
    def currency() -> Response:
        return answer({"code": "USD", "name": "United States (US) dollar", "symbol": "&#36;"})

    return part


def _hook(api: Api, known_as: int) -> Hook:
    if known_as not in api.shop.hooks:
        raise Refused(*INVALID_HOOK)
    return api.shop.hooks[known_as]
