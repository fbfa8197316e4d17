"""Which letters and signs a language writes, as far as repair and validation must know.

What comes in: language tags and texts. What goes out: alphabets and scripts. Knows nothing of damage.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

# Letters outside ASCII, lower case. Source: the languages' standard orthographies (CLDR main exemplar sets), with the
# accents of loan words and names that newspapers of the language print as a rule.
_EXTRA_LETTERS = {
    "en": "éèêëáàâäçñöóôüúïíåæøœ",
    "de": "äöüßéèêàâáçñëïôóíúøåœ",
    "fr": "àâæçéèêëîïôœùûüÿñáíóöäú",
    "es": "áéíñóúüçàèïêöä",
    "pt": "áàâãçéêíóôõúüñèöä",
    "it": "àèéìíîòóùúçñêöüä",
    "ca": "àçèéíïòóúüñ",
    "gl": "áéíñóúü",
    "eu": "ñçü",
    "ro": "ăâîșțşţéáöü",
    "nl": "áàâäçèéêëíïîóôöúüûñ",
    "af": "áéèêëíïîóôöúû",
    "sv": "åäöéàáèüøæñ",
    "da": "æøåéöäüáèó",
    "no": "æøåéèêóòôàöäü",
    "nb": "æøåéèêóòôàöäü",
    "nn": "æøåéèêóòôàöäü",
    "fi": "äöåšžéü",
    "et": "äõöüšž",
    "is": "áðéíóúýþæö",
    "ga": "áéíóú",
    "cy": "âêîôûŵŷäëïöüÿáéíóú",
    "pl": "ąćęłńóśźżéöüäáč",
    "cs": "áčďéěíňóřšťúůýžöüä",
    "sk": "áäčďéíĺľňóôŕšťúýžöüř",
    "sl": "čšžćđ",
    "hr": "čćđšž",
    "bs": "čćđšž",
    "sr": "čćđšž",
    "hu": "áéíóöőúüűä",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "sq": "çë",
    "tr": "çğıöşüâîûi\u0307éá",
    "az": "çəğıöşüi\u0307",
    "vi": "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ",
    "id": "éè",
    "ms": "éè",
    "eo": "ĉĝĥĵŝŭ",
}
_ALL_LETTERS = frozenset("".join(_EXTRA_LETTERS.values()))
_COMMON = frozenset("".join(_EXTRA_LETTERS[code] for code in ("en", "de", "fr", "es", "pt", "sv", "pl", "cs")))

# Signs outside ASCII that running text holds: quotes, dashes, spaces, currency, fractions, arrows.
TYPOGRAPHY = frozenset(
    "‐‑‒–—―‘’‚‛“”„‟†‡•…‰′″‹›«»¿¡§¶·°©®™€£¥¢¤ªº¹²³¼½¾×÷±µ≈≠≤≥−∞√∑→←↑↓↔№℃"
    "\xa0\xad\u2002\u2003\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufeff★☆●○■□▪►▶✓✔✗♥♦♠♣⭐❤️"
)

_EAST_ASIAN_LANGUAGES = frozenset(("zh", "ja", "ko", "yue", "wuu", "cmn"))

# First code points of the blocks that make up a script; East Asian ones are one group, for texts mix them.
_SCRIPTS = (
    (0x0041, 0x005A, "latin"),
    (0x0061, 0x007A, "latin"),
    (0x00AA, 0x02AF, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0531, 0x058F, "armenian"),
    (0x0590, 0x05FF, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0980, 0x09FF, "bengali"),
    (0x0A00, 0x0A7F, "gurmukhi"),
    (0x0A80, 0x0AFF, "gujarati"),
    (0x0B00, 0x0B7F, "oriya"),
    (0x0B80, 0x0BFF, "tamil"),
    (0x0C00, 0x0C7F, "telugu"),
    (0x0C80, 0x0CFF, "kannada"),
    (0x0D00, 0x0D7F, "malayalam"),
    (0x0D80, 0x0DFF, "sinhala"),
    (0x0E00, 0x0E7F, "thai"),
    (0x0E80, 0x0EFF, "lao"),
    (0x1000, 0x109F, "myanmar"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "east_asian"),
    (0x1200, 0x137F, "ethiopic"),
    (0x1780, 0x17FF, "khmer"),
    (0x1E00, 0x1EFF, "latin"),
    (0x1F00, 0x1FFF, "greek"),
    (0x2E80, 0x312F, "east_asian"),
    (0x3130, 0x9FFF, "east_asian"),
    (0xAC00, 0xD7AF, "east_asian"),
    (0xF900, 0xFAFF, "east_asian"),
    (0xFB50, 0xFDFF, "arabic"),
    (0xFE30, 0xFE6F, "east_asian"),
    (0xFE70, 0xFEFE, "arabic"),
    (0xFF01, 0xFFEE, "east_asian"),
    (0x20000, 0x3FFFF, "east_asian"),
)
_SCRIPT_OF_LANGUAGE = {
    **dict.fromkeys(_EXTRA_LETTERS, "latin"),
    **dict.fromkeys(_EAST_ASIAN_LANGUAGES, "east_asian"),
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "kk", "ky", "mn", "tg"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb"), "arabic"),
    **dict.fromkeys(("hi", "mr", "ne"), "devanagari"),
    "el": "greek", "he": "hebrew", "yi": "hebrew", "th": "thai", "ka": "georgian", "hy": "armenian", "bn": "bengali",
    "ta": "tamil", "te": "telugu", "ml": "malayalam", "kn": "kannada", "gu": "gujarati", "pa": "gurmukhi",
    "si": "sinhala", "am": "ethiopic", "my": "myanmar", "km": "khmer", "lo": "lao",
}  # fmt: skip


def primary_language(tag: str | None) -> str:
    """The primary subtag of a BCP 47 tag, lower case; empty for none.

    >>> primary_language("pt_BR"), primary_language(None)
    ('pt', '')
    """
    return (tag or "").replace("_", "-").partition("-")[0].lower()


@lru_cache(maxsize=16_384)
def script_of(char: str) -> str | None:
    """The script of a letter, by block; ``None`` for signs, digits and scripts not listed."""
    code = ord(char)
    for first, last, name in _SCRIPTS:
        if first <= code <= last:
            return name if char.isalpha() or name not in ("latin",) else None
    return None


def script_of_language(language: str) -> str | None:
    """The script in which the language (a primary subtag) is printed; ``None`` if it is not listed."""
    return _SCRIPT_OF_LANGUAGE.get(language)


def is_east_asian(language: str) -> bool:
    """Whether the language (a primary subtag) is Chinese, Japanese or Korean."""
    return language in _EAST_ASIAN_LANGUAGES


def writes(language: str, char: str) -> bool:
    """Whether texts in *language* (a primary subtag; empty: any common one) hold the Latin letter *char*."""
    return char.lower() in _EXTRA_LETTERS.get(language, _COMMON)


def is_printed(char: str) -> bool:
    """Whether any listed language writes the Latin letter *char*: phonetic and rare African ones are in no paper."""
    return char.lower() in _ALL_LETTERS


def letters_of(language: str) -> str:
    """The Latin letters outside ASCII, lower case, of *language* (a primary subtag); empty if it is not listed."""
    return _EXTRA_LETTERS.get(language, "")


def scripts(text: str) -> Iterator[str]:
    """The script of each letter of *text*, as far as it is listed."""
    for char in text:
        if char.isalpha():
            name = script_of(char)
            if name is not None:
                yield name
