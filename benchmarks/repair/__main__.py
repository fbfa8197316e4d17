"""The command line: ``python -m benchmarks.repair [--every N] [--kit FOLDER] [--only PART]``.

Parts: ``damage`` (sentences of ours damaged by every codec pair), ``hard`` (good text that looks damaged),
``clean`` (false changes in good text of this machine and of a kit), ``cost``, ``decoding``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.repair import clean, cost, decoding, pairs


def main() -> None:
    """Run the parts asked for and print their tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.repair", description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="take every Nth sentence only")
    parser.add_argument("--kit", type=Path, help="a folder with pages/*/*.html.gz: more good text")
    parser.add_argument("--sentences", type=int, default=100_000, help="good sentences to read")
    parser.add_argument("--samples", type=int, default=0, help="show this many faults of each part")
    parser.add_argument("--only", choices=("damage", "hard", "clean", "cost", "decoding"))
    options = parser.parse_args()
    if options.only in (None, "damage"):
        pairs.report(every=options.every, samples=options.samples)
    if options.only in (None, "hard"):
        clean.report_hard()
    if options.only in (None, "clean"):
        clean.report_clean(options.kit, options.sentences, samples=options.samples)
    if options.only in (None, "cost"):
        cost.report()
    if options.only in (None, "decoding"):
        decoding.report(every=options.every)


if __name__ == "__main__":
    main()
