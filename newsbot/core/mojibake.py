"""Text that was decoded with the wrong encoding, undone as far as it can be known.

What comes in: a text and what is known around it (language, encodings that damaged other text of the page).
What goes out: `Edit`s of the text. Knows nothing of pages, fields or records.

Two families. UTF-8 read as a single-byte encoding (``doesnâ€™t``) is left to ftfy, behind a guard that costs a
hundredth of it. UTF-8 read as a Chinese, Japanese or Korean encoding (``province鈥檚``) is undone here: a run of
characters outside ASCII is turned back into bytes and read as UTF-8, with gaps where the wrong decoder had dropped
bytes it could not read. What stands in a gap is inferred from the text around it, or the place is marked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from newsbot.core.alphabets import is_east_asian, primary_language, script_of
from newsbot.core.edits import Certainty, Edit, apply_edits, compose, with_marks
from newsbot.core.lost import Effort
from newsbot.core.mojibake_gaps import gapped_runs
from newsbot.core.mojibake_likely import context_of, is_in_east_asian, is_word
from newsbot.core.mojibake_signs import (
    KIND,
    MAX_LAYERS,
    NOTHING_KNOWN,
    SILENT,
    SINGLE_BYTE_PAIR,
    SUSPECT,
    Surroundings,
    is_about_damage,
    is_suspect,
    lines_of,
    suspect_runs,
    without_shown,
)
from newsbot.core.mojibake_single_byte import undo_single_byte
from newsbot.core.mojibake_stretches import with_lost
from newsbot.core.mojibake_whole import proven_codecs, reads_as_utf8, roughly_read, whole_runs
from newsbot.core.vocabulary import language_of_line


def undo_mojibake(text: str, around: Surroundings = NOTHING_KNOWN) -> list[Edit]:
    """Edits that undo every layer of wrong decoding in *text*, and marks where text is lost for good. Linear."""
    edits: list[Edit] = []
    marks: list[Edit] = []
    current = text
    for _ in range(MAX_LAYERS):
        left, layer = _apart(undo_single_byte(current, around))
        marks, found = _apart(undo_east_asian(apply_edits(current, layer), around))
        layer = compose(current, layer, found)
        if not layer:
            marks = _merged(left, marks)
            break
        edits = compose(text, edits, layer)
        current = apply_edits(text, edits)
        marks = []
    return with_marks(text, edits, marks)


def _apart(edits: Sequence[Edit]) -> tuple[list[Edit], list[Edit]]:
    """The marks, and the edits that change something."""
    marks = [edit for edit in edits if edit.certainty is Certainty.MARKED]
    return marks, [edit for edit in edits if edit.certainty is not Certainty.MARKED]


def _merged(first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Both lists of marks in order, without those that overlap the one before."""
    kept: list[Edit] = []
    for mark in sorted((*first, *second), key=lambda mark: (mark.start, mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def undo_east_asian(text: str, around: Surroundings = NOTHING_KNOWN) -> list[Edit]:
    """Edits that undo UTF-8 read as GB 18030, Big5, Shift_JIS, EUC-KR or EUC-JP, one layer or several at once."""
    if text.isascii() or not SUSPECT.search(text):
        return []
    lines = [(at, line) for at, line in lines_of(text) if SUSPECT.search(line) and not is_about_damage(line)]
    language = primary_language(around.language)
    effort = Effort.of(text)
    contexts = [context_of(line, language, around, effort) for _, line in lines]
    looked = [
        (at, line, context)
        for (at, line), context in zip(lines, contexts, strict=True)
        if not context.in_east_asian or reads_as_utf8(line)
    ]
    proven, is_guess = proven_codecs((line, context) for _, line, context in looked)
    if is_guess and around.codecs:
        proven, is_guess = around.codecs, False
    edits: list[Edit] = []
    for at, line, context in looked:
        if not proven <= context.codecs:
            context = replace(context, codecs=context.codecs | proven, seen={}, is_guess=is_guess)
        found = whole_runs(line, context)
        if not context.in_east_asian and not is_east_asian(language):
            own = language_of_line(roughly_read(apply_edits(line, found), context.codecs), language)
            if own != context.language:
                context = replace(context, language=own, seen={})
                found = whole_runs(line, context)
        found = list(with_lost(line, found, context))
        between = apply_edits(line, found)
        if suspect := SUSPECT.search(between):
            rest = [_left(suspect)] if _is_beyond_repair(between) else list(gapped_runs(between, context))
            found = compose(line, found, rest)
        found = _doubted(line, without_shown(line, found), context.language)
        edits += (replace(edit, start=edit.start + at, end=edit.end + at) for edit in found)
    return edits


def _doubted(line: str, edits: Sequence[Edit], language: str) -> list[Edit]:
    """*edits* of *line*, inferred where letters may be missing: by a decoder that drops them, and of no listed word."""
    if all(SILENT.isdisjoint(edit.rule.split("+")) for edit in edits):
        return list(edits)
    result = apply_edits(line, edits)
    kept, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        shift += len(edit.after) - (edit.end - edit.start)
        if edit.certainty is Certainty.CERTAIN and not SILENT.isdisjoint(edit.rule.split("+")):
            end = start + len(edit.after)
            left, right = _WORD_END.search(result, max(start - _LONG_WORD, 0), start), _WORD_START.match(result, end)
            words = (left.group() if left else "") + edit.after + (right.group() if right else "")
            letters = {script_of(char) for char in words if char.isalpha() and not char.isascii()}
            if letters and (letters != {"latin"} or not is_word(words, language)):
                edit = replace(edit, certainty=Certainty.INFERRED)
        kept.append(edit)
    return kept


_WORD_END = re.compile(r"[^\W\d_]+\Z")
_WORD_START = re.compile(r"[^\W\d_]+")
_LONG_WORD = 40


def is_doubtful(text: str, language: str | None) -> bool:
    """Whether *text* on a page in *language* may be damaged: not if it is good writing in East Asian lines."""
    if not is_suspect(text):
        return False
    own = primary_language(language)
    if SINGLE_BYTE_PAIR.search(text):
        return True
    return any(
        "\ufffd" in line or not is_in_east_asian(line, own) or reads_as_utf8(line)
        for _, line in lines_of(text)
        if SUSPECT.search(line)
    )


def _is_beyond_repair(line: str) -> bool:
    """Whether a long line is damage through and through: no rule about what stands around a gap can tell anything."""
    return len(line) > _LONG_LINE and sum(1 for _ in suspect_runs(line)) * _DENSE > len(line)


def _left(suspect: re.Match[str]) -> Edit:
    """One mark for a line beyond repair, at the first sign of its damage."""
    return Edit(*suspect.span(), suspect.group(), KIND, "too_dense", Certainty.MARKED)


_LONG_LINE = 4_000
_DENSE = 10  # one damaged run in so many characters
