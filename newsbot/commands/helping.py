"""What the commands share towards the person at the terminal: help that teaches, errors, readers that leave.

What comes in: a parser, a message, a command's work. What goes out: the same parser with its text, one line on standard
error, the work without a traceback where a pipe is closed. Knows nothing of what a command does. Imports nothing heavy:
it is imported at each start of `scrapy`.
"""

from __future__ import annotations

import contextlib
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable
from functools import wraps
from typing import TextIO, TypeVar

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
    """A command's *run* that ends in silence when the reader of its standard output has left, as ``head`` does."""

    @wraps(run)
    def run_politely(command: C, args: list[str], opts: Namespace) -> None:
        try:
            run(command, args, opts)
            sys.stdout.flush()
        except BrokenPipeError:
            let_go(sys.stdout)

    return run_politely


def let_go(stream: TextIO) -> None:
    """Send nowhere what follows on *stream*, whose reader has left.

    What stands unwritten in its buffer would be tried again when Python ends, which then exits with 120.
    """
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), stream.fileno())
