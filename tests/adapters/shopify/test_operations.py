"""What is sent to Shopify is valid on its own schema, and asks for nothing that is going away."""

import re

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse, specified_rules, validate
from graphql.validation import NoDeprecatedCustomRule

from adapters.shopify.client import VERSION
from adapters.shopify.documents import FOLDER, document
from adapters.shopify.practice import VERSION as PUBLISHED
from adapters.shopify.practice import schema
from adapters.shopify.practice.cost import cost_of
from adapters.shopify.practice.topics import spelled
from adapters.shopify.topics import ALL

FILES = tuple(sorted(path.stem for path in FOLDER.glob("*.graphql")))
OPERATIONS = tuple(name for name in FILES if not name.endswith("Fields"))
LONGEST_LISTS = {"first": 250, "id": "gid://shopify/Order/1", "query": "", "uri": "https://example.com"}


def test_the_schema_is_that_of_the_version_that_is_asked_for() -> None:
    assert PUBLISHED == VERSION


@pytest.mark.parametrize("name", FILES)
def test_a_file_defines_just_what_it_is_named_for(name: str) -> None:
    definitions = parse((FOLDER / f"{name}.graphql").read_text()).definitions
    kind = FragmentDefinitionNode if name.endswith("Fields") else OperationDefinitionNode
    assert [(type(node), node.name.value) for node in definitions] == [(kind, name)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_valid_and_uses_nothing_deprecated(name: str) -> None:
    assert validate(schema(), parse(document(name)), [*specified_rules, NoDeprecatedCustomRule]) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_operation_costs_more_than_shopify_allows_for_one(name: str) -> None:
    whole = parse(document(name))
    operation = next(node for node in whole.definitions if isinstance(node, OperationDefinitionNode))
    assert cost_of(schema(), whole, operation, LONGEST_LISTS) <= 1000


def test_every_fragment_is_used_by_an_operation() -> None:
    spread = {name for operation in OPERATIONS for name in re.findall(r"\.\.\.(\w+)", document(operation))}
    assert spread == set(FILES) - set(OPERATIONS)


def test_a_fragment_that_is_spread_twice_is_sent_once() -> None:
    assert document("Orders").count("fragment LineFields") == 1


def test_every_topic_is_one_of_shopifys_and_spelled_as_deliveries_spell_it() -> None:
    known = schema().type_map["WebhookSubscriptionTopic"].values  # type: ignore[attr-defined]
    assert {topic: spelled(topic) for topic in ALL if topic in known} == ALL
