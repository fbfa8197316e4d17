"""``scrapy demo``: the newsroom's editions, crawled one after the other, with what each changed.

What comes in: the output folder and the number of the last edition. What goes out: the crawls' lines in ``output/``
and a report on standard output. Each crawl is a ``scrapy crawl demo`` of its own, as cron would start it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import polite, refuse_arguments, teach
from newsbot.core.errors import ConfigError
from newsbot.extensions.exitcodes import Exit

if TYPE_CHECKING:
    from collections import Counter

    from rich.console import Console

    from newsbot.demo.tour import DeskNews, Written

_HELP = """\
Serve a small newspaper on 127.0.0.1, crawl its editions one after the other, and show what changed between them.

  scrapy demo                                 all editions into output/
  scrapy demo --until 2                       the first two
  scrapy demo -s NEWSBOT_OUTPUT=/tmp/tour     into another folder

Starts with the edition last shown there, so a second tour shows that nothing is written twice. Nothing but this
machine is asked. Exit codes: 0 shown; 2 usage, or the newspaper's port is taken; else the code of the crawl that
failed (scrapy crawl --help).
"""
CRAWL_TIMEOUT_S = 300
# Of 80 columns, less the names of the rows.
_COUNTS_WIDTH = 60


class Command(ScrapyCommand):
    """Crawl all editions of the demo newsroom."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_LEVEL": "WARNING"}  # noqa: RUF012 - as Scrapy's own commands

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Crawl the editions of the demo newsroom and show what changed between them"

    def add_options(self, parser: ArgumentParser) -> None:
        from newsbot.demo.editions import desks

        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--until", type=int, metavar="N", default=len(desks()), help="the last edition to show")

    @polite
    def run(self, args: list[str], opts: Namespace) -> None:
        from rich.console import Console

        from newsbot.demo.editions import desks
        from newsbot.demo.newsroom import last_shown
        from newsbot.demo.tour import desk_news, files_of, written_since

        refuse_arguments(args)
        if not 1 <= opts.until <= len(desks()):
            raise UsageError(f"--until is 1 to {len(desks())}")
        console = Console(highlight=False)
        assert self.settings is not None  # set by Scrapy before it calls run
        output = Path(self.settings["NEWSBOT_OUTPUT"])
        try:
            first = last_shown(output / ".newsbot")
        except ConfigError as error:
            console.print(str(error), style="red", markup=False, soft_wrap=True)
            self.exitcode = int(Exit.USAGE)
            return
        for number in range(first, max(first, opts.until) + 1):
            known = files_of(output)
            started = time.monotonic()
            code = _crawl(number, output)
            if code != 0:
                self.exitcode = code
                console.print(f"scrapy crawl demo -a edition={number} ended with code {code}", style="red")
                return
            show(console, desk_news(number), written_since(output, known), time.monotonic() - started)
        _show_where(console, output)


def _crawl(number: int, output: Path) -> int:
    """The exit code of a crawl of edition *number*; its log goes to standard error."""
    command = [sys.executable, "-m", "scrapy", "crawl", "demo", "-a", f"edition={number}"]
    settings = ["-s", f"NEWSBOT_OUTPUT={output}", "-L", "WARNING"]
    try:
        return subprocess.run([*command, *settings], timeout=CRAWL_TIMEOUT_S, check=False).returncode
    except subprocess.TimeoutExpired:
        return int(Exit.BUG)


def show(console: Console, desk: DeskNews, written: Written, elapsed_s: float) -> None:
    """Print one edition: a row a change, with what newsbot made of it, and the counts of the other lines."""
    from rich.markup import escape
    from rich.table import Table

    from newsbot.demo.tour import paired

    console.rule(f"[bold]Edition {desk.number}[/] · {desk.clock}", align="left")
    table = Table(box=None, padding=(0, 1), pad_edge=True, expand=True, header_style="dim")
    table.add_column("the desk", no_wrap=True, style="cyan")
    table.add_column("story", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("newsbot wrote", no_wrap=True, style="green")
    for row in paired(desk, written):
        table.add_row(row.what, escape(row.headline), row.wrote)
    console.print(table)
    counts = Table(box=None, padding=(0, 1), show_header=False)
    counts.add_column(style="dim", no_wrap=True)
    counts.add_column(overflow="fold")
    new = sum(version.revision == 1 for version in written.versions)
    revisions = len(written.versions) - new
    counts.add_row("versions", f"{new:,} new, {revisions:,} revisions" if written.versions else "none")
    counts.add_row("placements", f"{written.teasers:,}")
    counts.add_row("events", _counted(written.events) or "none")
    counts.add_row("pages", _counted(written.pages))
    counts.add_row("in", f"{elapsed_s:.1f} s")
    console.print(counts)
    console.print()


def _counted(counts: Counter[str]) -> str:
    """Counts and what they count, no pair torn apart between two lines."""
    lines = [""]
    for what, count in counts.most_common():
        pair = f"{count:,} {what}"
        if len(lines[-1]) + len(pair) > _COUNTS_WIDTH:
            lines.append("")
        lines[-1] += f", {pair}" if lines[-1] else pair
    return ",\n".join(lines)


def _show_where(console: Console, output: Path) -> None:
    from rich.table import Table

    from newsbot.demo.tour import written_since

    table = Table(title=f"{output}/", title_justify="left", box=None, padding=(0, 2), header_style="dim")
    for name in ("folder", "files", "lines", "bytes"):
        table.add_column(name, justify="left" if name == "folder" else "right")
    written = written_since(output, frozenset())
    for folder in sorted({path.parent for path, _ in written.files}):
        files = [(path, lines) for path, lines in written.files if path.parent == folder]
        size = sum(path.stat().st_size for path, _ in files)
        table.add_row(f"{folder.name}/", f"{len(files)}", f"{sum(lines for _, lines in files):,}", f"{size:,}")
    console.print(table)
    console.print("\nscrapy crawl demo", style="bold")
    console.print("  crawls the last edition again: nothing new")
    console.print(f"cat {output}/stories/*.jsonl | head -n 1 | jq", style="bold", soft_wrap=True)
    console.print("  looks at a story")
    console.print("scrapy history s:demo:40206", style="bold")
    console.print("  what became of one: versions, headlines, where it stood and when")
