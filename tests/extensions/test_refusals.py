"""Starts that were refused, and the folder in which they are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings

from newsbot.extensions.exitcodes import Exit
from newsbot.extensions.refusals import note_refusal
from newsbot.storage.base import StoreSettings
from newsbot.storage.sqlite import open_store


@pytest.mark.parametrize(
    ("given", "misspelt", "told"),
    [
        pytest.param("project", {}, 1, id="default-folder"),
        pytest.param("project", {"NEWSBOT_OUTPTU": "/data"}, 0, id="perhaps-another-folder"),
        pytest.param("cmdline", {"NEWSBOT_DEPHT": "2"}, 1, id="folder-named-beside-it"),
    ],
)
def test_refusal_is_told_in_the_folder_that_was_meant(
    given: str, misspelt: dict[str, str], told: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSBOT_OUTPUT", raising=False)
    open_store(tmp_path, StoreSettings(), now=1.0).close()
    settings = Settings()
    settings.set("NEWSBOT_OUTPUT", str(tmp_path), priority=given)
    settings.setdict(misspelt, priority="cmdline")

    note_refusal(settings, "news", Exit.USAGE, "no setting is called so")

    assert len(list((tmp_path / "runs").glob("*.jsonl"))) == told


def test_refusal_by_a_misspelt_variable_is_not_told_in_the_default_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEWSBOT_OUTPUT", raising=False)
    monkeypatch.setenv("NEWSBOT_OUTPTU", "/data")
    open_store(tmp_path, StoreSettings(), now=1.0).close()

    note_refusal(Settings({"NEWSBOT_OUTPUT": str(tmp_path)}), "news", Exit.USAGE, "read by nobody")

    assert list((tmp_path / "runs").glob("*.jsonl")) == []
