"""The quality gate: run the kit's scorers on newsbot, show it beside the peers, fail below the floors.

    python -m benchmarks.quality --kit FOLDER [--unseen] [--dataset NAME] [--errors N]

The kit is a folder with ``score.py``, ``pages/`` and, for comparison, ``peers-dev.json``; where it also has
``score_teasers.py``, the teasers of its article pages and fronts are judged too (as data sets ``teasers`` and
``fronts``). The floors are in
``floors.json`` beside this file. The model was trained on the development pages: their figures only show that
nothing got lost (``seen``). For pages of the same data sets that it has never seen, ``--unseen`` takes the floors
that hold across publishers (``python -m benchmarks.quality.train --check`` and ``train_teasers``, less about two
standard errors).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.quality import teasers

ROOT = Path(__file__).resolve().parents[2]
FLOORS = Path(__file__).with_name("floors.json")
EXTRACTOR = "benchmarks.adapters:story"
LOWER_IS_BETTER = frozenset(("crashes", "empty", "failed"))


def main(argv: list[str] | None = None) -> int:
    """Run the command line; 1 if a figure is below its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", type=Path, required=True, help="folder with score.py and pages/")
    parser.add_argument("--unseen", action="store_true", help="the model was not trained on these pages")
    parser.add_argument("--dataset", action="append", default=[], help="only this data set; may be repeated")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="list the N worst pages of each data set")
    args = parser.parse_args(argv)
    story_sets = [name for name in args.dataset if name not in teasers.SETS]
    found: dict[str, dict[str, float | None]] = {}
    if story_sets or not args.dataset:
        found |= story_figures(args.kit, story_sets, args.errors)
    if (args.kit / "score_teasers.py").exists() and (not args.dataset or len(story_sets) < len(args.dataset)):
        of_teasers = teasers.figures(args.kit)
        teasers.print_figures(of_teasers)
        found |= of_teasers
    floors = json.loads(FLOORS.read_text("utf-8"))
    misses = below_floors(found, floors["unseen" if args.unseen else "seen"])
    for miss in misses:
        print(miss, file=sys.stderr)
    print("quality: below the floor" if misses else "quality: all figures hold")
    return 1 if misses else 0


def story_figures(kit: Path, datasets: list[str], errors: int) -> dict[str, dict[str, float | None]]:
    """The figures of newsbot's stories by data set; the kit's scorer prints its tables. Exits as the scorer does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.json"
        command = [sys.executable, str(kit / "score.py"), EXTRACTOR, "--path", str(ROOT), "--json", str(path)]
        command += ["--errors", str(errors)]
        for name in datasets:
            command += ["--dataset", name]
        peers = kit / "peers-dev.json"
        if peers.exists():
            command += ["--compare", str(peers)]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            raise SystemExit(done.returncode)
        found = json.loads(path.read_text("utf-8"))
    return {name: rows[EXTRACTOR] for name, rows in found.items()}


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
