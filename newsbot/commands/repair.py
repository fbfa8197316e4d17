"""``scrapy repair``: wrong decoding and other text damage undone in a file that others made.

What comes in: a file of text, JSON Lines, or a compressed one of these. What goes out: the changes on standard
output, and with ``--write`` a new file. The file itself is never written.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
import zlib
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import complain, let_go, polite, teach
from newsbot.commands.opening import opened, reason
from newsbot.core.errors import ConfigError
from newsbot.core.printable import printable
from newsbot.extensions.exitcodes import Exit

if TYPE_CHECKING:
    from newsbot.items.corpora import Line

_STANDARD_OUTPUT = "-"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)
# Lines that cannot be read are named up to this many; a file in another encoding has thousands.
_MAX_NAMED = 10
_JSON_SUFFIXES = (".jsonl", ".ndjson", ".jl", ".json")
_HELP = """\
Undo wrong decoding and other text damage in a file that others made. The file itself is never written.

  scrapy repair corpus.txt                             show each change with its certainty
  scrapy repair corpus.jsonl.gz --quiet                only count them
  scrapy repair old.jsonl --write new.jsonl --certain  write a new file; lines with inferred changes stay as they came
  zstdcat corpus.zst | scrapy repair - --write -       read standard input, write standard output

A file is JSON Lines by its name (.jsonl, .ndjson, .jl; also .gz) or with --json-lines, else text in UTF-8; of a table
(.csv) that is the whole line. What gzip has packed is unpacked, whatever its name. Changes that are not made are
neither shown nor counted. Exit codes: 0 read to its end; 2 usage, the file or most of it could not be read, or the new
one is there already.
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
        parser.add_argument("-l", "--language", help="language of the text (BCP 47, as en or pt-BR), where it is known")
        parser.add_argument("--write", metavar="FILE", dest="target", help="write the repaired text to this new file")
        parser.add_argument("--certain", action="store_true", help="leave lines with inferred changes as they came")
        parser.add_argument("--quiet", action="store_true", help="show the counts only")
        parser.add_argument("--json-lines", action="store_true", help="read as JSON Lines, whatever the name says")

    @polite
    def run(self, args: list[str], opts: Namespace) -> None:
        if len(args) != 1:
            raise UsageError("one file is wanted")
        if opts.language and not _LANGUAGE.fullmatch(opts.language):
            raise UsageError(f"{opts.language} is no language tag: en, fr, pt-BR or zh-Hant would be one")
        tally = _Tally(opts.certain, is_shown=not opts.quiet and opts.target != _STANDARD_OUTPUT)
        try:
            _repair_file(Path(args[0]), tally, opts)
        except (ConfigError, EOFError, zlib.error) as error:
            complain("repair", error)
            self.exitcode = int(Exit.USAGE)
        except BrokenPipeError:
            raise
        except OSError as error:
            complain("repair", f"{error.filename}: {reason(error)}" if error.filename else error)
            self.exitcode = int(Exit.USAGE)
        else:
            _tell_unreadable(tally)
            print(", ".join(f"{count} {name}" for name, count in tally.counts.items()), file=sys.stderr)
            self.exitcode = int(Exit.USAGE if tally.is_mostly_unreadable() else Exit.OK)


@dataclass(slots=True)
class _Tally:
    """What became of the lines: a change counts, and is shown, where it is made."""

    certain_only: bool
    is_shown: bool
    counts: Counter[str] = field(default_factory=lambda: Counter(lines=0, changed=0))
    not_utf8: int = 0
    proven_utf8: int = 0  # lines that are UTF-8 and more than ASCII

    def is_mostly_unreadable(self) -> bool:
        return self.counts["unreadable"] * 2 > self.counts["lines"] or self.is_in_other_encoding()

    def is_in_other_encoding(self) -> bool:
        """A few bad lines among ASCII prove nothing."""
        is_much = self.not_utf8 > _MAX_NAMED or self.not_utf8 * 2 > self.counts["lines"]
        return is_much and self.not_utf8 > self.proven_utf8


def _repair_file(source: Path, tally: _Tally, opts: Namespace) -> None:
    from newsbot.items.corpora import repair_lines

    name = source.name.removesuffix(".gz")
    as_json = opts.json_lines or name.endswith(_JSON_SUFFIXES)
    target = Path(opts.target) if opts.target and opts.target != _STANDARD_OUTPUT else None
    if target is not None:
        _check(target)
    with opened(source) as stream:
        lines = repair_lines(stream, opts.language, as_json=as_json)
        if target is not None:
            _write(lines, target, tally)
            return
        for line in lines:
            written = _written(line, tally)
            if opts.target:
                sys.stdout.buffer.write(written)
            elif tally.is_shown:
                _show(line, tally)


def _check(target: Path) -> None:
    """Refuse what cannot be written before the work is done."""
    if target.exists():
        raise ConfigError(f"{target} is there already, and nothing is replaced")
    if not target.parent.is_dir():
        raise ConfigError(f"{target.parent} is no folder, so {target} cannot be written")


def _write(lines: Iterable[Line], target: Path, tally: _Tally) -> None:
    """Write to a new file beside *target* first: *target* is whole or is not there, and nothing is replaced."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.touch(exist_ok=False)
    except FileExistsError as error:
        raise ConfigError(f"{part} is there already: another repair is at work, or one was killed") from error
    try:
        with gzip.open(part, "wb") if target.name.endswith(".gz") else part.open("wb") as out:
            for line in lines:
                out.write(_written(line, tally))
                try:
                    _show(line, tally)
                except BrokenPipeError:  # who looked at the changes has left; the new file is still wanted
                    let_go(sys.stdout)
                    tally.is_shown = False
        os.link(part, target)
    finally:
        part.unlink(missing_ok=True)


def _written(line: Line, tally: _Tally) -> bytes:
    """The bytes of *line* that are wanted, counted."""
    counts = tally.counts
    counts["lines"] += 1
    if line.fault is not None:
        counts["unreadable"] += 1
        tally.not_utf8 += not line.is_utf8
        if counts["unreadable"] <= _MAX_NAMED:
            print(f"{line.number}: {line.fault}", file=sys.stderr)
        return line.before + line.end
    tally.proven_utf8 += not line.before.isascii()
    if _is_left(line, tally):
        counts["left as they came"] += 1
        return line.before + line.end
    counts.update(repair.certainty for repair in line.repairs)
    counts["changed"] += line.after != line.before
    return line.after + line.end


def _is_left(line: Line, tally: _Tally) -> bool:
    return tally.certain_only and any(repair.certainty == "inferred" for repair in line.repairs)


def _show(line: Line, tally: _Tally) -> None:
    if not tally.is_shown or _is_left(line, tally):
        return
    for repair in line.repairs:
        shown = f"{repair.before!r} -> {repair.after!r}" if repair.certainty != "marked" else repr(repair.before)
        print(f"{line.number}:{printable(repair.field)}:{repair.start} {repair.certainty} {repair.rule} {shown}")


def _tell_unreadable(tally: _Tally) -> None:
    """One line for the unreadable ones that were not named, and what to do where the encoding is the reason."""
    more = tally.counts["unreadable"] - _MAX_NAMED
    if more > 0:
        print(f"and {more:,} more lines that cannot be read", file=sys.stderr)
    if tally.is_in_other_encoding():
        advice = "iconv -f WINDOWS-1252 -t UTF-8 FILE, if it is in a Western one"
        complain("repair", f"the file is in another encoding than UTF-8: convert it first ({advice})")
