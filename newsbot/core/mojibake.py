"""Text that was decoded with the wrong encoding, undone as far as it can be known.

What comes in: a text and what is known around it (language, encodings that damaged other text of the page).
What goes out: `Edit`s of the text. Knows nothing of pages, fields or records.

Two families. UTF-8 read as a single-byte encoding (``doesnâ€™t``) is left to ftfy, behind a guard that costs a
hundredth of it. UTF-8 read as a Chinese, Japanese or Korean encoding (``province鈥檚``) is undone here: a run of
characters outside ASCII is turned back into bytes and read as UTF-8, with gaps where the wrong decoder had dropped
bytes it could not read. What stands in a gap is inferred from the text around it, or the place is marked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain, islice

from newsbot.core.alphabets import (
    TYPOGRAPHY,
    is_east_asian,
    primary_language,
    script_of,
    script_of_language,
    writes,
)
from newsbot.core.edits import Certainty, Edit, apply_edits, compose, with_marks
from newsbot.core.gaps import GENERAL_PUNCTUATION, infer, is_about_characters
from newsbot.core.lost import SURE, Effort, Piece, pieces, replaced_letter
from newsbot.core.vocabulary import Vocabulary, language_of_line, vocabulary
from newsbot.core.wrong_decoders import DECODERS, WrongDecoder

# The wrong decoders, most common first: their names in records, and the codec that turns their text back to bytes.
CODECS = {
    "gb18030": "gb18030",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "euc-jp": "euc_jp",
}
MAX_LAYERS = 4

_EAST_ASIAN = (
    "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe6f\uff00-\uffef\ue000-\uf8ff\U00020000-\U0003ffff"
)
SUSPECT_SIGNS = f"{_EAST_ASIAN}\ufffd"
_SUSPECT = re.compile(f"[{SUSPECT_SIGNS}]")
_RUN = re.compile("[^\x00-\x7f]+")
_EAST_ASIAN_RUN = re.compile(f"[{_EAST_ASIAN}\ufffd]+")
_GAP = b"\xff"  # never part of UTF-8: stands for a U+FFFD between the characters turned back
_KIND = "mojibake"


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


def is_suspect(text: str) -> bool:
    """Whether *text* holds characters that may come from wrong decoding; cheap, and right to say so too often."""
    if text.isascii():
        return False
    return _SUSPECT.search(text) is not None or has_suspect_pair(text, text.encode("ascii", "replace"))


def damaged_places(text: str, limit: int) -> int:
    """How many places of *text* may come from wrong decoding; counted to a little over *limit*."""
    if text.isascii():
        return 0
    found = chain(_EAST_ASIAN_RUN.finditer(text), _SINGLE_BYTE_PAIR.finditer(text))
    return sum(1 for _ in islice(found, limit + 1))


def has_suspect_pair(text: str, as_ascii: bytes) -> bool:
    """Whether *text* shows UTF-8 read as a single-byte encoding; *as_ascii* has a ``?`` for other characters.

    Such damage is two characters outside ASCII side by side, which English text has hardly ever.
    """
    return b"??" in as_ascii and _SINGLE_BYTE_PAIR.search(text) is not None


def undo_mojibake(text: str, around: Surroundings = NOTHING_KNOWN) -> list[Edit]:
    """Edits that undo every layer of wrong decoding in *text*, and marks where text is lost for good. Linear."""
    edits: list[Edit] = []
    marks: list[Edit] = []
    current = text
    for _ in range(MAX_LAYERS):
        layer = undo_single_byte(current, around)
        found = undo_east_asian(apply_edits(current, layer), around)
        marks = [edit for edit in found if edit.certainty is Certainty.MARKED]
        layer = compose(current, layer, [edit for edit in found if edit.certainty is not Certainty.MARKED])
        if not layer:
            break
        edits = compose(text, edits, layer)
        current = apply_edits(text, edits)
        marks = []
    return with_marks(text, edits, marks)


# --- read as a single-byte encoding: ftfy

# The first byte of a UTF-8 sequence and the next one, as ftfy's single-byte encodings show them. Pairs that languages
# write (Cyrillic "ві", Greek "ίσ") are left out: a text that is damaged has others. The pattern begins with one set of
# characters, so that good text is passed over at the speed of a search for that set.
_LATIN_LEADS = "\xc2-\xdfĂĆĈČĎĐĘĚĞĢĪĮİĶĹĻŃŅŇŐŘŚŞŠŪŮŰŲŸŽŹŻĀĒĖ"
_LONG_LEADS = "\xe0-\xf4ăāćčēéėģķīļšńņóōõö"  # of three and four bytes
_LATIN_NEXT = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸˇ˘˛˝˙ĄąŁłĽľŚśŞşŤťŹźŻżĀāĢģ\ufffd"
_PUNCTUATION_NEXT = "\x80-\xbf‚„…†‡€‰‹‘’“”•–—™›ƒ\ufffd"
_SINGLE_BYTE_PAIR = re.compile(
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
# Text about wrong decoding shows it on purpose.
_ABOUT_DAMAGE = re.compile(r"\b(?:mojibake|garbled|krakozyabry)\b|乱码|亂碼|文字化け", re.IGNORECASE)


def undo_single_byte(text: str, around: Surroundings = NOTHING_KNOWN) -> list[Edit]:
    """Edits that undo UTF-8 read as Latin-1, Windows-125x, ISO 8859-2, Mac Roman or cp437."""
    if text.isascii() or not _SINGLE_BYTE_PAIR.search(text):
        return []
    edits: list[Edit] = []
    for at, line in _lines(text):
        if _SINGLE_BYTE_PAIR.search(line) and not _ABOUT_DAMAGE.search(line):
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
    return Edit(at + start, at + len(was) - end, becomes[start : len(becomes) - end], _KIND, rule, certainty)


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
    for run in _RUN.finditer(line):
        before += line[done : run.start()]
        done = run.end()
        try:
            data = _GAP.join(part.encode(name) for part in run.group().split("\ufffd"))
        except UnicodeError:
            before += run.group()
            continue
        at = run.start()
        shown = run.group()
        for token in _TOKEN.finditer(data):
            whole, cut, _, _ = token.groups()
            size = len(token.group())
            was = shown[at - run.start() : at - run.start() + size]
            char, certainty = was, Certainty.CERTAIN
            if whole is not None:
                char = whole.decode("utf-8")
            elif cut is not None:
                rest = line[at + size : at + size + _CONTEXT]
                char, certainty = _from_open_byte(cut, name, before, rest, language) or was, Certainty.INFERRED
            if char != was:
                gap = "" if certainty is Certainty.CERTAIN else ":gap"
                yield Edit(at, at + size, char, _KIND, f"{name}{gap}", certainty)
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
        if char in _SIGNS or (char.isalpha() and writes(language, char)):
            found.append(char)
    if cut == GENERAL_PUNCTUATION:
        told = infer(cut, before, after, language)
        return told if told in found else None
    cased = [char for char in found if char.isupper() == (before[-1:].isupper() and after[:1].isupper())]
    return cased[0] if len(cased) == 1 and len(found) == 1 else None


_SIGNS = frozenset("‘’“”–—…•„‚")


# --- read as an East Asian encoding: our own


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


@dataclass(frozen=True, slots=True)
class _Context:
    """What a reading is judged by: language, proven codecs, and whether the text around is East Asian."""

    language: str
    codecs: frozenset[str]
    in_east_asian: bool
    seen: dict[tuple[str, str, str], tuple[str, str] | None]  # readings of runs between two characters
    effort: Effort
    around: Surroundings


def undo_east_asian(text: str, around: Surroundings = NOTHING_KNOWN) -> list[Edit]:
    """Edits that undo UTF-8 read as GB 18030, Big5, Shift_JIS, EUC-KR or EUC-JP, one layer or several at once."""
    if text.isascii() or not _SUSPECT.search(text):
        return []
    lines = [(at, line) for at, line in _lines(text) if _SUSPECT.search(line) and not _ABOUT_DAMAGE.search(line)]
    language = primary_language(around.language)
    effort = Effort.of(text)
    contexts = [_context(line, language, around, effort) for _, line in lines]
    looked = [
        (at, line, context)
        for (at, line), context in zip(lines, contexts, strict=True)
        if not context.in_east_asian or _reads_as_utf8(line)
    ]
    whole = [list(_whole_runs(line, context)) for _, line, context in looked]
    proven = frozenset(edit.rule.partition("+")[0] for edits in whole for edit in edits) & CODECS.keys()
    edits: list[Edit] = []
    for (at, line, context), found in zip(looked, whole, strict=True):
        if not proven <= context.codecs:
            context = replace(context, codecs=context.codecs | proven, seen={})
            found = list(_whole_runs(line, context))
        if found and not context.in_east_asian and not is_east_asian(language):
            context = replace(context, language=language_of_line(apply_edits(line, found), language))
        found = list(_with_lost(line, found, context))
        between = apply_edits(line, found)
        if _SUSPECT.search(between) and not _is_beyond_repair(between):
            found = compose(line, found, list(_gapped_runs(between, context)))
        edits += (replace(edit, start=edit.start + at, end=edit.end + at) for edit in found)
    return edits


def is_doubtful(text: str, language: str | None) -> bool:
    """Whether *text* on a page in *language* may be damaged: not if it is good writing in East Asian lines."""
    if not is_suspect(text):
        return False
    own = primary_language(language)
    if _SINGLE_BYTE_PAIR.search(text):
        return True
    return any(
        "\ufffd" in line or not _is_in_east_asian(line, own) or _reads_as_utf8(line)
        for _, line in _lines(text)
        if _SUSPECT.search(line)
    )


def _is_beyond_repair(line: str) -> bool:
    """Whether a long line is damage through and through: no rule about what stands around a gap can tell anything."""
    return len(line) > _LONG_LINE and len(_RUN.findall(line)) * _DENSE > len(line) and "\ufffd" in line


_LONG_LINE = 4_000
_DENSE = 10  # one damaged run in so many characters


def _context(line: str, language: str, around: Surroundings, effort: Effort) -> _Context:
    in_east_asian = _is_in_east_asian(line, language)
    keeps = in_east_asian or is_east_asian(language)  # a Latin line of an East Asian page may hold the page's letters
    own = language if keeps else language_of_line(line, language)
    return _Context(own, around.codecs, in_east_asian, {}, effort, around)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _is_in_east_asian(line: str, language: str) -> bool:
    """Whether Chinese, Japanese or Korean is what the line is written in."""
    other = 1 - sum(map(len, _EAST_ASIAN_RUN.findall(line))) / len(line)
    return other < 0.8 if is_east_asian(language) else other < 0.5 and not script_of_language(language)


def _reads_as_utf8(line: str) -> bool:
    """Whether most of an East Asian line is UTF-8 when it is turned back: good text has a fifth of it by chance."""
    shown = "".join(_EAST_ASIAN_RUN.findall(line))
    for codec in CODECS.values():
        data = shown.encode(codec, "ignore")
        good = data.decode("utf-8", "ignore")
        if 4 * len(good) > len(data) > len(shown) and len(good.encode()) > 0.6 * len(data):
            return True
    return False


def _whole_runs(line: str, context: _Context) -> Iterator[Edit]:
    """Edits for the runs that are UTF-8 to the last byte."""
    for start, end in _suspect_runs(line):
        run = line[start:end]
        if "\ufffd" in run:
            continue
        key = (line[max(start - 1, 0) : start], run, line[end : end + 1])
        if key not in context.seen:
            context.seen[key] = _whole_reading(run, key[0], key[2], context)
        found = context.seen[key]
        if found is not None:
            yield Edit(start, end, found[1], _KIND, found[0])


def _suspect_runs(line: str) -> Iterator[tuple[int, int]]:
    """Runs of characters outside ASCII that hold an East Asian one or a replacement character."""
    for run in _RUN.finditer(line):
        if _SUSPECT.search(run.group()):
            yield run.span()


def _whole_reading(run: str, before: str, after: str, context: _Context) -> tuple[str, str] | None:
    """(rule, text) of the likeliest reading of *run* that has no gap, through up to three layers."""
    layer = [("", run)]
    for _ in range(MAX_LAYERS - 1):
        readings = [
            (f"{rule}+{name}".lstrip("+"), text)
            for rule, shown in layer
            for name, text in _decoded(shown, context)
            if text != shown
        ]
        for rule, text in readings:
            if _is_likely(run, text, before, after, rule, context):
                return rule, text
        layer = [(rule, text) for rule, text in readings if _SUSPECT.search(text)][:4]
        if not layer:
            return None
    return None


def _decoded(shown: str, context: _Context) -> Iterator[tuple[str, str]]:
    """(codec, text) for each codec in which *shown* turns back to whole UTF-8; proven ones first."""
    for name in sorted(CODECS, key=lambda name: name not in context.codecs):
        try:
            yield name, shown.encode(CODECS[name]).decode("utf-8")
        except UnicodeError:
            continue


def _is_likely(run: str, text: str, before: str, after: str, rule: str, context: _Context) -> bool:
    """Whether *text* is what *run* was: it looks like the writing around it, and *run* does not."""
    found = _kind_of_writing(text)
    if found is None:
        return False
    proven = rule.partition("+")[0] in context.codecs
    touches = any(char.isascii() and char.isalpha() for char in before + text + after)
    if found == "east_asian":
        return _fits(text, context.language) and _is_likelier_east_asian(run, text, proven=proven)
    if context.in_east_asian or (is_east_asian(context.language) and not touches):
        letters = sum(map(str.isalpha, text))
        return letters >= 6 and found not in ("latin", "signs") and _has_plain_case(text)
    if found == "signs":
        return touches or proven or (bool(context.language) and _SIGNS.issuperset(text))
    if found == "latin":
        known = all(writes(context.language, char) for char in text if char.isalpha() and not char.isascii())
        sure = (touches and (known or proven or len(run) > 1)) or (proven and known)
        return sure and _has_plain_case(before + text + after)
    letters = sum(1 for char in text if script_of(char) == found)
    is_own = script_of_language(context.language) == found
    return _has_plain_case(text) and (letters >= 4 or (is_own and (proven or letters >= 2)))


def _kind_of_writing(text: str) -> str | None:
    """``signs``, or the one script of the letters of *text*; ``None`` if it mixes scripts or is no text."""
    found = set()
    for char in text:
        if char.isascii():
            if char.isalpha():
                found.add("latin")
            elif char < " ":
                return None
            continue
        if char in TYPOGRAPHY or "\U0001f000" <= char <= "\U0001faff" or "\u2600" <= char <= "\u27bf":
            continue
        script = script_of(char)
        category = unicodedata.category(char)
        if script is None or category in ("Cn", "Co", "Cc", "Cs") or (script == "latin" and category[0] != "L"):
            return None
        found.add(script)
    if len(found) > 1:
        found.discard("latin" if not any(char >= "\xaa" and script_of(char) == "latin" for char in text) else "")
    if len(found) > 1:
        return None
    return found.pop() if found else "signs"


def _has_plain_case(text: str) -> bool:
    """Whether capitals stand at the start of words or fill them."""
    for word in re.findall(r"[^\W\d_]+", text):
        if len(word) > 1 and word[1:] != word[1:].lower() and word != word.upper():
            return False
    return True


def _fits(text: str, language: str) -> bool:
    """Whether East Asian *text* may be of the page's language: Korean is written in Hangul, Chinese without it."""
    hangul = sum(1 for char in text if "\uac00" <= char <= "\ud7a3")
    if language == "ko":
        return 2 * hangul >= len(text)
    return hangul == 0 if language in ("zh", "ja") else True


def _is_likelier_east_asian(run: str, text: str, *, proven: bool) -> bool:
    """Whether Chinese, Japanese or Korean *text* is likelier writing than *run*.

    A run that is UTF-8 by chance: three bytes in a row happen once in some hundred pairs of characters, nine of them
    never in practice (benchmarks/repair counts it).
    """
    if "\ue000" <= max(text) <= "\uf8ff":
        return False
    letters = sum(1 for char in text if script_of(char) == "east_asian")
    common = commonness(text)
    if common < commonness(run) or common < (0.1 if proven else 0.2):
        return False
    return letters >= 3 or (proven and letters >= 1)


# The commonest characters of Chinese (both forms) and of Japanese, beside kana. Source: written down from general
# frequency lists; which exact ones is of no weight, a wrong reading has hardly any.
_COMMON_HANGUL = frozenset(
    "이다는은을를의에가고하지한로사기어리아인대나시자도보정해일수그부제전서라들과있했으며면것지만게원장국등위상주경"
    "년월오여중무회요우마까니습합성발치공동구관선방적물연계조신화안세민심재통운진학생개비반업강내명단말모소실"
)
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上个国和说地到子们时会为着学生也年你那就出要得以可下过天对能没多小自然家后事成发现么方于用法当看起想进"
    "动同行好主前面所开又从本已两开还因只日经样把些去事点新实此如心里头果部义分加此意公重全第高正与二三四五六七八九十月政府市民報道"
    "這個來國說們時會為著學對沒現後發動過進開還經樣點實裡頭義長見問間關話語電車東西南北京台灣香港美英法德俄韓記者今天昨日明表示宣布措施"
    "社会経済企業支援対策発表者内部員合同場立体理金議論決定選挙首相政党株式円億万人々県区町村地域世界歳"
    "、。，！？「」『』（）：；《》【】・"
)


def commonness(text: str) -> float:
    """The share of common characters among the East Asian ones of *text*: kana, Hangul words, frequent Han."""
    east_asian = [char for char in text if script_of(char) == "east_asian"]
    if not east_asian:
        return 0.0
    common = sum(1 for char in east_asian if char in _COMMON_HAN or "\u3041" <= char <= "\u30fe")
    common += sum(1 for char in east_asian if char in _COMMON_HANGUL)
    return common / len(east_asian)


# --- lost bytes: stretches as a whole, by the vocabulary

_STRETCH = re.compile("[^ \t\r]+")
_EAST_ASIAN_SIGN = re.compile(f"[{_EAST_ASIAN}]")


def _with_lost(line: str, whole: Sequence[Edit], context: _Context) -> Iterator[Edit]:
    """The edits *whole* of *line*, and in stretches with lost bytes the edits of what can be told of them instead."""
    words = vocabulary(context.language)
    if words is None:
        yield from whole
        return
    before, at = "", 0
    waiting = deque(whole)
    for stretch in _STRETCH.finditer(line):
        start, end = stretch.span()
        shown = stretch.group()
        if shown.isascii():
            continue
        own = []
        while waiting and waiting[0].start < end:
            own.append(waiting.popleft())
        covered = sum(len(_SUSPECT.findall(line, edit.start, edit.end)) for edit in own)
        before = (before + line[at:start])[-_CONTEXT:]
        at = start
        # In Chinese, Japanese and Korean a search without proof costs more than all the rest, and tells little.
        may_be_good = context.in_east_asian or is_east_asian(context.language)
        can_tell = context.codecs or (not may_be_good and _EAST_ASIAN_SIGN.search(shown))
        if can_tell and covered < len(_SUSPECT.findall(shown)):
            after = apply_edits(line[end : end + _CONTEXT], [
                replace(edit, start=edit.start - end, end=edit.end - end)
                for edit in waiting if edit.end <= end + _CONTEXT
            ])  # fmt: skip
            told = [] if _is_elsewhere(line, start, end, own, before, context) else [
                replace(edit, start=edit.start + start, end=edit.end + start)
                for edit in _lost_in(shown, before, after, words, context)
            ]  # fmt: skip
            own = told or own
        for edit in own:
            before += line[at : edit.start] + edit.after
            at = edit.end
            yield edit
        before += line[at:end]
        at = end


def _is_elsewhere(line: str, start: int, end: int, own: Sequence[Edit], before: str, context: _Context) -> bool:
    """Whether another text of the page tells the gaps of the stretch: `_gapped_runs` takes them from there."""
    if not context.around.whole:
        return False
    shown = apply_edits(
        line[start:end], [replace(edit, start=edit.start - start, end=edit.end - start) for edit in own]
    )
    rest = line[end : end + _ANCHOR]
    for run_start, run_end in _suspect_runs(shown):
        if _found_elsewhere(shown[run_start:run_end], before + shown[:run_start], shown[run_end:] + rest, context):
            return True
    return False


def _lost_in(shown: str, before: str, after: str, words: Vocabulary, context: _Context) -> list[Edit]:
    """The edits of one stretch under the likeliest decoder; empty if none can have shown it."""
    errors = "replace" if "\ufffd" in shown else "ignore"
    best: tuple[float, str, list[Piece]] | None = None
    for name in [name for name in CODECS if name in context.codecs] or _likely_codecs(shown):
        decoders = [WrongDecoder(codec, errors) for codec in DECODERS[name]]
        found = pieces(shown, decoders, before, after, words, context.effort, context.around.words)
        if not found or not _is_likely_lost(shown, found, name, before, after, context):
            continue
        quality = sum(1.0 - piece.share for piece in found)
        if best is None or quality < best[0]:
            best = quality, name, found
    if best is None:
        return []
    _, name, found = best
    edits = []
    for piece in found:
        if piece.share >= SURE and piece.text != shown[piece.start : piece.end]:
            certainty = Certainty.CERTAIN if piece.is_whole else Certainty.INFERRED
            rule = name if piece.is_whole else f"{name}:gap"
            edits.append(Edit(piece.start, piece.end, piece.text, _KIND, rule, certainty))
    return edits


def _likely_codecs(shown: str) -> Iterator[str]:
    """The codecs in which most of a stretch is UTF-8: good writing that stands in text of another has a part of it."""
    east_asian = "".join(_EAST_ASIAN_RUN.findall(shown)).replace("\ufffd", "")
    for name, codec in CODECS.items():
        try:
            data = east_asian.encode(codec)
        except UnicodeError:
            continue
        if len(data.decode("utf-8", "ignore").encode()) >= _MOSTLY * len(data):
            yield name


# Of what is left of a stretch with lost bytes; the search itself would find no text, after thousands of steps.
_MOSTLY = 0.5


def _is_likely_lost(shown: str, found: Sequence[Piece], name: str, before: str, after: str, context: _Context) -> bool:
    """Whether *shown* is damage of the family *name*: proven by other text, or by the whole part of this stretch."""
    if name in context.codecs:
        return True
    text = "".join(piece.text for piece in found if piece.is_whole and piece.text != shown[piece.start : piece.end])
    if text:
        return _is_likely(shown, text, before[-1:], after[:1], name, context)
    return False


# --- gaps

_TOKEN = re.compile(
    rb"([\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})"
    rb"|([\xe0-\xef][\x80-\xbf]?|[\xc2-\xdf]|[\xf0-\xf4][\x80-\xbf]{0,2})\xff{0,3}"
    rb"|(\xff{1,4})|([\x80-\xfe]\xff{0,1})"
)
# What E2 80 without its last byte looks like after one more wrong decoding that dropped a byte: the same gap.
_TWICE = {"gb18030": "\u9225".encode()[:2], "shift_jis": "\u7a36".encode()[:2]}


def _gapped_runs(line: str, context: _Context) -> Iterator[Edit]:
    """Edits and marks for the runs with lost bytes, left to right, so that each sees what was inferred before it."""
    done, before = 0, ""
    for start, end in _suspect_runs(line):
        before = (before + line[done:start])[-_CONTEXT:]
        after = line[end : end + _CONTEXT]
        done = start
        if end - start < 3 and is_about_characters(before, after):
            continue
        edit = _found_elsewhere(line[start:end], before, after, context) or _gapped_run(
            line[start:end], before, after, context
        )
        if edit is not None:
            yield replace(edit, start=start + edit.start, end=start + edit.end)
            before += edit.after
            done = start + edit.end


def _found_elsewhere(run: str, before: str, after: str, context: _Context) -> Edit | None:
    """What stands in place of *run* where another text of the page has the same words on both sides."""
    suspect = _SUSPECT.search(after)
    left, right = before[-_ANCHOR:], after[: suspect.start() if suspect else _ANCHOR][:_ANCHOR]
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
        if found and len(found) <= 2 * len(run) + 2 and not _SUSPECT.search(found) and not found.isascii():
            return Edit(0, len(run), found, _KIND, "elsewhere", Certainty.INFERRED)
    return None


_ANCHOR = 16  # characters on each side that must be the same
_MIN_ANCHORS = 8

_CONTEXT = 400  # characters of the line on each side that rules about quotes may look at


def _gapped_run(run: str, before: str, after: str, context: _Context) -> Edit | None:
    """The edit or mark of one run, with places in the run; it may reach into *after* (a swallowed space)."""
    if not run.strip("\ufffd"):
        letter = replaced_letter(run, before, after, context.language, context.around.words, context.effort)
        if letter is not None:
            return Edit(0, len(run), letter, _KIND, "replaced:word", Certainty.INFERRED)
        return _filled(Reading("replaced", (Lost(b"\xff" * len(run)),)), run, before, after, context)
    best: Edit | None = None
    shown = [("", run)]
    for _ in range(MAX_LAYERS - 1):
        for rule, layer in shown:
            for name in sorted(CODECS, key=lambda name: name not in context.codecs):
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
            for name, text in _decoded(layer, context)
            if _SUSPECT.search(text)
        ][:4]
        if not shown:
            break
    return best


def _gapped_reading(run: str, name: str) -> Reading | None:
    """*run* turned back to bytes and read as UTF-8 with gaps; ``None`` if it cannot be, or is not UTF-8 at all."""
    try:
        data = _GAP.join(part.encode(CODECS[name]) for part in run.split("\ufffd"))
    except UnicodeError:
        return None
    parts: list[str | Lost] = []
    for token in _TOKEN.finditer(data):
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


def _is_likely_gapped(run: str, reading: Reading, before: str, after: str, context: _Context) -> bool:
    """Whether *run* was UTF-8 with lost bytes: its whole part is likely, or it is the start of one sign."""
    whole = reading.text
    lost = [part for part in reading.parts if isinstance(part, Lost)]
    if any(len(part.data) == 1 and not b"\xc2" <= part.data <= b"\xf4" for part in lost if part.data != _GAP):
        return _is_glued(run, reading, before, after, context)
    if not whole:
        first = lost[0].data
        return len(lost) == 1 and not context.in_east_asian and first[:2] in (b"\xe2\x80", b"\xe2\x82", b"\xe2\x84")
    if len(lost) > 1 + len(whole) // 4 or (is_east_asian(context.language) and len(whole) < 3):
        return False
    return _is_likely(run, whole, before[-1:], after[:1], reading.rule, context)


def _is_glued(run: str, reading: Reading, before: str, after: str, context: _Context) -> bool:
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
    return letter.isascii() and letter.isalpha() and glued and len(run.strip("\ufffd")) == 1


_LAST_BYTES = {bytes((code,)): chr(0x2000 + code - 0x80) for code in (0x93, 0x94, 0x98, 0x99, 0x9C, 0x9D, 0xA6)}


def _filled(reading: Reading, run: str, before: str, after: str, context: _Context) -> Edit | None:
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
        if part.data.startswith(_GAP) and place + 1 < len(seen) and isinstance(seen[place + 1], Lost):
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
            return Edit(0, len(run), run, _KIND, reading.rule, Certainty.MARKED)
        parts.append(char)
        shown += char
    return Edit(0, end, "".join(parts), _KIND, f"{reading.rule}:gap", Certainty.INFERRED)


# "鈥?campaign": an old decoder put one question mark for the lost byte and the space after it.
_SWALLOWED = re.compile(r"\?[^\W\d_]")
