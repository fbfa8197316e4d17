"""What a crawl costs beside bare Scrapy on the same local server: CPU a story page, memory, a second run.

The CPU time and the peak memory are those of the crawler's process as the kernel counts them when it ends.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.measure import Figure
from benchmarks.speed.pages import SavedPage

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = str(Path(sys.executable).with_name("scrapy"))
SPIDER = Path(__file__).with_name("bare_spider.py")
FAST = {
    "DOWNLOAD_DELAY": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    "CONCURRENT_REQUESTS": "16",
    "LOG_LEVEL": "ERROR",
}
# newsbot's settings without what makes it newsbot: its frontier, store and network rules.
FRAME = {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": "{}",
    "EXTENSIONS": json.dumps(dict.fromkeys(["scrapy.extensions.telnet.TelnetConsole"])),
    "DOWNLOADER_MIDDLEWARES": "{}",
    "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver",
    "USER_AGENT": "bench",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a finished process used."""

    cpu_s: float
    peak_mb: float


def figures(pages: list[SavedPage], folder: Path, *, full: bool) -> Iterator[Figure]:
    """Pipeline and settings against bare Scrapy, peak memory, and the cost of a run with nothing new."""
    count = 2_000 if full else 400
    with _server(pages, folder / "pages", count) as base:
        output = folder / "output"
        bare = _run(_bare(base, count), cwd=folder)
        start = _run(_bare(base, 0), cwd=folder)
        frame = _run(_bare(base, count, frame=True), cwd=ROOT)
        frame_start = _run(_bare(base, 0, frame=True), cwd=ROOT)
        first = _run(_newsbot(base, output, count), cwd=ROOT)
        lines = _lines(output / "stories")
        again = _run(_newsbot(base, output, count), cwd=ROOT)
        empty = _run(_newsbot(base, folder / "none", 0), cwd=ROOT)
    per_bare = (bare.cpu_s - start.cpu_s) / count
    note = f"{count} pages, {lines} stories, bare {per_bare * 1000:.2f} ms CPU a page"
    pipeline = (first.cpu_s - empty.cpu_s) / count / per_bare
    yield Figure(name="whole pipeline, CPU a page ÷ bare Scrapy", value=pipeline, reach=4, aim=2.5, note=note)
    frame_ratio = (frame.cpu_s - frame_start.cpu_s) / count / per_bare
    yield Figure(name="newsbot's settings, empty callback ÷ bare", value=frame_ratio, reach=0.7, aim=0.55)
    yield Figure(name=f"peak memory, crawl of {count} pages", value=first.peak_mb, reach=180, aim=140, unit="MB")
    second = max(again.cpu_s - empty.cpu_s, 0) / max(first.cpu_s - empty.cpu_s, 1e-9)
    name = "second run with nothing new ÷ first, a known URL"
    yield Figure(name=name, value=second, reach=0.05, aim=0.01, note=f"{_lines(output / 'stories') - lines} new lines")


@contextmanager
def _server(pages: list[SavedPage], folder: Path, count: int) -> Iterator[str]:
    folder.mkdir()
    for number, page in enumerate(pages):
        (folder / f"{number:05}.html").write_bytes(page.body)
    command = [sys.executable, "-m", "benchmarks.speed.server", str(folder), str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def _bare(base: str, count: int, *, frame: bool = False) -> list[str]:
    settings = {"LOG_LEVEL": "ERROR"} | (FRAME | FAST if frame else {})
    chosen = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return [SCRAPY, "runspider", str(SPIDER), "-a", f"base={base}", "-a", f"count={count}", *chosen]


def _newsbot(base: str, output: Path, count: int) -> list[str]:
    settings = FAST | {
        "NEWSBOT_OUTPUT": str(output),
        "NEWSBOT_CONTACT": "bench@example.org",
        "NEWSBOT_NET_ALLOW_PRIVATE": "127.0.0.0/8",
        "NEWSBOT_NET_PORTS": "1-65535",
        "NEWSBOT_PAGES_PER_HOST": "1000000",
        "NEWSBOT_DEPTH": "1000000",
    }
    chosen = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    target = f"{base}/list/0" if count else f"{base}/list/1000000"
    return [SCRAPY, "crawl", "news", "-a", f"url={target}", *chosen]


def _run(command: list[str], cwd: Path) -> Cost:
    """Run *command* to its end. Exit codes 3 and 4 are answers of newsbot about what it found, not failures."""
    environment = {key: value for key, value in os.environ.items() if key != "SCRAPY_SETTINGS_MODULE"}
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3, 4):
        raise SystemExit(
            f"{' '.join(command)} ended with {process.returncode}:\n{said.decode(errors='replace')[-2000:]}"
        )
    return Cost(_cpu(used), used.ru_maxrss / 1024)


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def _lines(folder: Path) -> int:
    return sum(file.read_bytes().count(b"\n") for file in sorted(folder.glob("*.jsonl")))
