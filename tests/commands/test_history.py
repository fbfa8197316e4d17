"""``scrapy history`` over a small output folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.storage.samples import T0, capture, end, open_at, story, story_url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = open_at(tmp_path / "output")
    for hour, (headline, text) in enumerate((("Sails", "One. Two."), ("\x1b]0;Sinks", "One. Three."))):
        at = T0 + 3600 * hour
        store.commit(capture(story_url(1), at=at, story=story(1, text, headline=headline)), None, now=at)
    end(store)
    return tmp_path / "output"


def history(folder: Path, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "scrapy", "history", *arguments, "-s", f"NEWSBOT_OUTPUT={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout


def test_versions_are_shown_with_the_sentences_that_changed(folder: Path) -> None:
    code, said = history(folder, story_url(1))
    assert code == 0
    assert "  - Two.\n  + Three.\n" in said and "headline_changed  Sails → \N{REPLACEMENT CHARACTER}]0;Sinks" in said
    assert "\x1b" not in said


def test_as_json_it_is_one_object(folder: Path) -> None:
    code, said = history(folder, "--json", "s:harbour.test:1")
    shown = json.loads(said)
    assert (code, [each["revision"] for each in shown["versions"]]) == (0, [1, 2])
    assert [each["kind"] for each in shown["events"]] == ["headline_changed"]


def test_a_story_that_no_line_names_is_said_so(folder: Path) -> None:
    assert history(folder, "s:harbour.test:2")[0] == 2
