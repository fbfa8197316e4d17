"""C08-C10, C13: system calls that fail. The run stops loudly; afterwards nothing is lost, torn or repeated."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsbot.core.errors import OutputError, StateError
from newsbot.storage.base import StoreSettings
from newsbot.storage.check import findings
from newsbot.storage.disk import Disk
from newsbot.storage.sqlite import open_store
from tests.killer.workload import Reader, content, crawl, in_child, real_findings, undisturbed
from tests.storage.samples import T0, capture, open_at, story, story_url


class FaultyDisk(Disk):
    """A disk whose *number*-th call of *method* fails with *code*; ``hits`` says whether it came to that."""

    def __init__(self, method: str, number: int, code: int) -> None:
        self.hits = self.calls = 0

        def fail(real: Callable[..., Any], *arguments: Any) -> Any:
            self.calls += 1
            if self.calls != number:
                return real(*arguments)
            self.hits += 1
            raise OSError(code, os.strerror(code))

        real = getattr(super(), method)
        setattr(self, method, lambda *arguments: fail(real, *arguments))


class SlowDisk(Disk):
    """A disk that takes seven bytes at a time and is interrupted at every third call."""

    def __init__(self) -> None:
        self.calls = 0

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        self.calls += 1
        if self.calls % 3 == 0:
            raise InterruptedError
        return super().write(descriptor, data[:7])


FAULTS = [
    ("open", errno.ENOSPC),  # no inode left
    ("open", errno.EMFILE),
    ("write", errno.ENOSPC),
    ("write", errno.EIO),
    ("fsync", errno.EIO),
    ("fsync", errno.ENOSPC),
    ("link", errno.ENOSPC),
    ("link", errno.EIO),
    ("unlink", errno.EIO),
]


@pytest.mark.parametrize(("method", "code"), FAULTS, ids=lambda value: str(errno.errorcode.get(value, value)))
def test_c08_c09_c10_each_call_that_fails_stops_the_run_and_loses_nothing(
    tmp_path: Path, method: str, code: int
) -> None:
    expected = undisturbed(tmp_path / "undisturbed")
    folder, reader, stopped = tmp_path / "output", Reader(tmp_path / "output"), 0
    # The n-th call for n = 1, 2, 3 ... on one and the same state, until a run has no n-th call any more.
    for number in range(1, 200):
        disk = FaultyDisk(method, number, code)
        try:
            crawl(folder, disk=disk)
        except OutputError:
            stopped += 1
        if not disk.hits:
            break
        assert real_findings(folder) == []
        reader.look()
    assert disk.hits == 0 and stopped > 0
    crawl(folder)
    assert content(folder) == expected
    assert findings(folder) == []


def test_short_writes_and_interruptions_are_no_faults(tmp_path: Path) -> None:
    expected = undisturbed(tmp_path / "undisturbed")
    crawl(tmp_path / "output", disk=SlowDisk())
    assert content(tmp_path / "output") == expected
    assert findings(tmp_path / "output") == []


def test_c09_a_failed_fsync_is_never_tried_again_on_the_same_file(tmp_path: Path) -> None:
    class Recording(FaultyDisk):
        opened: dict[int, str]

        def open(self, path: str, flags: int, mode: int = 0o644) -> int:
            descriptor = super().open(path, flags, mode)
            self.__dict__.setdefault("opened", {})[descriptor] = path
            return descriptor

    disk = Recording("fsync", 5, errno.EIO)
    with pytest.raises(OutputError, match="Input/output error"):
        crawl(tmp_path / "output", disk=disk)
    assert disk.calls == 5


def test_c22_what_a_reader_can_see_has_been_synced_before(tmp_path: Path) -> None:
    """No power is cut here: the order of the calls is what a file system's promises rest on."""
    calls: list[tuple[str, str]] = []
    opened: dict[int, str] = {}

    class Recording(Disk):
        def open(self, path: str, flags: int, mode: int = 0o644) -> int:
            descriptor = super().open(path, flags, mode)
            opened[descriptor] = path
            return descriptor

        def write(self, descriptor: int, data: bytes | memoryview) -> int:
            calls.append(("write", opened[descriptor]))
            return super().write(descriptor, data)

        def fsync(self, descriptor: int) -> None:
            calls.append(("fsync", opened[descriptor]))
            super().fsync(descriptor)

        def link(self, source: str, target: str) -> None:
            calls.append(("link", source))
            super().link(source, target)

    crawl(tmp_path / "output", disk=Recording())
    links = [at for at, (call, _) in enumerate(calls) if call == "link"]
    assert len(links) > 5
    for at in links:
        part = calls[at][1]
        own = [call for call, path in calls[:at] if path == part]
        # Written, synced, and not written to since; the name in the folder is synced right after.
        assert own[-1] == "fsync" and own.count("fsync") == 1
        assert calls[at + 1] == ("fsync", str(Path(part).parent))


@pytest.mark.parametrize("max_kib", [40, 120, 250, 400])
def test_c08_the_state_cannot_grow(tmp_path: Path, max_kib: int) -> None:
    """A limit on the size of files stands in for the full disk: SQLite's own write fails, somewhere."""
    expected = undisturbed(tmp_path / "undisturbed")
    folder = tmp_path / "output"
    assert in_child(lambda: crawl(folder), max_file_bytes=max_kib * 1024) == 9
    assert in_child(lambda: crawl(folder)) == 0
    assert content(folder) == expected
    assert findings(folder) == []


def test_c13_another_tool_holds_the_database(tmp_path: Path) -> None:
    store = open_at(tmp_path / "output", settings=StoreSettings(busy_timeout_s=0.05))
    other = sqlite3.connect(tmp_path / "output" / ".newsbot" / "state.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    page = capture(story_url(1), story=story(1))
    with pytest.raises(StateError, match="locked"):
        store.commit(page, None, now=T0)
    other.execute("ROLLBACK")
    assert store.commit(page, None, now=T0).story == "new"
    store.close()


def test_c13_a_backup_that_reads_holds_up_nothing(tmp_path: Path) -> None:
    store = open_at(tmp_path / "output", settings=StoreSettings(busy_timeout_s=0.05))
    reader = sqlite3.connect(tmp_path / "output" / ".newsbot" / "state.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT COUNT(*) FROM line").fetchone()
    store.commit(capture(story_url(1), story=story(1)), None, now=T0)
    assert store.publish_all(now=T0) == 2
    reader.close()
    store.close()
    open_store(tmp_path / "output", StoreSettings(), now=T0).close()
