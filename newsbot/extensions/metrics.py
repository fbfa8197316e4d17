"""``metrics.prom``: the last run as numbers for node_exporter's text file collector.

What comes in: the finished run. What goes out: one file under the state folder, replaced as a whole.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from newsbot.extensions.run import RunExtension, run_of

logger = logging.getLogger(__name__)


class Metrics:
    """Writes the file at the end of a run."""

    def __init__(self, crawler: Crawler, folder: Path) -> None:
        self.crawler = crawler
        self.folder = folder

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        metrics = cls(crawler, Path(crawler.settings["NEWSBOT_OUTPUT"], ".newsbot"))
        crawler.signals.connect(metrics.engine_stopped, signals.engine_stopped)
        return metrics

    def engine_stopped(self) -> None:
        """Write the file; a disk without room for it has been reported by then."""
        try:
            write_metrics(run_of(self.crawler), self.folder / "metrics.prom")
        except OSError as error:
            self.crawler.stats.inc_value("newsbot/metrics/failed")
            logger.warning("metrics.prom could not be written: %s", error)


def write_metrics(run: RunExtension, path: Path) -> None:
    """The numbers of *run* in *path*. Raises `OSError`."""
    from dataclasses import asdict

    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()
    labels = {"spider": run.record.spider or ""}

    def gauge(name: str, text: str, value: float) -> None:
        Gauge(f"newsbot_{name}", text, list(labels), registry=registry).labels(**labels).set(value)

    gauge("last_run_timestamp_seconds", "When the last run ended", run.now())
    gauge("last_run_exit_code", "Exit code of the last run", int(run.exit))
    gauge("last_run_duration_seconds", "How long the last run took", (run.record.elapsed_ms or 0) / 1000)
    for name, value in asdict(run.record.counts).items():
        gauge(f"last_run_{name}", f"Count of the last run: {name}", value)
    write_to_textfile(str(path), registry)
