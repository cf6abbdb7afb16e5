"""`backorder backtest`: what our dates would have been worth on a merchant's own past."""

import argparse
from dataclasses import asdict
from datetime import date
from pathlib import Path

from connector.cli.base import Commands, add, in_file, one_line, print_json, progress, table
from connector.domain.backtest import Score, Trial, plain, promises, score
from connector.domain.errors import BadInput
from connector.pipeline.histories import read_deliveries, remarks, written

FIXED_DAYS = 7


def add_commands(commands: Commands) -> None:
    """backtest."""
    words = "What our dates would have been worth on your own deliveries."
    command = add(commands, "backtest", run_backtest, words, configured=False)
    command.add_argument("deliveries", help="a CSV: id,supplier,key2,promised,delivered,known")
    command.add_argument("--from", dest="first", required=True, help="first promised date that is tried")
    command.add_argument("--to", dest="last", required=True, help="last promised date that is tried")
    command.add_argument("--age", type=int, default=-30, help="-30: thirty days ahead; 0: on the missed date")
    command.add_argument("--quantile", type=float, default=0.9, help="0.5 to 0.99; default 0.9")
    command.add_argument("--output", help="file for the dates: id,promised,eta")
    command.add_argument("--json", action="store_true", help="print JSON")


def run_backtest(args: argparse.Namespace) -> None:
    """Try the dates and print what they would have been worth."""
    if not 0.5 <= args.quantile <= 0.99:
        raise BadInput("--quantile: must be from 0.5 to 0.99")
    if not -365 <= args.age <= 365:
        raise BadInput("--age: must be from -365 to 365")
    trial = Trial(_day(args.first, "--from"), _day(args.last, "--to"), args.age, args.quantile)
    text = _text(args.deliveries)
    with in_file(args.deliveries, "deliveries"):
        deliveries = read_deliveries(text)
    tried = tuple(promises(deliveries, trial))
    ways = {
        "calibrated": tried,
        "supplier's date": tuple(plain(deliveries, trial, 0)),
        f"+{FIXED_DAYS} days": tuple(plain(deliveries, trial, FIXED_DAYS)),
    }
    scores = {name: score(way, args.quantile) for name, way in ways.items()}
    if scores["calibrated"] is None:
        raise BadInput("backtest: no delivery was promised in that time and still open at that age")
    if args.output:
        _save(args.output, written(tried))
    for remark in remarks([(one.id, (one.delivered - one.promised).days) for one in deliveries]):
        progress(f"backorder: {one_line(remark)}")
    if args.json:
        print_json({name: asdict(one) if one else None for name, one in scores.items()})
    else:
        print(
            table(("promise", "promises", "hit rate", "padding", "pinball"), [_row(*one) for one in scores.items()])
        )


def _row(name: str, one: Score | None) -> tuple[str, ...]:
    if one is None:
        return (name, "0", "", "", "")
    return (name, str(one.promises), f"{one.hit_rate:.1%}", f"{one.padding:.1f}", f"{one.pinball:.3f}")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{option} {text!r}: must be a date such as 2026-03-20") from error


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{name}: is not UTF-8") from error


def _save(name: str, text: str) -> None:
    try:
        Path(name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}") from error
