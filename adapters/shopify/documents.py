"""The GraphQL documents: one file per operation or fragment, put together by the fragments that are spread in it."""

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "operations"
SPREAD = re.compile(r"\.\.\.(\w+)")


@cache
def document(operation: str) -> str:
    """The whole text of an operation, its fragments included, by the operation's name."""
    texts: dict[str, str] = {}
    wanted = [operation]
    while wanted:
        name = wanted.pop()
        if name not in texts:
            texts[name] = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
            wanted += SPREAD.findall(texts[name])
    return "\n".join(texts.values())
