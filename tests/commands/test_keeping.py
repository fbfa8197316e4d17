"""``scrapy compact``, ``forget``, ``prune`` and ``export``: the real commands over a small output folder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from newsbot.items.model import Run
from newsbot.storage.check import findings
from newsbot.storage.lines import rfc3339
from newsbot.storage.sqlite import open_store
from tests.killer.workload import SETTINGS, crawl, files
from tests.storage.samples import T0, capture, lines, open_at, story, story_url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    crawl(tmp_path / "output")
    return tmp_path / "output"


def scrapy(folder: Path, *arguments: str) -> tuple[int, str]:
    """(exit code, last line of standard output) of a real command."""
    command = [sys.executable, "-m", "scrapy", *arguments, "-s", f"NEWSBOT_OUTPUT={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, (done.stdout.splitlines() or [""])[-1]


def test_compact_joins_the_files_of_days_that_are_over(folder: Path) -> None:
    before = len(lines(folder, "stories"))
    code, said = scrapy(folder, "compact")
    assert (code, said.startswith("0 lines taken out; ")) == (0, True)
    assert len(list((folder / "stories").iterdir())) == 1 and len(lines(folder, "stories")) == before
    assert findings(folder) == []


def test_forget_takes_a_story_out_by_its_url(folder: Path) -> None:
    assert scrapy(folder, "forget", story_url(5))[0] == 0
    assert "s:harbour.test:5" not in {line["story_id"] for line in lines(folder, "stories")}
    assert scrapy(folder, "forget", story_url(5))[0] == 2


@pytest.mark.parametrize(
    "name", ["s:harbour.test:999", "s0123", "https://harbour.test/town/no-such", "v00"], ids=["id", "hash", "url", "v"]
)
def test_forget_of_what_nobody_knows_exits_2_and_changes_nothing(folder: Path, name: str) -> None:
    before = files(folder)
    code, said = scrapy(folder, "forget", name)
    assert (code, said.startswith("error: no ")) == (2, True)
    assert files(folder) == before


def test_prune_takes_out_what_is_older_than_some_days(folder: Path) -> None:
    assert scrapy(folder, "prune")[0] == 2
    code, _ = scrapy(folder, "prune", "--days", "30")
    assert (code, lines(folder, "stories")) == (0, [])  # the pages were made on a day of March 2026


def test_prune_does_not_take_out_what_was_read_of_an_archive_today(tmp_path: Path) -> None:
    folder, now = tmp_path / "output", time.time()
    store = open_at(folder, now)
    run = Run(run_id=f"r{now:.3f}", started_at=rfc3339(now), exit_code=0, exit_name="ok")
    store.commit(capture(story_url(1), at=T0, story=story(1, "One. Two."), run_id=run.run_id), None, now=now)
    store.end_run(run, now=now)
    store.close()
    before = files(folder)
    assert scrapy(folder, "prune", "--days", "30")[0] == 2
    assert (files(folder), len(lines(folder, "stories"))) == (before, 1)
    assert scrapy(folder, "prune", "--days", "30", "--yes")[0] == 0
    assert lines(folder, "stories") == []


def test_export_of_days_without_lines_says_which_day_counts(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "export", "stories", str(tmp_path / "x.csv"), "--since", "2026-10-01"]
    done = subprocess.run(
        [*command, "-s", f"NEWSBOT_OUTPUT={folder}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.startswith("0 stories")) == (0, True)
    assert "lines out of an archive have the dates of its records" in done.stderr


def test_c05_what_rewrites_files_needs_the_folder_for_itself(folder: Path) -> None:
    store = open_store(folder, SETTINGS, now=T0)
    code, said = scrapy(folder, "compact")
    store.close()
    assert code == 75 and "another run holds" in said


def test_export_writes_a_file_and_does_not_replace_it(folder: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "stories.csv")
    assert scrapy(folder, "export", "stories", target) == (0, f"{len(lines(folder, 'stories'))} stories in {target}")
    assert scrapy(folder, "export", "stories", target)[0] == 5
    assert scrapy(folder, "export", "stories", "stories.xml")[0] == 2
