"""Pages as plain text: web-text corpora (WET), ``text/plain``.

What comes in: a `Page` whose markup is plain text. What goes out: `Segments` with a block a line, and `Regions` with
one role a block, of the same kinds as for HTML. There is no structure to go by, so lines are told apart by what they
are like (prose, title, caption, credit) and by the words that they share with the story.
Linear but for one comparison of every title line with the few paragraphs that follow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsbot.core.blocks import Block, Node, Piece, Segments
from newsbot.core.copy_marks import is_agency_sign
from newsbot.core.credits import once, wire_credits
from newsbot.core.foreign import foreign_blocks
from newsbot.core.page import Page
from newsbot.core.plain_lines import (
    BYLINE,
    FOOTER,
    MAX_HEADING_CHARS,
    SENTENCE_END,
    WIRE,
    Line,
    block_kind,
    is_dense,
    is_lead_in,
    is_rank,
    line_of,
)
from newsbot.core.printed_dates import has_date, printed_dates
from newsbot.core.roles import BodyPart, CaptionRegion, Regions, Role, TeaserBlock, TeaserRegion

MAX_HEADING_WORDS = 5
# Lines broken at a margin: of paragraphs of several lines, most lines but the last are this long.
MARGIN_CHARS = (50, 100)
# A part of the page goes on with the story if its paragraphs share this part of their words with what came before:
# lower, teasers get into bodies, higher, stories end early (0.04 and 0.12 cost 1 % precision, 5 % recall each).
# Rerun: python -m benchmarks.quality.plaintext
MIN_SHARED = 0.05
MIN_STORY_CHARS = 200
# A headline with a byline or a date so many lines below it is worth so much of its words coming back.
SIGNED_BONUS, SIGNED_LINES = 0.5, 4
MAX_SIGNED_CHARS = 80
HOUSE_LINES = 4
# A page without a story but with so many cards is a list of them.
MIN_LISTED = 4
MAX_SNIFFED = 4_096

_DATELINE = re.compile(
    r"[^\W\d_a-z][^\d_.;:!?]{1,40}?(?:,\s[^\W\d_][\w .]{1,20})?(?:\s?[(/]\s?[\w .-]{2,25}\s?\)?)?\s?[-–—―]{1,2}$"
)
_INLINE_DATELINE = re.compile(
    r"([^\W\d_a-z][^\W\d_a-z .'’,-]{2,30}(?:,\s[\w .]{2,20})?(?:\s?\((?:[\w .-]{2,25})\))?)\s?[-–—―]{1,2}\s(?=[^\W\d_])"
)
_PHOTO_LINE = re.compile(r"(?:photo|foto|bild|image|picture|credit|crédit)s?\s?[:：]\s?\S.{1,100}$", re.IGNORECASE)
_RANK = re.compile(r"^\d{1,2}[.)]?\s(?=\S)")


# Why a line has its role, for whoever asks for an explanation.
_RULES = {
    Role.HEADLINE: "the title line whose words come back most in the paragraphs after it",
    Role.ALTERNATIVE_HEADLINE: "prose between headline and byline or date",
    Role.BYLINE: "between headline and story, begins like a byline",
    Role.DATELINE: "between headline and story, a place and a dash",
    Role.DATE: "between headline and story, a short line with a date",
    Role.CAPTION: "reads like the caption of a picture",
    Role.CREDIT: "names the source of the picture above",
    Role.BODY: "prose below the headline, or a short line that leads to such prose, up to where the words change",
    Role.WIRE_CREDIT: "names who reported, wrote or edited; the story ends here",
    Role.TEASER: "below the story, a title or a summary of another matter",
    Role.BLOCK_HEADING: "below the story, a short line above titles or summaries",
    Role.LABEL: "a short line that the next one begins with",
    Role.CONTAMINATION: "in a script in which neither the site nor the story is written",
    Role.CHROME: "neither part of the story nor of a block of teasers",
}


def is_plain_text(page: Page) -> bool:
    """Whether *page* is plain text: it says so, or it says nothing and holds no tag near its start."""
    kind = (page.content_type or "").partition(";")[0].strip().lower()
    if kind:
        return kind == "text/plain" and not _looks_like_html(page.html)
    return not _looks_like_html(page.html)


def _looks_like_html(markup: bytes) -> bool:
    head = markup[:MAX_SNIFFED].lower()
    marks = (b"<!doctype", b"<html", b"<head", b"<body", b"<title", b"<script", b"</", b"<!--")
    return any(mark in head for mark in marks)


def segment_text(page: Page) -> Segments:
    """The blocks of a page of plain text: its lines, those of a paragraph broken at a margin joined."""
    segments = Segments(page=page)
    top = Node(0, None, "html", {}, 0, True, 0, 0, 0, 0, 0)
    segments.nodes.append(top)
    for text in _blocks(page.html.decode("utf-8", "replace")):
        number = len(segments.blocks)
        node = Node(number + 1, top, "p", {}, 1, True, 0, 0, number, 0, 0, number + 2, number + 1, 0, 0)
        segments.nodes.append(node)
        segments.blocks.append(Block(number, node, text, [Piece(0, len(text), node, "p", None)], 0))
    top.end_node, top.end_block = len(segments.nodes), len(segments.blocks)
    return segments


def _blocks(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [" ".join(line.split()) for line in paragraph.split("\n") if line.strip()]
        if _is_wrapped(lines):
            yield " ".join(lines)
        else:
            yield from lines


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether the lines are one paragraph broken at a margin: all but the last about as long, most in mid-sentence."""
    if len(lines) < 2:
        return False
    shortest, longest = MARGIN_CHARS
    inner = lines[:-1]
    if not all(shortest <= len(line) <= longest for line in inner) or len(lines[-1]) > longest:
        return False
    return sum(line[-1] not in SENTENCE_END for line in inner) * 2 >= len(inner)


def split_text(segments: Segments, *, explain: bool = False) -> Regions:
    """Explain a page of plain text: `Regions` with one role for each line; its ``reasons`` when *explain*."""
    blocks = segments.blocks
    lines = [line_of(block.text) for block in blocks]
    roles = [Role.CHROME] * len(blocks)
    headline = _headline(blocks, lines)
    if headline is None:
        return _listing(blocks, lines, explain)
    roles[headline] = Role.HEADLINE
    start, captions = _head(blocks, lines, roles, headline)
    end, inner = _body(blocks, lines, roles, start)
    teasers = _teasers(blocks, lines, roles, end)
    contamination = _foreign(blocks, lines, roles)
    body, dateline = _parts(blocks, roles)
    if not body:
        return _listing(blocks, lines, explain)
    return Regions(
        roles=tuple(roles),
        page_type="article",
        headline=blocks[headline].text,
        lead=next((part.text for part in body if part.kind == "lead"), None),
        body=body,
        bylines=_texts(blocks, roles, Role.BYLINE),
        dates=_texts(blocks, roles, Role.DATE),
        dateline=next(iter(_texts(blocks, roles, Role.DATELINE)), dateline),
        wire_credits=_texts(blocks, roles, Role.WIRE_CREDIT),
        captions=captions + inner,
        teaser_blocks=teasers,
        contamination=contamination,
        reasons={block.index: _reason(roles[block.index], line) for block, line in _told(blocks, lines, explain)},
    )


def _listing(blocks: Sequence[Block], lines: Sequence[Line], explain: bool) -> Regions:
    """A page without a story: a front page, if it has enough cards, else nothing."""
    roles = [Role.CHROME] * len(blocks)
    teasers = _teasers(blocks, lines, roles, 0)
    is_list = sum(len(block.teasers) for block in teasers) >= MIN_LISTED
    if not is_list:
        roles = [Role.CHROME] * len(blocks)
    contamination = _foreign(blocks, lines, roles)
    return Regions(
        roles=tuple(roles),
        page_type="section" if is_list else "other",
        teaser_blocks=teasers if is_list else (),
        contamination=contamination,
        reasons={block.index: _reason(roles[block.index], line) for block, line in _told(blocks, lines, explain)},
    )


def _told(blocks: Sequence[Block], lines: Sequence[Line], explain: bool) -> Iterator[tuple[Block, Line]]:
    return zip(blocks, lines, strict=True) if explain else iter(())


def _reason(role: Role, line: Line) -> str:
    kinds = {"prose": line.is_prose, "title": line.is_title, "caption": line.is_caption}
    alike = " or ".join(name for name, holds in kinds.items() if holds) or "none of prose, title, caption"
    return f"{_RULES.get(role, role)} (by itself the line is like: {alike})"


def _texts(blocks: Sequence[Block], roles: Sequence[Role], role: Role) -> tuple[str, ...]:
    return tuple(block.text for block in blocks if roles[block.index] is role)


def _headline(blocks: Sequence[Block], lines: Sequence[Line]) -> int | None:
    """The title line whose words come back most in the paragraphs after it; the first of equals."""
    best, best_score = None, 0.0
    prose = [index for index, line in enumerate(lines) if line.is_prose]
    following = 0
    for index, line in enumerate(lines):
        while following < len(prose) and prose[following] <= index:
            following += 1
        if not line.is_title or not line.words or following == len(prose):
            continue
        if prose[following] - index > 12:
            continue
        near = prose[following : following + 6]
        shared = line.words & frozenset().union(*(lines[i].words for i in near))
        size = min(sum(len(blocks[i].text) for i in near), 1_500)
        score = (len(shared) / len(line.words) + SIGNED_BONUS * _is_signed(blocks, index)) * size**0.5
        if score > best_score * 1.1:
            best, best_score = index, score
    return best


def _is_signed(blocks: Sequence[Block], index: int, lines: Sequence[Line] = ()) -> bool:
    """Whether a byline or a date stands a few lines below the line; with *lines*, above the next prose."""
    end = index + 1 + SIGNED_LINES
    end = next((at for at in range(index + 1, min(end, len(lines))) if lines[at].is_prose), end)
    below = (block.text for block in blocks[index + 1 : end])
    return any(len(text) <= MAX_SIGNED_CHARS and (BYLINE.match(text) or has_date(text)) for text in below)


def _head(
    blocks: Sequence[Block], lines: Sequence[Line], roles: list[Role], headline: int
) -> tuple[int, tuple[CaptionRegion, ...]]:
    """Give roles to the lines between headline and body; where the body starts, and the captions."""
    captions: list[CaptionRegion] = []
    index = headline + 1
    while index < len(blocks):
        text = blocks[index].text
        if index + 1 < len(blocks) and _PHOTO_LINE.match(blocks[index + 1].text):
            roles[index], roles[index + 1] = Role.CAPTION, Role.CREDIT
            captions.append(CaptionRegion(f"{text} {blocks[index + 1].text}", (index, index + 1), None))
            index += 1
        elif lines[index].is_caption:
            roles[index] = Role.CAPTION
            captions.append(CaptionRegion(once(text), (index,), None))
        elif lines[index].is_prose:
            if roles[index - 1] is Role.ALTERNATIVE_HEADLINE or not _is_signed(blocks, index, lines):
                break
            roles[index] = Role.ALTERNATIVE_HEADLINE
        elif _DATELINE.match(text):
            roles[index] = Role.DATELINE
        elif BYLINE.match(text) and len(text) <= 120:
            roles[index] = Role.BYLINE
        elif len(text) <= 80 and next(printed_dates(text), None) is not None:
            roles[index] = Role.DATE
        index += 1
    return index, tuple(captions)


def _body(
    blocks: Sequence[Block], lines: Sequence[Line], roles: list[Role], start: int
) -> tuple[int, tuple[CaptionRegion, ...]]:
    """Give the body its roles: where it ends (at a wire credit, or where a heading leads elsewhere), its captions."""
    known: set[str] = set()
    captions: list[CaptionRegion] = []
    last = start - 1
    for index in range(start, len(blocks)):
        text = blocks[index].text
        if (WIRE.match(text) and (wire_credits(text) != ([], []))) or is_agency_sign(text):
            roles[index] = Role.WIRE_CREDIT
            return index + 1, tuple(captions)
        if block_kind(text) is not None and not FOOTER.match(text):
            break
        if lines[index].is_caption:
            roles[index] = Role.CAPTION
            captions.append(CaptionRegion(once(text), (index,), None))
        elif is_lead_in(text):
            roles[index] = Role.CHROME
        elif lines[index].is_prose:
            roles[index] = Role.BODY
            known |= lines[index].words
            last = index
        elif FOOTER.match(text) or not lines[index].words:
            continue
        elif _ends_story(lines, index, known):
            break
        elif not FOOTER.match(text) and _is_followed_by_prose(lines, index):
            roles[index] = Role.BODY
    for index in range(last + 1, len(blocks)):
        if roles[index] is Role.BODY:
            roles[index] = Role.CHROME
    return last + 1, tuple(caption for caption in captions if caption.blocks[0] <= last)


def _is_followed_by_prose(lines: Sequence[Line], index: int) -> bool:
    return any(line.is_prose for line in lines[index + 1 : index + 3])


def _ends_story(lines: Sequence[Line], index: int, known: set[str]) -> bool:
    """Whether the paragraphs after this line, up to the next such line, speak of other matters than the story."""
    shares = []
    for line in lines[index + 1 : index + 9]:
        if line.is_prose and line.words:
            shares.append(len(line.words & known) / len(line.words))
        elif shares and not line.is_caption:
            break
    if not shares:
        return not any(line.is_prose for line in lines[index + 1 : index + 4])
    return sum(shares) / len(shares) < MIN_SHARED


def _parts(blocks: Sequence[Block], roles: Sequence[Role]) -> tuple[tuple[BodyPart, ...], str | None]:
    """The body's parts, and the dateline with which the first paragraph begins."""
    parts = []
    for block in blocks:
        if roles[block.index] is Role.ALTERNATIVE_HEADLINE:
            parts.append(BodyPart("lead", block.text, block.index))
        elif roles[block.index] is Role.BODY:
            kind = "paragraph" if block.text[-1] in SENTENCE_END else "subheading"
            parts.append(BodyPart(kind, block.text, block.index))
    if sum(len(part.text) * (3 if is_dense(part.text) else 1) for part in parts) < MIN_STORY_CHARS:
        return (), None
    first = next((part.text for part in parts if part.kind != "lead"), "")
    found = _INLINE_DATELINE.match(first)
    return tuple(parts), found.group(1) if found else None


def _teasers(blocks: Sequence[Block], lines: Sequence[Line], roles: list[Role], start: int) -> tuple[TeaserBlock, ...]:
    """The cards below the story: a short line opens a block, a title line or a paragraph of its own opens a card."""
    found: list[tuple[int | None, list[TeaserRegion]]] = []
    heading: int | None = None
    cards: list[TeaserRegion] = []
    # The imprint at the page's end begins like the house's name at its top.
    house = tuple(
        block.text for block in blocks[:HOUSE_LINES] if " " in block.text and len(block.text) <= MAX_HEADING_CHARS
    )
    for index in range(start, len(blocks)):
        text, line = blocks[index].text, lines[index]
        if line.is_prose and not FOOTER.search(text[:60]) and not text.startswith(house):
            if cards and cards[-1].summary is None and cards[-1].headline is not None:
                cards[-1] = _with_summary(cards[-1], text)
            else:
                cards.append(TeaserRegion(block=index, href=None, headline=None, summary=text))
            roles[index] = Role.TEASER
        elif is_rank(text):
            continue
        elif _is_heading(text, line):
            if cards:
                found.append((heading, cards))
                cards = []
            heading = None if FOOTER.search(text) else index
        elif line.is_title:
            label, title = _labelled(
                _RANK.sub("", text, count=1), blocks[heading].text if heading is not None else None
            )
            cards.append(TeaserRegion(block=index, href=None, headline=title, label=label))
            roles[index] = Role.TEASER
    if cards:
        found.append((heading, cards))
    for at, _ in found:
        if at is not None:
            roles[at] = Role.BLOCK_HEADING
    return tuple(
        TeaserBlock(
            heading=blocks[at].text if at is not None else None,
            kind=(block_kind(blocks[at].text) if at is not None else None) or "other",
            teasers=tuple(block),
        )
        for at, block in found
    )


def _is_heading(text: str, line: Line) -> bool:
    return not line.is_prose and (len(text.split()) <= MAX_HEADING_WORDS and len(text) <= MAX_HEADING_CHARS)


def _with_summary(card: TeaserRegion, summary: str) -> TeaserRegion:
    return TeaserRegion(block=card.block, href=None, headline=card.headline, label=card.label, summary=summary)


def _labelled(text: str, heading: str | None) -> tuple[str | None, str]:
    """(label, headline): a title that begins with its block's heading carries it as label."""
    if heading and text.casefold().startswith(heading.casefold() + " "):
        return text[: len(heading)], text[len(heading) + 1 :]
    return None, text


def _foreign(blocks: Sequence[Block], lines: Sequence[Line], roles: list[Role]) -> tuple[str, ...]:
    """Short lines at the page's ends in a script of which its prose has nothing: the mark of a mirror."""
    prose = "".join(block.text for block, line in zip(blocks, lines, strict=True) if line.is_prose)
    found = foreign_blocks(blocks, roles, prose)
    for index in found:
        roles[index] = Role.CONTAMINATION
    return tuple(blocks[index].text for index in found)
