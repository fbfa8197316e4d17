"""Files of text or JSON Lines that others made, repaired line by line.

What comes in: lines of bytes. What goes out: `Line`s: the bytes as they came, the repaired ones, and the repairs.
Knows no file and no terminal. In JSON the string values are repaired where they stand: all else, as keys, numbers
and spaces, stays byte for byte.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsbot.core.edits import Certainty
from newsbot.core.mojibake_signs import CODECS, Surroundings
from newsbot.items.jsonstrings import check, edited, string_values
from newsbot.items.model import Repair
from newsbot.items.repair import find_edits, needs_repair, records_of, repair_text


@dataclass(frozen=True, slots=True)
class Line:
    """One line: *before* and *after* without the line's end, and the repairs that lead from one to the other.

    ``end`` is the line's end as it came. A line that cannot be read (not UTF-8, not JSON) stays as it is, and
    ``fault`` says why; ``is_utf8`` is false where its bytes are the reason.
    """

    number: int
    before: bytes
    after: bytes
    end: bytes
    repairs: tuple[Repair, ...] = ()
    fault: str | None = None
    is_utf8: bool = True


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
    # A byte order mark is no part of the text: it stays, and neither JSON nor the repair gets to see it.
    mark = codecs.BOM_UTF8 if number == 1 and before.startswith(codecs.BOM_UTF8) else b""
    try:
        text = before.removeprefix(mark).decode("utf-8")
        after, repairs = _repaired_json(text, around) if as_json else repair_text(text, around)
    except UnicodeDecodeError as error:
        fault = f"not UTF-8 at byte {error.start + len(mark)}"
        return Line(number, before, before, end, fault=fault, is_utf8=False)
    except ValueError as error:
        return Line(number, before, before, end, fault=f"not JSON: {error}")
    return Line(number, before, mark + after.encode("utf-8"), end, tuple(repairs))


def _repaired_json(text: str, around: Surroundings) -> tuple[str, list[Repair]]:
    """*text* with the damage in its string values undone where they stand. Raises `ValueError` where it is no JSON."""
    if not text.strip():
        return text, []
    check(text)
    parts: list[str] = []
    repairs: list[Repair] = []
    at = 0
    for value in string_values(text, needs_repair):
        edits = find_edits(value.text, around)
        repairs += records_of(value.text, edits, value.path)
        changes = [edit for edit in edits if edit.certainty is not Certainty.MARKED]
        parts += (text[at : value.start], edited(text[value.start : value.end], changes, ascii_only=text.isascii()))
        at = value.end
    return "".join((*parts, text[at:])), repairs
