"""Changes to a text, kept so that they can be taken back.

What comes in: a text and edits of it. What goes out: the changed text, and edits of several passes merged into
edits of the first text. Knows nothing of how damage is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

MOJIBAKE = "mojibake"  # the kind of edits that undo wrong decoding


class Certainty(IntEnum):
    """How sure an edit is; the larger, the less sure. ``MARKED`` edits leave the text as it came."""

    CERTAIN = 0
    INFERRED = 1
    MARKED = 2


@dataclass(frozen=True, slots=True)
class Edit:
    """``text[start:end]`` becomes *after*; *kind* is the damage, *rule* how it was undone."""

    start: int
    end: int
    after: str
    kind: str
    rule: str
    certainty: Certainty = Certainty.CERTAIN


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """*text* with *edits* done; they are in order and do not overlap."""
    if not edits:
        return text
    parts: list[str] = []
    at = 0
    for edit in edits:
        parts += (text[at : edit.start], edit.after)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


def compose(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """One list of edits of *text* that does what *first* and then *second* (edits of the result of first) do.

    Edits that touch the same place become one, with the weaker certainty of the two; of two kinds, with one of which
    wrong decoding was undone, it is that kind's and inferred at most. Linear.
    """
    if not first or not second:
        return list(first or second)
    between = apply_edits(text, first)
    spans = _spans_after(first)
    merged: list[Edit] = []
    i = j = shift = 0  # shift: what to add to a place in `between` to get its place in `text`
    while i < len(first) or j < len(second):
        low, high = _lowest(spans, i, second, j)
        i0, j0, start_shift = i, j, shift
        grew = True
        while grew:
            grew = False
            while i < len(first) and _meets(spans[i], low, high, is_alone=i == i0 and j == j0):
                high = max(high, spans[i][1])
                shift = first[i].end - spans[i][1]
                i += 1
                grew = True
            while j < len(second) and _meets((second[j].start, second[j].end), low, high, is_alone=i == i0 and j == j0):
                high = max(high, second[j].end)
                j += 1
                grew = True
        merged.append(_one(between, first[i0:i], second[j0:j], low, high, low + start_shift, high + shift))
    return merged


def with_marks(text: str, edits: Sequence[Edit], marks: Sequence[Edit]) -> list[Edit]:
    """*edits* of *text* and the *marks* of its result, but for marks in what an edit put in: it stands for them."""
    spans = _spans_after(edits)
    kept, at = [], 0
    for mark in marks:
        while at < len(spans) and spans[at][1] <= mark.start:
            at += 1
        if at == len(spans) or spans[at][0] >= mark.end:
            kept.append(mark)
    return compose(text, edits, kept)


def _spans_after(edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Where the texts put in by *edits* stand in the result."""
    spans, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        spans.append((start, start + len(edit.after)))
        shift += len(edit.after) - (edit.end - edit.start)
    return spans


def _lowest(spans: list[tuple[int, int]], i: int, second: Sequence[Edit], j: int) -> tuple[int, int]:
    options = []
    if i < len(spans):
        options.append(spans[i])
    if j < len(second):
        options.append((second[j].start, second[j].end))
    return min(options)


def _meets(span: tuple[int, int], low: int, high: int, *, is_alone: bool) -> bool:
    """Whether *span* shares a character with low..high (a deletion: lies inside it); the first always does."""
    if is_alone:
        return span == (low, high)
    start, end = span
    return start < high and end > low


def _one(
    between: str, first: Sequence[Edit], second: Sequence[Edit], low: int, high: int, start: int, end: int
) -> Edit:
    if not second:
        return first[0] if len(first) == 1 else replace(first[0], start=start, end=end, after=between[low:high])
    shifted = [replace(edit, start=edit.start - low, end=edit.end - low) for edit in second]
    both = [*first, *second]
    rules = list(dict.fromkeys(edit.rule for edit in both))
    kind, certainty = both[0].kind, max(edit.certainty for edit in both)
    if any(edit.kind != kind for edit in both) and any(edit.kind == MOJIBAKE for edit in both):
        kind, certainty = MOJIBAKE, max(certainty, Certainty.INFERRED)  # what one pass has changed misled the other
    return Edit(
        start=start,
        end=end,
        after=apply_edits(between[low:high], shifted),
        kind=kind,
        rule="+".join(rules),
        certainty=certainty,
    )
