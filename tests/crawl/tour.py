"""The editions of the demo crawled once for all tests here, by the real command, as cron would start it.

``crawls[i]`` are the lines that crawl number i wrote; the second shows the first edition again.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsbot.items.identity import folded

Record = dict[str, Any]
ROOT = Path(__file__).parents[2]
# What each crawl is asked to show; ``None`` is the edition last shown.
EDITIONS: tuple[int | None, ...] = (1, None, 2, 3, 4)
SHOWN = (1, 1, 2, 3, 4)
KINDS = ("stories", "teasers", "events", "pages", "runs")


@dataclass(frozen=True)
class Crawl:
    """One run of the command: its code, the last line of its standard error, and the lines it published."""

    edition: int
    code: int
    summary: Record
    lines: dict[str, list[Record]]


@dataclass(frozen=True)
class Tour:
    """All crawls, in order, and where the newsroom stood."""

    output: Path
    base: str
    crawls: list[Crawl]

    def of(self, edition: int) -> Crawl:
        """The first crawl of *edition*."""
        return self.crawls[SHOWN.index(edition)]


def crawl(output: Path, *arguments: str, timeout_s: int = 100) -> subprocess.CompletedProcess[str]:
    """``scrapy crawl demo`` with *arguments*."""
    command = [sys.executable, "-m", "scrapy", "crawl", "demo", "-s", f"NEWSBOT_OUTPUT={output}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False)


def read_lines(output: Path) -> dict[str, list[Record]]:
    """Every line of *output* by kind, in the order of the segments."""
    return {
        kind: [json.loads(line) for path in sorted((output / kind).glob("*.jsonl")) for line in path.open("rb")]
        for kind in KINDS
    }


def make_tour(folder: Path) -> Tour:
    """The tour in *folder*, made by whichever test process comes first."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "runs.json"
        if not done.exists():
            results = [_one(folder / "output", edition) for edition in EDITIONS]
            done.write_text(json.dumps(results))
    return _read(folder / "output", json.loads(done.read_text()))


def _one(output: Path, edition: int | None) -> Record:
    arguments = [] if edition is None else ["-a", f"edition={edition}"]
    result = crawl(output, *arguments, "-L", "WARNING")
    last = result.stderr.strip().splitlines()[-1:] or [""]
    if not last[0].startswith("{"):
        raise AssertionError(f"no summary:\n{result.stderr[-3000:]}")
    return {"code": result.returncode, "summary": json.loads(last[0])}


def _read(output: Path, results: list[Record]) -> Tour:
    by_run: dict[str, dict[str, list[Record]]] = defaultdict(lambda: {kind: [] for kind in KINDS})
    for kind, lines in read_lines(output).items():
        for line in lines:
            by_run[line["run_id"]][kind].append(line)
    port = json.loads((output / ".newsbot" / "demo.json").read_text())["port"]
    crawls = [
        Crawl(edition, result["code"], result["summary"], by_run[result["summary"]["run_id"]])
        for edition, result in zip(SHOWN, results, strict=True)
    ]
    return Tour(output, f"http://127.0.0.1:{port}", crawls)


def worker_folder(base: Path) -> Path:
    """A folder that all test processes of this session share."""
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "demo-tour"


def placement_key(line: Record) -> tuple[str, str, str]:
    """What makes a placement the same one: page, block, target (or text)."""
    block = folded(line["block_heading"]) or line["block_kind"]
    return line["page_url"], block, line["target_url"] or folded(line["headline"] or line["summary"])
