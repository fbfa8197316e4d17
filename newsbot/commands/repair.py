"""``scrapy repair``: wrong decoding and other text damage undone in a file that others made.

What comes in: a file of text, JSON Lines, or a compressed one of these. What goes out: the changes on standard
output, and with ``--write`` a new file. The file itself is never written.
"""

from __future__ import annotations

import codecs
import gzip
import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import complain, let_go, polite, teach
from newsbot.core.printable import printable
from newsbot.extensions.exitcodes import Exit

if TYPE_CHECKING:
    from newsbot.items.corpora import Line

_STANDARD_INPUT = Path("-")
_JSON_SUFFIXES = (".jsonl", ".ndjson", ".jl", ".json")
_HELP = """\
Undo wrong decoding and other text damage in a file that others made. The file itself is never written.

  scrapy repair corpus.txt                             show each change with its certainty
  scrapy repair corpus.jsonl.gz --quiet                only count them
  scrapy repair old.jsonl --write new.jsonl --certain  write a new file, inferred changes left out
  zstdcat corpus.zst | scrapy repair -                 read standard input

A file is JSON Lines by its name (.jsonl, .ndjson, .jl; also .gz) or with --json-lines, else text in UTF-8; of a table
(.csv) that is the whole line. Exit codes: 0 read to its end; 2 the file could not be read, no line of it could, or the
new one is there already.
"""


class Command(ScrapyCommand):
    """Repair a file."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[options] <file>"

    def short_desc(self) -> str:
        return "Undo wrong decoding in a file of text or JSON Lines"

    def add_options(self, parser: ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("-l", "--language", help="language of the text (BCP 47), where it is known")
        parser.add_argument("--write", metavar="FILE", dest="target", help="write the repaired text to this new file")
        parser.add_argument("--certain", action="store_true", help="leave lines with inferred changes as they are")
        parser.add_argument("--quiet", action="store_true", help="show the counts only")
        parser.add_argument("--json-lines", action="store_true", help="read as JSON Lines, whatever the name says")

    @polite
    def run(self, args: list[str], opts: Namespace) -> None:
        if len(args) != 1:
            raise UsageError("one file is wanted")
        source = Path(args[0])
        target = Path(opts.target) if opts.target else None
        try:
            if target is not None and target.exists():
                raise FileExistsError(f"{target} is there already, and nothing is replaced")
            counts = _repair_file(source, target, opts)
        except (OSError, EOFError) as error:
            complain("repair", error)
            self.exitcode = int(Exit.USAGE)
            return
        print(", ".join(f"{count} {name}" for name, count in counts.items()), file=sys.stderr)
        if counts["unreadable"] and counts["unreadable"] == counts["lines"]:
            self.exitcode = int(Exit.USAGE)


def _repair_file(source: Path, target: Path | None, opts: Namespace) -> Counter[str]:
    from newsbot.items.corpora import repair_lines

    name = source.name.removesuffix(".gz")
    as_json = opts.json_lines or name.endswith(_JSON_SUFFIXES)
    counts: Counter[str] = Counter(lines=0, changed=0)
    with _opened(source) as stream:
        lines = repair_lines(stream, opts.language, as_json=as_json)
        if target is None:
            for line in lines:
                _note(line, counts, opts)
        else:
            _write(lines, target, counts, opts)
    return counts


def _write(lines: Iterable[Line], target: Path, counts: Counter[str], opts: Namespace) -> None:
    """Write to a new file beside *target* first: *target* is whole or is not there, and nothing is replaced."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.touch(exist_ok=False)
    except FileExistsError as error:
        raise FileExistsError(f"{part} is there already: another repair is at work, or one was killed") from error
    try:
        with gzip.open(part, "wb") if target.name.endswith(".gz") else part.open("wb") as out:
            for line in lines:
                out.write((line.after if _note(line, counts, opts) else line.before) + line.end)
        os.link(part, target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(source: Path) -> Iterator[Iterable[bytes]]:
    """The lines of *source*, or of standard input for ``-``; `OSError` for UTF-16, whose bytes are no such lines."""
    if source == _STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with source.open("rb") as file, gzip.GzipFile(fileobj=file) if source.name.endswith(".gz") else file as stream:
        start = stream.read(2)
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise OSError(f"{source} is in UTF-16: convert it to UTF-8 first")
        stream.seek(0)
        yield stream


def _note(line: Line, counts: Counter[str], opts: Namespace) -> bool:
    """Count and show a line; whether its repaired text is wanted."""
    counts["lines"] += 1
    if line.fault is not None:
        counts["unreadable"] += 1
        print(f"{line.number}: {line.fault}", file=sys.stderr)
        return False
    certainties = Counter(repair.certainty for repair in line.repairs)
    wanted = not (opts.certain and certainties["inferred"])
    counts.update(certainties)
    counts["changed"] += wanted and line.after != line.before
    if not opts.quiet:
        try:
            _show(line)
        except BrokenPipeError:
            if opts.target is None:
                raise
            # Who looked at the changes has left; the new file is still wanted.
            let_go(sys.stdout)
            opts.quiet = True
    return wanted


def _show(line: Line) -> None:
    for repair in line.repairs:
        shown = f"{repair.before!r} -> {repair.after!r}" if repair.certainty != "marked" else repr(repair.before)
        print(f"{line.number}:{printable(repair.field)}:{repair.start} {repair.certainty} {repair.rule} {shown}")
