"""``scrapy prune``: apply a retention. Lines go, what is known of the stories stays, so nothing is written again."""

from __future__ import annotations

import argparse
import time

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import polite, refuse_arguments, teach
from newsbot.commands.keeping import output_folder, rewrite

_HELP = """\
Take lines older than some days out of the output; what is known of their stories stays, so nothing is written again.

  scrapy prune --days 365         lines of the last year stay
  scrapy prune --days 365 --yes   also take out what runs of the last year read of older pages

The day of a line is the day its page was fetched: of an archive the date of its record, not the day it was read. Where
a run of the last N days made lines that are older, as out of an archive, their number is told and nothing is changed
without --yes.

Exit codes: 0 done; 2 usage; 5 a file could not be written, nothing is lost; 6 the state cannot be used (scrapy
doctor); 75 a run has the lock.
"""
_DAY_S = 86_400


class Command(ScrapyCommand):
    """Take out lines older than some days."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "--days N"

    def short_desc(self) -> str:
        return "Take lines older than N days out of the output"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--days", type=int, help="lines of pages fetched in the last N days stay")
        parser.add_argument("--yes", action="store_true", help="also where runs of the last N days made such lines")

    @polite
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_arguments(args)
        if opts.days is None or opts.days < 1:
            raise UsageError("how many days are to stay? scrapy prune --days 365")
        folder, now = output_folder(self.settings), time.time()
        from newsbot.storage.rewrite import lines_of_young_runs, prune

        before = now - opts.days * _DAY_S
        if not opts.yes and (count := lines_of_young_runs(folder, before=before)):
            raise UsageError(
                f"{count:,} lines of pages older than {opts.days} days were made by runs of the last {opts.days} days,"
                " as out of an archive; nothing was changed, and --yes takes them out, too"
            )
        self.exitcode = rewrite(lambda: prune(folder, before=before, now=now))
