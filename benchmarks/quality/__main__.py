"""The quality gate: run the kit's scorer on newsbot, show it beside the peers, fail below the floors.

    python -m benchmarks.quality --kit FOLDER [--unseen] [--dataset NAME] [--errors N]

The kit is a folder with ``score.py``, ``pages/`` and, for comparison, ``peers-dev.json``. The floors are in
``floors.json`` beside this file. The model was trained on the development pages: their figures only show that
nothing got lost (``seen``). For pages of the same data sets that it has never seen, ``--unseen`` takes the floors
that hold across publishers (``python -m benchmarks.quality.train --check``, less about two standard errors).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = Path(__file__).with_name("floors.json")
EXTRACTOR = "benchmarks.adapters:story"
LOWER_IS_BETTER = frozenset(("crashes", "empty"))


def main(argv: list[str] | None = None) -> int:
    """Run the command line; 1 if a figure is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", type=Path, required=True, help="folder with score.py and pages/")
    parser.add_argument("--unseen", action="store_true", help="the model was not trained on these pages")
    parser.add_argument("--dataset", action="append", default=[], help="only this data set; may be repeated")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="list the N worst pages of each data set")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        command = [sys.executable, str(args.kit / "score.py"), EXTRACTOR, "--path", str(ROOT), "--json", str(figures)]
        command += ["--errors", str(args.errors)]
        for name in args.dataset:
            command += ["--dataset", name]
        peers = args.kit / "peers-dev.json"
        if peers.exists():
            command += ["--compare", str(peers)]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
        found = json.loads(figures.read_text("utf-8"))
    floors = json.loads(FLOORS.read_text("utf-8"))
    misses = below_floors(
        {name: rows[EXTRACTOR] for name, rows in found.items()}, floors["unseen" if args.unseen else "seen"]
    )
    for miss in misses:
        print(miss, file=sys.stderr)
    print("quality: below the floor" if misses else "quality: all figures hold")
    return 1 if misses else 0


def below_floors(found: dict[str, dict[str, float | None]], floors: dict[str, dict[str, float]]) -> list[str]:
    """A line for each figure of a measured data set that is worse than its floor, or missing."""
    misses = []
    for dataset, wanted in floors.items():
        for figure, floor in wanted.items() if dataset in found else ():
            value = found[dataset].get(figure)
            good = value is not None and (value <= floor if figure in LOWER_IS_BETTER else value >= floor)
            if not good:
                misses.append(f"{dataset} {figure}: {value}, the floor is {floor}")
    return misses


if __name__ == "__main__":
    sys.exit(main())
