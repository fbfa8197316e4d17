"""``scrapy doctor``: what it says and returns, over folders that are whole, changed, damaged and without state."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newsbot.storage.sqlite import open_store
from tests.killer.workload import SETTINGS, crawl
from tests.storage.samples import T0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    crawl(tmp_path / "output")
    return tmp_path / "output"


def doctor(folder: Path, *arguments: str) -> tuple[int, str]:
    """(exit code, standard output) of the real command."""
    command = [sys.executable, "-m", "scrapy", "doctor", *arguments, "-s", f"NEWSBOT_OUTPUT={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def test_a_whole_folder_is_well(folder: Path) -> None:
    code, said = doctor(folder)
    assert (code, said.splitlines()[-1]) == (0, "all is well")
    assert "stories: 12 in 16 versions" in said


def test_c16_a_changed_file_is_named(folder: Path) -> None:
    changed = min((folder / "stories").iterdir())
    with changed.open("a") as stream:
        stream.write("{}\n")
    code, said = doctor(folder)
    assert code == 3
    assert f"I3 stories/{changed.name}: it has been changed" in said


def test_c14_a_damaged_state_is_rebuilt(folder: Path) -> None:
    database = folder / ".newsbot" / "state.sqlite"
    database.write_bytes(b"no database" * 1000)
    code, said = doctor(folder)
    assert code == 6 and "scrapy doctor --rebuild" in said
    code, said = doctor(folder, "--rebuild")
    assert (code, said.splitlines()[-1]) == (0, "all is well")
    assert len(list((folder / ".newsbot").glob("state.sqlite.*.old"))) == 1


def test_c15_a_folder_without_state_is_adopted(folder: Path) -> None:
    (folder / ".newsbot" / "state.sqlite").unlink()
    assert doctor(folder)[0] == 6
    assert doctor(folder, "--adopt")[0] == 0
    assert doctor(folder, "--adopt")[0] == 2  # it has a state now


def test_c05_a_rebuild_waits_for_nobody(folder: Path) -> None:
    store = open_store(folder, SETTINGS, now=T0)
    code, said = doctor(folder, "--rebuild")
    store.close()
    assert code == 75 and "another run holds" in said
