"""``scrapy doctor``: is the output whole, is the state in order, and what to do where they are not.

What comes in: the output folder. What goes out: findings on standard output and an exit code. Changes nothing
unless ``--rebuild`` or ``--adopt`` is given. Holds no rule about news.
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import polite, refuse_arguments, teach
from newsbot.commands.keeping import published_folder
from newsbot.core.errors import ConfigError, StorageError
from newsbot.extensions.exitcodes import Exit, exit_of_error

if TYPE_CHECKING:
    from newsbot.storage.check import Finding, State
    from newsbot.storage.rebuild import Rebuilt

_HELP = """\
Check the output folder and its state; change nothing.

  scrapy doctor             the database, every file's hash, every line; what is wrong, and what to do
  scrapy doctor --rebuild   make a new state from the published files; the old database stays beside it
  scrapy doctor --adopt     the same for an output folder whose state is gone

Exit codes: 0 all is well; 2 a file of the installation is missing; 3 files are not as they were published; 6 the state
cannot be used; 75 a run is on (--rebuild and --adopt need the folder for themselves).
"""


class Command(ScrapyCommand):
    """Check, and make anew."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "[--rebuild | --adopt]"

    def short_desc(self) -> str:
        return "Check the output and its state, and say what to do; make a new state from the output"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--rebuild", action="store_true", help="make a new state from the published files")
        parser.add_argument("--adopt", action="store_true", help="as --rebuild, for a folder without a state")

    @polite
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        refuse_arguments(args)
        if opts.rebuild and opts.adopt:
            raise UsageError("--rebuild or --adopt is wanted, not both")
        from newsbot.core.suffixes import require_list
        from newsbot.extensions.run import store_settings
        from newsbot.storage.check import findings, read_state
        from newsbot.storage.rebuild import rebuild

        assert self.settings is not None  # set by Scrapy before it calls run
        folder = published_folder(self.settings)
        if opts.adopt and (folder / ".newsbot" / "state.sqlite").exists():
            raise UsageError(f"{folder} has a state; --rebuild makes a new one")
        try:
            require_list()
        except ConfigError as error:
            print(f"error: {error}")
            self.exitcode = int(exit_of_error(error))
            return
        if opts.rebuild or opts.adopt:
            try:
                _print_rebuilt(rebuild(folder, store_settings(self.settings), now=time.time()))
            except StorageError as error:
                print(f"error: {error}")
                self.exitcode = int(exit_of_error(error))
                return
        found = findings(folder)
        if not any(each.code == "I0" for each in found):
            _print_state(read_state(folder))
        _print_findings(found)
        self.exitcode = int(_code(found))


def _code(found: list[Finding]) -> Exit:
    if any(each.code == "I0" for each in found):
        return Exit.STATE
    return Exit.PARTIAL if found else Exit.OK


def _print_rebuilt(rebuilt: Rebuilt) -> None:
    lines = ", ".join(f"{count:,} {name}" for name, count in rebuilt.lines.items())
    print(f"read {rebuilt.files:,} files: {lines or 'no lines'}")
    if rebuilt.kept_as:
        print(f"the old database is kept as .newsbot/{rebuilt.kept_as}")
    for where in rebuilt.unreadable[:20]:
        print(f"  {where}: no line of ours, left out")
    if len(rebuilt.unreadable) > 20:
        print(f"  and {len(rebuilt.unreadable) - 20:,} more")


def _print_state(state: State | None) -> None:
    if state is None:
        print("nothing has been crawled into this folder yet")
        return
    print(f"URLs: {state.ready:,} to fetch, {state.waiting:,} to be read again, {state.done:,} done with")
    print(f"stories: {state.stories:,} in {state.versions:,} versions; teasers standing now: {state.placements:,}")
    print(f"lines not yet published: {state.open_lines:,}; segments sealed and not published: {state.sealed:,}")
    if state.open_runs:
        print("a run has not come to its end: it is at work, was killed, or this is a copy made while it was at work")
    for url, strikes in state.strikes:
        print(f"  {strikes} {'strike' if strikes == 1 else 'strikes'}: {url} (the process died over this page)")


def _print_findings(found: list[Finding]) -> None:
    for each in found:
        print(f"{each.code} {each.where}: {each.what}\n   {each.advice}")
    print(f"{len(found):,} findings" if found else "all is well")
