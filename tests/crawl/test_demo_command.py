"""``scrapy demo``: the tour as a command."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawl.tour import ROOT, Tour, read_lines

pytestmark = pytest.mark.timeout(400)  # the first test to run makes the tour


def demo(output: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", "demo", "-s", f"NEWSBOT_OUTPUT={output}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)


def test_tour_goes_on_with_the_edition_last_shown(tour: Tour, tmp_path: Path) -> None:
    """The state is moved whole, so that this also is a move of an output folder."""
    output = tmp_path / "output"
    shutil.copytree(tour.output, output)
    before = read_lines(output)

    result = demo(output)

    assert result.returncode == 0, result.stderr
    assert "Edition 4 · Wednesday 4 March 2026, 06:30" in result.stdout
    assert "Edition 3" not in result.stdout
    assert " versions    none " in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80 + len(str(output))
    after = read_lines(output)
    assert {kind: len(after[kind]) for kind in ("stories", "teasers", "events")} == {
        kind: len(before[kind]) for kind in ("stories", "teasers", "events")
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--until", "5"), "--until is 1 to 4"),
        (("--until", "0"), "--until is 1 to 4"),
        (("extra",), "no argument is wanted, and extra is one"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = demo(tmp_path, *arguments)

    assert result.returncode == 2
    assert said in result.stdout + result.stderr


def test_broken_memory_of_the_newsroom_is_told(tmp_path: Path) -> None:
    state = tmp_path / ".newsbot"
    state.mkdir()
    (state / "demo.json").write_text("{")

    result = demo(tmp_path)

    assert result.returncode == 2
    assert "not what the demo newsroom wrote there" in result.stdout
