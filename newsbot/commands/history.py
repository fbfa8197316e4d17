"""``scrapy history``: what became of a story, out of ``output/`` alone.

What comes in: a story's id or URL. What goes out: its versions with the sentences that changed, its events, and its
teasers over time, on standard output. Holds no rule about news.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import polite, teach
from newsbot.commands.keeping import published_folder
from newsbot.extensions.exitcodes import Exit

if TYPE_CHECKING:
    from rich.console import Console

    from newsbot.items.model import Story
    from newsbot.storage.history import History, Stay

_HELP = """\
Show the versions of a story with the sentences that changed, its events, and where and when it was promoted.

  scrapy history s:demo:4711                 by its id
  scrapy history https://…/harbour/x-4711    by its URL, in any spelling
  scrapy history --moves s:demo:4711         each move and change of its teasers, one by one
  scrapy history --json s:demo:4711          all of it as one JSON object

Reads the lines only, so it works on a copy of output/. Exit codes: 0 found; 2 no line names it.
"""


class Command(ScrapyCommand):
    """Versions, events and placements of one story."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "[options] <story id | URL>"

    def short_desc(self) -> str:
        return "Show what became of a story: versions, events, teasers over time"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--moves", action="store_true", help="also each move and change of a teaser, one by one")

    @polite
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("one story is wanted: its id or its URL")
        from newsbot.storage.history import read_history, story_ids

        folder = published_folder(self.settings)
        found = story_ids(folder, args[0])
        if not found:
            print(f"no line under {folder} names {args[0]}")
            self.exitcode = int(Exit.USAGE)
            return
        for story_id in found:
            history = read_history(folder, story_id)
            if opts.json:
                _print_json(history)
            else:
                _print(history, moves=opts.moves)


def _print_json(history: History) -> None:
    import msgspec

    print(msgspec.json.encode(history).decode())


def _print(history: History, *, moves: bool) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    console.rule(history.story_id, align="left")
    before: Story | None = None
    for story in history.versions:
        _print_version(console, story, before)
        before = story
    _print_events(console, history)
    if history.standings:
        console.print("\nwhere it stood", style="bold")
    for place in history.standings:
        heading = _one_line(place.block_heading or "no heading")
        console.print(f"  {place.page_url}  {heading}, best rank {place.best_rank}", soft_wrap=True)
        end = "" if place.is_over else ", still there"
        console.print(f"      {place.first_seen} – {place.last_seen}{end}", soft_wrap=True)
        for text in place.headlines:
            console.print(f"      {_one_line(text)}", soft_wrap=True)
    if moves and history.stays:
        console.print("\nmoves", style="bold")
        for stay in history.stays:
            _print_stay(console, stay)


def _print_events(console: Console, history: History) -> None:
    """The events; those that tied a teaser to the story are counted."""
    from collections import Counter

    if history.events:
        console.print("\nevents", style="bold")
    for event in history.events:
        if event.kind != "resolved":
            what = " → ".join(_one_line(text) for text in (event.before, event.after) if text)
            console.print(f"  {event.at}  {event.kind}  {what}", soft_wrap=True)
    tied = Counter(event.after for event in history.events if event.kind == "resolved")
    for method, count in tied.items():
        console.print(f"  {count} × resolved  {_one_line(method)}", soft_wrap=True)


def _print_stay(console: Console, stay: Stay) -> None:
    teaser = stay.teaser
    place = f"{teaser.page_url}  {_one_line(teaser.block_heading or 'no heading')}, rank {teaser.rank_in_block}"
    console.print(f"  {stay.since} – {stay.until or 'now'}  {place}", soft_wrap=True)
    console.print(f"      {_one_line(teaser.headline or teaser.summary)}", soft_wrap=True)


def _print_version(console: Console, story: Story, before: Story | None) -> None:
    from newsbot.storage.history import changes

    head = f"\nrevision {story.revision}  {story.fetched_at}  {story.version_id}"
    console.print(head, style="bold", soft_wrap=True)
    if before is None or before.headline != story.headline:
        console.print(f"  {_one_line(story.headline)}", soft_wrap=True)
    if before is None:
        console.print(f"  {story.url}", soft_wrap=True)
        console.print(f"  {story.word_count or 0:,} words")
        return
    styles = {"+": "green", "-": "red"}
    for change in changes(before.body, story.body):
        if change.sign != " ":
            console.print(f"  {change.sign} {_one_line(change.text)}", style=styles[change.sign], soft_wrap=True)


def _one_line(text: str | None) -> str:
    """*text* as one line that no terminal takes for a command."""
    return "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join((text or "").split())
    )
