"""What the commands share towards the person at the terminal: help that teaches, and errors on standard error.

What comes in: a parser or a message. What goes out: the same parser with its text, or one line on standard error.
Knows nothing of what a command does. Imports nothing heavy: it is imported at each start of `scrapy`.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter


def teach(parser: ArgumentParser, text: str) -> None:
    """Show *text* under ``--help`` as it is written: what the command does, examples, exit codes."""
    parser.formatter_class = RawDescriptionHelpFormatter
    parser.description = text


def complain(command: str, error: object) -> None:
    """Say on standard error what *command* could not do."""
    print(f"scrapy {command}: {error}", file=sys.stderr)
