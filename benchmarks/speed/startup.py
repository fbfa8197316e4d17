"""How much a process costs before it is of use: to the first request of a crawl, and for one page of a file.

CPU time of whole processes in turn (A B, A B, ...), as the kernel counts it: a busy machine does not change it. The
processes find the package compiled, as an installed one is.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.speed.measure import Figure, half_range
from benchmarks.speed.pages import SavedPage
from benchmarks.speed.processes import ROOT, SCRAPY, SPIDER, chosen, compiled, environment, newsbot_settings, run

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def figures(pages: list[SavedPage], rounds: int, folder: Path) -> Iterator[Figure]:
    """Start to first request ÷ an empty Scrapy crawl; ``scrapy extract`` of one page ÷ ``scrapy version``."""
    compiled()
    value, spread, bare_s = _ratio(lambda: _crawl_start(folder), lambda: _bare_start(folder), rounds)
    note = f"CPU to the first request, {bare_s:.2f} s of bare Scrapy"
    name = "start to first request ÷ an empty Scrapy crawl"
    yield Figure(name=name, value=value, spread=spread, reach=1.25, aim=1.1, note=note)
    middle = sorted(pages, key=lambda page: len(page.body))[len(pages) // 2]
    saved = folder / "page.html"
    saved.write_bytes(middle.body)
    extract = [SCRAPY, "extract", str(saved), "--url", "https://example.org/a"]
    value, spread, version_s = _ratio(
        lambda: run(extract, cwd=ROOT).cpu_s, lambda: run([SCRAPY, "version"], cwd=ROOT).cpu_s, rounds
    )
    note = f"a page of {len(middle.body) // 1024} KiB, scrapy version {version_s:.2f} s CPU"
    yield Figure(name="scrapy extract ÷ scrapy version", value=value, spread=spread, reach=1.5, aim=1.3, note=note)


def _ratio(work: Callable[[], float], yardstick: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """(median ratio, half of the range, median of the yardstick's seconds) of so many rounds, the first not counted."""
    work(), yardstick()
    pairs = [(work(), yardstick()) for _ in range(rounds)]
    ratios = [one / other for one, other in pairs]
    return statistics.median(ratios), half_range(ratios), statistics.median(other for _, other in pairs)


def _crawl_start(folder: Path) -> float:
    settings = newsbot_settings(folder / "started")
    return _to_first_request(
        lambda base: [SCRAPY, "crawl", "news", "-a", f"url={base}/list/0", *chosen(settings)], cwd=ROOT
    )


def _bare_start(folder: Path) -> float:
    return _to_first_request(
        lambda base: [SCRAPY, "runspider", str(SPIDER), "-a", f"base={base}", "-a", "count=1", "-L", "ERROR"], folder
    )


def _to_first_request(command: Callable[[str], list[str]], cwd: Path) -> float:
    """CPU seconds of the process until a request of its reaches us; then it is ended."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)
        line = command(f"http://127.0.0.1:{listener.getsockname()[1]}")
        process = subprocess.Popen(line, cwd=cwd, env=environment(), stdout=subprocess.DEVNULL, stderr=sys.stderr)
        try:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1)
                return _used(process.pid)
        finally:
            process.kill()
            process.wait()


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S
