"""Whole processes for measuring: how they are started, with which settings, and what they used.

What comes in: command lines. What goes out: CPU time as the kernel counts it at the end, and the last line that the
process said. The environment is a plain one: no proxy, and compiled modules may be kept.
"""

from __future__ import annotations

import compileall
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from newsbot import settings

ROOT = Path(__file__).resolve().parents[2]
SCRAPY = str(Path(sys.executable).with_name("scrapy"))
SPIDER = Path(__file__).with_name("bare_spider.py")
# As fast as the machine goes: the crawler is measured, not its manners.
FAST = {
    "DOWNLOAD_DELAY": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    "CONCURRENT_REQUESTS": "16",
    "LOG_LEVEL": "ERROR",
}
# newsbot's settings without its frontier and store, which an empty callback has no use for. Its downloader and
# middlewares, which ask nobody but Scrapy, stay.
FRAME = FAST | {
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": "{}",
    "EXTENSIONS": json.dumps(
        {name: None if name.startswith("newsbot.") else order for name, order in settings.EXTENSIONS.items()}
    ),
    "NEWSBOT_CONTACT": "bench@example.org",
    "NEWSBOT_NET_ALLOW_PRIVATE": "127.0.0.0/8",
    "NEWSBOT_NET_PORTS": "1-65535",
}
# Exit codes 3, 4 and 7 are answers of newsbot about what it found, not failures.
_GOOD_ENDS = (0, 3, 4, 7)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a finished process used, without processes of its own that outlived it."""

    cpu_s: float
    last_line: str


def run(command: list[str], cwd: Path) -> Cost:
    """Run *command* to its end. Raises `SystemExit` with what it said when it fails."""
    process = subprocess.Popen(command, cwd=cwd, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in _GOOD_ENDS:
        told = said.decode(errors="replace")[-2000:]
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{told}")
    return Cost(cpu_of(used), (said.decode(errors="replace").strip().splitlines() or [""])[-1])


def cpu_of(used: resource.struct_rusage) -> float:
    """CPU seconds, in the process and in the kernel for it."""
    return used.ru_utime + used.ru_stime


def newsbot_settings(output: Path) -> dict[str, str]:
    """Settings under which newsbot crawls a local server as fast as it can."""
    return FAST | {
        "NEWSBOT_OUTPUT": str(output),
        "NEWSBOT_CONTACT": "bench@example.org",
        "NEWSBOT_NET_ALLOW_PRIVATE": "127.0.0.0/8",
        "NEWSBOT_NET_PORTS": "1-65535",
        "NEWSBOT_PAGES_PER_HOST": "1000000",
        "NEWSBOT_DEPTH": "1000000",
    }


def chosen(settings: dict[str, str]) -> list[str]:
    """*settings* as arguments of a command."""
    return [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]


def environment() -> dict[str, str]:
    """This process's environment, without what would change the processes that are measured."""
    left_out = ("SCRAPY_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in left_out and "proxy" not in name.lower()}


def compiled() -> None:
    """Compile the package, as an installation does."""
    compileall.compile_dir(str(ROOT / "newsbot"), quiet=1)
