"""The strings of a JSON text, found and changed where they stand: all else of the text stays as it was written.

What comes in: a JSON text. What goes out: its string values with their places, and such a string with edits done.
A parse and a new writing would lose what JSON does not define: a key that comes twice, ``1.10``, ``-0``, spaces,
which characters are escaped. Knows nothing of why a string is changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newsbot.core.edits import Edit

# In a valid text these are all there is, but for spaces, numbers and names, which are of no interest.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*"|[\[\]{},:]')
_HEX = "[0-9a-fA-F]{2}"
# One character of a string as it is written: a pair of surrogates is one.
_CHAR = re.compile(rf"\\u[dD][89abAB]{_HEX}\\u[dD][c-fC-F]{_HEX}|\\u{_HEX}{_HEX}|\\.|[^\\]")


@dataclass(frozen=True, slots=True)
class JsonString:
    """A string value: ``start`` and ``end`` within its quotes, its text, and the path to it (``tags[0].name``)."""

    start: int
    end: int
    text: str
    path: str


def check(text: str) -> None:
    """Raise `ValueError`, which says where, if *text* is no JSON or of a depth that cannot be read.

    Numbers are not worked out: of a number with 5,000 digits Python refuses the value, and nobody asks for it.
    """
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def string_values(text: str, is_wanted: Callable[[str], bool]) -> Iterator[JsonString]:
    """The string values of *text*, valid JSON, whose text *is_wanted*; keys are none. Linear, at any depth."""
    way: list[int | str] = []  # into each array the number, into each object the key as it is written
    is_key = False
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign[0] == '"':
            if is_key:
                way[-1] = sign
                continue
            value = json.loads(sign) if "\\" in sign else sign[1:-1]
            if is_wanted(value):
                yield JsonString(token.start() + 1, token.end() - 1, value, _path(way))
        elif sign in "[{":
            way.append(0 if sign == "[" else "")
            is_key = sign == "{"
        elif sign in "]}":
            way.pop()
        elif sign == ",":
            last = way[-1]
            is_key = isinstance(last, str)
            if isinstance(last, int):
                way[-1] = last + 1
        else:
            is_key = False


def _path(way: Sequence[int | str]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{json.loads(step)}" for step in way)
    # A key may hold half a surrogate pair, which cannot be written.
    return "".join(steps).removeprefix(".").encode("utf-8", "backslashreplace").decode() or "$"


def edited(written: str, edits: Sequence[Edit], *, ascii_only: bool) -> str:
    """A string as it is *written* within its quotes, with *edits* of its text done; what they leave stays as it is."""
    places: Sequence[int] = range(len(written) + 1)
    if "\\" in written:
        places = [found.start() for found in _CHAR.finditer(written)] + [len(written)]
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (written[at : places[edit.start]], _escaped(edit.after, ascii_only=ascii_only))
        at = places[edit.end]
    return "".join((*parts, written[at:]))


def _escaped(text: str, *, ascii_only: bool) -> str:
    escaped = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    return escaped.encode("utf-8", "backslashreplace").decode()  # half a surrogate pair is written as JSON does: \ud83d
