"""What wrong decoding looks like: the characters that betray it, the decoders it comes from, and cheap looks for it.

What comes in: texts. What goes out: whether and where they may be damaged. Knows nothing of how damage is undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from newsbot.core.edits import MOJIBAKE, Certainty, Edit, apply_edits
from newsbot.core.text import beyond_ascii

# The wrong decoders, most common first: their names in records, and the codec that turns their text back to bytes.
CODECS = {
    "gb18030": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "euc-jp": "euc_jp",
}
# Those that drop letters of Latin writing, and half of others, without a trace.
SILENT = frozenset(("big5", "euc-kr", "euc-jp"))
MAX_LAYERS = 4
KIND = MOJIBAKE

_EAST_ASIAN = (
    "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef\ue000-\uf8ff\U00020000-\U0003ffff"
)
SUSPECT_SIGNS = f"{_EAST_ASIAN}\ufffd"
SUSPECT = re.compile(f"[{SUSPECT_SIGNS}]")
RUN = re.compile("[^\x00-\x7f]+")
EAST_ASIAN_RUN = re.compile(f"[{_EAST_ASIAN}\ufffd]+")
EAST_ASIAN_SIGN = re.compile(f"[{_EAST_ASIAN}]")

# The first byte of a UTF-8 sequence and the next one, as ftfy's single-byte encodings show them. Pairs that languages
# write (Cyrillic "ві", Greek "ίσ") are left out: a text that is damaged has others. The pattern begins with one set of
# characters, so that good text is passed over at the speed of a search for that set.
_LATIN_LEADS = "\xc2-\xdfĂĆĈČĎĐĘĚĞĢĪĮİĶĹĻŃŅŇŐŘŚŞŠŪŮŰŲŸŽŹŻĀĒĖ"
_LONG_LEADS = "\xe0-\xf4ăāćčēéėģķīļšńņóōõö"  # of three and four bytes
_LATIN_NEXT = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸˇ˘˛˝˙ĄąŁłĽľŚśŞşŤťŹźŻżĀāĢģ\ufffd"
_PUNCTUATION_NEXT = "\x80-\xbf‚„…†‡€‰‹‘’“”•–—™›ƒ\ufffd"
SINGLE_BYTE_PAIR = re.compile(
    f"[{_LATIN_LEADS}{_LONG_LEADS}ВГДЕЖЗИЙОПРСТУΒΓΔΕΖΞΟβвāƒ¬√≈‚„├┬─┼╬╨╤╔\x80-\x9f](?:"
    f"(?<=[{_LATIN_LEADS}])[{_LATIN_NEXT}]|(?<=[{_LONG_LEADS}])[{_LATIN_NEXT}][{_LATIN_NEXT}]|(?<=[âãā])[€\x80‚]"
    f"|(?<=[ВРСГ])[{_PUNCTUATION_NEXT}ѓЃЂЊЉќћџђ]|(?<=[РС])[а-яіїєґ][РС]|(?<=в)Ђ"
    f"|(?<=[ΒΓΞΟ])[{_PUNCTUATION_NEXT}]|(?<=β)€"
    f"|(?<=[ДЕЖЗИЙОПТУ])[\x80-\xa0‚„…†‡€‰‹‘•™љњќћџђѓ¤¦©¬®°±µ¶·]"
    f"|(?<=[ΔΕΖ])[\x80-\xa0‚„…†‡€‰‹‘•™ƒ¤¦©¬®°±µ¶·]"
    f"|(?<=[ƒ√≈¬‚])[ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø]|(?<=„)[ÅÇÉ]"
    f"|(?<=[├┬─┼Γ╬╨╤╔])[│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟Çüéâäàåçêëèïîìíóúñ«»½¼¡ªº¬⌐¿ÉæÆôöòûùÿÖÜ¢£¥₧ƒá░▒▓]"
    f"|(?<=[\x80-\x9f]))"
)
# Text about wrong decoding shows it on purpose: it names encodings, or quotes damaged signs in a good line.
_ABOUT_DAMAGE = re.compile(
    r"\b(?:mojibake|garbled|krakozyabry|encod(?:e|es|ed|ing|age|é|ée)\b|codifica[cz]i|kodierung|kodning|zeichensatz|"
    r"zeichensalat|charset|codepage|code page|unicode|utf-?8|utf-?16|latin-?1|iso[ -]8859|(?:windows|cp)-?125\d|"
    r"shift[_-]jis|gb18030|gbk|euc-(?:kr|jp)|koi8)|\b(?:кодировк|кракозябр|кодуванн)|乱码|亂碼|文字化け|文字コード",
    re.IGNORECASE,
)
_QUOTES = "\"'`„“”‚‘’«»"
_QUOTED = re.compile(
    f"[{_QUOTES}](?:[ÂÃâ][^\x00-\x7f{_QUOTES}]{{1,2}}|â€[{_QUOTES}]|[{_EAST_ASIAN}]{{1,2}}[a-z]?)(?=[{_QUOTES}])"
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known around a text.

    ``language`` is the page's (a BCP 47 tag) or ``None``; ``codecs`` are the wrong decoders (names of `CODECS`) that
    have certainly damaged other text of the page; ``whole`` are texts of the page that say the same or parts of it,
    and ``words`` the words (lower case) that stand whole in them.
    """

    language: str | None = None
    codecs: frozenset[str] = field(default_factory=frozenset)
    whole: tuple[str, ...] = ()
    words: frozenset[str] = field(default_factory=frozenset)


NOTHING_KNOWN = Surroundings()


def is_about_damage(line: str) -> bool:
    """Whether *line* shows damage on purpose: it speaks of wrong decoding, or all damage is single signs in quotes."""
    if _ABOUT_DAMAGE.search(line):
        return True
    if not _QUOTED.search(line):
        return False
    rest = _QUOTED.sub("", line)
    return not SUSPECT.search(rest) and not SINGLE_BYTE_PAIR.search(rest)


def without_shown(line: str, edits: Sequence[Edit]) -> list[Edit]:
    """*edits* of *line*; none if one of them is of a sign that stands apart, as of no word, and whole beside it.

    Such a line shows what is damaged and what it should be.
    """
    good = SINGLE_BYTE_PAIR.sub(" ", apply_edits(line, [replace(edit, after=" ") for edit in edits]))
    for edit in edits:
        sign = edit.after.strip(_ASCII_LETTERS + " \xa0")
        if edit.certainty is Certainty.MARKED or not sign or edit.after == line[edit.start : edit.end]:
            continue
        beside = line[edit.start - 1 : edit.start] if edit.start else ""
        if not beside.isalnum() and not line[edit.end : edit.end + 1].isalnum() and sign in good:
            return []
    return list(edits)


_ASCII_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_suspect(text: str) -> bool:
    """Whether *text* holds characters that may come from wrong decoding; cheap, and right to say so too often."""
    if text.isascii():
        return False
    return SUSPECT.search(text) is not None or has_suspect_pair(text, beyond_ascii(text))


def damaged_places(text: str, limit: int) -> int:
    """How many places of *text* may come from wrong decoding; counted to a little over *limit*."""
    if text.isascii():
        return 0
    found = chain(EAST_ASIAN_RUN.finditer(text), SINGLE_BYTE_PAIR.finditer(text))
    return len(list(islice(found, limit + 1)))


def has_suspect_pair(text: str, beyond: str) -> bool:
    """Whether *text*, with the characters *beyond* ASCII, shows UTF-8 read as a single-byte encoding.

    Such damage is two characters outside ASCII side by side: those that are not so without the ASCII are not in it.
    """
    return SINGLE_BYTE_PAIR.search(beyond) is not None and SINGLE_BYTE_PAIR.search(text) is not None


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Each line of *text* and where it begins."""
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def suspect_runs(line: str) -> Iterator[tuple[int, int]]:
    """Runs of characters outside ASCII that hold an East Asian one or a replacement character."""
    for run in RUN.finditer(line):
        if SUSPECT.search(run.group()):
            yield run.span()
