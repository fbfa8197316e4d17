"""Characters that a text should not hold, and the forms it should be in: controls, invisible signs, entities, NFC.

What comes in: a text. What goes out: `Edit`s of it. Knows nothing of fields, records or wrong decoding.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace

from newsbot.core.edits import Certainty, Edit, apply_edits, compose

_PLAIN_BYTES = bytes([0x09, 0x0A, 0x0C, 0x0D, *range(0x20, 0x7F)])
_SPACES = re.compile("[ \xa0]{2,}")
# Signs outside ASCII that go or change; the no-break space is looked at apart.
ODD_SIGNS = "\x80-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff"
_ODD = re.compile(f"[\x00-\x08\x0b\x0e-\x1f\x7f{ODD_SIGNS}](?:(?<=[\ud800-\udbff])[\udc00-\udfff])?")
# An entity, its ampersand escaped any number of times.
_ENTITY = re.compile(r"&(?:(?:amp|#38|#[xX]26);)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});")
# Text about markup shows entities on purpose: it names them, tells to write them, or quotes one.
_MARKUP = re.compile(
    r"[<>]|\b(?:X?HTML|XML|SGML|entit(?:y|ies)|escap(?:e|es|ed|ing)|ampersand)\b|&[lg]t;"
    r"|\b(?:writ(?:e|ten|ing)|typ(?:e|ed|ing)|cod(?:e|ed|es)|use|using|enter|insert|schreib\w{0,2}|écri\w{1,4}|escrib\w{1,3})"
    r"[:\s]\s?&(?!amp;[^#\w]|amp;\w+[^\w;])[#\w]+;|[\"'`„“‘«]&[#\w;&]+;[\"'`“”’»]",
    re.IGNORECASE,
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_SPACES_BETWEEN_WORDS = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]")
_MONGOLIAN = re.compile("[\u1800-\u18af]")
_JOINED = re.compile("[\u0600-\u0dff\u1000-\u109f\u1780-\u18ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")


def clean(text: str, damaged: Collection[str] = ()) -> list[Edit]:
    """Edits that undo entities left as text, or else take out odd signs and bring *text* into NFC.

    In the lines *damaged* an odd sign may be a byte of what it stands beside: they keep theirs. Entities come alone,
    for what they stood for may be damage.
    """
    if not needs_cleaning(text):
        return []
    entities = list(_entities(text))
    if entities:
        return entities
    signs = _signs(text, damaged)
    return compose(text, signs, list(_normal_form(apply_edits(text, signs))))


def needs_cleaning(text: str) -> bool:
    """Whether *text* holds something to clean; for good text the cost is a few nanoseconds a character."""
    return is_unclean(text, beyond_ascii(text))


def beyond_ascii(text: str) -> str:
    """The characters of *text* that are no plain ASCII, in order: what is odd is among them, and they are few."""
    return text.encode("utf-8", "surrogatepass").translate(None, _PLAIN_BYTES).decode("utf-8", "surrogatepass")


def is_unclean(text: str, beyond: str) -> bool:
    """Whether *text*, with the characters *beyond* ASCII, holds something to clean."""
    if "&" in text and _ENTITY.search(text):
        return True
    if not beyond:
        return False
    if "\xa0" in beyond and ("\xa0 " in text or " \xa0" in text or "\xa0\xa0" in text):
        return True
    if _ODD.search(beyond):
        return True
    return _COMPOSING.search(beyond) is not None and not unicodedata.is_normalized("NFC", text)


_COMPOSING = re.compile("[\u0300-\U0010ffff]")  # all characters below are in NFC whatever stands beside them


def _entities(text: str) -> Iterator[Edit]:
    """Entities that were escaped twice, so that a reader sees ``&amp;``; lines about markup keep theirs."""
    if "&" not in text:
        return
    at = 0
    for line in text.split("\n"):
        if "&" in line and not _MARKUP.search(line):
            for found in _ENTITY.finditer(line):
                entity = f"&{found[1]};"
                char = html.unescape(entity)
                char = entity if char in "<>" else char
                if char != found.group():
                    yield Edit(at + found.start(), at + found.end(), char, "entity", "unescape")
        at += len(line) + 1


def _signs(text: str, damaged: Collection[str]) -> list[Edit]:
    """Edits that take out controls and invisible signs, and no-break spaces beside spaces, but in *damaged* lines."""
    if not damaged:
        return _signs_of(text)
    edits: list[Edit] = []
    at = 0
    for line in text.split("\n"):
        edits += (
            replace(edit, start=edit.start + at, end=edit.end + at)
            for edit in _signs_of(line)
            if line not in damaged or edit.kind == _SURROGATE  # no file can hold these
        )
        at += len(line) + 1
    return edits


def _signs_of(text: str) -> list[Edit]:
    edits = []
    is_right_to_left = _RIGHT_TO_LEFT.search(text) is not None
    for found in _ODD.finditer(text):
        was = found.group()
        start, end = found.span()
        kind, rule, becomes = _sign(was, text[max(start - 1, 0) : start], text[end : end + 1])
        if becomes != was and not (is_right_to_left and was in _BIDI):
            is_guess = rule == _C1 and _FAR_EAST.search(text)  # there a control may be the rest of a wrong decoding
            edits.append(Edit(start, end, becomes, kind, rule, Certainty.INFERRED if is_guess else Certainty.CERTAIN))
    if "\xa0" in text:
        for found in _SPACES.finditer(text):
            if "\xa0" in found.group():
                edits.append(Edit(found.start(), found.end(), " ", "space", "no_break_space_beside_space"))
        edits.sort(key=lambda edit: edit.start)
    return edits


_C1 = "c1_as_windows_1252"
_SURROGATE = "surrogate"
_FAR_EAST = re.compile("[\u2e80-\ud7af\uf900-\ufaff\uff61-\uffdf\ufffd]")


def _sign(was: str, before: str, after: str) -> tuple[str, str, str]:
    """(kind, rule, what it becomes) of one odd sign between two characters."""
    first = was[0]
    if "\ud800" <= first <= "\udfff":
        if len(was) == 2:
            return _SURROGATE, "surrogate_pair", was.encode("utf-16", "surrogatepass").decode("utf-16")
        return _SURROGATE, "lone_surrogate", "\ufffd"
    if "\x80" <= first <= "\x9f" and not _is_plain(before + after):
        return "control", "c1_in_damage", was  # the rest of a wrong decoding that could not be undone
    if "\x80" <= first <= "\x9f":
        return "control", _C1, first.encode("latin-1").decode("cp1252", "ignore")
    if first == "\xad":
        return "invisible", "soft_hyphen", ""
    if first == "\u200b":
        keeps = _NO_SPACES_BETWEEN_WORDS.match(before) and _NO_SPACES_BETWEEN_WORDS.match(after)
        return "invisible", "zero_width_space", was if keeps else ""
    if first in "\u200c\u200d":
        parts = first == "\u200c" and before.isalpha() and after.isalpha()  # German sets no ligature across a seam
        keeps = _JOINED.match(before) or _JOINED.match(after)
        return "invisible", "zero_width_joiner", was if parts or keeps else ""
    if first in _BIDI:
        return "invisible", "direction_mark", ""
    if first == "\u180e" and _MONGOLIAN.match(before) and _MONGOLIAN.match(after):
        return "invisible", "format_sign", was
    if first >= "\u180e":
        return "invisible", "format_sign", ""
    return "control", "control_character", ""


_WORD = re.compile(r"\S+")


def _is_plain(neighbours: str) -> bool:
    """Whether no letter outside ASCII is among *neighbours*."""
    return not any(char >= "\x80" and (char.isalpha() or char <= "\xff") for char in neighbours)


def _normal_form(text: str) -> Iterator[Edit]:
    """Edits into NFC but for compatibility ideographs, word by word: nothing composes across white space."""
    if unicodedata.is_normalized("NFC", text):
        return
    for found in _WORD.finditer(text):
        word = found.group()
        if not word.isascii() and not unicodedata.is_normalized("NFC", word):
            yield from _changed_clusters(word, found.start())


# Of Unicode's compatibility ideographs the normal form is another character: good text keeps the form that it chose,
# and in damaged text they are bytes of what was there.
_KEPT_FORMS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f])")
_CLUSTER_START = re.compile("(?=[ -~])")


def _changed_clusters(word: str, at: int) -> Iterator[Edit]:
    """The edits of one word, each no longer than from one ASCII character to before the next."""
    for part in _CLUSTER_START.split(word):
        normal = "".join(
            piece if _KEPT_FORMS.match(piece) else unicodedata.normalize("NFC", piece)
            for piece in _KEPT_FORMS.split(part)
        )
        if normal != part:
            yield Edit(at, at + len(part), normal, "normal_form", "nfc")
        at += len(part)
