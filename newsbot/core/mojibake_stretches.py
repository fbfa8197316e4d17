"""Stretches without spaces that lost bytes to an East Asian decoder, told as a whole by the vocabulary.

What comes in: a line, the edits of its whole runs, its `Context`. What goes out: `Edit`s of the line. The search itself
is `newsbot.core.lost`'s. Knows no pages.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from newsbot.core.alphabets import is_east_asian
from newsbot.core.edits import Certainty, Edit, apply_edits
from newsbot.core.gaps import CONTEXT
from newsbot.core.lost import SURE, SURE_OF_REPLACED, Piece, pieces
from newsbot.core.mojibake_gaps import ANCHOR, found_elsewhere
from newsbot.core.mojibake_likely import Context, is_alone, is_likely, is_word
from newsbot.core.mojibake_signs import CODECS, EAST_ASIAN_RUN, EAST_ASIAN_SIGN, KIND, SUSPECT, suspect_runs
from newsbot.core.vocabulary import Vocabulary, vocabulary
from newsbot.core.wrong_decoders import DECODERS, WrongDecoder

_STRETCH = re.compile("[^ \t\r]+")


def with_lost(line: str, whole: Sequence[Edit], context: Context) -> Iterator[Edit]:
    """The edits *whole* of *line*, and in stretches with lost bytes the edits of what can be told of them instead."""
    words = vocabulary(context.language)
    if words is None:
        yield from whole
        return
    before, at = "", 0
    shown_by = {edit.rule for edit in whole}
    waiting = deque(whole)
    for stretch in _STRETCH.finditer(line):
        start, end = stretch.span()
        shown = stretch.group()
        if shown.isascii():
            continue
        own = []
        while waiting and waiting[0].start < end:
            own.append(waiting.popleft())
        covered = sum(len(SUSPECT.findall(line, edit.start, edit.end)) for edit in own)
        before = (before + line[at:start])[-CONTEXT:]
        at = start
        # In Chinese, Japanese and Korean a search without proof costs more than all the rest, and tells little.
        may_be_good = context.in_east_asian or is_east_asian(context.language)
        can_tell = context.codecs or (not may_be_good and EAST_ASIAN_SIGN.search(shown))
        if can_tell and covered < len(SUSPECT.findall(shown)):
            after = apply_edits(line[end : end + CONTEXT], [
                replace(edit, start=edit.start - end, end=edit.end - end)
                for edit in waiting if edit.end <= end + CONTEXT
            ])  # fmt: skip
            told = [] if _is_elsewhere(line, start, end, own, before, context) else [
                replace(edit, start=edit.start + start, end=edit.end + start)
                for edit in _lost_in(shown, before, after, words, context, shown_by)
            ]  # fmt: skip
            own = told or own
        for edit in own:
            before += line[at : edit.start] + edit.after
            at = edit.end
            yield edit
        before += line[at:end]
        at = end


def _is_elsewhere(line: str, start: int, end: int, own: Sequence[Edit], before: str, context: Context) -> bool:
    """Whether another text of the page tells the gaps of the stretch: `gapped_runs` takes them from there."""
    if not context.around.whole:
        return False
    shown = apply_edits(
        line[start:end], [replace(edit, start=edit.start - start, end=edit.end - start) for edit in own]
    )
    rest = line[end : end + ANCHOR]
    for run_start, run_end in suspect_runs(shown):
        if found_elsewhere(shown[run_start:run_end], before + shown[:run_start], shown[run_end:] + rest, context):
            return True
    return False


def _lost_in(
    shown: str, before: str, after: str, words: Vocabulary, context: Context, shown_by: Collection[str]
) -> list[Edit]:
    """The edits of one stretch under the likeliest decoder; empty if none can have shown it.

    Of a few characters alone a decoder can make letters by chance: they must be a word, or in a line that it damaged
    (*shown_by*).
    """
    errors = "replace" if "\ufffd" in shown else "ignore"
    best: tuple[float, str, list[Piece]] | None = None
    for name in [name for name in CODECS if name in context.codecs] or _likely_codecs(shown):
        decoders = [WrongDecoder(codec, errors) for codec in DECODERS[name]]
        found = pieces(shown, decoders, before, after, words, context.effort, context.around.words)
        if not found or not _is_likely_lost(shown, found, name, before, after, context):
            continue
        quality = sum(1.0 - piece.share for piece in found)
        if best is None or quality < best[0]:
            best = quality, name, found
    if best is None:
        return []
    _, name, found = best
    is_short = len(EAST_ASIAN_SIGN.findall(shown)) < _NO_CHANCE and not _LATIN.search(shown)
    if is_short and name not in shown_by and not is_word("".join(piece.text for piece in found), context.language):
        return []
    edits = []
    for piece in found:
        if (
            piece.share >= (SURE_OF_REPLACED if errors == "replace" else SURE)
            and piece.text != shown[piece.start : piece.end]
            and not _is_lone(shown, piece, before, after)
        ):
            is_certain = piece.is_whole and name in context.codecs and not context.is_guess and not is_short
            certainty = Certainty.CERTAIN if is_certain else Certainty.INFERRED
            rule = name if piece.is_whole else f"{name}:gap"
            edits.append(Edit(piece.start, piece.end, piece.text, KIND, rule, certainty))
    return edits


_NO_CHANCE = 4  # characters
_LATIN = re.compile("[A-Za-z]")


def _is_lone(shown: str, piece: Piece, before: str, after: str) -> bool:
    """Whether *piece* is one East Asian character with neither a letter nor another such character beside it."""
    left, right = (before + shown[: piece.start])[-1:], (shown[piece.end :] + after)[:1]
    if SUSPECT.search(left + right):
        return False
    return is_alone(shown[piece.start : piece.end], left, piece.text + right)


def _likely_codecs(shown: str) -> Iterator[str]:
    """The codecs in which most of a stretch is UTF-8: good writing that stands in text of another has a part of it."""
    east_asian = "".join(EAST_ASIAN_RUN.findall(shown)).replace("\ufffd", "")
    for name, codec in CODECS.items():
        try:
            data = east_asian.encode(codec)
        except UnicodeError:
            continue
        if len(data.decode("utf-8", "ignore").encode()) >= _MOSTLY * len(data):
            yield name


# Of what is left of a stretch with lost bytes; the search itself would find no text, after thousands of steps.
_MOSTLY = 0.5


def _is_likely_lost(shown: str, found: Sequence[Piece], name: str, before: str, after: str, context: Context) -> bool:
    """Whether *shown* is damage of the family *name*: proven by other text, or by the whole part of this stretch."""
    if name in context.codecs:
        return True
    text = "".join(piece.text for piece in found if piece.is_whole and piece.text != shown[piece.start : piece.end])
    if text:
        return is_likely(shown, text, before[-1:], after[:1], name, context)
    return False
