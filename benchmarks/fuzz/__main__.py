"""``python -m benchmarks.fuzz``: bad inputs by the million, and what they did.

What goes out: a line a target, the sum, and each find as a file with its reason. Exit code 1 when a promise was
broken. ``--replay FILE…`` tries files of a run (``<target>-…``) or of ``tests/bad/<target>/`` again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.fuzz.runs import Fuzzing, Tally
from benchmarks.fuzz.targets import TARGETS

HEAD = f"{'target':<12}{'inputs':>10}{'seconds':>9}{'slowest ms':>12}{'crashes':>9}{'hangs':>7}{'bad lines':>11}"


def main() -> int:
    """Run what the command line says; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="in all, shared out among the targets")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this one; may be repeated")
    parser.add_argument("--finds", type=Path, default=Path("output/fuzz"), help="the folder of what broke a promise")
    parser.add_argument("--guided", type=int, metavar="SECONDS", help="by coverage with atheris, so long a target")
    parser.add_argument("--replay", nargs="+", type=Path, metavar="FILE")
    chosen = parser.parse_args()
    if chosen.replay:
        return _replay(chosen.replay)
    targets = [TARGETS[name] for name in chosen.target or TARGETS]
    if chosen.guided is not None:
        from benchmarks.fuzz.guided import guided_run

        return max(guided_run(target.name, chosen.guided, chosen.finds) for target in targets)
    whole = sum(target.share for target in targets)
    tallies = []
    print(HEAD)
    for target in targets:
        inputs = -(-chosen.inputs * target.share // whole)
        tallies.append(Fuzzing(target, inputs, seed=chosen.seed, folder=chosen.finds).run())
        print(_row(tallies[-1]), flush=True)
    print(_row(_sum(tallies)))
    return int(any(tally.total for tally in tallies))


def _row(tally: Tally) -> str:
    crashes, hangs, bad_lines = map(len, tally.finds.values())
    numbers = f"{tally.inputs:>10,}{tally.seconds:>9.1f}{tally.slowest_ms:>12.1f}"
    return f"{tally.name:<12}{numbers}{crashes:>9}{hangs:>7}{bad_lines:>11}"


def _sum(tallies: list[Tally]) -> Tally:
    all_of_them = Tally("all", sum(one.inputs for one in tallies), sum(one.seconds for one in tallies))
    all_of_them.slowest_ms = max(one.slowest_ms for one in tallies)
    for one in tallies:
        for kind, files in one.finds.items():
            all_of_them.finds[kind] += files
    return all_of_them


def _replay(paths: list[Path]) -> int:
    """Try each file; the first that breaks a promise raises."""
    for path in paths:
        name = path.parent.name if path.parent.name in TARGETS else path.name.partition("-")[0]
        TARGETS[name].check(path.read_bytes())
        print(f"{path}: harmless")
    return 0


if __name__ == "__main__":
    sys.exit(main())
