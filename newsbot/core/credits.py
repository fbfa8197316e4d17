"""Credits: datelines, wire credits, and captions with their credit.

What comes in: texts that were found to be such (a dateline, a wire credit, a caption). What goes out: their parts.
Knows no page. Linear: every repeat in the patterns is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsbot.core.agencies import agency_of
from newsbot.core.printed_dates import printed_dates

MAX_CREDIT_CHARS = 600

_DASH = r"\s{0,2}(?:[-–—―]{1,2}|:)\s{0,2}"
_AGENCY_AT_END = re.compile(r"[(\[/,]\s?([^()\[\],/]{2,40})\s?[)\]]?$")
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
_SPACE = re.compile(r"\s+")

_PHOTO_CREDIT = re.compile(
    r"(?:photo(?:graph|s)?|foto|fotos|bild|bilder|image|images|picture|pictures|credit|crédit|crédits|quelle|source|"
    r"©|\(c\)|copyright|bildrechte|bildquelle|fotografía|imagen|写真|사진)"
    r"\s?(?:by|von|par|de|credits?|:|：)?\s?[:：]?\s?",
    re.IGNORECASE,
)
_LEADING_PHOTO = re.compile(r"^(?:photo|foto|bild|image|credit|©)s?\s?(?:by|von|par|:)\s?", re.IGNORECASE)
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
    return DatelineParts(text, bare.strip(" ,.-–—/") or None, agency)


def wire_credits(text: str) -> tuple[list[WireCredit], list[str]]:
    """The people and the agencies of a wire credit.

    >>> wire_credits("(Reporting by Ann Lee and Bo Ek in Oslo; Editing by Cy Day)")[0]
    [WireCredit(role='reporter', name='Ann Lee'), WireCredit(role='reporter', name='Bo Ek'), \
WireCredit(role='editor', name='Cy Day')]
    >>> wire_credits("With files from The Canadian Press")
    ([], ['The Canadian Press'])
    """
    text = _SPACE.sub(" ", text[:MAX_CREDIT_CHARS]).strip().strip("()[]").strip(" .*_")
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
    text = once(_SPACE.sub(" ", text).strip())
    caption, credit = _split_credit(text)
    photographer, agency = credited(credit) if credit else (None, None)
    dates = list(printed_dates(caption[:400])) if caption else []
    date = caption[dates[0].start : dates[0].end] if dates and caption else None
    return CaptionParts(caption or None, credit or None, photographer, agency, date)


def once(text: str) -> str:
    """*text*, or its first half if the second says the same.

    >>> once("A boat. (AP) A boat. (AP)")
    'A boat. (AP)'
    """
    middle = len(text) // 2
    for at in (middle, middle - 1, middle + 1):
        first, second = text[:at].strip(), text[at:].strip()
        if len(first) > 3 and first == second:
            return first
    return text


def _split_credit(text: str) -> tuple[str, str]:
    found = _BRACKET_END.search(text)
    ends = found is None or text[: found.start()].rstrip()[-1:] in ".!?…”\"»' "
    if found is not None and _is_credit(found.group(1)) and (ends or not _is_person(found.group(1))):
        return text[: found.start()].strip(), _LEADING_PHOTO.sub("", found.group(1), count=1).strip()
    marks = [
        mark for mark in _PHOTO_CREDIT.finditer(text) if mark.group().rstrip()[-1:] in ":：©)" or mark.start() == 0
    ]
    for mark in reversed(marks):
        rest = text[mark.end() :].strip()
        if 1 < len(rest) <= 120:
            return text[: mark.start()].strip(" |·(["), rest.strip(" )]")
    return text, ""


def _is_credit(text: str) -> bool:
    if _PHOTO_CREDIT.match(text) or agency_of(text):
        return True
    parts = re.split(r"\s?[/|]\s?|, ", text)
    if any(agency_of(part) or part.casefold() in _PHOTO_HOUSES for part in parts):
        return True
    return any(_is_person(part) for part in parts) and all(part[:1].isupper() and len(part) <= 40 for part in parts)


def credited(credit: str) -> tuple[str | None, str | None]:
    """(photographer, agency) of a credit: ``AP Photo/Ann Lee``, ``Ann Lee/dpa``, ``Getty Images``."""
    photographer = agency = None
    for part in re.split(r"\s?[/|•·]\s?|\svia\s|, ", credit)[:6]:
        part = part.strip(" .")
        bare = re.sub(r"\s?(?:photo|foto|images?|file)$", "", part, flags=re.IGNORECASE)
        known = agency_of(part) or agency_of(bare) or (part if part.casefold() in _PHOTO_HOUSES else None)
        if known is not None:
            agency = agency or known
        elif photographer is None and _is_person(part):
            photographer = part
        elif photographer is not None and agency is None and part[:1].isupper() and len(part) <= 40:
            agency = part
    return photographer, agency


def _is_person(text: str) -> bool:
    words = text.split()
    return (
        2 <= len(words) <= 4
        and not any(char.isdigit() for char in text)
        and all(w[0].isupper() or len(w) < 4 for w in words)
    )
