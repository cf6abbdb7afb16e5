"""One GraphQL request: checked against the schema, paid for, and run over the shop with the app's rights."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    execute_sync,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.values import get_directive_values, get_variable_values
from graphql.validation import NoDeprecatedCustomRule

from adapters.shopify.practice import (
    bulk,
    capturing,
    companies,
    mutations,
    nodes,
    pages,
    plans,
    transfers,
    variants,
    views,
)
from adapters.shopify.practice.cost import cost_of
from adapters.shopify.practice.schema import idempotent_mutations, rights_for, schema
from adapters.shopify.practice.shop import Shop

MOST_COST = 1000
MOST_INPUTS = 250
DOCUMENTATION = "https://shopify.dev/api/usage/rate-limits"


def answer(shop: Shop, request: Mapping[str, Any]) -> dict[str, Any]:
    """The body that answers a request; errors of GraphQL come in it, not as an HTTP status."""
    try:
        document, operation = _checked(request["query"], request.get("operationName"))
        variables = _coerced(operation, request.get("variables") or {})
    except GraphQLError as problem:
        return {"errors": [problem.formatted]}
    except ExceptionGroup as problems:
        return {"errors": [problem.formatted for problem in problems.exceptions if isinstance(problem, GraphQLError)]}
    cost = cost_of(schema(), document, operation, variables)
    if cost > MOST_COST:
        return {"errors": [_coded(f"Query cost is {cost}, which exceeds the limit.", "MAX_COST_EXCEEDED")]}
    with shop.lock:
        if not shop.bucket.take(cost):
            return {"errors": [_coded("Throttled", "THROTTLED")], "extensions": _cost(shop, cost, None)}
        name = operation.name.value if operation.name else ""
        shop.calls.append((name, dict(request.get("variables") or {})))
        result = _run(shop, document, dict(request.get("variables") or {}), name or None)
    return {**result, "extensions": _cost(shop, cost, cost)}


def _run(shop: Shop, document: DocumentNode, variables: dict[str, Any], name: str | None = None) -> dict[str, Any]:
    """Carry a document out over the shop; in bulk, it costs nothing."""
    in_bulk = bulk.mutations(shop.bulk, lambda text, given: _run(shop, parse(text), given))
    result = execute_sync(
        schema(),
        document,
        _root(shop) | in_bulk,
        variable_values=variables,
        operation_name=name,
        field_resolver=_Resolver(shop),
    )
    return dict(result.formatted)


def _root(shop: Shop) -> dict[str, Any]:
    asked = views.root(shop) | companies.root(shop) | nodes.root(shop) | pages.root(shop) | bulk.queries(shop.bulk)
    done = mutations.root(shop) | variants.root(shop) | capturing.root(shop) | pages.mutations(shop)
    return asked | done | plans.root(shop) | transfers.root(shop)


def _coded(message: str, code: str) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code, "documentation": DOCUMENTATION}}


def _cost(shop: Shop, requested: int, actual: int | None) -> dict[str, Any]:
    figures = {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": shop.bucket.status()}
    return {"cost": figures}


@cache
def _checked(query: str, name: str | None) -> tuple[DocumentNode, OperationDefinitionNode]:
    """The document and its operation. Fields that are unknown or deprecated are errors."""
    try:
        document = parse(query)
    except GraphQLSyntaxError as problem:
        raise GraphQLError(problem.message) from None
    problems = validate(schema(), document, [*specified_rules, NoDeprecatedCustomRule])
    if problems:
        raise ExceptionGroup("not valid", problems)
    operation = get_operation_ast(document, name)
    if operation is None:
        raise GraphQLError(f"No operation named {name!r}")
    _check_idempotency(operation)
    return document, operation


def _check_idempotency(operation: OperationDefinitionNode) -> None:
    for field in operation.selection_set.selections:
        name = field.name.value if hasattr(field, "name") else ""
        if name in idempotent_mutations() and not any(one.name.value == "idempotent" for one in field.directives):
            raise GraphQLError(f"The @idempotent directive is required for {name}")


def _coerced(operation: OperationDefinitionNode, given: Mapping[str, Any]) -> dict[str, Any]:
    values = get_variable_values(schema(), operation.variable_definitions or (), dict(given))
    if isinstance(values, list):
        raise ExceptionGroup("variables", values)
    for name, value in values.items():
        if isinstance(value, list) and len(value) > MOST_INPUTS:
            raise GraphQLError(f"The input array size of {len(value)} for {name} is greater than {MOST_INPUTS}.")
    return values


class _Resolver:
    """Reads a field out of a view, unless the app has no right to it."""

    def __init__(self, shop: Shop) -> None:
        self._answered = shop.answered
        self._hidden = shop.hidden
        self._held = shop.scopes | {scope.replace("write_", "read_") for scope in shop.scopes}

    def __call__(self, source: Mapping[str, Any], info: GraphQLResolveInfo, **wanted: Any) -> Any:
        owner, field = info.parent_type.name, info.field_name
        if f"{owner}.{field}" in self._hidden:
            raise GraphQLError(f"This app is not approved to use the {field} field.")
        value = source[field] if field in source else _unknown(owner, field)
        if field in idempotent_mutations():
            value = self._once(info, value, wanted)
        value = value(**wanted) if callable(value) else value
        rights = rights_for(info.parent_type, field, info.return_type)
        if rights and not rights & self._held and value is not None:
            extensions = {"code": "ACCESS_DENIED", "requiredAccess": " or ".join(sorted(rights))}
            raise GraphQLError(f"Access denied for {field} field.", extensions=extensions)
        return value

    def _once(self, info: GraphQLResolveInfo, value: Any, wanted: dict[str, Any]) -> Any:
        """The answer to a request; the one that was given before, where its key is known."""
        key = _key(info)
        before = self._answered.get(key)
        if before is None:
            before = self._answered[key] = (wanted, value(**wanted))
        if before[0] != wanted:
            raise GraphQLError("The same idempotency key was used with different parameters.")
        return before[1]


def _key(info: GraphQLResolveInfo) -> str:
    directive = schema().get_directive("idempotent")
    assert directive is not None
    values = get_directive_values(directive, info.field_nodes[0], info.variable_values) or {}
    return str(values["key"])


def _unknown(owner: str, field: str) -> Any:
    raise GraphQLError(f"The fake does not know {owner}.{field}")
