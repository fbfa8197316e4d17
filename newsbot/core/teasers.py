"""The teasers of a page: what it promotes, as cards in blocks.

What comes in: `Segments` and what is known of the story. What goes out: `FoundTeasers`: blocks of teasers in
document order, and the roles of the text blocks they use. Never fails: no teasers is a value.

The way: links to one target become units (`teaser_units`); a forest rates each unit by its URL, text and
surroundings; the likely ones get cards (`teaser_cards`), are rated again beside their neighbours, and their texts
are told apart; then each run of cards gets its heading and kind (`teaser_blocks`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from newsbot.core.blocks import Block, Segments
from newsbot.core.forest import Forest, load_forest
from newsbot.core.roles import FoundTeasers, Role, StoryView, TeaserBlock, TeaserRegion
from newsbot.core.teaser_blocks import Group, group, heading_candidates, heading_features, kind_of, split_tabs, words
from newsbot.core.teaser_cards import Card, Field, field_features, find_cards, read_fields
from newsbot.core.teaser_units import LinkMap, Unit, features, read_links

OTHER, HEADLINE, LABEL, SUMMARY = range(4)
# Raw scores (log odds). Below the first a unit is not looked at again.
_LIKELY = -2.2
_ACCEPTED = 0.0
# A short text of its own directly above the headline, on most cards of the page: rooflines were rare in training.
_ROOFLINE_ODDS = 1.5


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
    learnt = learnt or forests()
    links = read_links(segments)
    if not links.units:
        return FoundTeasers()
    rows = features(links)
    cards = likely_cards(links, learnt.units.scores(rows)[:, 0].tolist())
    rates = learnt.cards.scores(card_features(cards, links, rows))[:, 0].tolist()
    cards = accepted_cards(cards, rates, links)
    tell_fields(cards, learnt.fields.scores(field_features(cards, links)).tolist())
    cards = [card for card in cards if card.headline or card.summary]
    candidates = heading_candidates(cards, links)
    odds = learnt.headings.scores(heading_features(cards, candidates, links))[:, 0].tolist()
    groups = group(cards, candidates, odds, links)
    groups = split_tabs(groups, {id(card): blocks for card, blocks in zip(cards, candidates, strict=True) if blocks})
    return assemble(groups, links, story)


def likely_cards(links: LinkMap, scores: list[float]) -> list[Card]:
    """Cards of the units that may be teasers, and of links to the page itself that look like one."""
    units, kept = [], []
    for unit, score in zip(links.units, scores, strict=True):
        if score > _LIKELY:
            units.append(unit)
            kept.append(score)
    return find_cards(links, units, kept)


def accepted_cards(cards: list[Card], rates: list[float], links: LinkMap) -> list[Card]:
    """The cards whose second rating is good enough, cut anew between those that are left."""
    units = [card.unit for card, rate in zip(cards, rates, strict=True) if rate > _ACCEPTED]
    accepted = find_cards(links, units, [rate for rate in rates if rate > _ACCEPTED])
    for card in accepted:
        card.fields = read_fields(card, links)
    return accepted


CARD_NAMES = ("score", "score_before", "score_after", "mean_near", "mean_list", "count_list", "same_kind", "repeated")


def card_features(cards: list[Card], links: LinkMap, rows: list[list[float]]) -> list[list[float]]:
    """A row for each card: its unit's row and how its neighbours were rated."""
    row_of = {id(unit): row for unit, row in zip(links.units, rows, strict=True)}
    lists: dict[int, list[float]] = {}
    kinds: Counter[tuple[str, str]] = Counter()
    for card in cards:
        lists.setdefault((card.node.parent or card.node).index, []).append(card.score)
        kinds[card.node.tag, card.node.attrs.get("class", "")] += 1
    scores = [-5.0, -5.0, -5.0, *(card.score for card in cards), -5.0, -5.0, -5.0]
    out = []
    for index, card in enumerate(cards):
        near = scores[index : index + 7]
        siblings = lists[(card.node.parent or card.node).index]
        out.append(
            row_of[id(card.unit)]
            + [
                card.score,
                near[2],
                near[4],
                (sum(near) - card.score) / 6,
                sum(siblings) / len(siblings),
                float(min(len(siblings), 30)),
                float(min(kinds[card.node.tag, card.node.attrs.get("class", "")], 40)),
                float(card.repeated),
            ]
        )
    return out


def tell_fields(cards: list[Card], odds: list[list[float]]) -> None:
    """Give each card its headline, label and summary; *odds* has a row for each field."""
    at = 0
    for card in cards:
        own = odds[at : at + len(card.fields)]
        at += len(card.fields)
        if card.roofline >= 0:
            own[card.roofline][LABEL] += _ROOFLINE_ODDS
        kinds = [max(range(4), key=row.__getitem__) for row in own]
        card.kinds = kinds
        card.headline = _headline(card, own, kinds)
        card.label = _best(card, own, kinds, LABEL)
        card.summary = _joined([item for item, kind in zip(card.fields, kinds, strict=True) if kind == SUMMARY])
        if card.summary == card.headline:
            card.summary = None


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
        heading = found.heading.text if found.heading is not None else None
        # The page itself in a list is no teaser, but it holds the list together.
        teasers = tuple(_region(card, links) for card in found.cards if not card.unit.own)
        if not teasers:
            continue
        blocks.append(TeaserBlock(heading, _kind(found, heading, story), teasers))
        if found.heading is not None and found.heading.index not in own:
            roles[found.heading.index] = Role.BLOCK_HEADING
        for card in found.cards:
            _card_roles(card, roles, own)
    return FoundTeasers(tuple(blocks), roles)


def _card_roles(card: Card, roles: dict[int, Role], own: frozenset[int]) -> None:
    for item, kind in zip(card.fields, card.kinds, strict=True):
        index = item.block.index
        if index in own and not _is_link_line(item.block):
            continue
        if kind == LABEL:
            roles.setdefault(index, Role.LABEL)
        else:
            roles[index] = Role.TEASER


def _is_link_line(block: Block) -> bool:
    """Is the block nothing but a link, perhaps after a lead-in?"""
    return block.link_chars >= 0.6 * len(block.text)


def _region(card: Card, links: LinkMap) -> TeaserRegion:
    unit: Unit = card.unit
    return TeaserRegion(
        block=card.fields[0].block.index,
        href=unit.links[0].href,
        headline=card.headline,
        label=card.label,
        summary=card.summary,
    )


def _kind(found: Group, heading: str | None, story: StoryView | None) -> str:
    first = found.cards[0].node.first_block
    inside = story is not None and story.first >= 0 and story.first < first < story.last
    if inside and len(found.cards) <= 2:
        return "inline"
    return kind_of(heading) or ("section_list" if heading else "rail")


def lead_in(text: str) -> bool:
    """Does *text* begin with words that lead to another story ("Read more:")?"""
    return words()["lead_in"].begin(text.casefold())
