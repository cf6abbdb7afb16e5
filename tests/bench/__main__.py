"""`python -m tests.bench`: every bench of the running product, one after the other, as tables in Markdown."""

import sys
from collections.abc import Callable

from tests.bench import acknowledgement, drain, feeds, mails, memory, neighbour, shopify, woocommerce
from tests.bench.place import place


def _placed(run: Callable[..., str]) -> str:
    with place() as here:
        return run(here)


BENCHES: dict[str, Callable[[], str]] = {
    "acknowledgement": lambda: _placed(acknowledgement.run),
    "drain": lambda: _placed(drain.run),
    "feeds": lambda: _placed(feeds.run),
    "mails": mails.run,
    "memory": lambda: _placed(memory.run),
    "neighbour": neighbour.run,
    "shopify": shopify.run,
    "woocommerce": woocommerce.run,
}

for name in sys.argv[1:] or BENCHES:
    print(BENCHES[name](), flush=True)
