"""``python -m benchmarks.fuzz.memory``: the largest memory of any process while the whole catalogue of faults is tried.

What goes out: the peak in MB of the tests and of every crawl that they start, beside its goal; exit code 1 above it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOAL_MB = 400
CATALOGUE = ("tests/chaos", "tests/network", "tests/bad", "tests/core/test_page.py", "tests/core/test_sources.py")


def main() -> int:
    """Try the catalogue in processes of its own, and ask the kernel which of them was the largest."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *CATALOGUE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    print(done.stdout.strip().rpartition("\n")[2])
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # Linux counts in KiB
    print(f"peak memory over the catalogue: {peak_mb:.0f} MB, the goal is {GOAL_MB}")
    return int(done.returncode != 0 or peak_mb > GOAL_MB)


if __name__ == "__main__":
    sys.exit(main())
