"""A new state from the published files: the crawl goes on as with the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsbot.core.errors import LockHeld
from newsbot.storage.base import RecheckPolicy, StoreSettings
from newsbot.storage.check import findings
from newsbot.storage.rebuild import rebuild
from newsbot.storage.sqlite import open_store
from tests.killer.workload import content, crawl
from tests.storage.samples import HOME, T0, capture, end, lines, open_at, story, story_url, teaser, visit

SETTINGS = StoreSettings(recheck=RecheckPolicy(source_min_s=86_400))


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_c14_c15_after_a_rebuild_nothing_is_written_a_second_time(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "output"
    crawl(folder)
    before = content(folder, kinds=("stories", "teasers", "events"))
    database = folder / ".newsbot" / "state.sqlite"
    if damage == "missing":
        database.unlink()
    else:
        database.write_bytes(database.read_bytes()[:9000])
    rebuilt = rebuild(folder, SETTINGS, now=T0)
    assert (rebuilt.kept_as is not None, rebuilt.unreadable) == (damage == "cut", [])
    assert findings(folder) == []
    crawl(folder)  # reads the home page and all stories again, as they are young
    assert content(folder, kinds=("stories", "teasers", "events")) == before
    # This clock stands still, so the second visits to the leased pages have the ids of the first ones.
    assert {(each.code, each.where.split("/")[0]) for each in findings(folder)} == {("I2", "pages")}


def test_a_rebuilt_state_knows_the_past_as_the_old_one_did(tmp_path: Path) -> None:
    folder = tmp_path / "output"
    store = open_at(folder)
    visit(store, capture(HOME, teasers=[teaser(1), teaser(2, rank=2), teaser(3, rank=3)]))
    for number, texts in ((1, ["One.", "One.|Two.", "One."]), (2, ["Here."])):
        for hour, text in enumerate(texts):
            at = T0 + 3600 * hour
            told = capture(
                story_url(number), at=at, story=story(number, *text.split("|")), requested_url=f"{HOME}s/{number}"
            )
            store.commit(told, None, now=at)
    visit(store, capture(HOME, at=T0 + 60, teasers=[teaser(1), teaser(3, rank=3)]))
    store.commit(capture(story_url(2), at=T0 + 90, outcome="failed", status=410), None, now=T0 + 90)
    end(store)
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    rebuild(copy, SETTINGS, now=T0)
    written = []
    for where in (folder, copy):
        store = open_at(where, T0 + 7200)
        later = [teaser(1), teaser(2, rank=2), teaser(3, rank=4), teaser(4, target_url=f"{HOME}s/1")]
        store.commit(capture(HOME, at=T0 + 7200, teasers=later), None, now=T0 + 7200)
        for number, text in ((1, "Three."), (2, "Here."), (3, "New.")):
            store.commit(capture(story_url(number), at=T0 + 7200, story=story(number, text)), None, now=T0 + 7200)
        store.commit(capture(story_url(2), at=T0 + 7300, outcome="failed", status=410), None, now=T0 + 7300)
        end(store, T0 + 7300)
        written.append(content(where))
    assert written[0] == written[1]
    assert findings(copy) == []


def test_names_after_a_rebuild_come_after_all_names_before(tmp_path: Path) -> None:
    folder = tmp_path / "output"
    crawl(folder)
    last = max(path.name for path in folder.glob("*/*.jsonl"))
    rebuild(folder, SETTINGS, now=T0 - 86_400)  # also when the clock has been set back
    store = open_at(folder, T0 + 1)
    store.commit(capture(story_url(90), story=story(90)), None, now=T0)
    end(store, T0 + 1)
    assert max(path.name for path in (folder / "stories").iterdir()) > last


def test_lines_that_are_not_ours_are_left_out_and_named(tmp_path: Path) -> None:
    folder = tmp_path / "output"
    crawl(folder)
    count = len(lines(folder, "stories"))
    (folder / "stories" / "zz.jsonl").write_text('{"story_id": 5}\nnot json\n')
    rebuilt = rebuild(folder, SETTINGS, now=T0)
    assert rebuilt.unreadable == ["stories/zz.jsonl:1", "stories/zz.jsonl:2"]
    assert rebuilt.lines["stories"] == count


def test_a_rebuild_needs_the_folder_for_itself(tmp_path: Path) -> None:
    store = open_store(tmp_path / "output", SETTINGS, now=T0)
    with pytest.raises(LockHeld):
        rebuild(tmp_path / "output", SETTINGS, now=T0)
    store.close()
