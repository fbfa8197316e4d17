"""``scrapy forget``: take a story out of every file and out of the state, and note that it was done."""

from __future__ import annotations

import argparse
import time
from functools import partial

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import polite, teach
from newsbot.commands.keeping import output_folder, rewrite
from newsbot.extensions.exitcodes import Exit

_HELP = """\
Take a story out of every file and out of the state, and note that it was done.

  scrapy forget s:demo:4711                by its id
  scrapy forget https://…/harbour/x-4711   by its URL, in any spelling

Rewrites the files that name the story and lets the state know only hashes of its id and URLs, so that it is neither
fetched nor stored again. One event of kind 'forgotten' stays. Copies that readers made, backups, and lines of other
stories that quote it are not touched. Exit codes: 0 done; 2 no line names it; 5 a file could not be written, nothing
is lost; 6 the state cannot be used (scrapy doctor); 75 a run has the lock.
"""


class Command(ScrapyCommand):
    """Remove one story everywhere."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "<story id | URL>"

    def short_desc(self) -> str:
        return "Remove a story, its teasers, visits and events everywhere, and note that it was done"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)

    @polite
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("one story is wanted: its id or its URL")
        folder, now = output_folder(self.settings), time.time()
        from newsbot.storage.history import story_ids
        from newsbot.storage.rewrite import forget

        # An id is taken as it is: a state may know it of which no line is left, and a version's id is none.
        found = story_ids(folder, args[0]) if "://" in args[0] else [args[0]]
        if not found:
            print(f"error: no line under {folder} names {args[0]}")
            self.exitcode = int(Exit.USAGE)
        for story_id in found:
            self.exitcode = self.exitcode or rewrite(partial(forget, folder, story_id, now=now))
