"""C08-C10: real file systems that run full, in memory and of every size. Part of ``make test-long``.

A mount needs the rights for it: in a user namespace of one's own (``unshare``), or as root. Where neither is to be had
the tests are left out, and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsbot.storage.check import findings
from tests.killer.workload import content, crawl, real_findings, undisturbed

pytestmark = pytest.mark.slow

# Runs in a mount namespace of its own, so that nothing stays mounted whatever happens.
_CRAWL = """
import sys
from pathlib import Path
from newsbot.core.errors import OutputError, StateError
from tests.killer.workload import crawl
try:
    crawl(Path(sys.argv[1]))
except OutputError:
    sys.exit(5)
except StateError:
    sys.exit(6)
"""
_ON_SMALL_DISK = """
set -e
mkdir -p "$1"
mount -t tmpfs -o "$2" newsbot "$1"
code=0
"$3" -c "$4" "$1/output" || code=$?
cp -a "$1/output" "$5" 2>/dev/null || true
exit $code
"""


def on_small_disk(mount: Path, options: str, copy: Path) -> int:
    """Run the workload on a tmpfs with *options*, and copy what it left to *copy*; its exit code."""
    arguments = [str(mount), options, sys.executable, _CRAWL, str(copy)]
    namespace = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    done = subprocess.run(
        [*namespace, "sh", "-c", _ON_SMALL_DISK, "sh", *arguments], capture_output=True, text=True, check=False
    )
    if "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.fail(f"no file system can be mounted here (run this as root): {done.stderr.strip()[:200]}")
    assert done.returncode in (0, 5, 6), done.stderr
    return done.returncode


def goes_on(copy: Path, expected: dict[str, object]) -> None:
    """After room has been made a run loses and repeats nothing."""
    if not copy.exists():
        return  # not even the folder had room
    assert real_findings(copy) == []
    crawl(copy)
    assert content(copy) == expected
    assert findings(copy) == []


def test_c08_c09_a_disk_of_each_size_runs_full_and_loses_nothing(tmp_path: Path) -> None:
    expected = undisturbed(tmp_path / "undisturbed")
    codes = {}
    for kib in (*range(64, 2400, 48), 16_384):
        copy = tmp_path / f"left-{kib}"
        codes[kib] = on_small_disk(tmp_path / "disk", f"size={kib}k", copy)
        goes_on(copy, expected)
        shutil.rmtree(copy, ignore_errors=True)
    # The small ones run full at every step there is, the large ones do not.
    assert codes[64] != 0 and codes[max(codes)] == 0
    assert len([code for code in codes.values() if code == 5]) > 20


def test_c10_a_disk_of_few_inodes_loses_nothing(tmp_path: Path) -> None:
    expected = undisturbed(tmp_path / "undisturbed")
    codes = []
    for inodes in range(4, 60):
        copy = tmp_path / f"left-{inodes}"
        codes.append(on_small_disk(tmp_path / "disk", f"size=8m,nr_inodes={inodes}", copy))
        goes_on(copy, expected)
        shutil.rmtree(copy, ignore_errors=True)
    assert codes[0] != 0 and codes[-1] == 0
