"""``scrapy compact``: join the small files of days that are over. By hand only."""

from __future__ import annotations

import argparse
import time

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import polite, refuse_arguments, teach
from newsbot.commands.keeping import output_folder, rewrite

_HELP = """\
Join the files of one folder that were published on one day before today.

  scrapy compact                files of up to 128 MB
  scrapy compact --max-mb 512   larger ones

A joined file has the name of its last part; lines and their order stay, and a reader that keeps the last name it
read goes on as before. Exit codes: 0 done; 2 usage; 5 a file could not be written, nothing is lost; 6 the state
cannot be used (scrapy doctor); 75 a run has the lock.
"""


class Command(ScrapyCommand):
    """Fewer, larger files with the same lines."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "[--max-mb N]"

    def short_desc(self) -> str:
        return "Join the small files of days that are over"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--max-mb", type=int, default=128, help="how large a joined file may be (default: 128)")

    @polite
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_arguments(args)
        if opts.max_mb < 1:
            raise UsageError(f"--max-mb is at least 1, not {opts.max_mb}")
        folder = output_folder(self.settings)
        from newsbot.storage.rewrite import compact

        self.exitcode = rewrite(lambda: compact(folder, now=time.time(), max_bytes=opts.max_mb * 1024 * 1024))
