"""The marks of copy: dateline, wire credit, correction.

What comes in: the blocks of a page, and which of them are the story's. What goes out: the roles of those that are
such a mark, and their texts. A mark stands at an end of the story: before its first paragraph or behind its last.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from newsbot.core.agencies import agency_of
from newsbot.core.blocks import NOT_DRAWN, Block
from newsbot.core.credits import wire_credits
from newsbot.core.roles import Role

# A wire credit or a correction is one of so many last blocks of the story, or stands so many blocks behind it.
LAST_OWN, BEHIND = 3, 4
# The first paragraph is among so many blocks of the story.
OPENING = 3
# A dateline of its own stands so many blocks before the first paragraph.
BEFORE = 3
MAX_DATELINE_CHARS = 60
MAX_MARK_CHARS = 600

# "OTTAWA -", "PORT ALDER, N.L. (AP) —", "PORT ALDER/NORVIK, March 3 (AP) —": the place in capitals, then a dash.
_DATELINE = re.compile(
    r"[^\W\d_a-z](?:[^\W\d_a-z]|[ .'’/-]){2,40}(?:, ?[\w .]{2,20})?(?: ?[(/][\w .-]{2,25}\)?)? ?[-–—―]{1,2}(?= |$)"
)
# "Berlin (dpa) -": any place, if what stands in brackets is an agency.
_NAMED_DATELINE = re.compile(r"[^\W\d_][\w .'’/-]{1,40} ?\(([\w /.-]{2,25})\) ?[-–—―]{1,2}(?= |$)")
_WIRE = re.compile(
    r"[(\[*_—– ]{0,3}(?:(?:additional )?reporting by\b|written by\b|writing by\b|edit(?:ing|ed) by\b|with files from\b|"
    r"compiled by\b|mit material von\b|mit informationen von\b|avec afp\b|avec reuters\b|con información de\b)",
    re.IGNORECASE,
)
MAX_SIGN_CHARS = 40
_SIGN_AT_END = re.compile(r"[(\[][\w /,.-]{2,38}[)\]]$")
_CORRECTION = re.compile(
    r"(?:corrections?|clarification|corrigendum|korrektur|berichtigung|correctif|rectificatif|correcci[oó]n|"
    r"rectificaci[oó]n|correzione|rettelse|rättelse|correctie|correção|訂正)\b[^:：—–]{0,40}[:：—–] ?",
    re.IGNORECASE,
)

# "Editor's note:" and its like, which stand before the story as often as behind it.
_NOTE = re.compile(
    r"(?:editor[’'`]?s[’'`]? note|note (?:from|by) the editors?|editorial note|clarification|correction|"
    r"(?:anmerkung|hinweis) der redaktion|note de (?:la rédaction|l[’']éditeur)|ndlr|"
    r"nota (?:de la redacción|del editor|da redação|do editor|della redazione|dell[’']editore)|"
    r"(?:noot|opmerking) van de redactie|redaksjonell merknad|"
    r"redaktionens kommentar|od redakcji|poznámka redak(?:ce|cie)|от редакции|від редакції|"
    r"編集部注|편집자 주|编者按|編者按) ?[:：—–.] ?",
    re.IGNORECASE,
)


@dataclass(slots=True)
class CopyMarks:
    """The marks by block; ``dateline`` may also be the beginning of a paragraph, which then stays whole."""

    roles: dict[int, Role] = field(default_factory=dict)
    dateline: str | None = None
    wire_credits: list[str] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)


def copy_marks(
    blocks: Sequence[Block], body: Sequence[int], headline: int | None, teasers: Container[int] = ()
) -> CopyMarks:
    """The marks at the ends of the story whose blocks are *body*, in order; none where there is no story.

    Blocks of *teasers* are none: the first card behind a story may begin like one.
    """
    marks = CopyMarks()
    if not body:
        return marks
    _notes_before(blocks, body, headline, teasers, marks)
    last = body[-1]
    for index in (*body[-LAST_OWN:], *range(last + 1, min(last + 1 + BEHIND, len(blocks)))):
        text = blocks[index].text
        if len(text) > MAX_MARK_CHARS or index in teasers or blocks[index].hidden & NOT_DRAWN:
            continue
        if (_WIRE.match(text) and wire_credits(text) != ([], [])) or is_agency_sign(text):
            marks.roles[index] = Role.WIRE_CREDIT
            marks.wire_credits.append(text)
        elif (found := _CORRECTION.match(text) or _NOTE.match(text)) is not None:
            marks.roles[index] = Role.CORRECTION
            marks.corrections.append(text[found.end() :])
    if not marks.wire_credits:  # a sign in brackets behind the last sentence, which stays whole
        sign = _SIGN_AT_END.search(blocks[last].text)
        if sign is not None and is_agency_sign(sign.group()):
            marks.wire_credits.append(sign.group())
    start = body[0]
    first = max(start - BEFORE, 0 if headline is None or headline > start else headline + 1)
    for index in range(first, start + 1):
        text = blocks[index].text
        if len(text) <= MAX_DATELINE_CHARS and not blocks[index].hidden and dateline_of(text) == text:
            marks.roles[index] = Role.DATELINE
            marks.dateline = text
    if marks.dateline is None:
        # A date line or the headline may still be among the first blocks of the story.
        begun = (dateline_of(blocks[index].text) for index in body[:OPENING] if index not in marks.roles)
        marks.dateline = next(filter(None, begun), None)
    return marks


def _notes_before(
    blocks: Sequence[Block], body: Sequence[int], headline: int | None, teasers: Container[int], marks: CopyMarks
) -> None:
    """Notes of the editors between the headline and the story, or in its first blocks; the last ones are not asked."""
    start = body[0]
    first = start if headline is None or headline > start else max(headline + 1, start - BEFORE)
    for index in range(first, min(start + OPENING, body[-LAST_OWN:][0])):
        block = blocks[index]
        if index in teasers or block.hidden & NOT_DRAWN or len(block.text) > MAX_MARK_CHARS:
            continue
        found = _NOTE.match(block.text)
        if found is not None and found.end() < len(block.text):
            marks.roles[index] = Role.CORRECTION
            marks.corrections.append(block.text[found.end() :])


def is_agency_sign(text: str) -> bool:
    """Whether *text* is the sign of one or more agencies and nothing else.

    >>> is_agency_sign("(dpa/AFP)"), is_agency_sign("AP"), is_agency_sign("(of course)")
    (True, True, False)
    """
    if len(text) > MAX_SIGN_CHARS:
        return False
    return all(agency_of(part) is not None for part in re.split(r"[/,]", text.strip("()[]. ")))


def dateline_of(text: str) -> str | None:
    """The dateline with which *text* begins.

    >>> dateline_of("OTTAWA (Reuters) — The minister said")
    'OTTAWA (Reuters) —'
    >>> dateline_of("Berlin (dpa) - Der Minister"), dateline_of("A plan (of sorts) - and a cost")
    ('Berlin (dpa) -', None)
    """
    found = _DATELINE.match(text)
    if found is None:
        found = _NAMED_DATELINE.match(text)
        if found is not None and agency_of(found.group(1)) is None:
            return None
    return found.group() if found is not None else None
