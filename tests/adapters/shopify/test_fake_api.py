"""The stand-in answers as Shopify does: by the schema, at a price, within limits and rights."""

import json
from typing import Any

import pytest

from adapters.http import Http
from adapters.shopify.practice import Shop, ShopifyFake, VirtualClock
from adapters.shopify.practice.search import matcher

SET = """mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) {
    metafields { key value compareDigest }
    userErrors { field message code elementIndex }
  }
}"""


class Caller:
    """Sends whatever it is told to."""

    def __init__(self, http: Http, fake: ShopifyFake) -> None:
        self._http = http
        self._fake = fake

    def __call__(self, query: str, token: str = "shpat_token", **variables: Any) -> tuple[int, dict[str, Any]]:
        answer = self._http.request(
            "POST",
            f"{self._fake.origin}/admin/api/2026-10/graphql.json",
            headers={"X-Shopify-Access-Token": token, "X-Forwarded-Host": "acme.myshopify.com"},
            body=json.dumps({"query": query, "variables": variables}).encode(),
        )
        assert answer.headers["x-shopify-api-version"] == "2026-10"
        return answer.status, json.loads(answer.body)


@pytest.fixture
def call(http: Http, fake: ShopifyFake, shop: Shop) -> Caller:
    return Caller(http, fake)


def metafield(variant: int, key: str = "state", value: str = "backorder", **more: Any) -> dict[str, Any]:
    owner = f"gid://shopify/ProductVariant/{variant}"
    return {"ownerId": owner, "key": key, "type": "single_line_text_field", "value": value} | more


def test_a_query_is_answered_with_its_cost(call: Caller) -> None:
    assert call("{ shop { name } }") == (
        200,
        {
            "data": {"shop": {"name": "Acme"}},
            "extensions": {
                "cost": {
                    "requestedQueryCost": 1,
                    "actualQueryCost": 1,
                    "throttleStatus": {
                        "maximumAvailable": 2000.0,
                        "currentlyAvailable": 1999,
                        "restoreRate": 100.0,
                    },
                }
            },
        },
    )


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ __typename }", 0),
        ("{ shop { name currencyCode } }", 1),
        # 2 + (product 1) * floor(2 ln 10)
        ("{ products(first: 10) { nodes { title } pageInfo { hasNextPage } } }", 6),
        # 2 + (product 1 + (2 + (variant 1) * floor(2 ln 5))) * floor(2 ln 10)
        ("{ products(first: 10) { edges { node { variants(first: 5) { nodes { id } } } } } }", 26),
        # first: 1 counts as 2
        ("{ products(first: 1) { nodes { title } } }", 3),
    ],
)
def test_costs_follow_the_published_rule(query: str, cost: int, call: Caller) -> None:
    assert call(query)[1]["extensions"]["cost"]["requestedQueryCost"] == cost


def test_a_variable_counts_in_the_cost(call: Caller) -> None:
    query = "query Q($first: Int!) { products(first: $first) { nodes { title } } }"
    assert call(query, first=100)[1]["extensions"]["cost"]["requestedQueryCost"] == 11


def test_an_empty_bucket_throttles_with_status_200_and_fills_with_time(
    call: Caller, shop: Shop, clock: VirtualClock
) -> None:
    shop.bucket.drain()
    status, body = call("{ shop { name } }")
    assert status == 200
    assert [error["extensions"]["code"] for error in body["errors"]] == ["THROTTLED"]
    assert "data" not in body
    clock.advance(0.5)
    assert call("{ shop { name } }")[1]["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 49


def test_a_query_above_1000_points_is_refused(call: Caller) -> None:
    inner = "variants(first: 250) { nodes { inventoryItem { inventoryLevels(first: 250) { nodes { id } } } } }"
    _, body = call(f"{{ products(first: 250) {{ nodes {{ {inner} }} }} }}")
    assert body["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ shop { nickname } }", "Cannot query field 'nickname' on type 'Shop'."),
        ("{ shop { name ", "Syntax Error: Expected Name, found <EOF>."),
        ("{ product(id: 7) { id title } } }", "Syntax Error: Unexpected '}'."),
        ("{ products(first: 251) { nodes { id } } }", "The requested page size (251) exceeds"),
        ("{ products { nodes { id } } }", "you must provide one of first or last"),
        ('{ order(id: "gid://shopify/Product/1") { id } }', "Invalid global id 'gid://shopify/Product/1'"),
        ('{ orders(first: 1, query: "tag:x") { nodes { id } } }', "The fake cannot search orders by tag"),
        ("{ shop { email } }", "The fake does not know Shop.email"),
    ],
)
def test_what_is_wrong_with_a_query_is_said(query: str, message: str, call: Caller, shop: Shop) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 5)
    shop.checkout({"LAMP-1": 1})
    status, body = call(query)
    assert status == 200
    assert body["errors"][0]["message"].startswith(message)


def test_deprecated_fields_are_refused(call: Caller) -> None:
    _, body = call("{ orders(first: 1) { nodes { totalPrice } } }")
    assert body["errors"][0]["message"].startswith("The field Order.totalPrice is deprecated.")


def test_mutations_that_need_a_key_are_refused_without_one(call: Caller) -> None:
    query = "mutation M($input: RefundInput!) { refundCreate(input: $input) { userErrors { message } } }"
    _, body = call(query, input={"orderId": "gid://shopify/Order/1"})
    assert [error["message"] for error in body["errors"]] == [
        "The @idempotent directive is required for refundCreate"
    ]


def test_another_token_is_refused_before_anything_else(call: Caller, shop: Shop) -> None:
    assert call("{ nonsense", token="shpat_other")[0] == 401
    assert shop.calls == []


def test_a_token_is_worthless_after_the_app_was_removed(call: Caller, shop: Shop) -> None:
    shop.uninstall()
    assert call("{ shop { name } }")[0] == 401


def test_metafields_are_set_all_or_none(call: Caller, shop: Shop) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 5)
    _, body = call(SET, metafields=[metafield(lamp.id), metafield(lamp.id, "eta", "soon", type="date")])
    assert body["data"]["metafieldsSet"] == {
        "metafields": None,
        "userErrors": [
            {
                "field": ["metafields", "1", "value"],
                "message": "Value is not a valid date.",
                "code": "INVALID_VALUE",
                "elementIndex": 1,
            }
        ],
    }
    assert shop.metafields_of("LAMP-1") == {}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (metafield(1), "INVALID"),
        (metafield(1003, value=""), "BLANK"),
        (metafield(1003, value="two\nlines"), "INVALID_VALUE"),
        (metafield(1003, type="number_integer", value="1.5"), "INVALID_VALUE"),
        (metafield(1003, type="nonsense"), "INVALID_TYPE"),
    ],
)
def test_a_metafield_that_does_not_fit_is_refused(
    wanted: dict[str, Any], code: str, call: Caller, shop: Shop
) -> None:
    assert shop.add_product("Reading Lamp", "LAMP-1", 5).id == 1003
    errors = call(SET, metafields=[wanted])[1]["data"]["metafieldsSet"]["userErrors"]
    assert [(error["code"], error["elementIndex"]) for error in errors] == [(code, 0)]


def test_at_most_25_metafields_go_in_one_call(call: Caller, shop: Shop) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 5)
    _, body = call(SET, metafields=[metafield(lamp.id, f"key_{n}") for n in range(26)])
    assert [error["code"] for error in body["data"]["metafieldsSet"]["userErrors"]] == ["LESS_THAN_OR_EQUAL_TO"]
    assert shop.metafields_of("LAMP-1") == {}


def test_a_metafield_that_was_changed_meanwhile_is_not_overwritten(call: Caller, shop: Shop) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 5)
    kept = call(SET, metafields=[metafield(lamp.id)])[1]["data"]["metafieldsSet"]["metafields"][0]
    call(SET, metafields=[metafield(lamp.id, value="in_stock", compareDigest=kept["compareDigest"])])
    late = metafield(lamp.id, value="out_of_stock", compareDigest=kept["compareDigest"])
    errors = call(SET, metafields=[late])[1]["data"]["metafieldsSet"]["userErrors"]
    assert [error["code"] for error in errors] == ["STALE_OBJECT"]
    assert shop.metafields_of("LAMP-1") == {"state": "in_stock"}


def test_deleting_what_is_not_there_succeeds_with_null(call: Caller, shop: Shop) -> None:
    lamp = shop.add_product("Reading Lamp", "LAMP-1", 5)
    query = """mutation Delete($metafields: [MetafieldIdentifierInput!]!) {
      metafieldsDelete(metafields: $metafields) { deletedMetafields { key } userErrors { message } }
    }"""
    identifier = {"ownerId": f"gid://shopify/ProductVariant/{lamp.id}", "namespace": "$app", "key": "eta"}
    _, body = call(query, metafields=[identifier])
    assert body["data"]["metafieldsDelete"] == {"deletedMetafields": [None], "userErrors": []}


def test_a_field_without_a_right_is_null_with_an_error(call: Caller, shop: Shop) -> None:
    shop.add_product("Reading Lamp", "LAMP-1", 5)
    shop.checkout({"LAMP-1": 1})
    shop.scopes.discard("read_customers")
    shop.hidden.add("Order.email")
    _, body = call("{ orders(first: 1) { nodes { name email customer { firstName } } } }")
    assert body["data"] == {"orders": {"nodes": [{"name": "#1001", "email": None, "customer": None}]}}
    assert [(error["path"][-1], error.get("extensions", {}).get("code")) for error in body["errors"]] == [
        ("email", None),
        ("customer", "ACCESS_DENIED"),
    ]


def test_a_search_that_shopify_would_misread_is_an_error() -> None:
    with pytest.raises(ValueError, match="not understood in a search"):
        matcher("status:open OR status:closed")
