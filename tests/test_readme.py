"""The README says what is so: its lines are the demo's, its codes and commands exist, its Python runs."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from newsbot.extensions.exitcodes import Exit
from tests.golden.demo import PRESS, capture_of
from tests.golden.golden import bytes_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
STORY_PATH = next(path for path in PRESS.views if path.endswith("-40206"))


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def is_abridged(shown: Any, real: Any) -> bool:
    """Whether *shown* is *real* with parts left out (``…``)."""
    if isinstance(shown, str) and "…" in shown and shown != real:
        start, _, end = shown.partition("…")
        return shown == "…" or (real.startswith(start.rstrip(":")) and real.endswith(end))
    if isinstance(shown, dict):
        return all(key == "…" or (key in real and is_abridged(value, real[key])) for key, value in shown.items())
    if isinstance(shown, list):
        kept = [value for value in shown if value != "…"]
        return len(kept) <= len(real) and all(map(is_abridged, kept, real))
    return bool(shown == real)


def test_story_line_is_the_demos() -> None:
    shown = json.loads(fenced("json")[0])
    # What the store adds when it writes the line.
    real = {**asdict(capture_of(STORY_PATH).story), "story_id": "s:demo:40206", "revision": 1}

    assert {key for key, value in shown.items() if not is_abridged(value, real[key])} == set()


def test_teaser_lines_are_the_demos() -> None:
    shown = [json.loads(line) for line in re.findall(r"\{.*?\}", fenced("json")[1], re.DOTALL)]
    real = [asdict(teaser) for teaser in capture_of("/").teasers]

    assert len(shown) == 2
    assert [sum(is_abridged(one, teaser) for teaser in real) for one in shown] == [1, 1]


def test_story_as_shown_is_the_page() -> None:
    quoted = [line.strip("> #*").strip() for line in README.splitlines() if line.startswith("> ")]
    page = " ".join(PRESS.answer(STORY_PATH).body.decode().split())

    assert "Province to take over the coast road, premier says" in quoted
    assert "(Reporting by Silas Corrigan; Editing by June Atterby)" in page
    assert "of Brindle next year, Premier Ingrid Solvay said on Monday." in page


def test_figures_are_those_of_the_splitting_page() -> None:
    """The pages' row is of folds of whole publishers; the README must not lag behind a new model."""
    splitting = (ROOT / "docs" / "splitting.md").read_text("utf-8")
    measured = next(row for row in splitting.splitlines() if row.startswith("| F1 "))
    shown = next(row for row in README.splitlines() if row.startswith("| newsbot |"))

    assert re.findall(r"[\d.]+", shown) == re.findall(r"(?:F1 |flawless |exact )([\d.]+)", measured)


def test_exit_codes_are_all_there() -> None:
    table = README.partition("## Exit codes")[2].partition("\n## ")[0]
    codes = [int(code) for row in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for code in row.split(",")]

    assert codes == [int(code) for code in Exit]


def test_every_command_named_exists_and_none_is_left_out() -> None:
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    named = {
        word for row in re.findall(r"^\| (`scrapy.*?) \|", table, re.MULTILINE) for word in re.findall(r"[a-z]+", row)
    }
    own = {path.stem for path in (ROOT / "newsbot" / "commands").glob("*.py") if "class Command(" in path.read_text()}

    assert own - named == {"demo"} - named
    assert named - own <= {"scrapy", "list"}


def test_make_targets_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert set(re.findall(r"make ([a-z-]+)", README)) <= targets


def test_python_runs(capsys: Any) -> None:
    exec(fenced("python")[0], {"body": bytes_of("classic")})

    assert "Norvik closes its oldest pier to cars" in capsys.readouterr().out
