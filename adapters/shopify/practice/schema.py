"""Shopify's own Admin schema, as published for 2026-10: what may be asked, and with which rights."""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema, get_named_type
from graphql.type import GraphQLObjectType, GraphQLOutputType

VERSION = "2026-10"
FILE = Path(__file__).parent / f"admin_{VERSION}.json.gz"


@cache
def _published() -> dict[str, Any]:
    published: dict[str, Any] = json.loads(gzip.decompress(FILE.read_bytes()))
    return published


@cache
def schema() -> GraphQLSchema:
    """The schema; the published one breaks rules of the specification, so it is taken as valid."""
    return build_client_schema(_published()["data"], assume_valid=True)


@cache
def idempotent_mutations() -> frozenset[str]:
    """Mutations that Shopify refuses without an idempotency key."""
    return frozenset(_published()["idempotency_required"])


@cache
def _rights() -> dict[tuple[str, str | None], frozenset[str]]:
    return {(row["typeName"], row["fieldName"]): frozenset(row["scopes"]) for row in _published()["offline_scopes"]}


def rights_for(owner: GraphQLObjectType, field: str, answer: GraphQLOutputType) -> frozenset[str]:
    """The scopes of which one is needed to read a field; empty where none is."""
    of_field = _rights().get((owner.name, field))
    if of_field:
        return of_field
    name = get_named_type(answer).name.removesuffix("Connection")
    return _rights().get((name, None), frozenset())
