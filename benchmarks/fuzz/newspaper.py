"""``python -m benchmarks.fuzz.newspaper``: crawls of a newspaper on 4 sites, a fifth of its answers faulty.

What goes out: a line a seed and the sum. Exit code 1 if a story that was served whole is lost, one came out that was
never written, one was suppressed by a forged claim, an inner host was asked, or an exit code is wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.reading_papers import Verdict, read_paper, served, verdict

HEAD = (
    f"{'seed':>4}{'answers':>9}{'faulty':>8}{'whole':>7}{'out':>6}{'lost':>6}{'false':>7}{'suppressed':>12}"
    f"{'inner':>7}{'code':>6}{'right':>7}{'MB':>5}{'s':>7}"
)


def main() -> int:
    """Run the seeds; 1 if one of them is not good."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz.newspaper")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--stories", type=int, default=300)
    chosen = parser.parse_args()
    print(HEAD)
    verdicts = []
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        start = time.monotonic()
        verdicts.append(_verdict(seed, chosen.stories))
        print(_row(verdicts[-1], time.monotonic() - start), flush=True)
    good = sum(one.is_good for one in verdicts)
    whole, out = sum(one.served_whole for one in verdicts), sum(one.came_out for one in verdicts)
    print(f"{good} of {len(verdicts)} seeds as they must be; {out} of {whole} stories served whole came out")
    return int(good < len(verdicts))


def _verdict(seed: int, stories: int) -> Verdict:
    with tempfile.TemporaryDirectory() as folder, served(seed, size=stories) as (paper, site, trap):
        return verdict(paper, site, trap, read_paper(paper, site, Path(folder)))


def _row(one: Verdict, seconds: float) -> str:
    wrong = (len(one.lost), len(one.not_as_written), len(one.suppressed), len(one.asked_inner))
    return (
        f"{one.seed:>4}{one.answers:>9}{one.faults:>8}{one.served_whole:>7}{one.came_out:>6}{wrong[0]:>6}{wrong[1]:>7}"
        f"{wrong[2]:>12}{wrong[3]:>7}{one.code:>6}{one.right_code:>7}{one.peak_memory_mb:>5.0f}{seconds:>7.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
