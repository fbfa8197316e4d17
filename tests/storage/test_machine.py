"""The store against a dictionary: any order of adding, leasing, committing, killing, failing disks and starting.

Hypothesis looks for an order in which the files differ from the model, or an invariant fails.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from newsbot.core.errors import LockHeld, OutputError
from newsbot.items.model import Run
from newsbot.storage.base import Lease, StoreSettings
from newsbot.storage.check import findings
from newsbot.storage.disk import Disk
from newsbot.storage.sqlite import SqliteStore, open_store
from tests.killer.workload import Reader, real_findings
from tests.storage.samples import T0, capture, entry, lines, story, story_url

SETTINGS = StoreSettings(segment_lines=3, per_host=100)
NUMBERS = st.integers(0, 7)
TEXTS = st.sampled_from(["It sails.", "It sank.", "It is back.", "It is back, and late."])
LABELS = st.sampled_from(
    [
        *("before_commit", "after_commit", "before_seal", "after_seal"),
        *("mid_write", "before_link", "after_link", "published"),
    ]
)


class Killed(BaseException):
    """Stands for SIGKILL within one process: nothing of the store runs after it."""


class BrokenDisk(Disk):
    """A disk that is full while ``is_full``."""

    is_full = False

    def write(self, descriptor: int, data: bytes | memoryview) -> int:
        if self.is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(descriptor, data)


class StoreMachine(RuleBasedStateMachine):
    """The model: the URLs by state, the texts of each story in their order, the number of pages."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsbot-machine-")) / "output"
        self.disk = BrokenDisk()
        self.kill_at: str | None = None
        self.store: SqliteStore | None = None
        self.reader = Reader(self.folder)
        self.leases: list[Lease] = []
        self.ready: set[int] = set()
        self.done: set[int] = set()
        self.texts: dict[int, list[str]] = {}
        self.pages = self.visits = self.runs = self.archived = 0
        self.start()

    def point(self, label: str) -> None:
        if label == self.kill_at:
            raise Killed

    @precondition(lambda self: self.store is None)
    @rule()
    def start(self) -> None:
        self.kill_at, self.disk.is_full = None, False
        self.runs += 1
        self.store = open_store(self.folder, SETTINGS, now=T0, disk=self.disk, point=self.point)
        self.store.begin_run(Run(run_id=f"r{self.runs}", exit_name="ok"), sites=None, now=T0)

    def running(self, work: Callable[[SqliteStore], Any]) -> str | None:
        """Do *work*; the label at which it was killed, if it was."""
        assert self.store is not None
        try:
            work(self.store)
        except Killed:
            label, self.kill_at = self.kill_at, None
            self.die()
            return label
        return None

    def die(self) -> None:
        assert self.store is not None
        self.store.close()
        self.store, self.leases = None, []

    @precondition(lambda self: self.store is not None)
    @rule(label=LABELS)
    def will_be_killed(self, label: str) -> None:
        self.kill_at = label

    @precondition(lambda self: self.store is not None)
    @rule(numbers=st.lists(NUMBERS, max_size=5))
    def add(self, numbers: list[int]) -> None:
        def work(store: SqliteStore) -> None:
            added = store.add([entry(story_url(number), kind="story") for number in numbers], now=T0)
            new = set(numbers) - self.ready - self.done
            assert added.new == len(new)
            self.ready |= new

        self.running(work)

    @precondition(lambda self: self.store is not None)
    @rule()
    def lease(self) -> None:
        assert self.store is not None
        lease = self.store.lease(now=T0)
        out = {_number(lease.url) for lease in self.leases}
        assert (lease is None) == (out == self.ready)
        if lease is not None:
            assert _number(lease.url) in self.ready - out
            self.leases.append(lease)

    @precondition(lambda self: self.store is not None and self.leases)
    @rule(text=TEXTS)
    def commit(self, text: str) -> None:
        lease = self.leases.pop(0)
        number = _number(lease.url)
        self.visits += 1
        made = capture(lease.url, at=T0 + self.visits, story=story(number, text))
        if self.running(lambda store: store.commit(made, lease, now=T0)) == "before_commit":
            return
        self.told(number, text)
        self.ready.discard(number)
        self.done.add(number)

    @precondition(lambda self: self.store is not None)
    @rule(number=NUMBERS, text=TEXTS)
    def archive(self, number: int, text: str) -> None:
        self.archived += 1
        made = capture(story_url(number), at=T0 - self.archived, story=story(number, text))
        if self.running(lambda store: store.commit(made, None, now=T0)) != "before_commit":
            self.told(number, text)
        if self.store is not None:
            again = capture(story_url(number), at=T0 - self.archived, story=story(number, text))
            assert self.store.commit(again, None, now=T0).repeated

    def told(self, number: int, text: str) -> None:
        """Note a page that must be in the output; which of its texts are versions, `_versions` says."""
        self.pages += 1
        self.texts.setdefault(number, []).append(text)

    @precondition(lambda self: self.store is not None and self.leases)
    @rule()
    def fail(self) -> None:
        lease = self.leases.pop(0)
        self.visits += 1
        made = capture(lease.url, at=T0 + self.visits, outcome="failed", reasons=["timeout"])
        if self.running(lambda store: store.commit(made, lease, now=T0)) != "before_commit":
            self.pages += 1
            self.ready.discard(_number(lease.url))
            self.done.add(_number(lease.url))

    @precondition(lambda self: self.store is not None and self.leases)
    @rule()
    def put_back(self) -> None:
        lease = self.leases.pop(0)
        self.running(lambda store: store.put_back(lease, now=T0))

    @precondition(lambda self: self.store is not None)
    @rule()
    def publish(self) -> None:
        self.running(lambda store: store.publish_all(now=T0))

    @precondition(lambda self: self.store is not None)
    @rule()
    def publish_on_a_full_disk(self) -> None:
        self.disk.is_full = True

        def work(store: SqliteStore) -> None:
            try:
                store.publish_all(now=T0)
            except OutputError:
                self.die()

        self.running(work)
        self.disk.is_full = False

    @precondition(lambda self: self.store is not None)
    @rule()
    def second_process(self) -> None:
        with pytest.raises(LockHeld):
            open_store(self.folder, SETTINGS, now=T0)

    @precondition(lambda self: self.store is not None)
    @rule()
    def finish(self) -> None:
        run = Run(run_id=f"r{self.runs}", exit_name="ok")
        if self.running(lambda store: store.end_run(run, now=T0)) is None:
            self.die()

    @invariant()
    def files_are_whole(self) -> None:
        assert real_findings(self.folder) == []
        self.reader.look()

    def teardown(self) -> None:
        if not hasattr(self, "folder"):
            return
        if self.store is None:
            self.start()
        self.kill_at = None
        assert self.store is not None
        self.store.end_run(Run(run_id=f"r{self.runs}", exit_name="ok"), now=T0)
        self.store.close()
        assert findings(self.folder) == []
        written: dict[int, list[str]] = {}
        for line in lines(self.folder, "stories"):
            written.setdefault(_number(line["url"]), []).append(line["body"])
        assert written == {number: _versions(texts) for number, texts in self.texts.items()}
        assert len(lines(self.folder, "pages")) == self.pages
        assert len(lines(self.folder, "runs")) == self.runs
        shutil.rmtree(self.folder.parent)


def _versions(texts: list[str]) -> list[str]:
    """The texts that are versions: each unlike the one before, but for a single block that never stands still."""
    written = texts[:1]
    last, streak, still = texts[0], 0, 0
    for text in texts[1:]:
        is_volatile = streak >= 3
        changed = text != last
        if is_volatile:
            still = 0 if changed else still + 1
            if still == 3:
                streak, still, is_volatile = 0, 0, False
        elif changed:
            streak += 1
            is_volatile = streak >= 3
        else:
            streak = 0
        if not is_volatile and text != written[-1]:
            written.append(text)
        last = text
    return written


def _number(url: str) -> int:
    return int(url.rsplit("-", 1)[1])


StoreMachine.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestStore = StoreMachine.TestCase
