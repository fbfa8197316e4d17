"""The lines of a log that nobody watches: the first one soon, the others once a minute."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest

from newsbot.extensions import progress
from newsbot.extensions.progress import Progress


def test_log_has_a_line_after_ten_seconds_and_then_one_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SimpleNamespace(now=100.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(progress, "time", clock)
    monkeypatch.setattr(progress, "run_of", lambda crawler: crawler)
    monkeypatch.setattr(progress, "progress_line", lambda run, elapsed_s: f"after {elapsed_s:.0f} s")
    caplog.set_level(logging.INFO, logger="newsbot.extensions.progress")
    shown = Progress(cast(Any, None))
    for clock.now in range(110, 300, 10):  # as the loop calls it
        shown.show()
    assert caplog.messages == ["after 10 s", "after 60 s", "after 120 s", "after 180 s"]
