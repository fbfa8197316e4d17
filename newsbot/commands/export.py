"""``scrapy export``: the lines of some days as one CSV or Parquet file. Reads ``output/`` only."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import complain, day, polite, teach
from newsbot.commands.keeping import published_folder
from newsbot.core.errors import ConfigError, OutputError
from newsbot.extensions.exitcodes import exit_of_error

_HELP = """\
Write the lines of a span of days as one file.

  scrapy export stories stories.csv                                   all stories, for a spreadsheet
  scrapy export teasers march.parquet --since 2026-03-01 --until 2026-03-31

The ending of the file's name says its form. Days are in UTC, both included: those
on which pages were fetched, of an archive the dates of its records. In CSV nested values are JSON, and a cell
that a spreadsheet would take for a formula begins with a quote. An existing file is not replaced.

Exit codes: 0 written; 2 usage, or the Parquet library is missing; 5 the file could not be written.
"""


class Command(ScrapyCommand):
    """CSV and Parquet out of lines."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "<stories | teasers | pages | events | runs> <FILE.csv | FILE.parquet>"

    def short_desc(self) -> str:
        return "Write lines of some days as CSV or Parquet"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--since", type=day, help="first day, as 2026-03-01")
        parser.add_argument("--until", type=day, help="last day, as 2026-03-31")

    @polite
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from newsbot.storage.export import SHAPES, records, write_csv, write_parquet

        writers = {".csv": write_csv, ".parquet": write_parquet}
        if args and args[0] not in SHAPES:
            raise UsageError(f"{args[0]} is no kind of lines; they are {', '.join(SHAPES)}")
        if len(args) != 2:
            raise UsageError(f"wanted: <{' | '.join(SHAPES)}> <FILE.csv | FILE.parquet>")
        kind, target = args[0], Path(args[1])
        if target.suffix not in writers:
            raise UsageError(f"{target} ends neither in .csv nor in .parquet")
        folder = published_folder(self.settings)
        days = {name: value.isoformat() if value else None for name, value in vars(opts).items() if name in _DAYS}
        rows = records(folder, kind, since=days["since"], until=days["until"])
        try:
            count = writers[target.suffix](rows, kind, target)
        except (ConfigError, OutputError) as error:
            print(f"error: {error}")
            self.exitcode = int(exit_of_error(error))
            return
        print(f"{count:,} {kind} in {target}")
        if not count and (opts.since or opts.until):
            complain("export", "no line is of these days; lines out of an archive have the dates of its records")


_DAYS = ("since", "until")
