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

GAP = b"\xff"  # never part of UTF-8: stands for a U+FFFD between the characters turned back
# Bytes with gaps: a whole character, one cut short, a gap alone, or a byte that belongs to nothing.
TOKEN = re.compile(
    rb"([\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})"
    rb"|([\xe0-\xef][\x80-\xbf]?|[\xc2-\xdf]|[\xf0-\xf4][\x80-\xbf]{0,2})\xff{0,3}"
    rb"|(\xff{1,4})|([\x80-\xfe]\xff{0,1})"
)
# Languages whose letters have three bytes in UTF-8, so that a gap of three need not be punctuation.
_THREE_BYTES = frozenset("vi zh ja ko th hi mr ne bn ta te ml kn gu pa si my km lo ka am".split())

# Languages that set a spaced dash as an en dash by house style of nearly all their papers.
_EN_DASH = frozenset("de nl sv da no nb nn fi et is pl cs sk sl hr hu lt lv fr it vi ko pt ro el tr".split())
_EM_DASH = frozenset("en ru uk be bg mk sr".split())
_LOW_QUOTES = frozenset("de cs sk sl pl hu ro hr bg et lt lv is sr sh".split())  # „open and close“ or ”
_CLOSES_HIGH = frozenset("de cs sk sl bg et lt is sr sh".split())  # ... with the sign that English opens with
# After a word stands, in these, as well an elision (it), a dash that closes (es), or the sign that opens, too.
_NO_PLAIN_END = frozenset("it es sv fi da no nb nn".split())
_SAME_QUOTES = frozenset("sv fi da no nb nn".split())  # ”open and close” with one sign
_WHOLE_CONTRACTION = re.compile(r"(?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)
_DECADE = re.compile(r"\d0s\b")
# Text about characters may show a lost one on purpose, beside what all damage is held against
# (`newsbot.core.mojibake_signs.is_about_damage`).
_CUES = re.compile(
    r"\b(?:character|glyph|hanzi|kanji|hanja|symbol|letter|codepoint)s?\b",
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
    if left_bytes.startswith(GAP):
        if len(left_bytes) == 3 and language not in _THREE_BYTES and not before.rstrip()[-1:].isdigit():
            return _replaced(before, after, language)
        return _unknown(before, after, language) if len(left_bytes) != 2 else None
    if left_bytes == _CURRENCY:
        return "€" if any(map(str.isdigit, before.rstrip()[-1:] + after.lstrip()[:1])) else None
    if left_bytes == _LETTERLIKE:
        if after.lstrip()[:1].isdigit():
            return "№"
        return "™" if before[-1:].isalnum() else None
    if is_east_asian(language) or not language:
        return _east_asian(left_bytes, after)
    return None


def sign_score(sign: str, before: str, after: str, language: str) -> float:
    """How likely *sign* stands between *before* and *after*, as a logarithm; only differences are of worth."""
    left, right = before[-1:], after[:1]
    if sign in GENERAL_SIGNS:
        if _punctuation(before[-CONTEXT:], after[:CONTEXT], language) == sign:
            return _TOLD
        return _POSSIBLE if _may_stand(sign, left, right) else _UNLIKELY
    if sign in "\xa0\u202f":
        beside = left in ("«", "‹") or (right and right in "»›!?;:%€$°")
        return _TOLD if beside or (left.isdigit() and right.isdigit()) else _UNLIKELY
    if sign in "«»":
        opens = not left or left.isspace() or left in "(["
        return _TOLD if opens == ((sign == "«") == (language not in _INWARD_QUOTES)) else _UNLIKELY
    if sign in "€°№":
        digit = left.isdigit() or right.isdigit() or before[-2:-1].isdigit() or after[1:2].isdigit()
        return _TOLD if digit else _UNLIKELY
    return _UNLIKELY


GENERAL_SIGNS = frozenset("‘’“”–—…•„‚")
_INWARD_QUOTES = frozenset(("da", "sl", "hr"))  # »so«
_TOLD, _POSSIBLE, _UNLIKELY = -0.05, -5.0, -14.0
CONTEXT = 400  # characters of the line on each side that rules about quotes may look at


def _may_stand(sign: str, left: str, right: str) -> bool:
    """Whether *sign* can stand between the characters *left* and *right* at all."""
    starts, ends = not left or left.isspace(), not right or right.isspace()
    if sign in "–—":
        return True
    if sign in "•":
        return starts
    if sign in "…":
        return not right.isalnum() or starts
    if left.isalpha() and right.isalpha():
        return sign == "’"
    return not (starts and ends)


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


def contradicts(sign: str, before: str, after: str, language: str) -> bool:
    """Whether *sign*, the only one that a decoder drops, is none for its place: another decoder has dropped another."""
    if sign not in GENERAL_SIGNS:
        return False
    told = _punctuation(before[-CONTEXT:], after[:CONTEXT], language)
    opens = (not before or before[-1:].isspace()) and after[:1].isalnum()
    return (told is not None and told != sign) or (opens and sign in "”’" and language not in _SAME_QUOTES)


def _replaced(before: str, after: str, language: str) -> str | None:
    """A sign of three bytes of which nothing is left: as of U+2000 to U+203F, but where a letter fits as well."""
    left, right = before[-1:], after[:1]
    if left.isalpha() and right.isalpha():
        return "’" if is_elided(before, after, language) else None
    found = _punctuation(before, after, language)
    return found if found != "…" else None


def is_elided(before: str, after: str, language: str) -> bool:
    """Whether *language* sets an apostrophe between these letters."""
    pattern = _ELISIONS.get(language)
    return pattern is not None and pattern.search(f"{before[-12:]}’{after[:12]}") is not None


# What stands around an apostrophe inside a word.
_ELISIONS = {
    "en": re.compile(r"’(?:s|t|re|ve|ll|d|m)(?![^\W\d_])|(?<![^\W\d_])[OD]’[A-Z]", re.IGNORECASE),
    "fr": re.compile(r"(?<![^\W\d_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|aujourd)’[^\W\d_]", re.IGNORECASE),
    "it": re.compile(
        r"(?<![^\W\d_])(?:[cdlmnstv]|un|gl|all|dell|dall|nell|sull|quell|quest|bell|sant|anch|cos|dov|com)’[^\W\d_]",
        re.IGNORECASE,
    ),
    "ca": re.compile(r"(?<![^\W\d_])[dlmnst]’[^\W\d_]", re.IGNORECASE),
    "uk": re.compile("[бпвмфрк]’[яюєї]", re.IGNORECASE),
}


def _after_word(before: str, after: str, opened: str | None, language: str) -> str | None:
    """The sign stands right after a word or its punctuation: it closes a quote, ends a genitive, or trails off."""
    left, right = before[-1:], after[:1]
    if opened is not None and not _closes_later(after, opened):
        return opened
    if _UNKNOWN.search(before):
        return None  # what is open there is not known
    if left in tuple(".,!?;"):
        return "”" if language not in _CLOSES_HIGH else "“"
    if left in ("s", "S") and right == " " and after[1:2].islower() and language in ("en", ""):
        return "’" if not _AFTER_A_PAUSE.match(after[1:]) else None
    if right in tuple(".,;:!") and after[1:2] in ("", " "):
        return None
    if (not right or right.isspace() or right in "?!") and language not in _NO_PLAIN_END:
        return "…"
    return None


# Words that no genitive stands before, but what trails off.
_AFTER_A_PAUSE = re.compile(
    r"(?:and|or|but|in|on|at|for|with|to|of|the|a|an|who|that|as|by|from|is|are|was|were|will|not|so|then|have|had)\b"
)


def _opening(after: str, language: str) -> str | None:
    """The opening quote before *after*: the one whose partner follows, or a double one before speech."""
    double, single = ("„", "‚") if language in _LOW_QUOTES else ("”", "’") if language in _SAME_QUOTES else ("“", "‘")
    previous = ""
    for at, char in enumerate(after):
        ends = not after[at + 1 : at + 2].isalpha()
        if char in "”»" or (char == "“" and double == "„" and ends):
            return double
        if (char == "’" and ends and (language != "fr" or not previous.isalpha())) or (
            char == "‘" and single == "‚" and ends
        ):
            return single
        if char in "“„‘‚«":
            break
        if previous in tuple(".,!?") and _UNKNOWN.match(char) and (language != "en" or _ENGLISH.search(after)):
            return double  # what is spoken ends with its own sign
        previous = char
    return None


# Characters that stand for others: replaced, or of a wrong decoding that is not undone yet.
_UNKNOWN = re.compile("[\ufffd\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff61-\uff9f]")


_BEFORE_OPENING = frozenset("([{/—–-„“‘‚«\xa0\u202f")


def _open_quote(before: str, language: str) -> str | None:
    """The sign that would close the last quote left open in *before*; ``None`` if none is open."""
    open_signs: list[str] = []
    same = language in _SAME_QUOTES
    for at, char in enumerate(before):
        if char not in "„‚“”‘’":
            continue
        top = open_signs[-1] if open_signs else ""
        starts = at == 0 or before[at - 1].isspace() or before[at - 1] in _BEFORE_OPENING
        if char in "„‚":
            high = _closes_high(before, language)
            open_signs.append({"„": "“" if high else "”", "‚": "‘" if high else "’"}[char])
        elif char == top and not (char in "’‘" and before[at + 1 : at + 2].isalpha()):
            open_signs.pop()
        elif char == "“" and (starts or not top):
            open_signs.append("”")
        elif char == "‘" and starts:
            open_signs.append("’")
        elif same and starts and char in "”’" and before[at + 1 : at + 2].isalnum():
            open_signs.append(char)
        elif char in "“”" and open_signs and top in "“”":
            open_signs.pop()
    return open_signs[-1] if open_signs else None


def _closes_high(line: str, language: str) -> bool:
    """Whether „ is closed by “ here: as the language does, or where the page's has no „, as most that have it do."""
    return language in _CLOSES_HIGH or (language not in _LOW_QUOTES and not _CLOSES_LOW_LETTERS.search(line))


# Letters of Polish, Hungarian and Romanian, which close „ with ”.
_CLOSES_LOW_LETTERS = re.compile("[ąęłńśźżőűășțşţ]", re.IGNORECASE)


def _closes_later(after: str, sign: str) -> bool:
    at = after.find(sign)
    while at >= 0:
        if not after[at + 1 : at + 2].isalpha():
            return True
        at = after.find(sign, at + 1)
    return False


def _spaced_dash(before: str, after: str, language: str) -> str | None:
    """The dash of the line's own style, else of the language's; ``None`` where houses differ."""
    for dash in "—–":
        if f" {dash} " in before or f" {dash} " in after:
            return dash
    if language == "en" and not _ENGLISH.search(f"{before[-80:]} {after[:80]}"):
        return None  # a line in another language on an English page
    return "–" if language in _EN_DASH else "—" if language in _EM_DASH else None


_ENGLISH = re.compile(
    r"\b(?:the|and|that|with|from|but|has|have|are|they|not|his|her|their|by|to|for|who|our)\b", re.IGNORECASE
)


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
