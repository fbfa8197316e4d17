"""The command line: ``python -m benchmarks.repair [--kit FOLDER] [--only PART] [--full]``.

Parts: ``damage`` (sentences of ours damaged by every codec pair), ``hard`` (good text that looks damaged),
``clean`` (false changes in good text of this machine and of a kit), ``cost``, ``decoding``. The exit code is 1 if a
figure of the parts that ran is below its floor, or above its limit, in ``floors.json``. All of it takes about ten
minutes on two cores; with ``--full`` every sentence is damaged in every way and damaged texts grow to 10 MB,
which takes hours.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.repair import clean, cost, decoding, pairs

FLOORS = Path(__file__).with_name("floors.json")
PER_CELL = 4


def main() -> None:
    """Run the parts asked for and print their tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.repair", description=__doc__.split("\n")[0])
    parser.add_argument("--per-cell", type=int, default=PER_CELL, help="sentences of each language × damage × page")
    parser.add_argument("--full", action="store_true", help="all sentences of each")
    parser.add_argument("--workers", type=int, default=2, help="processes that repair damaged sentences")
    parser.add_argument("--kit", type=Path, help="a folder with pages/*/*.html.gz: more good text")
    parser.add_argument("--sentences", type=int, default=100_000, help="good sentences to read")
    parser.add_argument("--samples", type=int, default=0, help="show this many faults of each part")
    parser.add_argument("--only", choices=("damage", "hard", "clean", "cost", "decoding"))
    options = parser.parse_args()
    figures: dict[str, float] = {}
    if options.only in (None, "damage"):
        figures |= pairs.report(
            per_cell=0 if options.full else options.per_cell, samples=options.samples, workers=options.workers
        )
    if options.only in (None, "hard"):
        figures |= clean.report_hard()
    if options.only in (None, "clean"):
        figures |= clean.report_clean(options.kit, options.sentences, samples=options.samples)
    if options.only in (None, "cost"):
        figures |= cost.report(is_full=options.full)
    if options.only in (None, "decoding"):
        figures |= decoding.report()
    missed = list(misses(figures, json.loads(FLOORS.read_text("utf-8"))))
    for line in missed:
        print(line)
    sys.exit(1 if missed else 0)


def misses(figures: Mapping[str, float], floors: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """A line for each of *figures* that is below its ``least`` or above its ``most`` in *floors*."""
    for name, value in figures.items():
        limits = floors[name]
        if value < limits.get("least", value):
            yield f"{name} is {value:.4f}, the floor is {limits['least']}"
        if value > limits.get("most", value):
            yield f"{name} is {value:.4f}, the limit is {limits['most']}"


if __name__ == "__main__":
    main()
