"""C01, C09: a process that kills itself at each labelled point, three passes in a row, loses and repeats nothing."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsbot.storage.check import findings
from tests.killer.workload import LABELS, Reader, content, crawl, in_child, killing_at, real_findings, undisturbed
from tests.storage.samples import lines


@pytest.mark.parametrize("label", LABELS)
def test_c01_a_kill_at_each_labelled_point_loses_and_repeats_nothing(tmp_path: Path, label: str) -> None:
    expected = undisturbed(tmp_path / "undisturbed")
    folder = tmp_path / "output"
    reader = Reader(folder)
    for number in (1, 2, 3):
        # Being opened happens once a process: there each pass is a first one.
        passes = 1 if label == "opened" else number
        ended = in_child(lambda passes=passes: crawl(folder, point=killing_at(label, passes)))  # type: ignore[misc]
        assert ended == -signal.SIGKILL
        assert real_findings(folder) == []
        reader.look()
    assert in_child(lambda: crawl(folder)) == 0
    reader.look()
    assert content(folder) == expected
    assert findings(folder) == []
    runs = [line["exit_name"] for line in lines(folder, "runs")]
    # A process that died while it put the last one's files out had not begun a run of its own.
    with closing(sqlite3.connect(folder / ".newsbot" / "state.sqlite")) as database:
        begun = database.execute("SELECT COUNT(*) FROM run").fetchone()[0]
    assert runs == ["killed"] * (begun - 1) + ["ok"]


def test_every_label_is_passed_by_the_workload(tmp_path: Path) -> None:
    passed: dict[str, int] = {}

    def count(label: str) -> None:
        passed[label] = passed.get(label, 0) + 1

    crawl(tmp_path / "output", point=count)
    assert sorted(passed) == sorted(LABELS)
    assert all(passed[label] >= 3 for label in LABELS if label != "opened")
