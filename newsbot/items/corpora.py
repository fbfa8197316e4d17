"""Files of text or JSON Lines that others made, repaired line by line.

What comes in: lines of bytes. What goes out: `Line`s: the bytes as they came, the repaired ones, and the repairs.
Knows no file and no terminal. In JSON every string value is repaired, keys and numbers stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from newsbot.core.mojibake_signs import CODECS, Surroundings
from newsbot.items.model import Repair
from newsbot.items.repair import needs_repair, repair_text


@dataclass(frozen=True, slots=True)
class Line:
    """One line: *before* and *after* without the line's end, and the repairs that lead from one to the other.

    ``end`` is the line's end as it came. A line that cannot be read (not UTF-8, not JSON) stays as it is, and
    ``fault`` says why.
    """

    number: int
    before: bytes
    after: bytes
    end: bytes
    repairs: tuple[Repair, ...] = ()
    fault: str | None = None


def repair_lines(lines: Iterable[bytes], language: str | None, *, as_json: bool) -> Iterator[Line]:
    """The *lines* of one file, repaired. *language* is that of the text, where it is known.

    An encoding that a line proves to have done damage counts as proven for the lines after it.
    """
    around = Surroundings(language)
    for number, raw in enumerate(lines, 1):
        before = raw.rstrip(b"\r\n")
        line = _repaired(number, before, raw[len(before) :], around, as_json=as_json)
        yield line
        proven = {repair.rule.partition("+")[0] for repair in line.repairs if repair.certainty == "certain"}
        if not proven & CODECS.keys() <= around.codecs:
            around = Surroundings(language, around.codecs | (proven & CODECS.keys()))


def _repaired(number: int, before: bytes, end: bytes, around: Surroundings, *, as_json: bool) -> Line:
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError as error:
        return Line(number, before, before, end, fault=f"not UTF-8 at byte {error.start}")
    if not as_json:
        after, repairs = repair_text(text, around)
        return Line(number, before, after.encode("utf-8"), end, tuple(repairs))
    if not text.strip():
        return Line(number, before, before, end)
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        return Line(number, before, before, end, fault=f"not JSON: {error}")
    found: list[Repair] = []
    repaired = _value(value, "", around, found)
    if not found:
        return Line(number, before, before, end)
    return Line(number, before, json.dumps(repaired, ensure_ascii=False).encode("utf-8"), end, tuple(found))


def _value(value: Any, path: str, around: Surroundings, found: list[Repair]) -> Any:  # any JSON value
    """*value* with its strings repaired; the repairs are added to *found*, with the string's path as their field."""
    if isinstance(value, str):
        if not needs_repair(value):
            return value
        text, repairs = repair_text(value, around, field=path or "$")
        found += repairs
        return text
    if isinstance(value, list):
        return [_value(item, f"{path}[{at}]", around, found) for at, item in enumerate(value)]
    if isinstance(value, dict):
        return {key: _value(item, f"{path}.{key}".lstrip("."), around, found) for key, item in value.items()}
    return value
