"""UTF-8 that was read as a single-byte encoding (``doesnâ€™t``), undone.

What comes in: a text and what is known around it. What goes out: `Edit`s of the text, and marks where damage is left.
A line is read in one encoding as a whole, as many times over as it was damaged; where several readings are writing, the
vocabulary chooses. Lines that are damaged in parts are ftfy's, and its reading is taken only if no damage is left in
it; lines that lost bytes are `newsbot.core.mojibake_single_lost`'s. Knows no pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from newsbot.core.alphabets import TYPOGRAPHY, primary_language, script_of, script_of_language, writes
from newsbot.core.edits import Certainty, Edit
from newsbot.core.lost import Effort
from newsbot.core.mojibake_signs import (
    KIND,
    MAX_LAYERS,
    NOTHING_KNOWN,
    SINGLE_BYTE_PAIR,
    Surroundings,
    is_about_damage,
    lines_of,
    without_shown,
)
from newsbot.core.mojibake_single_lost import told_of_line
from newsbot.core.vocabulary import language_of_line, vocabulary


def undo_single_byte(text: str, around: Surroundings = NOTHING_KNOWN) -> list[Edit]:
    """Edits that undo UTF-8 read as Latin-1, Windows-125x, ISO 8859-2, Mac Roman or cp437; marks where it stays."""
    if text.isascii() or not SINGLE_BYTE_PAIR.search(text):
        return []
    edits: list[Edit] = []
    effort = Effort.of(text)
    for at, line in lines_of(text):
        if SINGLE_BYTE_PAIR.search(line) and not is_about_damage(line):
            found = without_shown(line, _undo_line(line, around, effort))
            edits += (replace(edit, start=edit.start + at, end=edit.end + at) for edit in found)
    return edits


def _undo_line(line: str, around: Surroundings, effort: Effort) -> list[Edit]:
    """The edits of a line by the first way that leaves no damage; else marks of what is damaged."""
    from ftfy.badness import is_bad  # a tenth of a second to import; few texts need it

    if not is_bad(line):
        return []
    language = primary_language(around.language)
    found = _read_as_a_whole(line, language)
    if found is None:
        found = _read_in_parts(line, language) or told_of_line(line, around, effort) or _read_by_ftfy(line)
    return found or [
        Edit(*pair.span(), pair.group(), KIND, "single_byte", Certainty.MARKED)
        for pair in SINGLE_BYTE_PAIR.finditer(line)
    ]


# --- the whole line in one encoding


def _read_as_a_whole(line: str, language: str) -> list[Edit] | None:
    """The edits of *line* read in one encoding, none if nothing tells which.

    ``None`` if no reading is writing, or two are as likely by their words.
    """
    readings = _readings(line, language)
    if len(readings) > 1:
        scores = {text: _score(text, language) for text in readings}
        best, second = sorted(readings, key=scores.__getitem__, reverse=True)[:2]
        if not scores[best] and not scores[second]:
            return []  # of a language without a vocabulary: nothing tells which
        if scores[best] - scores[second] < _FAR:
            return None
        return list(_aligned(line, best, f"single_byte:{readings[best]}", Certainty.INFERRED))
    for text, rule in readings.items():
        return list(_aligned(line, text, f"single_byte:{rule}", Certainty.CERTAIN))
    return None


# Read besides ftfy's: what either has shown may be the other's.
_MORE_ENCODINGS = ("iso8859-15", "iso8859-5", "iso8859-7", "iso8859-9", "cp1258", "koi8-r")
_FAR = 4.6  # the better one is a hundred times as likely


def _readings(line: str, language: str) -> Mapping[str, str]:
    """Each text that is writing and shows as *line* -> the encodings it was read in, first layer first."""
    from ftfy.chardata import CHARMAP_ENCODINGS

    found: dict[str, str] = {}
    for name in (*CHARMAP_ENCODINGS, *_MORE_ENCODINGS):
        text, layers, best = line, 0, 0
        deepest = ""
        while layers < MAX_LAYERS:
            try:
                under = text.encode(name).decode("utf-8")
            except UnicodeError:
                break
            if under == text:
                break
            text, layers = under, layers + 1
            if _is_writing(text, language) and (name not in _MORE_ENCODINGS or _is_plain(text)):
                deepest, best = text, layers
        if best:
            found.setdefault(deepest, "+".join([name] * best))
    return found


def _is_plain(text: str) -> bool:
    """Whether all signs of *text* are such as running text prints: arrows and the like are there by chance."""
    return all(char < "\x80" or char.isalpha() or unicodedata.combining(char) or char in TYPOGRAPHY for char in text)


def _score(text: str, language: str) -> float:
    """How likely the words of *text* outside ASCII are, as a logarithm."""
    words = vocabulary(language_of_line(text, language))
    if words is None:
        return 0.0
    return sum(words.word_score(word.lower()) for word in _NON_ASCII_WORD.findall(text))


def _is_writing(text: str, language: str) -> bool:
    """Whether no damage is left in the line *text*, and all its letters are of its language."""
    from ftfy.badness import is_bad

    if SINGLE_BYTE_PAIR.search(text) or is_bad(text) or not _has_whole_words(text):
        return False
    own = language_of_line(text, language)
    return all(_is_written(word, own) for word in _NON_ASCII_WORD.findall(text))


def _is_written(text: str, language: str) -> bool:
    """Whether the Latin letters of *text* are of *language*'s alphabet."""
    return all(writes(language, char) for char in text if char >= "\xaa" and script_of(char) == "latin")


def _has_whole_words(line: str) -> bool:
    """Whether no word of *line* shows damage: scripts mixed, capitals inside, lost bytes' rests, signs for letters."""
    if _DAMAGED_END.search(line) or _SIGN_IN_WORD.search(line) or _ODD_SIGN.search(line):
        return False
    if any(char > "\xff" and unicodedata.category(char) == "Cn" for char in line):
        return False
    for word in _NON_ASCII_WORD.findall(line):
        if len({script for script in map(script_of, word) if script}) > 1:
            return False
        if any(char >= "\x80" and char.isupper() for char in word[1:]) and word != word.upper():
            return False
    return True


_NON_ASCII_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
# What ftfy makes of "â€" and a space when it takes the space for a lost byte.
_DAMAGED_END = re.compile("[†\u2006]|â€|[ÂÃÐÑ][\x80-\xbf]|[ÃĂ](?![A-Za-zÀ-ž])(?<![A-ZÀ-Ž][ÃĂ])(?<!^[ÃĂ])")
# Separators and the hair space are in no text that came by an editor; they are what other signs read as.
_ODD_SIGN = re.compile("[\u2028\u2029\u200a]")
# "–ù–æ–≤": Cyrillic that Mac Roman has read once more; accents without their letter.
_SIGN_IN_WORD = re.compile(
    "[√≈∂∏∑∫∆Ω≤≥∞‡¬─-▟\x80-\x9f\u0300-\u036f]|[^\\W\\d_][÷×][^\\W\\d_]|[–—][^\\W\\d_][–—][^\\w\\s]"
)


# --- parts of a line, by ftfy


def _read_in_parts(line: str, language: str) -> list[Edit]:
    """ftfy's reading of a line of which parts are damaged, where it leaves no damage."""
    from ftfy import TextFixerConfig, fix_encoding_and_explain
    from ftfy.badness import is_bad

    config = TextFixerConfig(replace_lossy_sequences=False, fix_c1_controls=False, restore_byte_a0="\xc3 " in line)
    fixed = fix_encoding_and_explain(line, config)
    if fixed.text == line or SINGLE_BYTE_PAIR.search(fixed.text):
        return []
    if is_bad(fixed.text) or not _has_whole_words(fixed.text):
        return []
    plan = {step.parameter for step in fixed.explanation or ()}
    rule = "ftfy:" + "+".join(sorted(plan - {"utf-8", "decode_inconsistent_utf8"}) or ["inconsistent"])
    own = language_of_line(fixed.text, language)
    found = []
    for edit in _aligned(line, fixed.text, rule, Certainty.INFERRED):
        shown = line[edit.start : edit.end]
        others = _others(shown, edit.after, own)
        if not _is_of_script(edit.after, own):
            return []
        if not _is_written(edit.after, own):
            if len(others) != 1:
                return []  # another encoding than ftfy's guess, and not known which
            edit = replace(edit, after=others.pop())
        elif not others and (_turns_back(edit.after, shown) or shown.startswith("\xc3 ")):
            edit = replace(edit, certainty=Certainty.CERTAIN)
        found.append(edit)
    return [] if all(_BARE_CAPITAL.fullmatch(line, edit.start, edit.end + 1) for edit in found) else found


def _is_of_script(text: str, language: str) -> bool:
    """Whether the letters of *text* are of *language*'s script, or too many for chance."""
    own = script_of_language(language)
    foreign = sum(1 for char in text if (script := script_of(char)) and script not in (own, "latin"))
    return own is None or foreign == 0 or foreign >= _NO_CHANCE


_NO_CHANCE = 4


def _read_by_ftfy(line: str) -> list[Edit]:
    """ftfy's reading of a line of a language that is not known here: whole, no damage left, and it turns back."""
    from ftfy import TextFixerConfig, fix_encoding
    from ftfy.badness import is_bad

    fixed = fix_encoding(line, TextFixerConfig(fix_c1_controls=False))  # a control may be what is left of a letter
    if is_bad(fixed) or "\ufffd" in line or SINGLE_BYTE_PAIR.search(fixed) or not _has_whole_words(fixed):
        return []
    found = list(_aligned(line, fixed, "ftfy", Certainty.INFERRED))
    return found if all(_turns_back(edit.after, line[edit.start : edit.end]) for edit in found) else []


# A capital letter of Portuguese or Romanian that stands alone is no proof of damage.
_BARE_CAPITAL = re.compile("[ÂÃ] ?")


def _others(shown: str, becomes: str, language: str) -> set[str]:
    """What *shown* may have been instead of *becomes*, read once in any encoding, in letters of *language*."""
    from ftfy.chardata import CHARMAP_ENCODINGS

    found = set()
    for name in (*CHARMAP_ENCODINGS, *_MORE_ENCODINGS):
        try:
            other = shown.encode(name).decode("utf-8")
        except UnicodeError:
            continue
        if unicodedata.combining(other[:1]) or _ODD_SIGN.search(other):
            continue
        if name in _MORE_ENCODINGS and not _is_plain(other):
            continue
        if other != shown and not SINGLE_BYTE_PAIR.search(other) and _is_written(other, language):
            found.add(other)
    return found - {becomes}


def _turns_back(whole: str, damaged: str) -> bool:
    """Whether damaging *whole* again, up to `MAX_LAYERS` times over, gives *damaged* to the last character."""
    from ftfy.chardata import CHARMAP_ENCODINGS

    if max(damaged) < "\xa0":
        return True  # control characters of Latin-1 for signs of Windows-1252, as browsers read them
    layer = {whole}
    for _ in range(MAX_LAYERS):
        layer = {text.encode().decode(name, "replace") for text in sorted(layer)[:8] for name in CHARMAP_ENCODINGS}
        if damaged in layer:
            return True
        layer = {text for text in layer if len(text) <= len(damaged) and "\ufffd" not in text}
        if not layer:
            break
    return False


# --- edits


_ASCII = re.compile("([\x00-\x7f]+)")


def _aligned(before: str, after: str, rule: str, certainty: Certainty) -> Iterator[Edit]:
    """The edits between a line and its reading; ASCII is the same in both, but for restored spaces."""
    old, new = _ASCII.split(before), _ASCII.split(after)
    if old[1::2] != new[1::2]:
        yield _trimmed(0, before, after, rule, max(certainty, Certainty.INFERRED))
        return
    at = 0
    for place, (was, becomes) in enumerate(zip(old, new, strict=True)):
        if place % 2 == 0 and was != becomes:
            yield _trimmed(at, was, becomes, rule, certainty)
        at += len(was)


def _trimmed(at: int, was: str, becomes: str, rule: str, certainty: Certainty) -> Edit:
    """One edit without what both sides share at their ends."""
    start, shortest = 0, min(len(was), len(becomes))
    while start < shortest and was[start] == becomes[start]:
        start += 1
    end = 0
    while end < shortest - start and was[-1 - end] == becomes[-1 - end]:
        end += 1
    return Edit(at + start, at + len(was) - end, becomes[start : len(becomes) - end], KIND, rule, certainty)
