"""What may be run in bulk: the published rules for documents, beyond the schema's own."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    parse,
    specified_rules,
    validate,
)

from adapters.shopify.practice.schema import schema

MOST_CONNECTIONS, DEEPEST = 5, 2
RECURSIVE = ("bulkOperationRunQuery", "bulkOperationRunMutation")


def checked_query(text: str) -> str | None:
    """Why a query may not be run in bulk; None where it may."""
    found = _read(text, OperationType.QUERY)
    if isinstance(found, str):
        return found
    document, operation = found
    if any(field.name.value in ("node", "nodes") for field in _fields(document, operation.selection_set)):
        return "Bulk queries cannot contain a top level `node` or `nodes` field."
    depths, nameless = [], []
    for depth, with_id in _connections(document, schema().query_type, operation.selection_set, 0, True):
        depths.append(depth)
        nameless += [] if with_id else [depth]
    if not depths:
        return "Bulk queries must contain at least one connection."
    if len(depths) > MOST_CONNECTIONS:
        return f"Bulk queries cannot contain more than {MOST_CONNECTIONS} connections."
    if max(depths) > DEEPEST:
        return f"Bulk queries cannot contain connections with a nesting depth greater than {DEEPEST}."
    if nameless:
        return "The parent 'node' field for a nested connection must select the 'id' field without an alias."
    return None


def checked_mutation(text: str) -> str | None:
    """Why a mutation may not be run in bulk; None where it may."""
    found = _read(text, OperationType.MUTATION)
    if isinstance(found, str):
        return found
    document, operation = found
    fields = list(_fields(document, operation.selection_set))
    if len(fields) != 1 or fields[0].name.value in RECURSIVE:
        return "You must use exactly one mutation, which does not run others in bulk."
    if len(list(_connections(document, schema().mutation_type, operation.selection_set, 0, True))) > 1:
        return "Bulk mutations cannot contain more than 1 connection."
    return None


def _read(text: str, wanted: OperationType) -> tuple[DocumentNode, OperationDefinitionNode] | str:
    try:
        document = parse(text)
    except GraphQLError as problem:
        return f"Invalid bulk {wanted.value}: {problem.message}"
    problems = validate(schema(), document, specified_rules)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if problems:
        return f"Invalid bulk {wanted.value}: {problems[0].message}"
    if len(operations) != 1 or operations[0].operation is not wanted:
        return f"A bulk {wanted.value} holds one {wanted.value} and nothing else."
    if wanted is OperationType.QUERY and operations[0].variable_definitions:
        return "Bulk queries do not support variables."
    return document, operations[0]


def _fields(document: DocumentNode, selected: SelectionSetNode | None) -> Iterator[FieldNode]:
    """The fields that are selected, fragments unfolded."""
    for node in selected.selections if selected else ():
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            named = node.name.value
            spread = next(
                one
                for one in document.definitions
                if isinstance(one, FragmentDefinitionNode) and one.name.value == named
            )
            yield from _fields(document, spread.selection_set)


def _connections(
    document: DocumentNode, owner: object, selected: SelectionSetNode | None, depth: int, with_id: bool
) -> Iterator[tuple[int, bool]]:
    """Every list with its depth (1: outermost), and whether the object that it is in shows its id."""
    for field in _fields(document, selected):
        fields = getattr(owner, "fields", {})
        if field.selection_set is None or field.name.value not in fields:
            continue
        answer = get_named_type(fields[field.name.value].type)
        inside, shown = depth, with_id
        if answer.name.endswith("Connection"):
            inside = depth + 1
            yield inside, with_id
        elif field.name.value in ("node", "nodes"):
            shown = any(one.name.value == "id" and not one.alias for one in _fields(document, field.selection_set))
        yield from _connections(document, answer, field.selection_set, inside, shown)
