"""What stood where a wrong decoder dropped bytes: inferred from the text on both sides.

What comes in: the bytes that are left of a character, the line before it and the line after it. What goes out: the
character, or ``None`` where the text does not tell. Knows nothing of encodings but UTF-8's first bytes.

Each rule is about writing, not about pages: quotes come in pairs, a dash has a space on both sides, an apostrophe
stands inside a word.
"""

from __future__ import annotations

import re

from newsbot.core.alphabets import is_east_asian

GENERAL_PUNCTUATION = b"\xe2\x80"  # U+2000 to U+203F: quotes, dashes, the ellipsis, the bullet
_CURRENCY = b"\xe2\x82"
_LETTERLIKE = b"\xe2\x84"
_CJK_PUNCTUATION = b"\xe3\x80"
_FULL_WIDTH = b"\xef\xbc"

_REPLACED = b"\xff"
# Languages whose letters have three bytes in UTF-8, so that a gap of three need not be punctuation.
_THREE_BYTES = frozenset("vi zh ja ko th hi mr ne bn ta te ml kn gu pa si my km lo ka am".split())

# Languages that set a spaced dash as an en dash by house style of nearly all their papers.
_EN_DASH = frozenset("de nl sv da no nb nn fi et is pl cs sk sl hr hu lt lv fr pt ro el tr".split())
_LOW_QUOTES = frozenset("de cs sk sl pl hu ro hr bg et lt lv is sr".split())  # „open and close“ or ”
_CLOSES_HIGH = frozenset("de cs sk sl bg et lt is sr".split())  # ... with the sign that English opens with
_WHOLE_CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_DECADE = re.compile(r"\d0s\b")
# Text about characters shows damaged ones on purpose.
_CUES = re.compile(
    r"\b(?:character|glyph|mojibake|unicode|encod(?:ing|ed)|garbled|hanzi|kanji|hanja|symbol|letter|codepoint)s?\b",
    re.IGNORECASE,
)


def infer(left_bytes: bytes, before: str, after: str, language: str) -> str | None:
    """The character of which *left_bytes* are left, between *before* and *after* (parts of one line).

    *language* is a primary subtag, or empty. Bytes 0xFF stand for replacement characters, of which nothing is left:
    three of them in a row were one character of three bytes.

    >>> infer(b"\\xe2\\x80", "making quilts ", " not for themselves", "en")
    '—'
    """
    if left_bytes in (GENERAL_PUNCTUATION, b"\xe2"):
        return _punctuation(before, after, language)
    if left_bytes.startswith(_REPLACED):
        if len(left_bytes) == 3 and language not in _THREE_BYTES:
            return _punctuation(before, after, language)
        return _unknown(before, after, language)
    if left_bytes == _CURRENCY:
        return "€"
    if left_bytes == _LETTERLIKE:
        if after.lstrip()[:1].isdigit():
            return "№"
        return "™" if before[-1:].isalnum() else None
    if is_east_asian(language) or not language:
        return _east_asian(left_bytes, after)
    return None


def is_about_characters(before: str, after: str) -> bool:
    """Whether the text around a place speaks of characters, and so may show a damaged one on purpose."""
    return _CUES.search(before[-60:]) is not None or _CUES.search(after[:60]) is not None


def _punctuation(before: str, after: str, language: str) -> str | None:
    """A sign of U+2000 to U+203F whose last byte is lost."""
    left, right = before[-1:], after[:1]
    if left.isalpha() and right.isalpha():
        return "’"
    if left.isdigit() and right.isdigit():
        return "–"
    opened = _open_quote(before, language)
    starts = not left or left.isspace()
    ends = not right or right.isspace()
    if starts and ends:
        if not before.strip():
            return "•" if after.strip() else None
        if not after.strip():
            return None
        return _spaced_dash(before, after, language)
    if starts or left in tuple("([{/—–-"):
        if _DECADE.match(after):
            return "’"
        return _opening(after, language)
    if left in tuple("“‘„«‚"):
        return None
    if language == "fr" and right in tuple("!?;:»"):
        return "\u202f"
    return _after_word(before, after, opened, language)


def _after_word(before: str, after: str, opened: str | None, language: str) -> str | None:
    """The sign stands right after a word or its punctuation: it closes a quote, ends a genitive, or trails off."""
    left, right = before[-1:], after[:1]
    if opened is not None and not _closes_later(after, opened):
        return opened
    if left in tuple(".,!?;"):
        return "”" if language not in _CLOSES_HIGH else "“"
    if left in ("s", "S") and right == " " and after[1:2].islower() and language in ("en", ""):
        return "’"
    if right in tuple(".,;:!") and after[1:2] in ("", " "):
        return None
    if not right or right.isspace() or right in "?!":
        return "…"
    return None


def _opening(after: str, language: str) -> str | None:
    """The opening quote before *after*: the one whose partner follows."""
    for char in after:
        if char in "”“»":
            return "„" if language in _LOW_QUOTES else "“"
        if char == "’" and language != "fr":
            return "‘"
    return "„" if language in _LOW_QUOTES else "“"


def _open_quote(before: str, language: str) -> str | None:
    """The sign that would close the last quote left open in *before*; ``None`` if none is open."""
    open_signs: list[str] = []
    for at, char in enumerate(before):
        if char == "„" or (char == "“" and not (open_signs and open_signs[-1] == "“")):
            open_signs.append("“" if char == "„" and _closes_high(before, language) else "”")
        elif char in "”“" and open_signs:
            open_signs.pop()
        elif char == "‘":
            open_signs.append("’")
        elif char == "’" and open_signs and open_signs[-1] == "’" and not before[at + 1 : at + 2].isalpha():
            open_signs.pop()
    return open_signs[-1] if open_signs else None


def _closes_high(line: str, language: str) -> bool:
    """Whether „ is closed by “ here: as the language does, or where the page's has no „, as most that have it do."""
    return language in _CLOSES_HIGH or (language not in _LOW_QUOTES and not _CLOSES_LOW_LETTERS.search(line))


# Letters of Polish, Hungarian and Romanian, which close „ with ”.
_CLOSES_LOW_LETTERS = re.compile("[ąęłńśźżőűășțşţ]", re.IGNORECASE)


def _closes_later(after: str, sign: str) -> bool:
    return any(char == sign and not after[at + 1 : at + 2].isalpha() for at, char in enumerate(after))


def _spaced_dash(before: str, after: str, language: str) -> str:
    """The dash of the line's own style, else of the language's."""
    for dash in "—–":
        if f" {dash} " in before or f" {dash} " in after:
            return dash
    return "–" if language in _EN_DASH else "—"


def _unknown(before: str, after: str, language: str) -> str | None:
    """Nothing is left of the character: only places that hold one sign are filled."""
    if language not in ("en", ""):
        return None
    left, right = before[-1:], after[:1]
    if left.isalpha() and _WHOLE_CONTRACTION.match(after):
        return "’"
    if left == " " and right == " " and before.strip() and after.strip():
        return _spaced_dash(before, after, language)
    return None


def _east_asian(left_bytes: bytes, after: str) -> str | None:
    ends = not after.strip()
    if left_bytes == _CJK_PUNCTUATION and ends:
        return "。"
    if left_bytes == _FULL_WIDTH and after[:1].isdigit():
        closing, opening = after.find("）"), after.find("（")
        return "（" if closing >= 0 and (opening < 0 or closing < opening) else "，"
    return None
