"""C26: an output folder copied while a run is at work, with what lies in it at that instant.

A copy is taken at each labelled point of a run: of the whole folder, or file by file with the run going on in between,
as ``cp`` does. A run on the copy goes on from there, or is refused with what to do, and doing that helps.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from newsbot.core.errors import StateError
from newsbot.storage.base import StoreSettings
from newsbot.storage.check import read_state
from newsbot.storage.rebuild import rebuild
from tests.killer.workload import LABELS, STORIES, crawl
from tests.storage.samples import T0, lines

# The first version of each story, and the earlier text of each third that comes out of an archive.
VERSIONS = STORIES + (STORIES + 2) // 3


def settles(copy: Path) -> str:
    """Have a run go on in *copy*; whether that worked at once (``goes on``) or after a rebuild (``rebuilt``)."""
    try:
        crawl(copy)
    except StateError as error:
        assert "scrapy doctor" in str(error)
        rebuild(copy, StoreSettings(), now=T0)
        crawl(copy)
        return "rebuilt"
    return "goes on"


def stories(folder: Path) -> Counter[tuple[str, int]]:
    return Counter((line["story_id"], line["revision"]) for line in lines(folder, "stories"))


@pytest.mark.parametrize("label", LABELS)
def test_c26_a_copy_of_the_whole_folder_goes_on(tmp_path: Path, label: str) -> None:
    output, copy = tmp_path / "output", tmp_path / "copy"

    def point(reached: str) -> None:
        if reached == label and not copy.exists():
            shutil.copytree(output, copy)

    crawl(output, point=point)
    assert settles(copy) == "goes on"
    assert stories(copy) == stories(output)
    assert set(stories(copy).values()) == {1}


@pytest.mark.parametrize("label", ["leased", "after_commit", "after_seal", "before_link", "published"])
@pytest.mark.parametrize("later", [1, 5, 20])
def test_c26_a_copy_made_file_by_file_loses_and_repeats_nothing(tmp_path: Path, label: str, later: int) -> None:
    output, copy = tmp_path / "output", tmp_path / "copy"
    passed = 0

    def point(reached: str) -> None:
        nonlocal passed
        passed += reached == label
        if reached == label and passed == 3:
            (copy / ".newsbot").mkdir(parents=True)
            shutil.copy(output / ".newsbot" / "state.sqlite", copy / ".newsbot")
        if reached == label and passed == 3 + later:
            for path in output.glob("*/*"):
                if path.name != "state.sqlite":
                    (copy / path.parent.name).mkdir(exist_ok=True)
                    shutil.copy(path, copy / path.parent.name)

    crawl(output, point=point)
    if not (copy / "stories").exists():
        shutil.copytree(output, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns("state.sqlite"))
    settles(copy)
    assert stories(copy) == stories(output)


def test_c26_the_doctor_says_of_a_state_whose_run_has_not_ended_what_that_can_mean(tmp_path: Path) -> None:
    output, copy = tmp_path / "output", tmp_path / "copy"
    crawl(output, point=lambda label: label == "published" and not copy.exists() and shutil.copytree(output, copy))
    whole, copied = read_state(output), read_state(copy)
    assert whole is not None and copied is not None
    assert (whole.open_runs, copied.open_runs) == (0, 1)
