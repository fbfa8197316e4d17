"""``scrapy report``: one HTML page about the last days.

What comes in: the output folder. What goes out: a file, written whole. Reads nothing else and asks nobody.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import complain, polite, refuse_arguments, teach
from newsbot.commands.keeping import published_folder
from newsbot.extensions.exitcodes import Exit

_HELP = """\
Write one HTML page about what was crawled in the last days: runs, sources, stories, how they changed.

  scrapy report                                   report.html about the last 30 days
  scrapy report --days 7 --to /var/www/news.html  another span, another place

The days end with the last run; the day of a line is the day its page was fetched, of an archive the date of its record.
The page needs no other file and asks nobody. Exit codes: 0 written; 2 usage, or the chart library is missing
(pip install 'newsbot[report]'); 5 the file could not be written.
"""


class Command(ScrapyCommand):
    """Write the report."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Write one HTML page about what was crawled in the last days"

    def add_options(self, parser: ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--to", metavar="FILE", default="report.html", help="where to write (default: %(default)s)")
        parser.add_argument("--days", type=int, default=30, help="how many days back (default: %(default)s)")
        parser.add_argument("--rows", type=int, default=20, help="rows a table (default: %(default)s)")

    @polite
    def run(self, args: list[str], opts: Namespace) -> None:
        refuse_arguments(args)
        if opts.days < 1 or opts.rows < 1:
            raise UsageError("at least one day and one row is wanted")
        output = published_folder(self.settings)
        try:
            from newsbot.report.figures import read_figures
            from newsbot.report.page import report_page

            figures = read_figures(output, days=opts.days, rows=opts.rows)
            page = report_page(figures)
        except ModuleNotFoundError as error:
            self._fail(f"{error.name} is not installed: pip install 'newsbot[report]'", Exit.USAGE)
            return
        try:
            write_whole(Path(opts.to), page)
        except OSError as error:
            self._fail(f"{opts.to}: {error.strerror}", Exit.OUTPUT)
            return
        print(f"wrote {opts.to}", file=sys.stderr)
        if figures.older and not figures.totals["stories"]:
            print(
                f"{figures.older:,} versions of stories have older dates; try --days {figures.days_to_oldest}",
                file=sys.stderr,
            )

    def _fail(self, message: str, code: Exit) -> None:
        complain("report", message)
        self.exitcode = int(code)


def write_whole(target: Path, text: str) -> None:
    """Write *target* so that a web server in front of it shows the old page or the new one, never a part."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("x", encoding="utf-8") as file:
            file.write(text)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
