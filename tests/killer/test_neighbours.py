"""C03-C06, C13, T18: what happens beside a run. Other starts, readers, backups, signals that end, stop and go on.

The processes are real crawls of an archive of made-up pages.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from benchmarks.scale.kills import command, content, write_archive
from newsbot.storage.check import findings
from tests.killer.workload import Reader
from tests.storage.samples import lines

PAGES = 60
pytestmark = pytest.mark.timeout(600)  # real processes, on whatever machine


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("neighbours") / "pages.warc.gz"
    write_archive(path, PAGES)
    return path


@pytest.fixture(scope="module")
def expected(archive: Path) -> dict[str, object]:
    output = archive.with_name("undisturbed")
    subprocess.run(command(archive, output), check=True, stderr=subprocess.DEVNULL)
    return dict(content(output))


def start(archive: Path, output: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(archive, output), stderr=subprocess.DEVNULL)


@contextmanager
def at_work(archive: Path, output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A crawl that has published something and has not come to its end; it is ended with the block."""
    before = set(output.glob("stories/*.jsonl"))
    process = start(archive, output)
    try:
        until = time.monotonic() + 60
        while not set(output.glob("stories/*.jsonl")) - before and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        yield process
    finally:
        process.kill()
        process.wait()


def test_c05_of_four_starts_at_once_one_works_and_three_end_with_75(archive: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    processes = [start(archive, output) for _ in range(4)]
    busy: set[int] = set()
    # Whoever has the lock is held up, until the others have found it taken.
    until = time.monotonic() + 120
    while len(busy) < 3 and time.monotonic() < until:
        holder = _holder(output)
        if holder in {process.pid for process in processes}:
            os.kill(holder, signal.SIGSTOP)
        busy = {process.pid for process in processes if process.poll() is not None}
        time.sleep(0.01)
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
    assert sorted(process.wait(60) for process in processes) == [0, 75, 75, 75]
    assert [run["exit_name"] for run in lines(output, "runs")] == ["ok"]
    assert len(lines(output, "stories")) == PAGES
    assert findings(output) == []


def _holder(output: Path) -> int:
    """The process that says in the lock file that it holds the lock; 0 for none."""
    try:
        return int((output / ".newsbot" / "lock").read_text("utf-8").split(" ", 1)[0] or 0)
    except (OSError, ValueError):
        return 0


def test_c06_a_run_that_was_stopped_keeps_its_lock_and_goes_on(
    archive: Path, expected: dict[str, object], tmp_path: Path
) -> None:
    output = tmp_path / "output"
    with at_work(archive, output) as process:
        process.send_signal(signal.SIGSTOP)
        before = sorted(output.glob("*/*.jsonl"))
        assert subprocess.run(command(archive, output), check=False, stderr=subprocess.DEVNULL).returncode == 75
        assert sorted(output.glob("*/*.jsonl")) == before
        process.send_signal(signal.SIGCONT)
        assert process.wait(60) == 0
    assert content(output) == expected


def test_t18_a_reader_that_polls_sees_whole_lines_that_stay(
    archive: Path, expected: dict[str, object], tmp_path: Path
) -> None:
    output, reader = tmp_path / "output", Reader(tmp_path / "output")
    process, looks = start(archive, output), 0
    while process.poll() is None:
        reader.look()  # nothing it saw is gone or changed, and every file ends with its line
        assert all(data.endswith(b"\n") for data in reader.seen.values())
        looks += 1
    assert process.returncode == 0 and looks > 20
    assert content(output) == expected


def test_c13_a_backup_under_way_holds_up_no_run(archive: Path, expected: dict[str, object], tmp_path: Path) -> None:
    output = tmp_path / "output"
    with at_work(archive, output) as process:
        with closing(sqlite3.connect(output / ".newsbot" / "state.sqlite")) as state:
            copy = sqlite3.connect(tmp_path / "copy.sqlite")
            # A page at a time, as the sqlite3 shell's .backup does when it has to share.
            state.backup(copy, pages=1)
        assert process.wait(60) == 0
    assert copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
    copy.close()
    assert content(output) == expected


def test_c03_c04_signals_in_the_middle_of_the_work_lose_nothing(
    archive: Path, expected: dict[str, object], tmp_path: Path
) -> None:
    output = tmp_path / "output"
    term, interrupt, hang_up = signal.SIGTERM, signal.SIGINT, signal.SIGHUP
    for numbers, code in (((term,), 143), ((interrupt,), 130), ((interrupt, interrupt), 130), ((hang_up,), 143)):
        with at_work(archive, output) as process:
            for number in numbers:
                process.send_signal(number)
            assert process.wait(60) in (code, 0)  # 0: it had come to its end
        assert findings(output) == []
    subprocess.run(command(archive, output), check=True, stderr=subprocess.DEVNULL)
    assert content(output) == expected
