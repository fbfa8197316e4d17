"""The audit of the locked dependencies says so when it could not ask anybody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

AUDIT = Path(__file__).parents[1] / "tools" / "audit.py"


def test_audit_that_was_not_done_is_no_good_news() -> None:
    """Without site-packages there is no pip-audit, as in a build that does not install it."""
    done = subprocess.run([sys.executable, "-I", "-S", AUDIT], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("audit: NOT DONE: pip-audit is not installed")
