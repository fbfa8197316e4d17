"""The teasers of a page: what it promotes, as cards in blocks.

What comes in: `Segments` and what is known of the story. What goes out: `FoundTeasers`: blocks of teasers in
document order, and the roles of the text blocks they use. Never fails: no teasers is a value.

The way: links to one target become units (`teaser_units`); a forest rates each unit by its URL, text and
surroundings; the likely ones get cards (`teaser_cards`), are rated again beside their neighbours, and their texts
are told apart; then each run of cards gets its heading and kind (`teaser_blocks`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from newsbot.core.blocks import Block, Segments
from newsbot.core.forest import Forest, load_forest
from newsbot.core.roles import FoundTeasers, Role, StoryView, TeaserBlock, TeaserRegion
from newsbot.core.teaser_blocks import (
    Group,
    group,
    heading_candidates,
    heading_features,
    named_units,
    raise_rubrics,
    split_tabs,
)
from newsbot.core.teaser_cards import Card, Field, find_cards
from newsbot.core.teaser_features import card_features, features
from newsbot.core.teaser_fields import AUTHOR_HINT, BY_LIKE, DATE_LIKE, field_features, read_fields
from newsbot.core.teaser_units import (
    IN_ASIDE,
    IN_FOOTER,
    IN_HEADER,
    IN_NAV,
    LinkMap,
    read_links,
    regions_of,
    weight,
)
from newsbot.core.teaser_words import kind_of, kinds_of, lead_in

OTHER, HEADLINE, LABEL, SUMMARY = range(4)
# Raw scores (log odds). Below the first a unit is not looked at again.
_LIKELY = -2.2
_ACCEPTED = 0.0
# In a list whose heading says that stories follow, a short list or a plain URL count for less against a unit.
_NAMED_ODDS = 3.5
# A short text of its own directly above the headline, on most cards of the page: rooflines were rare in training.
_ROOFLINE_ODDS = 1.5
# A link to the section in whose folder the story stands is what a label is.
_SECTION_ODDS = 2.0
_VIDEO_PARTS = frozenset(
    ("video", "videos", "watch", "mediathek", "podcast", "podcasts", "gallery", "photos", "bilder")
)
_MAX_MARK = 40  # weight of a label that marks paid content
_MAX_HEADLINE = 300  # weight of a card's only text
_MAX_DATE = 40  # characters of a printed date


@dataclass(frozen=True, slots=True)
class Forests:
    """What was learnt: units, cards, fields of cards, headings of blocks."""

    units: Forest
    cards: Forest
    fields: Forest
    headings: Forest


@lru_cache(maxsize=1)
def forests() -> Forests:
    """The forests shipped with newsbot."""
    return Forests(*(load_forest(f"teaser_{name}") for name in ("units", "cards", "fields", "headings")))


def find_teasers(segments: Segments, story: StoryView | None = None, learnt: Forests | None = None) -> FoundTeasers:
    """The teasers of a page; blocks in document order, none empty."""
    return TeaserSearch(segments, learnt).beside(story)


class TeaserSearch:
    """A page's links, rated once; what its teasers are depends on where its story is said to stand."""

    def __init__(self, segments: Segments, learnt: Forests | None = None) -> None:
        self._forests = learnt or forests()
        self._links = links = read_links(segments)
        links.units, self._rows = features(links)
        self._scores: list[float] = self._forests.units.scores(self._rows)[:, 0].tolist()

    def beside(self, story: StoryView | None) -> FoundTeasers:
        """The teasers of the page if *story* is its story; blocks in document order, none empty."""
        links, learnt = self._links, self._forests
        if not links.units:
            return FoundTeasers()
        cards = likely_cards(links, self._scores)
        rates = learnt.cards.scores(card_features(cards, links, self._rows))[:, 0].tolist()
        cards = accepted_cards(cards, rates, links)
        tell_fields(cards, learnt.fields.scores(field_features(cards, links)).tolist())
        cards = [card for card in cards if card.headline or card.summary]
        candidates = heading_candidates(cards, links)
        odds = learnt.headings.scores(heading_features(cards, candidates, links))[:, 0].tolist()
        groups = group(cards, candidates, odds, links, story.own if story is not None else frozenset())
        groups = split_tabs(
            groups, {id(card): blocks for card, blocks in zip(cards, candidates, strict=True) if blocks}
        )
        return assemble(raise_rubrics(groups), links, story)


def likely_cards(links: LinkMap, scores: list[float]) -> list[Card]:
    """Cards of the units that may be teasers, and of links to the page itself that look like one."""
    units, kept, named = [], [], []
    for unit, score, is_named in zip(links.units, scores, named_units(links), strict=True):
        odds = score + _NAMED_ODDS if is_named else score
        if odds > _LIKELY:
            units.append(unit)
            kept.append(odds)
            named.append(is_named)
    cards = find_cards(links, units, kept)
    for card, is_named in zip(cards, named, strict=True):
        card.named = is_named
    return cards


def accepted_cards(cards: list[Card], rates: list[float], links: LinkMap) -> list[Card]:
    """The cards whose second rating is good enough, cut anew between those that are left."""
    accepted = [
        card for card, rate in zip(cards, rates, strict=True) if rate + (_NAMED_ODDS if card.named else 0.0) > _ACCEPTED
    ]
    if len(accepted) < len(cards):
        accepted = find_cards(links, [card.unit for card in accepted], [card.score for card in accepted])
    for card in accepted:
        card.fields = read_fields(card, links)
    return accepted


def tell_fields(cards: list[Card], odds: list[list[float]]) -> None:
    """Give each card its headline, label and summary; *odds* has a row for each field of the cards with several."""
    at = 0
    for card in cards:
        if len(card.fields) < 2:
            _tell_lone(card)
            continue
        own = odds[at : at + len(card.fields)]
        at += len(card.fields)
        if card.roofline >= 0 and not _is_person(card.fields[card.roofline]):
            own[card.roofline][LABEL] += _ROOFLINE_ODDS
        for item, row in zip(card.fields, own, strict=True):
            if item.to_section:
                row[LABEL] += _SECTION_ODDS
        kinds = [row.index(max(row)) for row in own]
        card.kinds = kinds
        card.headline = _headline(card, own, kinds)
        card.label = _best(card, own, kinds, LABEL)
        card.summary = _joined([item for item, kind in zip(card.fields, kinds, strict=True) if kind == SUMMARY])
        if card.summary == card.headline:
            card.summary = None
        _tell_rest(card)


def _tell_lone(card: Card) -> None:
    """The only text of a card is its headline, or, as long as a paragraph, its summary."""
    for item in card.fields:
        text = item.text
        if weight(text) <= _MAX_HEADLINE:
            card.kinds, card.headline = [HEADLINE], text
        else:
            card.kinds, card.summary = [SUMMARY], text
    _mark_paid_link(card)


def _mark_paid_link(card: Card) -> None:
    if "sponsored" in card.unit.links[0].node.attrs.get("rel", "").lower():
        card.is_sponsored = True


def _tell_rest(card: Card) -> None:
    """Byline, date and the mark of paid content: what is neither headline nor summary, by its own form."""
    for item, kind in zip(card.fields, card.kinds, strict=True):
        if kind not in (OTHER, LABEL):
            continue
        text = item.text
        first = kinds_of(text)[1] if len(text) <= _MAX_MARK else ()
        if "sponsored" in first:
            card.is_sponsored = True
            card.label = text
        if kind != OTHER or "lead_in" in first:
            continue
        if item.node.tag == "time" or (len(text) <= _MAX_DATE and DATE_LIKE.search(text)):
            card.date_printed = card.date_printed or text
        elif _is_person(item):
            card.byline = f"{card.byline} {text}" if card.byline else text
    _mark_paid_link(card)


def _is_person(item: Field) -> bool:
    return bool(item.to_person or BY_LIKE.match(item.text) or AUTHOR_HINT.search(item.node.hint))


def _headline(card: Card, odds: list[list[float]], kinds: list[int]) -> str | None:
    picked = [index for index, kind in enumerate(kinds) if kind == HEADLINE]
    if not picked:
        if SUMMARY in kinds or not kinds:
            return None
        best = max(range(len(odds)), key=lambda index: odds[index][HEADLINE] - odds[index][OTHER])
        kinds[best] = HEADLINE
        picked = [best]
    return _joined([card.fields[index] for index in picked])


def _joined(fields: list[Field]) -> str | None:
    """The texts in order; what stands in one block keeps its spacing, repeated texts are given once."""
    parts: list[str] = []
    last: Field | None = None
    start = 0
    for item in fields:
        if last is not None and last.block is item.block and not last.block.text[last.end : item.start].strip():
            if _glued(last, item):
                parts[-1] += " " + item.text
            else:
                parts[-1] = item.block.text[start : item.end]
        elif item.text not in parts:
            parts.append(item.text)
            start = item.start
        else:
            continue
        last = item
    return " ".join(parts) or None


def _glued(last: Field, item: Field) -> bool:
    """Do two elements follow each other with no space, although each holds words of its own?"""
    return last.end == item.start and last.end - last.start > 1 and last.text[-1:].isalnum() and item.text[:1].isalnum()


def _best(card: Card, odds: list[list[float]], kinds: list[int], wanted: int) -> str | None:
    found = [index for index, kind in enumerate(kinds) if kind == wanted]
    if not found:
        return None
    best = max(found, key=lambda index: odds[index][wanted])
    text = card.fields[best].text
    return None if lead_in(text) else text


def assemble(groups: list[Group], links: LinkMap, story: StoryView | None) -> FoundTeasers:
    """The groups as blocks of teasers, with the roles of the text they use."""
    own = story.own if story is not None else frozenset()
    roles: dict[int, Role] = {}
    blocks = []
    for found in groups:
        heading = found.heading.text if found.heading is not None else _lead_in_of(found)
        paid = heading is not None and weight(heading) <= _MAX_MARK and kind_of(heading) == "sponsored"
        # The page itself in a list is no teaser, but it holds the list together.
        cards = [card for card in found.cards if not card.unit.own and not _is_told(card, own)]
        if not cards:
            continue
        for card in cards:
            card.is_sponsored = card.is_sponsored or paid
            _card_roles(card, roles, own)
        if found.heading is not None and found.heading.index not in own:
            roles[found.heading.index] = Role.BLOCK_HEADING
        kind = _kind(cards, heading, story, links)
        blocks.append(TeaserBlock(heading, kind, tuple(_region(card, links) for card in cards)))
    return FoundTeasers(tuple(blocks), roles)


def _is_told(card: Card, own: frozenset[int]) -> bool:
    """Is the text of a lone card the story's own? A line that is nothing but a link, or lies under one, is not."""
    if not own or card.unit.is_overlay or card.repeated:
        return False
    wanted = HEADLINE if card.headline else SUMMARY
    return any(
        item.block.index in own and kind == wanted and not _is_link_line(item.block)
        for item, kind in zip(card.fields, card.kinds, strict=True)
    )


def _lead_in_of(found: Group) -> str | None:
    """The words that lead to a lone card ("Read more:"), which stand for its heading."""
    if len(found.cards) > 1:
        return None
    card = found.cards[0]
    for item, kind in zip(card.fields, card.kinds, strict=True):
        if kind in (OTHER, LABEL) and lead_in(item.text):
            return item.text.rstrip(" :：\ufeff")
    return None


def _card_roles(card: Card, roles: dict[int, Role], own: frozenset[int]) -> None:
    for item, kind in zip(card.fields, card.kinds, strict=True):
        index = item.block.index
        if index in own and not _is_link_line(item.block) and (not card.unit.is_overlay or kind != HEADLINE):
            if kind == SUMMARY and not card.repeated:
                card.summary = None
            continue
        if kind == LABEL:
            roles.setdefault(index, Role.LABEL)
        else:
            roles[index] = Role.TEASER


def _is_link_line(block: Block) -> bool:
    """Is the block nothing but a link, perhaps after a lead-in?"""
    return block.link_chars >= 0.6 * len(block.text)


def _region(card: Card, links: LinkMap) -> TeaserRegion:
    return TeaserRegion(
        block=card.fields[0].block.index,
        href=card.unit.links[0].href,
        headline=card.headline,
        label=card.label,
        summary=card.summary,
        byline=card.byline,
        date_printed=card.date_printed,
        image_url=_image(card, links),
        is_sponsored=card.is_sponsored,
    )


def _image(card: Card, links: LinkMap) -> str | None:
    """The address of the card's first image that has one; late loaders keep it in a data attribute."""
    for image in links.segments.images[card.node.first_image : card.node.end_image]:
        for name in ("data-src", "data-original", "data-lazy-src", "src"):
            url = image.attrs.get(name, "").strip()
            if url and not url.startswith("data:"):
                return url
        first = image.attrs.get("srcset", image.attrs.get("data-srcset", "")).strip().partition(" ")[0]
        if first and not first.startswith("data:"):
            return first.rstrip(",")
    return None


def _kind(cards: list[Card], heading: str | None, story: StoryView | None, links: LinkMap) -> str:
    """What a block is: by its words, else by where it stands."""
    first = cards[0].node
    if all(card.is_sponsored for card in cards):
        return "sponsored"
    has_story = story is not None and story.first >= 0
    if has_story and story is not None and story.first < first.first_block < story.last and len(cards) <= 2:
        return "inline"
    named = kind_of(heading)
    if named is not None:
        return named
    if all(any(part in _VIDEO_PARTS for part in card.unit.target.segments) for card in cards):
        return "video"
    regions = regions_of(first, links.regions)
    if regions & (IN_NAV | IN_FOOTER) or (regions & IN_HEADER and has_story):
        return "other"
    if heading is not None:
        return "section_list"
    if regions & IN_ASIDE or not has_story:
        return "rail"
    return "recirculation" if story is not None and first.first_block > story.last else "rail"
