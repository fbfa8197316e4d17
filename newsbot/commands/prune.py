"""``scrapy prune``: apply a retention. Lines go, what is known of the stories stays, so nothing is written again."""

from __future__ import annotations

import argparse
import time

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.keeping import output_folder, rewrite
from newsbot.storage.rewrite import prune

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
        super().add_options(parser)
        parser.add_argument("--days", type=int, help="lines made in the last N days stay")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if args or opts.days is None or opts.days < 1:
            raise UsageError("how many days are to stay? scrapy prune --days 365")
        folder, now = output_folder(self.settings), time.time()
        self.exitcode = rewrite(lambda: prune(folder, before=now - opts.days * _DAY_S, now=now))
