"""A small crawl without network: a home page, a dozen stories, an edit, all committed and published by a store.

Every page is a function of its URL, so that whatever was killed in between, the same lines must come out.
"""

from __future__ import annotations

import os
import resource
import secrets
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newsbot.core.errors import StorageError
from newsbot.items.model import Capture, Run
from newsbot.storage.base import Point, RecheckPolicy, StoreSettings, no_point
from newsbot.storage.check import Finding, findings
from newsbot.storage.disk import Disk
from newsbot.storage.lines import FOLDERS
from newsbot.storage.sqlite import open_store
from tests.storage.samples import HOME, T0, capture, entry, story, story_url, teaser

STORIES = 12
SETTINGS = StoreSettings(segment_lines=3, recheck=RecheckPolicy(source_min_s=86_400))
LABELS = (
    *("opened", "leased", "before_commit", "after_commit", "before_seal", "after_seal", "mid_write", "before_fsync"),
    *("before_link", "after_link", "after_folder_sync", "published"),
)


def page(url: str) -> Capture:
    """The page at *url*, the same bytes at every call."""
    if url == HOME:
        numbers = range(1, STORIES + 1)
        teasers = [teaser(number, rank=number) for number in numbers]
        return capture(HOME, teasers=teasers, links=[story_url(number) for number in numbers])
    number = int(url.rsplit("-", 1)[1])
    return capture(url, story=story(number), teasers=[teaser(number + 1)])


def archive() -> list[Capture]:
    """Pages that are not leased: an older version of each third story."""
    urls = [story_url(number) for number in range(1, STORIES + 1, 3)]
    return [capture(url, at=T0 - 3600, story=story(int(url.rsplit("-", 1)[1]), "An old text.")) for url in urls]


def crawl(folder: Path, *, disk: Disk | None = None, point: Point = no_point) -> None:
    """One whole run, from opening to closing. Raises `StorageError`; the store is then left as by a dead process."""
    store = open_store(folder, SETTINGS, now=T0, disk=disk, point=point)
    try:
        run = Run(run_id=f"r{secrets.token_hex(6)}", exit_name="ok")
        store.begin_run(run, sites=None, now=T0)
        for old in archive():
            if not store.is_committed(old.page.page_id or ""):
                store.commit(old, None, now=T0)
                store.publish(now=T0)
        store.add([entry(HOME)], now=T0)
        while (lease := store.lease(now=T0)) is not None:
            store.parsing(lease.url)
            made = page(lease.url)
            store.parsed()
            store.commit(made, lease, now=T0)
            store.publish(now=T0)
        store.end_run(run, now=T0)
    finally:
        store.close()


def in_child(work: Callable[[], None], *, max_file_bytes: int | None = None) -> int:
    """Run *work* in a forked process; its exit code, negative for a signal, 9 for a `StorageError`."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if max_file_bytes is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))
            work()
            code = 0
        except StorageError:
            code = 9
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killing_at(label: str, pass_number: int) -> Point:
    """A point that ends its own process by SIGKILL at the given pass of *label*."""
    passes = Counter[str]()

    def point(reached: str) -> None:
        passes[reached] += 1
        if reached == label and passes[reached] == pass_number:
            os.kill(os.getpid(), signal.SIGKILL)

    return point


def content(folder: Path, *, kinds: tuple[str, ...] = FOLDERS[:4]) -> dict[str, Counter[bytes]]:
    """Every line of each kind with how often it stands there."""
    return {
        kind: Counter(line for path in (folder / kind).glob("*.jsonl") for line in path.read_bytes().splitlines())
        for kind in kinds
    }


def files(folder: Path) -> dict[str, bytes]:
    """Every published file as a reader sees it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.glob("*/*.jsonl"))}


class Reader:
    """A reader that looks again and again: no file it saw vanishes or changes (I10)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.seen: dict[str, bytes] = {}

    def look(self) -> None:
        """Compare with what was seen before."""
        now = files(self._folder)
        assert {name: now.get(name) for name in self.seen} == self.seen
        self.seen = now


def real_findings(folder: Path) -> list[Finding]:
    """The findings of a folder whose process is dead: a part file may lie about until the next start."""
    return [found for found in findings(folder) if not (found.code == "I11" and found.where.endswith(".part"))]


def undisturbed(folder: Path) -> dict[str, Any]:
    """The lines of a run that nothing happens to, made in *folder*."""
    crawl(folder)
    assert findings(folder) == []
    return content(folder)
