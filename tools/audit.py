"""Ask an advisory database about the locked dependencies, and say so when that was not possible.

What comes in: ``requirements.lock``. What goes out: pip-audit's report. Exit code 0: asked, nothing known; 1: known
holes; 3: not asked (no pip-audit, or no database reached). Silence is never taken for safety.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"
NOT_ASKED = 3


def main() -> int:
    """Run the audit; the exit code says what came of it."""
    if importlib.util.find_spec("pip_audit") is None:
        return _not_asked("pip-audit is not installed (pip install pip-audit)")
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--no-deps", "--disable-pip", "-f", "json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        found = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _not_asked("no answer within five minutes")
    except (json.JSONDecodeError, KeyError):
        return _not_asked(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no report")
    holes = [(package, hole) for package in found for hole in package.get("vulns", ())]
    skipped = [package for package in found if "skip_reason" in package]
    for package, hole in holes:
        mended = ", ".join(hole["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}")
    for package in skipped:
        print(f"{package['name']}: not asked: {package['skip_reason']}")
    print(f"{len(found) - len(skipped)} packages asked about, {len(holes)} known holes")
    return 1 if holes else NOT_ASKED if skipped else 0


def _not_asked(why: str) -> int:
    print(f"audit: NOT DONE: {why}", file=sys.stderr)
    return NOT_ASKED


if __name__ == "__main__":
    sys.exit(main())
