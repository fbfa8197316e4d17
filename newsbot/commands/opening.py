"""Files that others made, opened for a command: what gzip has packed is unpacked, what cannot be read is refused.

What comes in: a path, or ``-`` for standard input. What goes out: a stream of bytes, or an error that says what to do.
Goes by a file's first bytes, never by its name. Imports nothing heavy: it is imported at each start of `scrapy`.
"""

from __future__ import annotations

import gzip
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import cast

from newsbot.core.errors import ConfigError

STANDARD_INPUT = Path("-")
GZIP = b"\x1f\x8b"
# How a file begins, and what makes text of it.
_OTHERS = (
    (re.compile(rb"\xff\xfe|\xfe\xff"), "in UTF-16: convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"),
    (re.compile(rb"\x28\xb5\x2f\xfd"), "packed by zstd: unpack it first (zstdcat FILE | scrapy … -)"),
    (re.compile(rb"\xfd7zXZ\x00"), "packed by xz: unpack it first (xzcat FILE | scrapy … -)"),
    (re.compile(rb"BZh[1-9]1AY&SY"), "packed by bzip2: unpack it first (bzcat FILE | scrapy … -)"),
    (re.compile(rb"PK\x03\x04"), "a ZIP archive: unpack it first (unzip -p FILE | scrapy … -)"),
)
_LONGEST = 10


@contextmanager
def opened(source: Path) -> Iterator[BufferedIOBase]:
    """The unpacked bytes of *source*, or of standard input for ``-``. Raises `ConfigError` for what is no text."""
    given = cast(BufferedReader, sys.stdin.buffer)
    with nullcontext(given) if source == STANDARD_INPUT else source.open("rb") as file:
        start = file.peek(_LONGEST)[:_LONGEST]
        for sign, advice in _OTHERS:
            if sign.match(start):
                raise ConfigError(f"{source} is {advice}")
        if not start.startswith(GZIP):
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield unpacked


def reason(error: OSError) -> str:
    """What went wrong, in words: no numbers, no Python."""
    return os.strerror(error.errno).lower() if error.errno else str(error)
