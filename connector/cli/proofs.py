"""Commands about proof: what became of an order, and whether a pack is as it was sealed."""

import argparse
from pathlib import Path

from connector.cli.base import Build, Commands, add, print_json
from connector.domain.errors import BadInput
from connector.domain.wording import counted, moment
from connector.pipeline.connector import Config
from connector.pipeline.proof import Proof, check, pack, proof_of

CHANGED = 1


def add_commands(commands: Commands) -> None:
    """proof, check-proof."""
    proof = add(commands, "proof", run_proof, "All that was promised, said and done about one order.")
    proof.add_argument("--store", required=True)
    proof.add_argument("--order", required=True, help="its id or its number")
    proof.add_argument("--json", action="store_true", help="the proof pack: one JSON object")
    text = "Whether a proof pack is as it was sealed; exit code 1 where it is not."
    checked = add(commands, "check-proof", run_check, text, configured=False)
    checked.add_argument("file", type=Path)
    checked.add_argument("--json", action="store_true", help="print JSON")


def run_proof(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print a proof."""
    proof = proof_of(build(config), args.store, args.order)
    if proof is None:
        raise BadInput(f"proof: store {args.store} has no order {args.order}")
    if args.json:
        print_json(pack(proof))
    else:
        _print(proof)


def _print(proof: Proof) -> None:
    zone = proof.shop.settings.zone
    print(f"Order {proof.order.number} of {proof.shop.name}, law: {proof.regime.value}")
    for one in proof.said:
        of = f" [{one.title}]" if one.title else ""
        print(f"{one.link.number:>4}  {moment(one.at, zone)}{of}: {one.sentence}")
    if proof.broken is None:
        print(f"{_sealed(len(proof.said))} Last seal: {proof.head or 'none'}")
    else:
        print(f"Entry {proof.broken} is NOT as it was sealed.")


def run_check(args: argparse.Namespace) -> int:
    """Check a pack."""
    try:
        text = args.file.read_bytes()
    except OSError as error:
        raise BadInput(f"check-proof: {args.file}: {error.strerror}") from error
    entries, broken, erased = check(text)
    if args.json:
        print_json({"entries": entries, "intact": broken is None, "broken_at": broken, "erased": erased})
    elif broken is None:
        print(_sealed(entries))
        if erased:
            print(f"The text of {counted(erased, 'entry', 'entries')} was taken out since, or never came along.")
        print("Only entries are sealed; what the file says of the order, its lines and duties besides is a summary.")
    elif broken > entries:
        print(f"The last of {counted(entries, 'entry', 'entries')} is not what was sealed last: the end is cut off.")
    else:
        print(f"Entry {broken} of {entries} is not as it was sealed: something was changed, added or left out.")
    return 0 if broken is None else CHANGED


def _sealed(entries: int) -> str:
    return f"All {entries} entries are as they were sealed." if entries != 1 else "The one entry is as it was sealed."
