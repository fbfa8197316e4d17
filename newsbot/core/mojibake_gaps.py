"""Runs with lost bytes that the vocabulary does not tell: filled by the signs around them, or marked.

What comes in: a line and its `Context`. What goes out: `Edit`s and marks, left to right, so that each sees what was
inferred before it. Knows no pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsbot.core.alphabets import is_east_asian, letters_of
from newsbot.core.edits import Certainty, Edit
from newsbot.core.gaps import CONTEXT, GAP, GENERAL_PUNCTUATION, TOKEN, infer, is_about_characters, is_elided
from newsbot.core.lost import replaced_letter
from newsbot.core.mojibake_likely import Context, is_likely
from newsbot.core.mojibake_signs import CODECS, KIND, MAX_LAYERS, SUSPECT, suspect_runs
from newsbot.core.mojibake_whole import decoded


@dataclass(frozen=True, slots=True)
class Lost:
    """A character of which only the bytes *data* are left; 0xFF stand for replacement characters alone."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """A run turned back with the codecs of *rule*: characters, and `Lost` ones where bytes are missing."""

    rule: str
    parts: tuple[str | Lost, ...]

    @property
    def text(self) -> str:
        """The characters that are whole."""
        return "".join(part for part in self.parts if isinstance(part, str))

    @property
    def is_whole(self) -> bool:
        """Whether no byte is missing."""
        return all(isinstance(part, str) for part in self.parts)


def gapped_runs(line: str, context: Context) -> Iterator[Edit]:
    """Edits and marks for the runs with lost bytes, left to right, so that each sees what was inferred before it."""
    is_clear = "\ufffd" not in line or _is_clear(line, context)
    done, before = 0, ""
    for start, end in suspect_runs(line):
        before = (before + line[done:start])[-CONTEXT:]
        after = line[end : end + CONTEXT]
        done = start
        if end - start < 3 and is_about_characters(before, after):
            continue
        edit = found_elsewhere(line[start:end], before, after, context)
        edit = edit or _gapped_run(line[start:end], before, after, context)
        if edit is not None and not is_clear and edit.rule.startswith(_REPLACED):
            edit = Edit(0, end - start, line[start:end], KIND, _REPLACED, Certainty.MARKED)
        if edit is not None:
            yield replace(edit, start=start + edit.start, end=start + edit.end)
            before += edit.after
            done = start + edit.end


def _is_clear(line: str, context: Context) -> bool:
    """Whether replacement characters in *line* stand for single signs: it is not damaged twice, nor beyond reading.

    Read wrongly once more, a replacement character is three, beside writing that no decoder can have shown.
    """
    for start, end in suspect_runs(line):
        run = line[start:end]
        if len(run) > _MOST_OF_ONE and not run.strip("\ufffd"):
            return False
        if run.strip("\ufffd"):
            before, after = line[max(start - CONTEXT, 0) : start], line[end : end + CONTEXT]
            edit = _gapped_run(run, before, after, context)
            if edit is None or (edit.certainty is Certainty.MARKED and edit.rule == _REPLACED):
                return False
    return True


_REPLACED = "replaced"
_MOST_OF_ONE = 3


def found_elsewhere(run: str, before: str, after: str, context: Context) -> Edit | None:
    """What stands in place of *run* where another text of the page has the same words on both sides."""
    suspect = SUSPECT.search(after)
    left, right = before[-ANCHOR:], after[: suspect.start() if suspect else ANCHOR][:ANCHOR]
    if len(left.strip()) + len(right.strip()) < _MIN_ANCHORS or context.effort.left <= 0:
        return None
    for text in context.around.whole:
        context.effort.left -= 1 + len(text) // 100
        at = text.find(left)
        if at < 0 or (not left and not text.startswith(left)):
            continue
        start = at + len(left)
        end = text.find(right, start, start + 2 * len(run) + len(right) + 2) if right else len(text)
        found = text[start:end] if end >= 0 else ""
        if found and len(found) <= 2 * len(run) + 2 and not SUSPECT.search(found) and not found.isascii():
            return Edit(0, len(run), found, KIND, "elsewhere", Certainty.INFERRED)
    return None


ANCHOR = 16  # characters on each side that must be the same
_MIN_ANCHORS = 8


def _gapped_run(run: str, before: str, after: str, context: Context) -> Edit | None:
    """The edit or mark of one run, with places in the run; it may reach into *after* (a swallowed space)."""
    if not run.strip("\ufffd"):
        letter = replaced_letter(run, before, after, context.language, context.around.words, context.effort)
        if letter is not None:
            return Edit(0, len(run), letter, KIND, "replaced:word", Certainty.INFERRED)
        return _filled(Reading(_REPLACED, (Lost(b"\xff" * len(run)),)), run, before, after, context)
    best: Edit | None = None
    shown = [("", run)]
    for _ in range(MAX_LAYERS - 1):
        for rule, layer in shown:
            for name in sorted(CODECS, key=lambda name: name not in context.codecs):
                if rule and not rule.endswith(name):
                    continue  # one page is damaged by one decoder
                reading = _gapped_reading(layer, name)
                if reading is None or reading.is_whole or not _is_likely_gapped(layer, reading, before, after, context):
                    continue
                reading = replace(reading, rule=f"{rule}+{name}".lstrip("+"))
                edit = _filled(reading, run, before, after, context)
                if edit is not None and edit.certainty is Certainty.INFERRED:
                    return edit
                best = best or edit
        shown = [
            (f"{rule}+{name}".lstrip("+"), text)
            for rule, layer in shown
            for name, text in decoded(layer, context)
            if SUSPECT.search(text) and rule.endswith(name if rule else "")
        ][:4]
        if not shown:
            break
    return best


def _gapped_reading(run: str, name: str) -> Reading | None:
    """*run* turned back to bytes and read as UTF-8 with gaps; ``None`` if it cannot be, or is not UTF-8 at all."""
    try:
        data = GAP.join(part.encode(CODECS[name]) for part in run.split("\ufffd"))
    except UnicodeError:
        return None
    parts: list[str | Lost] = []
    for token in TOKEN.finditer(data):
        whole, cut, gap, stray = token.groups()
        if whole is not None:
            parts.append(whole.decode("utf-8"))
        elif cut is not None:
            parts.append(Lost(GENERAL_PUNCTUATION if cut == _TWICE.get(name) else cut))
        elif gap is not None:
            parts.append(Lost(gap))
        else:
            parts.append(Lost(stray[:1]))
    return Reading(name, tuple(parts))


# What E2 80 without its last byte looks like after one more wrong decoding that dropped a byte: the same gap.
_TWICE = {"gb18030": "\u9225".encode()[:2], "shift_jis": "\u7a36".encode()[:2]}


def _is_likely_gapped(run: str, reading: Reading, before: str, after: str, context: Context) -> bool:
    """Whether *run* was UTF-8 with lost bytes: its whole part is likely, or it is the start of one sign."""
    whole = reading.text
    lost = [part for part in reading.parts if isinstance(part, Lost)]
    if any(len(part.data) == 1 and not b"\xc2" <= part.data <= b"\xf4" for part in lost if part.data != GAP):
        return _is_glued(run, reading, before, after, context)
    if not whole:
        first = lost[0].data
        return len(lost) == 1 and not context.in_east_asian and first[:2] in (b"\xe2\x80", b"\xe2\x82", b"\xe2\x84")
    if len(lost) > 1 + len(whole) // 4 or (is_east_asian(context.language) and len(whole) < 3):
        return False
    return is_likely(run, whole, before[-1:], after[:1], reading.rule, context)


def _is_glued(run: str, reading: Reading, before: str, after: str, context: Context) -> bool:
    """One character glued into a Latin word that holds the last byte of a quote and a letter (``province셲``).

    EUC-KR and Big5 have no pair E2 80: the decoder dropped both bytes and paired the third with the next letter.
    """
    parts = reading.parts
    if context.in_east_asian or is_east_asian(context.language) or len(parts) < 2:
        return False
    if reading.rule not in ("euc-kr", "big5"):
        return False
    if context.codecs and reading.rule not in context.codecs:
        return False
    stray, letter = parts[-2], parts[-1]
    if not isinstance(stray, Lost) or stray.data not in _LAST_BYTES or not isinstance(letter, str):
        return False
    glued = any(char.isascii() and char.isalpha() for char in before[-1:] + after[:1])
    if not (letter.isascii() and letter.isalpha() and glued and len(run.strip("\ufffd")) == 1):
        return False
    sign = _LAST_BYTES[stray.data]
    if sign == "’":
        return is_elided(before, letter + after, context.language)
    if any(char.encode().endswith(stray.data) for char in letters_of(context.language)):
        return False  # of a letter the same byte is left
    return sign in "–—" or (sign in "‘“" and not before[-1:].isalnum())


_LAST_BYTES = {bytes((code,)): chr(0x2000 + code - 0x80) for code in (0x93, 0x94, 0x98, 0x99, 0x9C)}


def _filled(reading: Reading, run: str, before: str, after: str, context: Context) -> Edit | None:
    """*run* with its gaps filled, or marked if one of them cannot be."""
    shown = before
    parts: list[str] = []
    end = len(run)
    seen = list(reading.parts)
    for place, part in enumerate(seen):
        if isinstance(part, str):
            parts.append(part)
            shown += part
            continue
        if part.data.startswith(GAP) and place + 1 < len(seen) and isinstance(seen[place + 1], Lost):
            continue  # replacement characters before a stray byte: one gap
        rest = "".join(item for item in seen[place + 1 :] if isinstance(item, str)) + after
        char = _LAST_BYTES.get(part.data)
        if char is None and part.data == GENERAL_PUNCTUATION and place + 1 == len(seen) and _SWALLOWED.match(after):
            char = infer(part.data, shown, " " + rest[1:], context.language)
            if char is not None:
                char, end = char + " ", len(run) + 1
        elif char is None:
            char = infer(part.data, shown, rest, context.language)
        if char is None:
            return Edit(0, len(run), run, KIND, reading.rule, Certainty.MARKED)
        parts.append(char)
        shown += char
    return Edit(0, end, "".join(parts), KIND, f"{reading.rule}:gap", Certainty.INFERRED)


# "鈥?campaign": an old decoder put one question mark for the lost byte and the space after it.
_SWALLOWED = re.compile(r"\?[^\W\d_]")
