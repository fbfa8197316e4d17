"""Credits: datelines, wire credits, and captions with their credit.

What comes in: texts that were found to be such (a dateline, a wire credit, a caption). What goes out: their parts.
Knows no page. Linear: every repeat in the patterns is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsbot.core.agencies import agency_of
from newsbot.core.printed_dates import printed_dates

MAX_CREDIT_CHARS = 600
MAX_CREDIT_TAIL_CHARS = 120
MAX_BARE_CREDIT_CHARS = 60

_DASH = r"\s{0,2}(?:[-–—―]{1,2}|:)\s{0,2}"
_AGENCY_AT_END = re.compile(r"[(\[/,]\s?([^()\[\],/]{2,40})\s?[)\]]?$")
# ", March 3" and ", 3 mars" behind the place.
_DATELINE_DAY = re.compile(r",\s(?:[^\W\d_]{3,12}\.?\s\d{1,2}|\d{1,2}\.?\s[^\W\d_]{3,12}\.?)$")
# The roles of wire credits: the words that introduce them, and the role as the record names it.
_ROLES = (
    ("reporter", r"(?:additional |further )?reporting(?: and writing)?|reported|mit(?:arbeit| material)|reportage"),
    ("writer", r"writing|written|text"),
    ("editor", r"editing|edited|(?:weitere )?redaktion|redigiert|bearbeitet|compiled|compilation|edición|editado"),
    ("photographer", r"photograph(?:y|s|ed)|fotos?|photos?"),
    ("translator", r"translat(?:ion|ed)|übersetz(?:t|ung)|traducción|traduit"),
    ("producer", r"produc(?:tion|ed|ing)"),
    ("graphic artist", r"graphics?|grafik"),
    ("contributor", r"contributed|contributions?|with files|with contributions|with reporting|with inputs?"),
)  # fmt: skip
_ROLE = re.compile(
    r"(?:^|(?<=[\s;,.(\[]))(?:" + "|".join(f"(?P<r{i}>{words})" for i, (_, words) in enumerate(_ROLES)) + r")"
    r"(?:\s(?:in|from|at)\s[^;,.()]{2,40}?)?\s?(?:by|von|par|por|from|:)\s",
    re.IGNORECASE,
)
_NAMES_GAP = re.compile(r"\s?[,;/]\s?(?:and |und |et |y )?|\s(?:and|und|et|y|e|og|och|en)\s")
_PLACE_AFTER = re.compile(r"\s(?:in|at|from|of|aus)\s.{2,80}$")

# What stands before a credit; the words may follow each other ("Image credit:", "Foto: ©").
_MARK_WORDS = (
    r"photo(?:graph|graphs|s)?|foto|fotos|fotograf(?:ie|ía|ia)?|bild|bilder|image|images|picture|pictures|video|credits?|"
    r"crédits?|crédito|quelle|source|©|\(c\)|copyright|bildrechte|bildquelle|imagen|imagem|immagine|kuva|fot\.|zdjęcie|"
    r"фото|изображение|写真|摄影|사진|صورة|צילום|תמונה"
)
_PHOTO_CREDIT = re.compile(
    rf"(?<!\w)(?:{_MARK_WORDS})(?:\s?(?:{_MARK_WORDS}))?\s?(?:by|von|par|por|de|di|av|af|:|：|=)?\s?[:：=]?\s?",
    re.IGNORECASE,
)
_LEADING_PHOTO = re.compile(
    rf"^(?:(?:{_MARK_WORDS})(?:\s?(?:{_MARK_WORDS}))?\s?(?:(?:by|von|par|por)\b|[:：=]|(?<=[©)]))\s?[:：]?\s?){{1,3}}",
    re.IGNORECASE,
)
# Without one of these in it a text has a mark at its start only.
_MARK_SIGN = re.compile("[:：=©)]")
# Signed behind, as Chinese and Japanese papers do: "周明 摄", "＝北浜市で、佐藤健撮影".
_SIGNED_BEHIND = re.compile(r"(?:^|[\s。、，＝（(])([^\s。、，＝（）()]{2,12})\s?(?:摄|攝|撮影)[）)]?$")
_BRACKET_END = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]\s?\.?$")
_PHOTO_HOUSES = frozenset(
    (
        "getty images", "getty", "shutterstock", "istock", "istockphoto", "alamy", "imago", "imago images",
        "picture alliance", "picture-alliance", "dpa-zentralbild", "epa", "epa-efe", "zuma press", "sipa", "abaca",
        "nurphoto", "unsplash", "pixabay", "adobe stock", "stock.adobe.com", "via reuters", "via ap", "file photo",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DatelineParts:
    """A dateline: where, and by which agency."""

    text: str
    place: str | None
    agency: str | None


@dataclass(frozen=True, slots=True)
class WireCredit:
    """Who did what: *role* as a lower-case noun."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class CaptionParts:
    """A caption without its credit, and the parts of the credit; ``date`` as printed in the caption."""

    caption: str | None
    credit: str | None
    photographer: str | None
    agency: str | None
    date: str | None


def dateline_parts(text: str) -> DatelineParts:
    """The place and agency of a dateline.

    >>> dateline_parts("OTTAWA (Reuters) —")
    DatelineParts(text='OTTAWA (Reuters) —', place='OTTAWA', agency='Reuters')
    >>> dateline_parts("Berlin/dpa - ").agency
    'dpa'
    """
    text = text.strip()
    bare = re.sub(_DASH + "$", "", text).strip()
    agency = None
    for _ in range(3):
        found = _AGENCY_AT_END.search(bare)
        if found is None:
            break
        known = agency_of(found.group(1))
        if known is None and not found.group().startswith(("(", "[")):
            break
        # An agency that no list knows, but no state: "(Northwire)", not "(Ont.)".
        agency = known or (found.group(1) if "." not in found.group(1) and len(found.group(1)) > 3 else agency)
        bare = bare[: found.start()].strip()
    if not agency and agency_of(bare):
        return DatelineParts(text, None, agency_of(bare))
    bare = _DATELINE_DAY.sub("", bare)
    return DatelineParts(text, bare.strip(" ,.-–—/") or None, agency)


def wire_credits(text: str) -> tuple[list[WireCredit], list[str]]:
    """The people and the agencies of a wire credit.

    >>> wire_credits("(Reporting by Ann Lee and Bo Ek in Oslo; Editing by Cy Day)")[0]
    [WireCredit(role='reporter', name='Ann Lee'), WireCredit(role='reporter', name='Bo Ek'), \
WireCredit(role='editor', name='Cy Day')]
    >>> wire_credits("With files from The Canadian Press")
    ([], ['The Canadian Press'])
    """
    text = " ".join(text[:MAX_CREDIT_CHARS].split()).strip("()[]").strip(" .*_")
    whole = agency_of(text)
    if whole is not None:
        return [], [whole]
    credits: list[WireCredit] = []
    agencies: list[str] = []
    starts = list(_ROLE.finditer(text))
    for number, found in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        role = next(name for i, (name, _) in enumerate(_ROLES) if found.group(f"r{i}"))
        for name in _people(text[found.end() : end]):
            agency = agency_of(name)
            if agency is not None:
                agencies.append(agency)
            else:
                credits.append(WireCredit(role, name))
    if not starts:
        agencies.extend(
            agency for part in re.split(r"[\s,;/()]{1,3}(?:and |und )?", text) if (agency := agency_of(part))
        )
    return credits, list(dict.fromkeys(agencies))


def _people(text: str) -> Iterator[str]:
    text = text.split(". ")[0]
    for part in _NAMES_GAP.split(text):
        name = _PLACE_AFTER.sub("", part).strip(" .;:()[]*")
        if 2 <= len(name) <= 60 and len(name.split()) <= 5 and name[0].isupper():
            yield name


def caption_parts(text: str) -> CaptionParts:
    """A caption taken apart; a caption that stands twice is taken once.

    >>> caption_parts("A dam in spring. (THE CANADIAN PRESS/Ann Lee)")
    CaptionParts(caption='A dam in spring.', credit='THE CANADIAN PRESS/Ann Lee', photographer='Ann Lee', \
agency='The Canadian Press', date=None)
    """
    text = once(" ".join(text.split()))
    caption, credit = _split_credit(text)
    caption = _balanced(caption)
    dates = list(printed_dates(caption[:400])) if caption else []
    date = caption[dates[0].start : dates[0].end] if dates else None
    return credit_parts(CaptionParts(caption or None, None, None, None, date), credit)


def credit_parts(parts: CaptionParts, credit: str) -> CaptionParts:
    """*parts* with what *credit* says, a text that is a credit and nothing else.

    >>> credit_parts(CaptionParts("A dam.", None, None, None, None), "Image credit: Ann Lee/dpa")
    CaptionParts(caption='A dam.', credit='Ann Lee/dpa', photographer='Ann Lee', agency='dpa', date=None)
    """
    bare = credit.strip(" .")
    if bare[:1] in ("(", "[") and bare[-1:] in (")", "]"):
        bare = bare[1:-1]
    text = _balanced(_LEADING_PHOTO.sub("", bare, count=1).strip(" |·/"))
    if not any(char.isalnum() for char in text) or (parts.credit and text in parts.credit):
        return parts
    text = _without_repeats(text)
    photographer, agency = credited(text)
    return replace(
        parts,
        credit=f"{parts.credit}, {text}" if parts.credit else text,
        photographer=parts.photographer or photographer,
        agency=parts.agency or agency,
    )


def _without_repeats(text: str) -> str:
    """*text* up to the sign behind which it only says again what it has said: ``Ann Lee/dpa | ANN LEE``."""
    head, bar, tail = text.partition(" | ")
    parts = {part.casefold() for part in _CREDIT_GAP.split(head)}
    return head if bar and tail.casefold() in parts else text


def _balanced(text: str) -> str:
    """*text* without a bracket at its ends that nothing opens or closes."""
    text = text.strip()
    if text[-1:] in ("(", "["):
        text = text[:-1].rstrip()
    for opening, closing in ("()", "[]"):
        if text.endswith(closing) and text.count(closing) > text.count(opening):
            text = text[:-1].rstrip()
        if text.startswith(opening) and text.count(opening) > text.count(closing):
            text = text[1:].lstrip()
    return text


def once(text: str) -> str:
    """*text*, or its first half if the second says the same.

    >>> once("A boat. (AP) A boat. (AP)")
    'A boat. (AP)'
    """
    middle = len(text) // 2
    for at in (middle, middle - 1, middle + 1):
        if text[:1] not in text[at : at + 3]:  # most texts, without a copy
            continue
        first, second = text[:at].strip(), text[at:].strip()
        if len(first) > 3 and first == second:
            return first
    return text


def _split_credit(text: str) -> tuple[str, str]:
    found = _BRACKET_END.search(text)
    ends = found is None or text[: found.start()].rstrip()[-1:] in ".!?…”\"»' "
    if found is not None and is_credit(found.group(1)) and (ends or not _is_person(found.group(1))):
        return text[: found.start()].strip(), found.group(1)
    signed = None if text.isascii() else _SIGNED_BEHIND.search(text)
    if signed is not None:
        return text[: signed.start(1)].strip(" ，、＝（("), signed.group(1)
    marks = [
        mark
        for mark in (
            _PHOTO_CREDIT.finditer(text) if _MARK_SIGN.search(text) else filter(None, [_PHOTO_CREDIT.match(text)])
        )
        if mark.group().rstrip()[-1:] in (":", "：", "=", "©", ")") or mark.start() == 0
    ]
    for at in range(len(marks) - 1, -1, -1):
        rest = text[marks[at].end() :].strip()
        while at and not text[marks[at - 1].end() : marks[at].start()].strip():
            at -= 1
        mark = marks[at]
        if 1 < len(rest) <= MAX_CREDIT_TAIL_CHARS and (mark.start() > 0 or is_credit(rest)):
            return text[: mark.start()].strip(" |·(["), rest
    gap = max(text.rfind(". "), text.rfind("? "), text.rfind("! "), text.rfind(".) "))
    tail = text[gap + 2 :].lstrip(") ") if gap > 0 else ""
    if tail and len(tail) <= MAX_BARE_CREDIT_CHARS and tail[-1] not in ".!?" and is_credit(tail):
        return text[: len(text) - len(tail)].strip(), tail
    return ("", text) if _is_agency_alone(text) else (text, "")


def _is_agency_alone(text: str) -> bool:
    return agency_of(text) is not None or text.casefold() in _PHOTO_HOUSES


def is_credit(text: str) -> bool:
    """Whether *text* is a credit and nothing else: marked as one, an agency, or names with signs between."""
    if agency_of(text):
        return True
    marked = _LEADING_PHOTO.match(text)
    if marked is not None and marked.group().rstrip()[-1:] in (":", "：", "=", "©", ")"):
        return len(text) <= MAX_CREDIT_TAIL_CHARS
    parts = [part.strip() for part in _CREDIT_GAP.split(text)]
    if not all(part[:1].isupper() and len(part) <= 40 for part in parts if part):
        return False
    if any(agency_of(part) or part.casefold() in _PHOTO_HOUSES for part in parts):
        return True
    return any(_is_person(part) for part in parts)


def credited(credit: str) -> tuple[str | None, str | None]:
    """(photographer, agency) of a credit, in whatever order: ``AP Photo/Ann Lee``, ``Ann Lee/dpa``, ``Getty Images``.

    >>> credited("NORTHERN Foto Services | Ann Lee")
    ('Ann Lee', 'NORTHERN Foto Services')
    """
    photographer = agency = None
    houses: list[str] = []
    for part in _CREDIT_GAP.split(credit)[:6]:
        part = part.strip(" .")
        bare = _PHOTO_TAIL.sub("", part)
        known = agency_of(part) or agency_of(bare) or (part if part.casefold() in _PHOTO_HOUSES else None)
        if known is not None:
            agency = agency or known
        elif photographer is None and _is_person(part) and not _HOUSE.search(part):
            photographer = part
        elif part[:1].isupper() and len(part) <= 40:
            houses.append(part)
    if agency is None and (photographer is not None or any(map(_HOUSE.search, houses))):
        agency = next(iter(houses), None)
    return photographer, agency


_CREDIT_GAP = re.compile(r"\s?[/|•·]\s?|\svia\s|, ")
_PHOTO_TAIL = re.compile(r"\s?(?:photo|foto|images?|file|bildfunk|pool|-bildfunk)$", re.IGNORECASE)
# Words of houses that sell or keep pictures: such a part is no person, however its words begin.
_HOUSE = re.compile(
    r"\b(?:fotos?|photos?|photography|images?|imagery|pictures?|press|presse|media|services?|agency|agentur|agence|news|"
    r"archiv|archives?|studios?|verlag|group|gruppe|tv|gmbh|inc|ltd|collection|museum|library|courtesy|handout|"
    r"university|redaktion|zeitung)\b",
    re.IGNORECASE,
)


def _is_person(text: str) -> bool:
    words = text.split()
    return (
        2 <= len(words) <= 4
        and not any(char.isdigit() for char in text)
        and all(w[0].isupper() or len(w) < 4 for w in words)
    )
