"""``scrapy crawl``: Scrapy's command with an exit code that can be trusted.

What comes in: the command line and signals. What goes out: the run, a summary, one JSON object as the last line of
stderr, and the code of `newsbot.extensions.exitcodes`. Holds no rule about news.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Never

from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from newsbot.commands.helping import let_go, refuse_options, teach
from newsbot.core.errors import ConfigError, NewsbotError
from newsbot.extensions.exitcodes import Exit, exit_of_error, worst

if TYPE_CHECKING:
    from newsbot.extensions.run import RunExtension

logger = logging.getLogger(__name__)

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Scrapy's lists of its own parts, forty lines a run.
_CHATTY: Final = ("scrapy.middleware", "scrapy.crawler", "scrapy.addons", "scrapy.utils.log")
_HELP: Final = """\
Run a spider and say by the exit code what became of it.

  scrapy crawl demo                            the embedded newsroom, on this machine only
  scrapy crawl SITE                            a site with a site file (scrapy list shows them)
  scrapy crawl SITE -a sections=politics,world some of its sections
  scrapy crawl news -a sites=a,b,c             several sites in one run, or sites=all
  scrapy crawl news -a url=https://…/politics  any section, home page, feed or sitemap, without a file
  scrapy crawl archive -a warc=FILE,GLOB       stored pages (WARC, WET), with --jobs N in N processes

Arguments: -a sections=, -a since=, -a until= (days), -a max_pages= (pages; feeds and sitemaps come on top, and count
among "pages" of the last line); for demo also -a edition=N (1 to 4).
Settings (-s NAME=VALUE): NEWSBOT_OUTPUT (where lines go), NEWSBOT_CONTACT (whom a site can ask about us).

Exit codes: 0 done and published; 1 a bug or a hang; 2 usage or configuration; 3 a source failed or offers far
fewer stories than before; 4 nothing could be read; 5 output could not be published, state is safe; 6 state
unusable (scrapy doctor); 7 stopped by a limit, goes on next time; 75 another run has the lock; 130/143 stopped
by a signal. The last line on stderr is a JSON object with the counts.
"""


class Command(BaseRunSpiderCommand):
    """Scrapy's ``crawl`` in a project with newsbot."""

    requires_project = True
    crawler: Crawler | None = None
    signum: int | None = None

    def syntax(self) -> str:
        return "[options] <site | demo | news | archive>"

    def short_desc(self) -> str:
        return "Crawl a site, several sites, a URL or stored pages; the exit code says how it went"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--jobs", metavar="N", help="processes that read an archive (default: 1)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_options(args)
        if len(args) != 1:
            raise UsageError("one spider is wanted, such as: scrapy crawl demo")
        self._listen()
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        try:
            arguments = {**opts.spargs, "jobs": opts.jobs} if opts.jobs else opts.spargs
            self.exitcode = int(self._crawl(args[0], arguments))
        except (NewsbotError, KeyError) as error:
            self.exitcode = int(self._refuse(args[0], error))

    # -- the run ---------------------------------------------------------------------------------------------

    def _crawl(self, name: str, arguments: dict[str, str]) -> Exit:
        assert self.crawler_process is not None
        self.crawler = self._create_crawler(name)
        task: Any = self.crawler_process.crawl(self.crawler, **arguments)  # Any: a task or a Deferred, by the reactor
        self.crawler_process.start(install_signal_handlers=False)
        run = self.extension()
        error = _error_of(task)
        if run is None:
            return self._refuse(name, error or ConfigError("newsbot.extensions.run.RunExtension is not enabled"))
        if error is not None:
            _tell(error)
            run.facts.errors.append(error if isinstance(error, Exception) else RuntimeError(repr(error)))
        run.finish()
        summarise(run)
        return run.exit

    def _refuse(self, name: str, error: BaseException) -> Exit:
        """The end of a run that never began."""
        from newsbot.extensions.refusals import note_refusal

        code = Exit.USAGE if isinstance(error, KeyError) else exit_of_error(error)
        _tell(error)
        assert self.settings is not None  # set by Scrapy before it calls run
        note_refusal(self.settings, name, code, _message(error))
        last_line({"newsbot": 1, "exit": int(code), "exit_name": code.name.lower(), "errors": [_message(error)]})
        return code

    def extension(self) -> RunExtension | None:
        """The run, once its store is open."""
        if self.crawler is None or self.crawler._extensions is None:
            return None
        from newsbot.extensions.run import RunExtension

        return self.crawler.get_extension(RunExtension)

    # -- signals ---------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Take the signals from here on; before, their default action ends the process with the same codes."""
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first asks for a drain, the second ends the run now; the loop does both, as it owns the store."""
        is_second, self.signum = self.signum is not None, number
        loop = asyncio.get_event_loop_policy().get_event_loop()
        if not loop.is_running():
            self._leave(number)
        action: Callable[[int], None] = self._end_now if is_second else self._drain
        loop.call_soon_threadsafe(action, number)

    def _drain(self, number: int) -> None:
        run = self.extension()
        if run is None or self.crawler is None or self.crawler._engine is None:
            self._end_now(number)
            return
        limit_s = self.crawler.settings.getfloat("NEWSBOT_RUN_DRAIN_S")
        logger.info("%s: finishing what is in flight, %.0f s at most", signal.Signals(number).name, limit_s)
        run.drain(number)
        asyncio.get_running_loop().call_later(limit_s, self._end_now, number)

    def _end_now(self, number: int) -> None:
        """Publish what is stored and leave; pages still in flight are leased again by the next run."""
        run = self.extension()
        if run is None or run.is_closed:
            self._leave(number)
        run.facts.signal = number
        run.facts.finished = True
        code = run.finish()
        summarise(run)
        _flush_and_exit(int(code))

    def _leave(self, number: int) -> Never:
        """The end before the store was open, or after it was closed."""
        code = Exit.SIGINT if number == signal.SIGINT else Exit.SIGTERM
        run = self.extension()
        if run is not None and run.is_closed:
            code = worst({code, run.exit})
        last_line({"newsbot": 1, "exit": int(code), "exit_name": code.name.lower()})
        _flush_and_exit(int(code))


def summarise(run: RunExtension) -> None:
    """A table on a terminal, and the JSON line everywhere."""
    if sys.stderr is not None and sys.stderr.isatty():
        _table(run)
    last_line(summary(run))


def summary(run: RunExtension) -> dict[str, Any]:  # Any: JSON
    """What the last line of stderr says."""
    record, counts = run.record, run.record.counts
    return {
        "newsbot": 1,
        "exit": int(run.exit),
        "exit_name": run.exit.name.lower(),
        "run_id": run.run_id,
        "spider": record.spider,
        "pages": counts.pages,
        "new": counts.stories - counts.revisions,
        "updated": counts.revisions,
        "unchanged": counts.unchanged,
        "teasers": counts.teasers,
        "events": counts.events,
        "failed": counts.failed,
        "rejected": counts.rejected,
        "urls_left": counts.urls_left,
        "elapsed_s": round((record.elapsed_ms or 0) / 1000, 1),
        "peak_memory_mb": run.crawler.stats.get_value("newsbot/run/peak_memory_mb"),
        "stopped_by": run.facts.stopped_by,
        "reasons": dict(run.reasons.most_common(10)),
        "sources": {name: state for name, state in sorted(run.facts.sources.items()) if state != "ok"},
        "errors": [_message(error) for error in run.facts.errors[:3]],
    }


def last_line(values: dict[str, Any]) -> None:  # Any: JSON
    """Write *values* as one line to stderr; a closed stderr changes no exit code."""
    try:
        sys.stderr.write(json.dumps(values, ensure_ascii=True, allow_nan=False) + "\n")
        sys.stderr.flush()
    except OSError:
        let_go(sys.stderr)
    except (ValueError, AttributeError):
        return


def _table(run: RunExtension) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{run.record.spider}: {run.exit.name.lower()} ({int(run.exit)})", title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    for name, value in summary(run).items():
        if isinstance(value, int) and name not in ("newsbot", "exit"):
            table.add_row(name.replace("_", " "), f"{value:,}")
    for reason, count in run.reasons.most_common(5):
        table.add_row(f"  {reason}", f"{count:,}")
    Console(stderr=True).print(table)


def _error_of(task: Any) -> BaseException | None:  # Any: see _crawl
    """The error that ended the crawl."""
    if isinstance(task, asyncio.Future):
        if not task.done() or task.cancelled():
            return None
        return task.exception()
    result = getattr(task, "result", None)
    found: BaseException | None = getattr(result, "value", None)
    return found


def _tell(error: BaseException) -> None:
    """Log *error*; with its traceback when nobody expected it."""
    is_expected = isinstance(error, (NewsbotError, KeyError))
    logger.error("%s", _message(error), exc_info=None if is_expected else error)


def _message(error: BaseException) -> str:
    if isinstance(error, KeyError) and error.args:
        return str(error.args[0])
    return str(error) or type(error).__name__


def _flush_and_exit(code: int) -> Never:
    """End the process now: what is stored is stored, and tasks in flight would only hold it up."""
    logging.shutdown()
    os._exit(code)
