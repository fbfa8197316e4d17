"""C17: a state of an older newsbot becomes one of this, whole, with a copy kept; whatever comes in between."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsbot.core.errors import OutputError, StateError
from newsbot.storage import migrations
from newsbot.storage.base import StoreSettings
from newsbot.storage.check import findings
from newsbot.storage.schema import TABLES, VERSION
from newsbot.storage.sqlite import open_store
from tests.killer.workload import in_child
from tests.storage.samples import HOME, SETTINGS, T0, capture, end, lines, open_at, story, story_url

# Written by the code of that version: a home page and one of its two stories committed, nothing published.
OLD = Path(__file__).with_name("state_v1.sql").read_text("utf-8")
LATER = T0 + 7200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    state = tmp_path / "output" / ".newsbot"
    state.mkdir(parents=True)
    with closing(sqlite3.connect(state / "state.sqlite")) as database:
        database.executescript(OLD)
    return tmp_path / "output"


def tables(path: Path) -> tuple[int, set[str]]:
    """The version of a database and the statements that make it."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
        return database.execute("PRAGMA user_version").fetchone()[0], {" ".join(row[0].split()) for row in rows}


def test_there_is_a_step_from_every_version_to_the_next() -> None:
    assert sorted(migrations.STEPS) == list(range(1, VERSION))


def test_c17_an_older_state_gets_the_tables_of_a_new_one(folder: Path, tmp_path: Path) -> None:
    open_store(folder, SETTINGS, now=LATER).close()
    fresh = tmp_path / "fresh.sqlite"
    with closing(sqlite3.connect(fresh)) as database:
        database.executescript(f"{TABLES} PRAGMA user_version = {VERSION};")
    assert tables(folder / ".newsbot" / "state.sqlite") == tables(fresh)


def test_c17_an_older_state_goes_on_where_it_was(folder: Path) -> None:
    store = open_at(folder, LATER, StoreSettings(per_host=9))
    leases = {lease.url: lease.etag for lease in iter(lambda: store.lease(now=LATER), None)}
    assert leases == {HOME: '"h1"', "https://harbour.test/feed": None, story_url(1): None, story_url(2): None}
    told = capture(story_url(1), at=LATER, story=story(1))
    assert store.commit(told, None, now=LATER).story == "unchanged"
    end(store, LATER)
    assert [line["story_id"] for line in lines(folder, "stories")] == ["s:harbour.test:1"]
    assert [line["exit_name"] for line in lines(folder, "runs")] == ["killed", "ok"]
    assert findings(folder) == []


def test_c17_a_copy_of_the_older_state_is_kept(folder: Path) -> None:
    path = folder / ".newsbot" / "state.sqlite"
    before = tables(path)
    open_store(folder, SETTINGS, now=LATER).close()
    assert tables(folder / ".newsbot" / "state.sqlite.v1") == before
    shutil.copy(folder / ".newsbot" / "state.sqlite.v1", path)
    end(open_at(folder, LATER), LATER)
    assert findings(folder) == []


def test_c17_a_kill_during_the_upgrade_leaves_the_older_state(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / ".newsbot" / "state.sqlite"
    before = tables(path)

    def die() -> None:
        real = migrations.STEPS[1]
        dying = {1: (*real, "SELECT die()")}
        monkeypatch.setattr(migrations, "STEPS", dying)
        connect = sqlite3.connect

        def armed(*arguments: object, **options: object) -> sqlite3.Connection:
            connection = connect(*arguments, **options)  # type: ignore[call-overload]
            connection.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
            return connection

        monkeypatch.setattr(sqlite3, "connect", armed)
        open_store(folder, SETTINGS, now=LATER)

    assert in_child(die) == -signal.SIGKILL
    assert tables(path) == before
    open_store(folder, SETTINGS, now=LATER).close()
    assert tables(path)[0] == VERSION


def test_c17_a_step_that_fails_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / ".newsbot" / "state.sqlite"
    before = tables(path)
    monkeypatch.setattr(migrations, "STEPS", {1: (*migrations.STEPS[1], "CREATE TABLE meta (twice)")})
    with pytest.raises(StateError, match="from version 1 to"):
        open_store(folder, SETTINGS, now=LATER)
    assert tables(path) == before


def test_c17_without_a_copy_there_is_no_upgrade(folder: Path) -> None:
    state = folder / ".newsbot"
    (state / "state.sqlite.v1").mkdir()
    with pytest.raises((StateError, OutputError), match="copy"):
        open_store(folder, SETTINGS, now=LATER)
    assert tables(state / "state.sqlite")[0] == 1


def test_c17_texts_that_were_hashed_in_another_way_are_let_go(folder: Path) -> None:
    path = folder / ".newsbot" / "state.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO signature VALUES (1, x'00', 1, ?)", (LATER,))
        database.execute("INSERT INTO band VALUES (1, 1)")
        database.execute("INSERT INTO sentence VALUES (1, 3, ?)", (LATER,))
        database.commit()
    open_store(folder, SETTINGS, now=LATER).close()
    with closing(sqlite3.connect(path)) as database:
        left = [database.execute(f"SELECT * FROM {name}").fetchall() for name in ("signature", "band", "sentence")]
    assert left == [[], [], []]
