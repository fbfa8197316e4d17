"""Opening a store: what is refused, and what a dead process leaves is put right."""

from __future__ import annotations

import faulthandler
import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsbot.core.errors import LockHeld, OutputError, StateError
from newsbot.items.model import Run
from newsbot.storage.base import StoreSettings
from newsbot.storage.check import findings
from newsbot.storage.disk import Disk
from newsbot.storage.schema import VERSION
from newsbot.storage.sqlite import open_store
from tests.killer.workload import in_child
from tests.storage.samples import HOME, T0, capture, end, entry, lines, open_at, story, story_url

SETTINGS = StoreSettings(busy_timeout_s=0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An output folder of one run with three stories."""
    folder = tmp_path / "output"
    store = open_at(folder)
    for number in (1, 2, 3):
        store.commit(capture(story_url(number), story=story(number)), None, now=T0)
    end(store)
    return folder


def reopen(folder: Path, disk: Disk | None = None) -> None:
    open_store(folder, SETTINGS, now=T0, disk=disk).close()


def test_c06_the_lock_of_a_killed_process_is_free_at_once(folder: Path) -> None:
    def hold_and_die() -> None:
        open_store(folder, SETTINGS, now=T0)
        os.kill(os.getpid(), 9)

    assert in_child(hold_and_die) == -9
    reopen(folder)


def test_c07_a_foreign_number_in_the_lock_file_has_no_effect(folder: Path) -> None:
    (folder / ".newsbot" / "lock").write_text(f"{os.getpid()} elsewhere 0 scrapy crawl\n")
    reopen(folder)


def test_c05_whoever_comes_second_learns_who_was_first(folder: Path) -> None:
    store = open_store(folder, SETTINGS, now=T0)
    with pytest.raises(LockHeld, match=str(os.getpid())):
        reopen(folder)
    store.close()


def test_c11_an_output_folder_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    class ReadOnly(Disk):
        """What the root user's tests cannot have by chmod: EROFS of a read-only mount."""

        def mkdir(self, path: str) -> None:
            raise OSError(30, os.strerror(30))

    with pytest.raises(OutputError, match="Read-only file system"):
        reopen(tmp_path / "output", ReadOnly())
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is no folder"):
        reopen(tmp_path / "file")


def test_c11_a_folder_that_everybody_may_write_to_is_refused(folder: Path) -> None:
    folder.chmod(0o777)
    with pytest.raises(OutputError, match="writable by everybody"):
        reopen(folder)


def test_c12_a_state_that_cannot_be_written_to_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / ".newsbot")
    (folder / ".newsbot").touch()
    with pytest.raises(StateError, match="is no folder"):
        reopen(folder)


def test_c14_a_damaged_database_is_named_and_left_as_it_is(folder: Path, tmp_path: Path) -> None:
    path = folder / ".newsbot" / "state.sqlite"
    whole = path.read_bytes()
    chance = random.Random(14)
    refused = 0
    for _ in range(100):
        damaged = bytearray(whole)
        for _ in range(20):
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            reopen(folder)
        except StateError:
            refused += 1
            assert path.read_bytes() == damaged
        for beside in (folder / ".newsbot").glob("state.sqlite-*"):
            beside.unlink()
    # About half: flips within a text or in free space break no structure, and SQLite keeps no checksums.
    assert refused >= 30


def test_c14_a_large_database_is_looked_through_once_a_day(folder: Path) -> None:
    path = folder / ".newsbot" / "state.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("INSERT INTO meta VALUES ('filler', zeroblob(70000000))")
        database.execute("UPDATE meta SET value = ? WHERE name = 'checked_at'", (T0,))
        root = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'robots'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    store = open_store(folder, SETTINGS, now=T0 + 3600)
    with pytest.raises(StateError, match="malformed"):
        store.robots("https://harbour.test", now=0.0)
    store.close()
    for now in (T0 + 90_000, T0 - 1):
        with pytest.raises(StateError, match="damaged"):
            open_store(folder, SETTINGS, now=now)


@pytest.mark.parametrize("size", [0, 100, 4096, 30_000])
def test_c14_a_database_that_was_cut_is_refused(folder: Path, size: int) -> None:
    path = folder / ".newsbot" / "state.sqlite"
    os.truncate(path, size)
    with pytest.raises(StateError):
        reopen(folder)
    assert path.stat().st_size == size


def test_c15_a_missing_database_beside_published_files_is_refused(folder: Path) -> None:
    (folder / ".newsbot" / "state.sqlite").unlink()
    with pytest.raises(StateError, match="--adopt"):
        reopen(folder)
    assert not (folder / ".newsbot" / "state.sqlite").exists()


def test_c16_a_changed_or_missing_file_is_found_and_the_crawl_goes_on(folder: Path) -> None:
    changed, missing = sorted(folder.glob("*/*.jsonl"))[:2]
    with changed.open("a") as stream:
        stream.write("{}\n")
    missing.unlink()
    found = {(finding.code, finding.where) for finding in findings(folder)}
    assert found == {("I3", f"pages/{changed.name}"), ("I4", f"runs/{missing.name}")}
    store = open_at(folder, T0 + 1)
    store.commit(capture(story_url(4), story=story(4)), None, now=T0)
    end(store)
    assert changed.read_text().endswith("{}\n") and not missing.exists()
    assert {(finding.code, finding.where) for finding in findings(folder)} == found


def test_c17_a_database_of_a_newer_newsbot_is_refused_with_both_versions(folder: Path) -> None:
    with sqlite3.connect(folder / ".newsbot" / "state.sqlite") as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StateError, match=f"its version is {VERSION + 1}, this one knows {VERSION}"):
        reopen(folder)


def test_c18_a_torn_file_of_somebody_else_joins_no_record(folder: Path) -> None:
    (folder / "stories" / "zz-torn.jsonl").write_text('{"story_id": "s1", "head')
    store = open_at(folder, T0 + 1)
    store.commit(capture(story_url(4), story=story(4)), None, now=T0)
    end(store)
    (folder / "stories" / "zz-torn.jsonl").unlink()
    assert [line["story_id"][-1] for line in lines(folder, "stories")] == ["1", "2", "3", "4"]


def test_c19_a_name_that_is_taken_is_never_replaced(folder: Path) -> None:
    store = open_at(folder, T0 + 1)
    store.commit(capture(story_url(4), story=story(4)), None, now=T0)
    last = max(path.name for path in folder.glob("*/*.jsonl"))
    head, number = last.removesuffix(".jsonl").split("-")
    taken = folder / "stories" / f"{head}-{int(number) + 1:08d}.jsonl"
    taken.write_text("mine\n")
    with pytest.raises(OutputError, match="is there already"):
        store.publish_all(now=T0)
    store.close()
    assert taken.read_text() == "mine\n"
    taken.unlink()
    reopen(folder)
    assert [line["story_id"][-1] for line in lines(folder, "stories")] == ["1", "2", "3", "4"]


def test_c23_a_clock_set_back_changes_no_order(folder: Path) -> None:
    store = open_at(folder, T0 - 86_400)
    store.commit(capture(story_url(4), at=T0 - 86_400, story=story(4)), None, now=T0 - 86_400)
    assert store.publish(now=T0 - 90_000) == 2  # an age below zero is old enough
    end(store, T0 - 90_000)
    assert [line["story_id"][-1] for line in lines(folder, "stories")] == ["1", "2", "3", "4"]


def test_c25_a_network_filesystem_gets_no_write_ahead_log(tmp_path: Path) -> None:
    class Remote(Disk):
        def filesystem(self, path: Path) -> str:
            return "nfs4"

    store = open_store(tmp_path / "output", SETTINGS, now=T0, disk=Remote())
    store.commit(capture(story_url(1), story=story(1)), None, now=T0)
    assert not list((tmp_path / "output" / ".newsbot").glob("*-wal"))
    assert store.publish_all(now=T0) == 2
    store.close()


@pytest.mark.parametrize("planted", ["stories", ".newsbot", ".newsbot/lock", ".newsbot/state.sqlite", "part"])
def test_c29_a_planted_symbolic_link_is_not_followed(tmp_path: Path, planted: str) -> None:
    folder, elsewhere = tmp_path / "output", tmp_path / "elsewhere"
    if planted == "part":
        store = open_at(folder)
        store.commit(capture(story_url(1), story=story(1)), None, now=T0)
        elsewhere.write_text("precious")
        head = store._segments.database_id
        (folder / "stories" / f".{head}-00000001.jsonl.part").symlink_to(elsewhere)
        end(store)
        assert len(lines(folder, "stories")) == 1
    else:
        target = folder / planted
        target.parent.mkdir(parents=True)
        if planted in ("stories", ".newsbot"):
            elsewhere.mkdir()
        else:
            elsewhere.write_text("precious")
        target.symlink_to(elsewhere)
        with pytest.raises((StateError, OutputError)):
            reopen(folder)
    assert elsewhere.is_dir() or elsewhere.read_text() == "precious"
    assert not elsewhere.is_dir() or list(elsewhere.iterdir()) == []


def test_the_line_of_a_killed_run_is_written_by_the_next_start(folder: Path) -> None:
    store = open_at(folder, T0 + 60)
    store.commit(capture(story_url(4), story=story(4)), None, now=T0 + 90)
    store.close()
    recovery = open_store(folder, SETTINGS, now=T0 + 600)
    assert recovery.recovery.runs == 1
    recovery.publish_all(now=T0 + 600)
    recovery.close()
    killed = lines(folder, "runs")[-1]
    assert (killed["exit_name"], killed["exit_code"], killed["ended_at"]) == (
        "killed",
        None,
        "2026-03-01T06:01:30.000Z",
    )
    assert (killed["counts"]["pages"], killed["counts"]["stories"]) == (1, 1)


def test_a_run_that_could_not_publish_is_published_by_the_next_start(folder: Path) -> None:
    store = open_at(folder, T0 + 60)
    store.note_run(Run(run_id=f"r{T0 + 60:.3f}", exit_code=5, exit_name="output"), now=T0 + 60)
    store.close()
    end(open_at(folder, T0 + 120), T0 + 120)
    assert [line["exit_name"] for line in lines(folder, "runs")] == ["ok", "output", "ok"]


def test_a_run_that_could_not_publish_leaves_the_line_of_a_killed_one_as_it_is(folder: Path) -> None:
    open_at(folder, T0 + 60).close()
    store = open_at(folder, T0 + 120)
    run = Run(run_id=f"r{T0 + 120:.3f}", exit_code=0, exit_name="ok")
    store.note_run(run, now=T0 + 120)
    run.exit_code, run.exit_name = 5, "output"
    store.note_run(run, now=T0 + 121)
    store.close()
    open_store(folder, SETTINGS, now=T0 + 180).close()
    end(open_at(folder, T0 + 240), T0 + 240)
    assert [line["exit_name"] for line in lines(folder, "runs")] == ["ok", "killed", "output", "ok"]


def test_a_run_that_never_began_has_its_line_once(tmp_path: Path) -> None:
    run = Run(run_id="r1", exit_code=2, exit_name="usage", reasons=["ConfigError: no such key"])
    store = open_store(tmp_path, SETTINGS, now=T0)
    store.note_run(run, now=T0)
    run.reasons.append("and more")
    store.note_run(run, now=T0)
    store.publish_all(now=T0)
    store.close()
    assert [(line["run_id"], line["reasons"]) for line in lines(tmp_path, "runs")] == [("r1", run.reasons)]
    assert findings(tmp_path) == []


def test_part_files_of_a_dead_process_are_removed(folder: Path) -> None:
    part = folder / "teasers" / ".x-00000009.jsonl.part"
    part.write_text("{")
    store = open_store(folder, SETTINGS, now=T0)
    assert (store.recovery.part_files, part.exists()) == (1, False)
    store.close()


def test_p07_a_page_that_kills_three_times_is_set_aside_and_its_neighbours_are_not(folder: Path) -> None:
    poison, neighbour = story_url(66), story_url(67)

    for strikes in range(3):
        store = open_store(folder, SETTINGS, now=T0)
        assert (store.is_poison(poison), store.recovery.strikes) == (False, int(strikes > 0))
        store.close()
        assert in_child(lambda: parse_and_die(folder, poison, neighbour)) == -11
    store = open_store(folder, SETTINGS, now=T0)
    assert store.recovery.poisoned == (poison,)
    assert (store.is_poison(poison), store.is_poison(neighbour)) == (True, False)
    store.close()


def parse_and_die(folder: Path, poison: str, neighbour: str) -> None:
    store = open_store(folder, SETTINGS, now=T0)
    store.parsing(neighbour)
    store.parsed()
    store.parsing(poison)
    faulthandler.disable()  # pytest's own would print every stack
    os.kill(os.getpid(), 11)


def test_leases_of_a_dead_process_are_leased_again(folder: Path) -> None:
    store = open_at(folder, T0 + 1)
    store.add([entry(HOME)], now=T0 + 1)
    lease = store.lease(now=T0 + 1)
    store.close()
    store = open_at(folder, T0 + 2)
    assert store.lease(now=T0 + 2) == lease
    store.close()


def test_lines_are_forgotten_some_days_after_publishing(folder: Path) -> None:
    end(open_at(folder, T0 + 8 * 86_400), T0 + 8 * 86_400)
    with sqlite3.connect(folder / ".newsbot" / "state.sqlite") as database:
        assert database.execute("SELECT COUNT(*) FROM line").fetchone()[0] == 1  # the second run's own
    assert findings(folder) == []


def test_c14_lines_that_changed_after_their_seal_are_not_published(folder: Path) -> None:
    store = open_at(folder, T0 + 1)
    store.commit(capture(story_url(4), story=story(4)), None, now=T0)
    store._segments.seal(0, now=T0)
    store.close()
    with sqlite3.connect(folder / ".newsbot" / "state.sqlite") as database:
        database.execute("UPDATE line SET bytes = X'7B7D' WHERE seq = (SELECT MAX(seq) FROM line WHERE folder = 0)")
    with pytest.raises(StateError, match="not those that were sealed"):
        reopen(folder)
    assert len(lines(folder, "stories")) == 3


def test_database_that_died_before_its_tables_is_no_damage(tmp_path: Path) -> None:
    folder = tmp_path / "output"
    open_store(folder, SETTINGS, now=T0).close()
    state = folder / ".newsbot" / "state.sqlite"
    state.unlink()
    sqlite3.connect(state).close()
    state.touch()
    assert findings(folder) == []
    reopen(folder)
    assert findings(folder) == []


def test_page_that_was_read_to_its_end_gets_no_strike(folder: Path) -> None:
    store = open_store(folder, SETTINGS, now=T0)
    store.parsing(story_url(1))
    store.parsed()
    store.close()
    store = open_store(folder, SETTINGS, now=T0)
    assert store.recovery.strikes == 0
    store.close()
