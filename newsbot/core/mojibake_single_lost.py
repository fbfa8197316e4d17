"""Lines that a single-byte decoder read and dropped bytes of: every encoding leaves some bytes open.

What comes in: a line and what is known around it. What goes out: `Edit`s of what the vocabulary and the rules about
signs tell. The search itself is `newsbot.core.lost`'s. Knows no pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from newsbot.core.alphabets import is_east_asian, primary_language
from newsbot.core.edits import Certainty, Edit, apply_edits
from newsbot.core.gaps import CONTEXT, contradicts
from newsbot.core.lost import SURE, Effort, pieces
from newsbot.core.mojibake_signs import EAST_ASIAN_SIGN, KIND, SINGLE_BYTE_PAIR, Surroundings
from newsbot.core.vocabulary import Vocabulary, language_of_line, vocabulary
from newsbot.core.wrong_decoders import WrongDecoder

# Single-byte encodings that leave bytes open, which decoders drop or replace; most common first.
_CODECS = ("cp1252", "cp1250", "cp1254", "cp1251", "cp1253", "cp1257")
_STRETCH = re.compile("[^ \t\r]*[^\x00-\x7f][^ \t\r]*")


def told_of_line(line: str, around: Surroundings, effort: Effort) -> list[Edit]:
    """The edits of *line* in the encoding that tells most of it; certain ones only if no other tells them otherwise."""
    if EAST_ASIAN_SIGN.search(line):
        return []  # no single-byte encoding shows these
    told = [
        (name, *_told(line, name, words, around, effort)) for name in _CODECS if (words := _words(line, name, around))
    ]
    if not told:
        return []
    name, best, missing = max(told, key=lambda one: len(one[1]) - one[2])
    if len(best) <= missing or SINGLE_BYTE_PAIR.search(apply_edits(line, best)):
        return []
    others = {
        (edit.start, edit.end, edit.after) for other, edits, left in told if other != name and left <= missing
        for edit in edits
    }  # fmt: skip
    best_texts = {(edit.start, edit.end, edit.after) for edit in best}
    doubtful = {(start, end) for start, end, after in others if (start, end, after) not in best_texts}
    return [edit for edit in best if (edit.start, edit.end) not in doubtful]


def _words(line: str, name: str, around: Surroundings) -> Vocabulary | None:
    """The vocabulary of the language that shows in what is left of *line* if the encoding was *name*."""
    rough = line.encode(name, "ignore").decode("utf-8", "ignore")
    words = vocabulary(language_of_line(rough, primary_language(around.language)))
    # Of a sign of three bytes one is lost: in Chinese, Japanese and Korean that leaves too much open.
    return words if words is not None and not is_east_asian(words.language) else None


def _told(line: str, name: str, words: Vocabulary, around: Surroundings, effort: Effort) -> tuple[Sequence[Edit], int]:
    """The edits of *line* if the encoding was *name*, and how many stretches it does not tell."""
    decoder = WrongDecoder(name, "replace" if "\ufffd" in line else "ignore")
    edits: list[Edit] = []
    missing = 0
    before, done = "", 0
    for stretch in _STRETCH.finditer(line):
        (start, end), text = stretch.span(), stretch.group()
        before = (before + line[done:start])[-CONTEXT:]
        after = line[end : end + CONTEXT]
        done = end
        found = pieces(text, [decoder], before, after, words, effort, around.words)
        missing += not found
        own = []
        for piece in found:
            if piece.share < SURE or piece.text == text[piece.start : piece.end]:
                continue
            if piece.is_whole:
                own.append(Edit(piece.start, piece.end, piece.text, KIND, name))
                continue
            left = before + apply_edits(text[: piece.start], own)
            if not contradicts(piece.text, left, text[piece.end :] + after, words.language):
                own.append(Edit(piece.start, piece.end, piece.text, KIND, f"{name}:gap", Certainty.INFERRED))
        edits += (replace(edit, start=edit.start + start, end=edit.end + start) for edit in own)
        before += apply_edits(text, own)
    return edits, missing
