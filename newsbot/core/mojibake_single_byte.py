"""UTF-8 that was read as a single-byte encoding (``doesnâ€™t``), undone.

What comes in: a text and what is known around it. What goes out: `Edit`s of the text. ftfy reads line by line, and its
reading is taken only if no damage is left in it; where bytes were lost, our own with gaps. Knows no pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from newsbot.core.alphabets import primary_language, script_of, writes
from newsbot.core.edits import Certainty, Edit, apply_edits
from newsbot.core.gaps import CONTEXT, GAP, GENERAL_PUNCTUATION, GENERAL_SIGNS, TOKEN, infer
from newsbot.core.mojibake_signs import (
    ABOUT_DAMAGE,
    KIND,
    MAX_LAYERS,
    NOTHING_KNOWN,
    RUN,
    SINGLE_BYTE_PAIR,
    Surroundings,
    lines_of,
)
from newsbot.core.vocabulary import language_of_line


def undo_single_byte(text: str, around: Surroundings = NOTHING_KNOWN) -> list[Edit]:
    """Edits that undo UTF-8 read as Latin-1, Windows-125x, ISO 8859-2, Mac Roman or cp437."""
    if text.isascii() or not SINGLE_BYTE_PAIR.search(text):
        return []
    edits: list[Edit] = []
    for at, line in lines_of(text):
        if SINGLE_BYTE_PAIR.search(line) and not ABOUT_DAMAGE.search(line):
            found = _undo_line(line, primary_language(around.language))
            edits += (replace(edit, start=edit.start + at, end=edit.end + at) for edit in found)
    return edits


def _undo_line(line: str, language: str) -> list[Edit]:
    """ftfy's reading of a line where that leaves no damage, else our own with gaps, else nothing."""
    from ftfy import TextFixerConfig, fix_encoding_and_explain  # a tenth of a second to import; few texts need it
    from ftfy.badness import is_bad

    if not is_bad(line):
        return []
    config = TextFixerConfig(replace_lossy_sequences=False, fix_c1_controls=False, restore_byte_a0="\xc3 " in line)
    fixed = fix_encoding_and_explain(line, config)
    plan = {step.parameter for step in fixed.explanation or ()}
    if fixed.text != line and not is_bad(fixed.text) and _is_writing(fixed.text):
        found = list(_written(line, _aligned(line, fixed.text, plan), language_of_line(fixed.text, language)))
        return [] if all(_BARE_CAPITAL.fullmatch(line, edit.start, edit.end + 1) for edit in found) else found
    for name in _GAPPED_SINGLE:
        found = list(_single_gaps(line, name, language))
        after = apply_edits(line, found)
        if found and not is_bad(after) and _is_writing(after):
            return found
    return []


# Encodings that share most of their letters, so that one's damage can be read as another's.
_ALIKE = ("cp1252", "iso8859-2", "cp1250", "cp1257", "cp1254", "mac-roman")


def _written(line: str, edits: Iterable[Edit], language: str) -> Iterator[Edit]:
    """*edits*, but for letters that *language* does not write: read as another encoding that gives such, or unsure."""
    for edit in edits:
        if _is_written(edit.after, language):
            yield edit
            continue
        shown = line[edit.start : edit.end]
        for name in _ALIKE:
            try:
                other = shown.encode(name).decode("utf-8")
            except UnicodeError:
                continue
            if _is_written(other, language):
                yield replace(edit, after=other, rule=f"single_byte:{name}")
                break
        else:
            yield replace(edit, certainty=Certainty.INFERRED)


def _is_written(text: str, language: str) -> bool:
    """Whether the Latin letters of *text* are of *language*'s alphabet."""
    return all(writes(language, char) for char in text if char >= "\xaa" and script_of(char) == "latin")


def _is_writing(line: str) -> bool:
    """Whether no word of a line ftfy has read still shows damage: scripts mixed, capitals inside, lost bytes' rests."""
    if _DAMAGED_END.search(line):
        return False
    for word in _NON_ASCII_WORD.findall(line):
        if len({script for script in map(script_of, word) if script}) > 1:
            return False
        if any(char >= "\x80" and char.isupper() for char in word[1:]) and word != word.upper():
            return False
    return True


_NON_ASCII_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
# A capital letter of Portuguese or Romanian that stands alone is no proof of damage.
_BARE_CAPITAL = re.compile("[ÂÃ] ?")
# What ftfy makes of "â€" and a space when it takes the space for a lost byte.
_DAMAGED_END = re.compile("[†\u2006]|â€|[ÂÃÐÑ][\x80-\xbf]|[ÃĂ](?![A-Za-zÀ-ž])(?<![A-ZÀ-Ž][ÃĂ])(?<!^[ÃĂ])")
_ASCII = re.compile("([\x00-\x7f]+)")


def _aligned(before: str, after: str, plan: set[str]) -> Iterator[Edit]:
    """The edits between a line and ftfy's reading of it; ASCII is the same in both, but for restored spaces."""
    old, new = _ASCII.split(before), _ASCII.split(after)
    rule = "ftfy:" + "+".join(sorted(plan - {"utf-8", "decode_inconsistent_utf8"}) or ["inconsistent"])
    if old[1::2] != new[1::2]:
        yield _trimmed(0, before, after, rule, Certainty.INFERRED)
        return
    at = 0
    for place, (was, becomes) in enumerate(zip(old, new, strict=True)):
        if place % 2 == 0 and was != becomes:
            is_whole = _turns_back(becomes, was) and not {"iso-8859-2", "sloppy-windows-1250"} <= plan
            certainty = Certainty.CERTAIN if is_whole else Certainty.INFERRED
            yield _trimmed(at, was, becomes, rule, certainty)
        at += len(was)


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


def _trimmed(at: int, was: str, becomes: str, rule: str, certainty: Certainty) -> Edit:
    """One edit without what both sides share at their ends."""
    start, shortest = 0, min(len(was), len(becomes))
    while start < shortest and was[start] == becomes[start]:
        start += 1
    end = 0
    while end < shortest - start and was[-1 - end] == becomes[-1 - end]:
        end += 1
    return Edit(at + start, at + len(was) - end, becomes[start : len(becomes) - end], KIND, rule, certainty)


# Single-byte encodings that leave bytes open, which decoders drop or replace; most common first.
_GAPPED_SINGLE = ("cp1252", "cp1250", "cp1254", "cp1251", "cp1253", "cp1257")


@cache
def _open_bytes(name: str) -> frozenset[int]:
    """The bytes from 0x80 that the encoding has no character for."""
    return frozenset(code for code in range(0x80, 0x100) if bytes((code,)).decode(name, "ignore") == "")


def _single_gaps(line: str, name: str, language: str) -> Iterator[Edit]:
    """Edits of a line read as *name* by a decoder that dropped bytes: whole characters, and the gaps it tells."""
    language = language_of_line(line, language)
    before, done = "", 0
    for run in RUN.finditer(line):
        before += line[done : run.start()]
        done = run.end()
        try:
            data = GAP.join(part.encode(name) for part in run.group().split("\ufffd"))
        except UnicodeError:
            before += run.group()
            continue
        at = run.start()
        shown = run.group()
        for token in TOKEN.finditer(data):
            whole, cut, _, _ = token.groups()
            size = len(token.group())
            was = shown[at - run.start() : at - run.start() + size]
            char, certainty = was, Certainty.CERTAIN
            if whole is not None:
                char = whole.decode("utf-8")
            elif cut is not None:
                rest = line[at + size : at + size + CONTEXT]
                char, certainty = _from_open_byte(cut, name, before, rest, language) or was, Certainty.INFERRED
            if char != was:
                gap = "" if certainty is Certainty.CERTAIN else ":gap"
                yield Edit(at, at + size, char, KIND, f"{name}{gap}", certainty)
            before += char
            at += size


def _from_open_byte(cut: bytes, name: str, before: str, after: str, language: str) -> str | None:
    """The character that begins with *cut* and goes on with a byte that the encoding leaves open, if there is one."""
    found = []
    for code in sorted(_open_bytes(name)):
        try:
            char = (cut + bytes((code,))).decode("utf-8")
        except UnicodeDecodeError:
            continue
        if char in GENERAL_SIGNS or (char.isalpha() and writes(language, char)):
            found.append(char)
    if cut == GENERAL_PUNCTUATION:
        told = infer(cut, before, after, language)
        return told if told in found else None
    cased = [char for char in found if char.isupper() == (before[-1:].isupper() and after[:1].isupper())]
    return cased[0] if len(cased) == 1 and len(found) == 1 else None
