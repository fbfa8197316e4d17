"""The teasers' part of the quality gate: the kit's scorer on article pages and on fronts, as figures by name.

What comes in: a kit folder with ``score_teasers.py``, ``teasers/`` and ``fronts/``. What goes out: for the sets
``teasers`` and ``fronts`` the micro figures, ``f1_macro`` and the number of pages that failed. Knows no floors.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXTRACTOR = "benchmarks.adapters:teasers"
SETS = ("teasers", "fronts")


def figures(kit: Path) -> dict[str, dict[str, float | None]]:
    """The figures of each set that the kit holds."""
    return {name: _scored(kit, kit / name) for name in SETS if (kit / name / "labels").is_dir()}


def _scored(kit: Path, folder: Path) -> dict[str, float | None]:
    command = [sys.executable, str(kit / "score_teasers.py"), EXTRACTOR, "--json"]
    command += ["--labels", str(folder / "labels"), "--pages", str(folder / "pages")]
    done = subprocess.run(command, cwd=ROOT, env=_with_root(), check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    return {
        **{name: value["micro"] for name, value in found["fields"].items()},
        **found["micro"],
        "f1_macro": found["macro"]["f1"],
        "failed": found["failed"],
    }


def _with_root() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def print_figures(found: dict[str, dict[str, float | None]]) -> None:
    """A line a set."""
    for name, row in found.items():
        shown = (f"{figure} {value:.3f}" for figure, value in sorted(row.items()) if value is not None)
        print(f"{name}: {', '.join(shown)}")
