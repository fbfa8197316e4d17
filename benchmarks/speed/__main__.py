"""Each figure of speed beside its goal.

    python -m benchmarks.speed [--kit FOLDER] [--only WORD,WORD] [--full] [--no-peers] [--json FILE]

Ratios of CPU time, measured in turn in one run. Without a kit the demo newsroom's pages are taken, which are
smaller and simpler than real ones: figures that go into documents come from a kit of real pages. ``--full`` adds the
rows that take an hour: long crawls, and the state with ten million URLs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from benchmarks.scale import __main__ as state
from benchmarks.scale import crawls
from benchmarks.speed import archive, choices, crawl, extraction, peers, scaling, startup
from benchmarks.speed.measure import Figure, line
from benchmarks.speed.pages import SavedPage, saved_pages

VERSIONS = ("scrapy", "twisted", "lxml", "numpy", "msgspec", "parsel", "resiliparse")


def main() -> int:
    """Print the table; 0 if every figure with a goal reaches it, else 3."""
    args = _arguments()
    limit, rounds = (0, max(args.rounds, 5)) if args.full else (args.limit, args.rounds)
    pages = saved_pages(args.kit, limit)
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="newsbot-speed-") as folder:
        for name, group in groups(args, pages, limit, rounds, Path(folder)).items():
            if args.only and not any(word in name for word in args.only.split(",")):
                continue
            for figure in group():
                found.append(figure)
                print(line(figure), flush=True)
    if args.json:
        args.json.write_text(json.dumps({**machine(), "figures": [asdict(figure) for figure in found]}, indent=1))
    return 3 if any(figure.is_reached is False for figure in found) else 0


def groups(
    args: argparse.Namespace, pages: list[SavedPage], limit: int, rounds: int, folder: Path
) -> dict[str, Callable[[], Iterator[Figure]]]:
    """The groups of rows by name, in the order in which they run."""
    rows: list[peers.Row] = []

    def beside_peers() -> Iterator[Figure]:
        rows.extend(peers.measured(args.kit, limit or 10_000, 1))
        yield from peers.figures(rows)

    def replay() -> Iterator[Figure]:
        yardstick = peers.cpu_ms(rows, "trafilatura + metadata") if rows else None
        yield from archive.figures(pages, folder, 1 if not args.full else rounds, yardstick)

    chosen: dict[str, Callable[[], Iterator[Figure]]] = {
        "extraction": lambda: extraction.figures(pages, rounds),
        "scaling": lambda: scaling.figures(pages, rounds),
        "peers": beside_peers,
        "startup": lambda: startup.figures(pages, rounds, folder),
        "crawl": lambda: crawl.figures(pages, folder, full=args.full),
        "archive": replay,
        "choices": lambda: choices.figures(pages, folder, rounds),
    }
    if args.no_peers:
        del chosen["peers"]
    if args.full:
        chosen["state"] = lambda: state.figures(folder / "state")
        chosen["growth"] = lambda: crawls.figures(folder / "growth")
    return chosen


def machine() -> dict[str, object]:
    """When, where and with what the figures were made."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in VERSIONS}},
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kit", type=Path, help="folder with *.html.gz below it; default: the demo newsroom's pages")
    parser.add_argument("--only", help="only the groups whose names have one of these words in them")
    parser.add_argument("--limit", type=int, default=100, help="at most so many pages, evenly taken (default 100)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in turn (default 3)")
    parser.add_argument("--full", action="store_true", help="all pages of the kit, more rounds, long crawls")
    parser.add_argument("--no-peers", action="store_true", help="without the peers, which need a package index once")
    parser.add_argument("--json", type=Path, help="write all figures and versions to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
