"""The benchmark of speed runs: every group on next to nothing, and what becomes of one that fails or hangs.

The figures of so little say nothing and are not looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.speed import peers
from benchmarks.speed.__main__ import GroupFailed, _figure, main
from benchmarks.speed.groups import GROUPS, SIZES
from benchmarks.speed.measure import Figure, line

ROOT = Path(__file__).parents[2]


def bench(path: Path, *arguments: str) -> tuple[int, list[str], dict[str, Any]]:
    """(exit code, lines of the table, what was written to *path*)."""
    command = [sys.executable, "-m", "benchmarks.speed", "--tiny", "--json", str(path), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines(), json.loads(path.read_text()) if path.exists() else {}


# The peers want a package index. Others start a dozen processes of Scrapy, which a busy machine takes its time for.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("group", [name for name in GROUPS if name != "peers"])
def test_every_group_runs_to_its_end(group: str, tmp_path: Path) -> None:
    code, table, written = bench(tmp_path / "figures.json", "--only", group)
    assert code in (0, 3) and written["failed"] == {}, table
    assert len(table) == len(written["figures"]) > 0
    assert all(isinstance(figure["value"], int | float) for figure in written["figures"])


def test_a_group_that_fails_is_told_and_the_others_run(tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    code, table, written = bench(
        tmp_path / "figures.json", "--only", "extraction,growth", "--kit", str(tmp_path / "kit")
    )
    assert code == 1 and list(written["failed"]) == ["extraction"]
    assert "FAILED" in table[0] and "memory growth" in "".join(table[1:])


def test_a_group_that_hangs_is_ended_at_its_limit(tmp_path: Path) -> None:
    code, table, written = bench(tmp_path / "figures.json", "--only", "extraction", "--minutes", "0.001")
    assert (code, written["figures"]) == (1, [])
    assert written["failed"] == {"extraction": "ended at its limit of 0.001 min"} and "FAILED" in table[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--only", "extracton"], "no such group; there are extraction, ", id="misspelt"),
        pytest.param(["--only", "state"], "state needs --full", id="long"),
        pytest.param(["--only", "peers", "--no-peers"], "peers needs no --no-peers", id="left out"),
    ],
)
def test_what_measures_nothing_is_refused(arguments: list[str], said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        main(arguments)


def test_a_group_that_says_no_figure_has_failed() -> None:
    with pytest.raises(GroupFailed, match="no figure: 'hello'"):
        _figure("hello\n")
    with pytest.raises(GroupFailed, match="no figure"):
        _figure('{"name": "cost"}\n')


def test_a_row_says_goal_spread_and_whether_it_is_reached() -> None:
    row = line(Figure(name="cost", value=2.5, spread=0.25, reach=2, aim=1.5, note="3 pages"))
    assert row.split() == ["cost", "2.500", "x", "±", "0.25", "≤", "2", "(aim", "1.5)", "MISSED", "3", "pages"]
    assert "≥ 1.8  " in line(Figure(name="cores", value=1.9, reach=1.8, more_is_better=True))


def test_peers_have_goals_and_leave_the_yardstick_of_the_replay(tmp_path: Path) -> None:
    rows: list[peers.Row] = [
        {"peer": name, "ratio": 0.2, "ms": 50.0, "spread": 0.0, "version": "p 1", "pages": 3, "failed": 0}
        for name in peers.GOALS
    ]
    assert [figure.is_reached for figure in peers.figures(rows)] == [True, True, False, True]
    assert peers.kept_ms(tmp_path, "trafilatura + metadata") is None
    peers.keep(rows, tmp_path)
    assert peers.kept_ms(tmp_path, "trafilatura + metadata") == 50.0


def test_long_groups_are_measured_in_full_only() -> None:
    assert [name for name, group in GROUPS.items() if group.is_long] == ["state", "growth"]
    assert SIZES["full"].long_crawl == 100_000 and SIZES["full"].urls == 10_000_000
