"""The practice store's bulk operations: their rules, states, files and places, as Shopify's are."""

import json
from typing import Any

import pytest

from adapters.http import Http
from adapters.shopify.practice import Shop, ShopifyFake, VirtualClock
from adapters.shopify.practice.bulk_rules import checked_mutation, checked_query
from tests.adapters.shopify.test_fake_api import Caller

RUN = """mutation Run($text: String!, $group: Boolean!) {
  bulkOperationRunQuery(query: $text, groupObjects: $group) {
    bulkOperation { id status url }
    userErrors { field message code }
  }
}"""
RUN_MUTATION = """mutation Run($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id status type }
    userErrors { field message code }
  }
}"""
LOOK = """query Look($id: ID!) {
  bulkOperation(id: $id) { status errorCode objectCount rootObjectCount fileSize url partialDataUrl completedAt }
}"""
CANCEL = (
    "mutation Cancel($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }"
)
STAGE = """mutation Stage($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } }
    userErrors { message }
  }
}"""
PRODUCTS = "{ products { edges { node { id title variants { edges { node { id sku } } } } } } }"
SET = """mutation Set($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { userErrors { message elementIndex } }
}"""
FIRST = "gid://shopify/BulkOperation/1"


@pytest.fixture
def call(http: Http, fake: ShopifyFake, shop: Shop) -> Caller:
    return Caller(http, fake)


def started(call: Caller, query: str = PRODUCTS, *, group: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = call(RUN, text=query, group=group)[1]["data"]["bulkOperationRunQuery"]
    return found


def looked(call: Caller, id: str = FIRST) -> dict[str, Any]:
    found: dict[str, Any] = call(LOOK, id=id)[1]["data"]["bulkOperation"]
    return found


def lines(http: Http, url: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in http.request("GET", url).body.splitlines()]


def stocked(shop: Shop) -> None:
    jacket = shop.add_product("Rain Jacket", "S", 1).product
    shop.add_variant(jacket, "Large", "L", 1)
    shop.add_product("Lamp", "LAMP", 1)


def test_an_operation_is_created_runs_and_completes(call: Caller, shop: Shop, clock: VirtualClock) -> None:
    shop.bulk.seconds = 10.0
    assert started(call) == {"bulkOperation": {"id": FIRST, "status": "CREATED", "url": None}, "userErrors": []}
    clock.advance(5)
    assert looked(call)["status"] == "RUNNING"
    clock.advance(5)
    assert looked(call) == {
        "status": "COMPLETED",
        "errorCode": None,
        "objectCount": "0",
        "rootObjectCount": "0",
        "fileSize": None,
        "url": None,
        "partialDataUrl": None,
        "completedAt": "2026-11-02T14:00:10Z",
    }


@pytest.mark.parametrize(
    ("group", "order"),
    [(True, ["Rain Jacket", "S", "L", "Lamp", "LAMP"]), (False, ["Rain Jacket", "Lamp", "S", "L", "LAMP"])],
)
def test_each_object_is_a_line_and_children_name_their_parent(
    group: bool, order: list[str], call: Caller, shop: Shop, http: Http
) -> None:
    stocked(shop)
    started(call, group=group)
    found = looked(call)
    told = lines(http, found["url"])
    assert [line.get("title", line.get("sku")) for line in told] == order
    parents = {line["id"]: line.get("__parentId") for line in told}
    products = [f"gid://shopify/Product/{number}" for number in shop.catalogue.products]
    assert sorted(parents.values(), key=str) == [None, None, products[0], products[0], products[1]]
    assert all("variants" not in line for line in told)
    assert (found["objectCount"], found["rootObjectCount"]) == ("5", "2")
    assert found["fileSize"] == str(sum(len(json.dumps(line).encode()) + 1 for line in told))


def test_the_shop_is_told_of_when_it_ends(call: Caller, shop: Shop) -> None:
    started(call)
    shop.bulk.settle()
    assert shop.told[-1][0] == "bulk_operations/finish"
    assert shop.told[-1][1] == {
        "admin_graphql_api_id": FIRST,
        "completed_at": "2026-11-02T09:00:00-05:00",
        "created_at": "2026-11-02T09:00:00-05:00",
        "error_code": None,
        "status": "completed",
        "type": "query",
    }


def test_five_of_a_kind_run_at_once_and_no_more(call: Caller, shop: Shop) -> None:
    shop.bulk.seconds = 60.0
    assert all(started(call)["bulkOperation"] for _ in range(5))
    refused = started(call)
    assert refused["bulkOperation"] is None
    assert [error["code"] for error in refused["userErrors"]] == ["LIMIT_REACHED"]
    shop.bulk.storage.keep("1", b"")
    path = next(iter(shop.bulk.storage.files))
    other = call(RUN_MUTATION, mutation=SET, path=path)[1]["data"]["bulkOperationRunMutation"]
    assert other["bulkOperation"]["type"] == "MUTATION"


def test_one_that_fails_leaves_what_it_had(call: Caller, shop: Shop, http: Http) -> None:
    stocked(shop)
    shop.bulk.failing = "TIMEOUT"
    started(call)
    found = looked(call)
    assert (found["status"], found["errorCode"], found["url"]) == ("FAILED", "TIMEOUT", None)
    assert len(lines(http, found["partialDataUrl"])) == 2


def test_one_without_the_right_fails(call: Caller, shop: Shop) -> None:
    stocked(shop)
    started(call)
    shop.scopes.clear()
    assert (looked(call)["status"], looked(call)["errorCode"]) == ("FAILED", "ACCESS_DENIED")


def test_only_what_is_under_way_is_cancelled(call: Caller, shop: Shop) -> None:
    shop.bulk.seconds = 60.0
    started(call)
    cancelled = call(CANCEL, id=FIRST)[1]["data"]["bulkOperationCancel"]
    assert cancelled == {"bulkOperation": {"status": "CANCELING"}, "userErrors": []}
    assert looked(call)["status"] == "CANCELED"
    assert call(CANCEL, id=FIRST)[1]["data"]["bulkOperationCancel"]["userErrors"] != []


def test_a_result_is_there_for_seven_days(call: Caller, shop: Shop, http: Http, clock: VirtualClock) -> None:
    stocked(shop)
    started(call)
    url = looked(call)["url"]
    clock.advance(7 * 86_400 - 1)
    assert http.request("GET", url).status == 200
    clock.advance(1)
    assert http.request("GET", url).status == 403
    assert (looked(call)["status"], looked(call)["url"]) == ("COMPLETED", None)


def test_a_result_is_given_in_parts(call: Caller, shop: Shop, http: Http) -> None:
    stocked(shop)
    started(call)
    url = looked(call)["url"]
    whole = http.request("GET", url)
    part = http.request("GET", url, headers={"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.body)}"
    assert http.request("GET", url, headers={"Range": f"bytes={len(whole.body)}-"}).status == 416


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("{ shop { name } }", "at least one connection"),
        ("{ products {", "Syntax Error"),
        ("{ products { edges { node { nothing } } } }", "Cannot query field"),
        ("query A($n: Int) { products(first: $n) { edges { node { id } } } }", "variables"),
        ("mutation { webhookSubscriptionDelete(id: 1) { userErrors { message } } }", "holds one query"),
        ("{ node(id: 1) { id } }", "top level"),
        ("{ products { nodes { title variants { nodes { id } } } } }", "must select the 'id'"),
        ("{ products { nodes { id: title variants { nodes { id } } } } }", "must select the 'id'"),
        (
            "{ products { nodes { id variants { nodes { id inventoryItem { "
            "inventoryLevels { nodes { id } } } } } } } }",
            "depth",
        ),
        (
            "{ a: products { nodes { id } } "
            + "".join(f"b{n}: orders {{ nodes {{ id }} }} " for n in range(5))
            + "}",
            "5",
        ),
    ],
)
def test_what_is_no_query_for_bulk_is_refused(query: str, words: str, call: Caller) -> None:
    refused = started(call, query)
    assert refused["bulkOperation"] is None
    ((error),) = refused["userErrors"]
    assert (error["field"], error["code"]) == (["query"], "INVALID")
    assert words in error["message"]


def test_a_query_may_nest_one_list_in_another_by_fragments_too() -> None:
    assert checked_query(PRODUCTS) is None
    assert (
        checked_query("{ products { nodes { ...P } } } fragment P on Product { id variants { nodes { id } } }")
        is None
    )


@pytest.mark.parametrize(
    ("mutation", "words"),
    [
        (PRODUCTS, "holds one mutation"),
        (RUN, "exactly one"),
        (
            SET[:-1] + "b: metafieldsSet(metafields: $metafields) { userErrors { message } } }",
            "exactly one",
        ),
    ],
)
def test_what_is_no_mutation_for_bulk_is_refused(mutation: str, words: str) -> None:
    assert checked_mutation(SET) is None
    assert words in (checked_mutation(mutation) or "")


def upload(http: Http, target: dict[str, Any], content: bytes, **changed: str) -> int:
    fields = {one["name"]: one["value"] for one in target["parameters"]} | changed
    body = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    body += b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n' + content
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    return http.request("POST", target["url"], headers=headers, body=body + b"\r\n--x--\r\n").status


def staged(call: Caller) -> dict[str, Any]:
    wanted = {
        "resource": "BULK_MUTATION_VARIABLES",
        "filename": "a.jsonl",
        "mimeType": "text/jsonl",
        "httpMethod": "POST",
    }
    target: dict[str, Any]
    (target,) = call(STAGE, input=[wanted])[1]["data"]["stagedUploadsCreate"]["stagedTargets"]
    return target


def path_of(target: dict[str, Any]) -> str:
    return next(str(one["value"]) for one in target["parameters"] if one["name"] == "key")


def test_a_mutation_is_run_for_each_line_that_was_uploaded(call: Caller, shop: Shop, http: Http) -> None:
    lamp, desk = shop.add_product("Lamp", "LAMP"), shop.add_product("Desk", "DESK")
    shop.refusals[lamp.id] = "Not this one."
    inputs = [
        {"metafields": [{"ownerId": f"gid://shopify/ProductVariant/{one.id}", "key": "state", "value": "é",
                         "namespace": "$app", "type": "single_line_text_field"}]}
        for one in (lamp, desk)
    ]  # fmt: skip
    target = staged(call)
    content = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in inputs).encode()
    assert upload(http, target, content) == 201
    call(RUN_MUTATION, mutation=SET, path=path_of(target))
    assert shop.metafields_of("DESK") == {}
    told = lines(http, looked(call)["url"])
    refused = [{"message": "Not this one.", "elementIndex": 0}]
    assert told == [
        {"data": {"metafieldsSet": {"userErrors": refused}}, "__lineNumber": 0},
        {"data": {"metafieldsSet": {"userErrors": []}}, "__lineNumber": 1},
    ]
    assert (shop.metafields_of("LAMP"), shop.metafields_of("DESK")) == ({}, {"state": "é"})


def test_an_upload_wants_every_field_as_it_was_given(call: Caller, http: Http) -> None:
    assert upload(http, staged(call), b"{}", policy="another") == 403


def test_an_upload_that_is_too_large_is_refused(call: Caller, shop: Shop, http: Http) -> None:
    shop.bulk.storage.most = 10
    assert upload(http, staged(call), b"x" * 11) == 400
    assert upload(http, staged(call), b"x" * 10) == 201


def test_a_mutation_without_its_file_is_refused(call: Caller) -> None:
    answer = call(RUN_MUTATION, mutation=SET, path="tmp/nothing")[1]["data"]["bulkOperationRunMutation"]
    assert [error["code"] for error in answer["userErrors"]] == ["NO_SUCH_FILE"]
