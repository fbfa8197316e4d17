"""Each figure of speed beside its goal.

    python -m benchmarks.speed [--kit FOLDER] [--only WORD] [--full] [--peers] [--json FILE]

Ratios of CPU time, measured in turn in one run. Without a kit the demo newsroom's pages are taken, which are
smaller and simpler than real ones: figures that go into documents come from a kit of real pages.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

from benchmarks.speed import crawl, extraction, peers, scaling, startup
from benchmarks.speed.measure import Figure
from benchmarks.speed.pages import saved_pages


def main() -> int:
    """Print the table; 0 if every figure with a goal reaches it, else 3."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kit", type=Path, help="folder with *.html.gz below it; default: the demo newsroom's pages")
    parser.add_argument("--only", help="only the groups whose name has this word in it")
    parser.add_argument("--limit", type=int, default=150, help="at most so many pages, evenly taken (default 150)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in turn (default 3)")
    parser.add_argument("--full", action="store_true", help="all pages of the kit, more rounds, long crawls")
    parser.add_argument("--peers", action="store_true", help="also the peers; makes their environment once")
    parser.add_argument("--json", type=Path, help="write all figures and versions to this file")
    args = parser.parse_args()
    limit, rounds = (0, max(args.rounds, 5)) if args.full else (args.limit, args.rounds)
    pages = saved_pages(args.kit, limit)
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        groups: dict[str, Callable[[], Iterator[Figure]]] = {
            "extraction": lambda: extraction.figures(pages, rounds),
            "scaling": lambda: scaling.figures(pages, rounds),
            "startup": lambda: startup.figures(pages, rounds, Path(folder)),
            "crawl": lambda: crawl.figures(pages, Path(folder), full=args.full),
        }
        if args.peers:
            groups["peers"] = lambda: peers.figures(args.kit, limit or 10_000, 1)
        for name, group in groups.items():
            if args.only and args.only not in name:
                continue
            for figure in group():
                found.append(figure)
                print(line(figure), flush=True)
    if args.json:
        versions = {name: metadata.version(name) for name in ("scrapy", "lxml", "numpy", "msgspec")}
        machine = {"python": platform.python_version(), "machine": platform.machine(), **versions}
        args.json.write_text(json.dumps({"machine": machine, "figures": [asdict(f) for f in found]}, indent=1))
    return 3 if any(figure.is_reached is False for figure in found) else 0


def line(figure: Figure) -> str:
    """One row: the figure, its spread, its goal, and whether it is reached."""
    verdict = {True: "ok", False: "MISSED", None: ""}[figure.is_reached]
    sign = "≥" if figure.more_is_better else "≤"
    goal = f"{sign} {figure.reach:.3g} (aim {figure.aim:.3g})" if figure.reach and figure.aim else ""
    spread = f"± {figure.spread:.2g}" if figure.spread else ""
    return f"{figure.name:52} {figure.value:9.3f} {figure.unit:4} {spread:9} {goal:20} {verdict:7} {figure.note}"


if __name__ == "__main__":
    sys.exit(main())
