"""What a query costs before it runs, by Shopify's published rule.

A scalar costs 0, an object 1, a mutation 10, and a connection 2 + children * floor(2 ln(max(2, first))).
"""

import math
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.values import get_argument_values

MUTATION = 10
META_FIELDS = ("__typename",)
ELEMENTS = ("nodes", "edges")


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> int:
    """The requested cost of one operation of a document."""
    if operation.operation is OperationType.MUTATION:
        return MUTATION * len(operation.selection_set.selections)
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return _Meter(schema, fragments, dict(variables)).children(schema.query_type, operation.selection_set)


class _Meter:
    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: dict[str, Any]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables

    def children(self, owner: Any, selected: SelectionSetNode) -> int:
        """The cost of all fields that are selected of a type."""
        return sum(self._selection(owner, node) for node in selected.selections)

    def _selection(self, owner: Any, node: Any) -> int:
        if isinstance(node, FieldNode):
            return self._field(owner, node)
        if isinstance(node, FragmentSpreadNode):
            node = self._fragments[node.name.value]
        condition = node.type_condition
        return self.children(self._schema.type_map[condition.name.value] if condition else owner, node.selection_set)

    def _field(self, owner: Any, node: FieldNode) -> int:
        name = node.name.value
        if name in META_FIELDS or node.selection_set is None:
            return 0
        field: GraphQLField = owner.fields[name]
        answer = get_named_type(field.type)
        if is_leaf_type(answer):
            return 0
        if answer.name.endswith("Connection"):
            return self._connection(answer, field, node)
        return 1 + self.children(answer, node.selection_set)

    def _connection(self, answer: Any, field: GraphQLField, node: FieldNode) -> int:
        wanted = get_argument_values(field, node, self._variables)
        first = wanted.get("first") or wanted.get("last") or 2
        children = 0
        for part in node.selection_set.selections if node.selection_set else ():
            if isinstance(part, FieldNode) and part.name.value in ELEMENTS:
                # An edge is no more than its node.
                children += self._field(answer, part) - (part.name.value == "edges")
        return 2 + children * math.floor(2 * math.log(max(2, first)))
