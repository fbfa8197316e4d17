"""``scrapy compact``: join the small files of days that are over. By hand only."""

from __future__ import annotations

import argparse
import time

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.keeping import output_folder, rewrite
from newsbot.storage.rewrite import compact


class Command(ScrapyCommand):
    """Fewer, larger files with the same lines."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "[--max-mb N]"

    def short_desc(self) -> str:
        return "Join the small files of days that are over"

    def long_desc(self) -> str:
        return (
            "Joins the files of one folder that were published on one day before today. A joined file has the name of"
            " its last part; lines and their order stay. A reader that keeps the last name it read goes on as before."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--max-mb", type=int, default=128, help="how large a joined file may be (default: 128)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args or opts.max_mb < 1:
            raise UsageError("no argument is wanted, and --max-mb is at least 1")
        folder = output_folder(self.settings)
        self.exitcode = rewrite(lambda: compact(folder, now=time.time(), max_bytes=opts.max_mb * 1024 * 1024))
