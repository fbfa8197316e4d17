"""The real command, run as a user runs it: a process, its exit code, its last line, its files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# Small times, so that faults show in seconds.
QUICK = {
    "DOWNLOAD_DELAY": "0",
    "DOWNLOAD_TIMEOUT": "2",
    "RETRY_TIMES": "1",
    "NEWSBOT_RETRY_BASE_S": "0.05",
    "NEWSBOT_RUN_MIN_DISK_MB": "0",
    "NEWSBOT_CONTACT": "test@newsbot.test",
}


@dataclass(frozen=True)
class Finished:
    """What a run left behind."""

    code: int
    stderr: str
    output: Path

    @property
    def last(self) -> dict[str, Any]:
        """The last line of stderr."""
        return json.loads(self.stderr.strip().rsplit("\n", 1)[-1])

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """The records of ``stories``, ``teasers``, ``pages``, ``events`` or ``runs``."""
        return lines(self.output, kind)


def lines(output: Path, kind: str) -> list[dict[str, Any]]:
    """All records of *kind* under *output*, in the order of their files."""
    files = sorted((output / kind).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def command(*arguments: str, output: Path, **settings: Any) -> list[str]:
    """The command line of ``scrapy crawl``."""
    chosen = {**QUICK, "NEWSBOT_OUTPUT": str(output), **settings}
    options = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", *arguments, *options]


def environment(**extra: str) -> dict[str, str]:
    """What cron gives, and no proxy."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, "PYTHONPATH": str(ROOT), "NEWSBOT_CONTACT": "", **extra}


def crawl(
    *arguments: str, output: Path, env: dict[str, str] | None = None, timeout: float = 110, **settings: Any
) -> Finished:
    """Run ``scrapy crawl`` to its end."""
    done = subprocess.run(
        command(*arguments, output=output, **settings),
        cwd=ROOT,
        env=environment(**(env or {})),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Finished(done.returncode, done.stderr, output)
