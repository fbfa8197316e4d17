"""What the commands share towards the person at the terminal: help that teaches, errors, readers that leave.

What comes in: a parser, a message, a command's work. What goes out: the same parser with its text, one line on standard
error, the work without a traceback where a pipe is closed. Knows nothing of what a command does. Imports nothing heavy:
it is imported at each start of `scrapy`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import TextIO, TypeVar

from scrapy.exceptions import UsageError

C = TypeVar("C")
_Run = Callable[[C, list[str], Namespace], None]


def teach(parser: ArgumentParser, text: str) -> None:
    """Show *text* under ``--help`` as it is written: what the command does, examples, exit codes."""
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.description = text


def complain(command: str, error: object) -> None:
    """Say on standard error what *command* could not do."""
    print(f"scrapy {command}: {error}", file=sys.stderr)


def polite(run: _Run[C]) -> _Run[C]:
    """A command's *run* that refuses unknown options by name, and ends in silence when the reader of its standard
    output has left, as ``head`` does."""

    @wraps(run)
    def run_politely(command: C, args: list[str], opts: Namespace) -> None:
        refuse_options(args)
        try:
            run(command, args, opts)
            sys.stdout.flush()
        except BrokenPipeError:
            let_go(sys.stdout)

    return run_politely


def refuse_options(args: list[str]) -> None:
    """Raise `UsageError` for an option among *args*: Scrapy hands over as arguments what the parser does not know."""
    for arg in args:
        if arg.startswith("-") and arg != "-":
            raise UsageError(f"{arg} is no option of this command; --help shows them")


def refuse_arguments(args: list[str]) -> None:
    """Raise `UsageError` that names what was given to a command that takes options only."""
    if args:
        raise UsageError(f"no argument is wanted, and {args[0]} is one")


def day(text: str) -> date:
    """The day that an option names, for ``type=``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no day; 2026-03-01 would be one") from None


def let_go(stream: TextIO) -> None:
    """Send nowhere what follows on *stream*, whose reader has left.

    What stands unwritten in its buffer would be tried again when Python ends, which then exits with 120.
    """
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), stream.fileno())
