"""Forgetting, retention and joining: what goes, what stays, and what a kill in between leaves."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from newsbot.core.errors import OutputError
from newsbot.storage.base import StoreSettings
from newsbot.storage.check import findings
from newsbot.storage.rebuild import rebuild
from newsbot.storage.rewrite import Rewritten, compact, forget, prune
from tests.killer.workload import in_child
from tests.storage.samples import HOME, T0, capture, end, lines, open_at, story, story_url, teaser

DAY = 86_400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three days, each with two stories in files of their own and a home page that promotes them."""
    folder = tmp_path / "output"
    for day in range(3):
        now = T0 + DAY * day
        store = open_at(folder, now, StoreSettings(segment_lines=1))
        for number in (2 * day, 2 * day + 1):
            told = capture(story_url(number), at=now + number, story=story(number))
            store.commit(told, None, now=now)
            store.publish(now=now)
        shown = [teaser(number, rank=number + 1) for number in range(2 * day + 2)]
        store.commit(capture(HOME, at=now + 60, teasers=shown), None, now=now)
        end(store, now)
    return folder


def everything(folder: Path) -> Counter[bytes]:
    return Counter(line for path in folder.glob("*/*.jsonl") for line in path.read_bytes().splitlines())


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_t20_a_forgotten_story_stands_nowhere(folder: Path) -> None:
    done = forget(folder, "s:harbour.test:3", now=T0 + 3 * DAY)
    assert done.lines_removed == 3  # its version, its visit, its teaser
    left = [line for line in everything(folder) if b"story-3" in line or b"Ferry 3" in line]
    assert left == []
    assert b"Ferry 3" not in bytes_of(folder)
    events = [(line["kind"], line["story_id"]) for line in lines(folder, "events")]
    assert events[-1] == ("forgotten", "s:harbour.test:3")
    assert findings(folder) == []


@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_t20_a_forgotten_story_does_not_come_back(folder: Path, is_rebuilt: bool) -> None:
    forget(folder, "s:harbour.test:3", now=T0 + 3 * DAY)
    if is_rebuilt:
        rebuild(folder, StoreSettings(), now=T0 + 3 * DAY)
    now = T0 + 4 * DAY
    store = open_at(folder, now)
    if not is_rebuilt:
        assert store.commit(capture(HOME, at=now, links=[story_url(3)]), None, now=now).added.known == 1
    store.commit(capture(story_url(3), at=now, story=story(3)), None, now=now)
    end(store, now)
    assert "s:harbour.test:3" not in [line["story_id"] for line in lines(folder, "stories")]
    assert lines(folder, "pages")[-1]["reasons"] == ["forgotten"]


def test_a_retention_takes_out_old_lines_and_keeps_what_is_known(folder: Path) -> None:
    done = prune(folder, before=T0 + DAY, now=T0 + 3 * DAY)
    assert done.lines_removed > 0
    assert [line["story_id"][-1] for line in lines(folder, "stories")] == ["2", "3", "4", "5"]
    assert findings(folder) == []
    store = open_at(folder, T0 + 4 * DAY)
    assert store.commit(capture(story_url(0), at=T0 + 4 * DAY, story=story(0)), None, now=T0).story == "unchanged"
    end(store, T0 + 4 * DAY)


def test_joined_files_hold_the_same_lines_in_the_same_order(folder: Path) -> None:
    before, order = everything(folder), [line["story_id"] for line in lines(folder, "stories")]
    names = {path.name for path in (folder / "stories").iterdir()}
    done = compact(folder, now=T0 + 3 * DAY)
    assert done.files_before > done.files_after > 0
    assert everything(folder) == before
    assert [line["story_id"] for line in lines(folder, "stories")] == order
    left = {path.name for path in (folder / "stories").iterdir()}
    assert len(left) == 3 and left < names and max(left) == max(names)
    assert findings(folder) == []
    assert compact(folder, now=T0 + 3 * DAY) == Rewritten()


def test_files_of_today_and_files_that_are_too_large_together_stay(folder: Path) -> None:
    assert compact(folder, now=T0) == Rewritten()
    assert compact(folder, now=T0 + 3 * DAY, max_bytes=1) == Rewritten()


def test_a_file_that_somebody_changed_is_not_rewritten(folder: Path) -> None:
    with min((folder / "stories").iterdir()).open("a") as stream:
        stream.write("{}\n")
    with pytest.raises(OutputError, match="not as it was published"):
        compact(folder, now=T0 + 3 * DAY)


@pytest.mark.parametrize("label", ["replaced", "removed"])
@pytest.mark.parametrize("work", [compact, lambda folder, **when: forget(folder, "s:harbour.test:3", **when)])
def test_what_a_kill_leaves_is_carried_through_by_the_next_call(folder: Path, label: str, work: object) -> None:
    assert callable(work)
    twin = folder.parent / "twin"
    in_child(lambda: os.execvp("cp", ["cp", "-a", str(folder), str(twin)]))
    work(twin, now=T0 + 3 * DAY)

    def die(reached: str) -> None:
        if reached == label:
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(lambda: work(folder, now=T0 + 3 * DAY, point=die)) == -signal.SIGKILL
    work(folder, now=T0 + 3 * DAY)
    assert findings(folder) == []
    assert everything(folder) == everything(twin)


def test_forgetting_leaves_no_copy_of_an_older_state(folder: Path) -> None:
    copy = folder / ".newsbot" / "state.sqlite.v1"
    copy.write_bytes((folder / ".newsbot" / "state.sqlite").read_bytes())
    assert forget(folder, "s:harbour.test:3", now=T0 + 3 * DAY) is not None
    assert not copy.exists()
