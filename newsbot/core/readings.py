"""Readings of the same bytes, compared: which one is writing.

What comes in: bytes that are not UTF-8, or a text read from them. What goes out: how unlike writing the text looks,
and the encoding in which the words of the page's language appear. Knows no pages and no declarations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from newsbot.core.alphabets import script_of_language, writes
from newsbot.core.encodings import MULTI_BYTE, decode_as, encoding_name
from newsbot.core.vocabulary import language_of_line, vocabulary

# Two readings whose `oddness` is as near are alike.
TIE = 0.05
_WORD = re.compile(r"[^\W\d_]+")


def oddness(text: str) -> float:
    """How unlike writing the words of *text* outside ASCII look: 0.0 like any language, 1.0 like noise.

    The share of odd words among the words that hold a letter outside ASCII; characters that no text holds
    (U+FFFD, C1 controls, private use) count as odd words. A word is odd when it mixes scripts, has more accents than
    plain letters, or capitals inside.
    """
    beyond = " ".join([run for run in text.split(" ") if not run.isascii()])  # most of a page is markup in ASCII
    odd = len(_NEVER_TEXT.findall(beyond))
    words = [word for word in _WORD.findall(beyond) if not word.isascii()]
    total = len(words) + odd
    if not total:
        return 0.0
    return (odd + sum(map(_is_odd_word, words))) / total


# What no text holds, and signs of the upper half of Latin-1 before an accented letter, as in "¿À´Ã" for "오늘".
_NEVER_TEXT = re.compile("[\x80-\x9f\ufffd\ue000-\uf8ff]|[\xa2-\xaa\xac-\xbe][\xc0-\xff]")


def _is_odd_word(word: str) -> bool:
    plain = sum(1 for char in word if char < "\x80")
    accented = sum(1 for char in word if "\xaa" <= char < "\u0250")
    other = len(word) - plain - accented
    if other:
        if plain + accented:
            return word[0] < "\u3000" or not word[0].isalpha() or accented > 0
        if word[0] >= "\u2e80":
            return _is_odd_cjk(word)
        return word != word.lower() and word != word.upper() and word[1:] != word[1:].lower()
    if accented > 2 and accented > plain:
        return True
    return word != word.upper() and any(char.isupper() for char in word[1:] if char >= "\x80")


def _is_odd_cjk(word: str) -> bool:
    """A wrong multi-byte reading mixes half-width kana, rare characters and hangul with Han."""
    halfwidth = sum(1 for char in word if "\uff61" <= char <= "\uff9f")
    rare = sum(1 for char in word if "\u3400" <= char <= "\u4dbf" or char >= "\U00020000")
    hangul = sum(1 for char in word if "\uac00" <= char <= "\ud7a3")
    han = sum(1 for char in word if "\u4e00" <= char <= "\u9fff")
    return halfwidth * 3 > len(word) or rare * 3 > len(word) or (hangul > 0 and han > 0)


# The encodings in which pages of a language are written, commonest first.
_WESTERN = ("windows-1252", "iso-8859-15", "macintosh")
_CENTRAL = ("windows-1250", "iso-8859-2")
_CYRILLIC = ("windows-1251", "koi8-r", "koi8-u", "iso-8859-5", "ibm866", "x-mac-cyrillic")
_ENCODINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys("de fr es it pt nl sv da nb no nn fi is ca en".split(), _WESTERN),
        **dict.fromkeys("pl cs sk sl hr bs sh hu".split(), _CENTRAL),
        "ro": (*_CENTRAL, "iso-8859-16"),
        "tr": ("windows-1254",),
        **dict.fromkeys("lt lv".split(), ("windows-1257", "iso-8859-13", "iso-8859-4")),
        **dict.fromkeys("ru uk bg".split(), _CYRILLIC),
        "el": ("windows-1253", "iso-8859-7"),
    }
)
_NOT_LATIN = ("ru", "uk", "el")
_LANGUAGE = re.compile(rb"""<html[^>]{0,300}?\slang\s{0,3}=\s{0,3}["']?([A-Za-z]{2})\b""", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{0,2000}>")
# A reading in the right encoding has half of its words outside ASCII in the vocabulary, made-up ones a tenth.
_LISTED = 0.1
# Shorter words are in every vocabulary by chance.
_MIN_CHARS = 3


def by_words(sample: bytes, declared: str | None) -> str | None:
    """The single-byte encoding in which most words are words of the page's language; *declared* if none is better.

    ``None`` if the language cannot be told or reads like no language in any encoding.
    """
    best, best_score = None, 0
    for language in _languages(sample):
        if declared in _ENCODINGS[language] and _is_plainly(decode_as(sample, declared), language):
            return declared
        known = vocabulary(language)
        if known is None:
            continue
        is_latin = script_of_language(language) == "latin"
        letters = frozenset(char for char in known.letters.lower() if not is_latin or writes(language, char))
        others = [name for name in _ENCODINGS[language] if name != declared]
        for name in [*([declared] if declared else []), *others]:
            text = decode_as(sample, name)
            words = {_lower(word) for word in _WORD.findall(text) if len(word) >= _MIN_CHARS and not word.isascii()}
            hits = sum(1 for word in words if word in known.words)
            foreign = sum(1 for word in words if any(char not in letters and char >= "\x80" for char in word))
            signs = len(set(_SIGN_AT_LETTER.findall(text))) if _has_sign_at_letter(text) else 0
            is_writing = hits > _LISTED * len(words) or (is_latin and not foreign and not signs and words)
            score = hits - foreign - signs
            if is_writing and (score > best_score or best is None):
                best, best_score = name, score
    return best


def _lower(word: str) -> str:
    """*word* in lower case; a dotted capital I becomes a plain i, without the combining dot that is no letter."""
    return word.lower().replace("i\u0307", "i")


def _is_plainly(text: str, language: str) -> bool:
    """Whether *text* has letters of *language*'s Latin alphabet only, and no signs at them: no vocabulary is needed."""
    if script_of_language(language) != "latin" or _has_sign_at_letter(text):
        return False
    letters = {char for char in set(text) if "\xc0" <= char < "\u0250" and char.isalpha()}
    return bool(letters) and all(writes(language, char) for char in letters)


# A letter of the right encoding that a wrong one shows as a sign or control, with the letters around it.
_SIGN_AT_LETTER = re.compile(
    "[^\\W\\d_]{0,3}(?:(?<=[^\\W\\d_])[\x80-\x9f¢-ª¬®-¶¸-¾]|[\x80-\x9f¢-ª¬®-¶¸-¾](?=[^\\W\\d_]))[^\\W\\d_]{0,3}"
)
_SIGN = re.compile("[\x80-\x9f¢-ª¬®-¶¸-¾](?:(?<=[^\\W\\d_].)|(?=[^\\W\\d_]))", re.DOTALL)


def _has_sign_at_letter(text: str) -> bool:
    """Whether `_SIGN_AT_LETTER` is in *text*; looking for the sign first takes a twentieth of the time."""
    return _SIGN.search(text) is not None


def _languages(sample: bytes) -> Iterable[str]:
    """The language that the page declares, else that of its plain words, else those that are not written in Latin."""
    start = sample.lower().find(b"<html")
    found = _LANGUAGE.search(sample, start) if start >= 0 else None
    code = found.group(1).decode("ascii").lower() if found else ""
    if code in _ENCODINGS:
        return (code,)
    if code:
        return ()
    plain = _TAGS.sub(" ", decode_as(sample, "windows-1252"))
    words = " ".join(word for word in plain.split() if word.isascii())
    code = language_of_line(words, "")
    if code in _ENCODINGS:
        return (code,)
    high = len(sample.translate(None, _LOW))
    return _NOT_LATIN if 2 * high > len(words) else ()


_LOW = bytes(range(0x80))


def detected(sample: bytes) -> str | None:
    """The detector's encoding, as browsers name it; where it has none, the East Asian one that reads most like text."""
    from resiliparse.parse.encoding import detect_encoding  # a compiled detector that few pages need

    name = encoding_name((detect_encoding(sample) or "").replace("_", "-"))
    if name is not None and name not in ("utf-8", "utf-16le", "utf-16be"):
        return name
    from newsbot.core.mojibake_likely import commonness

    readings = {name: decode_as(sample, name) for name in sorted(MULTI_BYTE - {"iso-2022-jp"})}
    good = [name for name, text in readings.items() if oddness(text) <= TIE]
    return max(good, key=lambda name: commonness(readings[name]), default=None)
