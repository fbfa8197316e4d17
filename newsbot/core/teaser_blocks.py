"""Blocks of teasers: which cards stand together, under which heading, and of which kind.

What comes in: the accepted cards of a page. What goes out: for each card its heading (a block of the page) or
None, and the kind of each run of cards. Structure finds headings; words only name kinds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass

from newsbot.core.blocks import HEADING_TAGS, Block, Node
from newsbot.core.teaser_cards import Card
from newsbot.core.teaser_links import LISTING_WORDS
from newsbot.core.teaser_units import LinkMap, Unit, upper_and_digits, weight
from newsbot.core.teaser_words import BLOCK_KINDS, kinds_of, words

MAX_CANDIDATES = 8
_HEADING_ODDS = -0.8
_MAX_HEADING_WEIGHT = 110
_MAX_TAB_WEIGHT = 32
_MAX_GAP = 150  # weight of unlinked text inside a headless run
_MAX_WAY = 700  # weight of text between a heading and its list
_TITLE_HINT = re.compile(r"titl|head|ttl\b|hdg|label|name\b|tab\b|tabs\b|legend|rubr")


def named_units(links: LinkMap) -> list[bool]:
    """Of each unit: does it stand in a list whose heading, or whose lead-in, says that stories follow?

    "Most read", "Related", "Latest", "Read also:". The list ends with the element that holds heading and first unit,
    or where another text stands between two units.
    """
    blocks = links.segments.blocks
    out = []
    scope: Node | None = None
    end = 0  # of the unit before
    for unit in links.units:
        node = unit.node
        if node.first_block > end:
            texts = _last_texts(links, end, node.first_block)
            if texts:
                naming = next((index for index in texts if _names_stories(blocks[index].text)), -1)
                scope = _scope(blocks[naming].node, node)[0] if naming >= 0 else None
        end = max(end, node.end_block)
        in_list = scope is not None and scope.index <= node.index < scope.end_node
        out.append(
            unit.chars >= _MIN_NAMED_WEIGHT
            and (in_list or _follows_lead_in(unit, blocks))
            and LISTING_WORDS.isdisjoint(unit.target.segments)
            and unit.target.host == links.own.host
        )
    return out


# Kinds of lists that hold nothing but stories, and words that only stories follow.
_NAMING = frozenset(("most_read", "related", "recirculation", "rail"))
_MAX_NAME_WEIGHT = 48
_MIN_NAMED_WEIGHT = 20


def _names_stories(text: str) -> bool:
    anywhere, first = kinds_of(text)
    return not _NAMING.isdisjoint(anywhere) or "lead_in" in first


def _follows_lead_in(unit: Unit, blocks: list[Block]) -> bool:
    """Does the line of the unit's first link begin with a lead-in ("Read also: ")?"""
    first = unit.links[0].first_block
    if unit.is_overlay or first >= len(blocks):
        return False
    piece = blocks[first].pieces[0]
    return piece.link is None and "lead_in" in kinds_of(blocks[first].text[: piece.end])[1]


def _last_texts(links: LinkMap, start: int, end: int) -> list[int]:
    """The numbers of the last short texts outside links among the blocks, nearest first; none across a long one."""
    found: list[int] = []
    for index in range(end - 1, max(start, end - 4) - 1, -1):
        if links.weights[index] > _MAX_NAME_WEIGHT:
            return found or [index]
        if links.link_chars[index] * 2 <= len(links.segments.blocks[index].text):
            found.append(index)
    return found


@dataclass(slots=True)
class Group:
    """Cards in document order that share a heading."""

    heading: Block | None
    cards: list[Card]


def heading_candidates(cards: list[Card], links: LinkMap) -> list[list[Block]]:
    """For each card the short texts before it, nearest first, that may be the heading of the run it begins.

    An empty list: no text stands between it and the card before.
    """
    blocks = links.segments.blocks
    taken = bytearray(len(blocks))
    for card in cards:
        taken[card.node.first_block : card.node.end_block] = b"\1" * (card.node.end_block - card.node.first_block)
    # A text in the very same kind of element as a card's is one of a card that leads nowhere.
    used = {item.block.index for card in cards for item in card.fields}
    shapes = {_shape(blocks[index]) for index in used if blocks[index].node.tag not in HEADING_TAGS}
    out = []
    for card in cards:
        found: list[Block] = []
        way = 0
        index = card.node.first_block - 1
        while index >= 0 and not taken[index] and len(found) < MAX_CANDIDATES and way < _MAX_WAY:
            size = links.weights[index]
            block = blocks[index]
            if size <= _MAX_HEADING_WEIGHT and _shape(block) not in shapes and _may_head(block, card):
                found.append(block)
            way += size
            index -= 1
        out.append(found)
    return out


def _may_head(block: Block, card: Card) -> bool:
    """Can the text be a heading: words, no row of links, no mark of an advertisement, nothing of menu or page head?"""
    text = block.text
    if not any(map(str.isalnum, text)) or (len(text) <= _MAX_AD_MARK and words().is_ad_mark(text)):
        return False
    pieces = block.pieces
    if len(pieces) > 1 and len({id(piece.link) for piece in pieces if piece.link is not None}) > 1:
        return False
    node: Node | None = block.node
    while node is not None and not node.index <= card.node.index < node.end_node:
        if node.tag in ("nav", "header") and node.end_link - node.first_link > _MAX_HEAD_LINKS:
            return False
        node = node.parent
    return True


_MAX_AD_MARK = 24
_MAX_HEAD_LINKS = 6  # a block's own head or tabs hold a few links; the page's head and menu hold many


def _shape(block: Block) -> tuple[str, ...]:
    """Tags and classes of the element that holds the block, of the innermost around its text, and of the one above."""
    node, inner = block.node, block.pieces[0].node
    above = node.parent or node
    return (
        *(part for one in (node, inner, above) for part in (one.tag, one.attrs.get("class", ""))),
        block.pieces[0].tag,
    )


HEADING_NAMES: tuple[str, ...] = (
    "is_h", "level", "chars", "words", "link_share", "distance", "between", "longest_between", "up_h", "up_card",
    "title_hint", "upper", "digits", "tag_p", "in_list", "kind_word", "paid_word", "more_word", "closer_h", "like_card",
    "cards_in_scope", "blocks_in_scope", "earlier_card_in_scope", "only_text", "farther_h", "candidates", "repeats",
)  # fmt: skip


def heading_features(cards: list[Card], candidates: list[list[Block]], links: LinkMap) -> list[list[float]]:
    """A row for each candidate of each card, in order, in the order of `HEADING_NAMES`."""
    starts = [card.node.first_block for card in cards]
    in_order = sorted(starts)
    sizes = links.weights
    texts = Counter([block.text for block in links.segments.blocks if sizes[block.index] <= _MAX_HEADING_WEIGHT])
    looks = {(item.node.tag, item.node.attrs.get("class", "")) for card in cards for item in card.fields}
    rows: list[list[float]] = []
    for number, (card, blocks) in enumerate(zip(cards, candidates, strict=True)):
        if blocks:
            before = starts[number - 1] if number else -1
            rows.extend(_candidate_rows(card, blocks, before, in_order, looks, texts, links))
    return rows


def _candidate_rows(
    card: Card,
    blocks: list[Block],
    before: int,
    starts: list[int],
    looks: set[tuple[str, str]],
    texts: Counter[str],
    links: LinkMap,
) -> list[list[float]]:
    weights, sums = links.weights, links.weight_sums
    heads = [_is_heading(block) for block in blocks]
    first = below = card.node.first_block
    longest = 0  # weight of the longest block between the candidate and the card
    rows: list[list[float]] = []
    for number, block in enumerate(blocks):
        text, node, index = block.text, block.node, block.index
        kinds, first_kinds = kinds_of(text)
        scope, up = _scope(node, card.node)
        longest = max(longest, *weights[index + 1 : below], 0)
        below = index + 1
        upper, digits = upper_and_digits(text)
        inner = block.pieces[0].node
        in_scope = bisect_left(starts, scope.end_block) - bisect_right(starts, index)
        rows.append(
            [
                heads[number],
                int(node.tag[1]) if node.tag in HEADING_TAGS else 0,
                weights[index],
                text.count(" ") + 1,
                links.link_chars[index] / len(text),
                min(first - index - 1, 15),
                min(sums[first] - sums[index + 1], 900),
                min(longest, 400),
                min(up, 8),
                min(card.node.depth - scope.depth, 12),
                _TITLE_HINT.search(f"{node.hint} {inner.hint}") is not None,
                upper / len(text),
                digits / len(text),
                node.tag == "p",
                node.tag == "li" or (node.parent is not None and node.parent.tag == "li"),
                not kinds.isdisjoint(BLOCK_KINDS),
                "sponsored" in first_kinds,
                "more" in first_kinds,
                sum(heads[:number]),
                (inner.tag, inner.attrs.get("class", "")) in looks,
                min(max(in_scope, 0), 40),
                min(scope.end_block - scope.first_block, 200),
                before >= scope.first_block,
                node.end_block - node.first_block == 1,
                any(heads[number + 1 :]),
                len(blocks),
                min(texts[text], 8),
            ]
        )
    return rows


def _is_heading(block: Block) -> bool:
    node: Node | None = block.pieces[0].node
    for _ in range(4):
        if node is None:
            return False
        if node.tag in HEADING_TAGS:
            return True
        node = node.parent
    return False


def _scope(node: Node, other: Node) -> tuple[Node, int]:
    """The smallest element that holds *node* and *other*, which begins after it, and the steps up from *node*."""
    steps = 0
    while node.parent is not None and node.end_node <= other.index:
        node = node.parent
        steps += 1
    return node, steps


def group(
    cards: list[Card], candidates: list[list[Block]], odds: list[float], links: LinkMap, own: frozenset[int]
) -> list[Group]:
    """The runs of cards; *odds* rates each candidate, above `_HEADING_ODDS` it counts as a heading."""
    groups: list[Group] = []
    scope: Node | None = None
    at = 0
    for card, blocks in zip(cards, candidates, strict=True):
        rates = odds[at : at + len(blocks)]
        at += len(blocks)
        best = max(range(len(rates)), key=rates.__getitem__) if rates else -1
        if best >= 0 and rates[best] > _HEADING_ODDS:
            scope, _ = _scope(blocks[best].node, card.node)
            groups.append(Group(blocks[best], [card]))
        elif groups and _goes_on(groups[-1], card, scope, links, own):
            groups[-1].cards.append(card)
        else:
            scope = None
            groups.append(Group(None, [card]))
    return groups


def split_tabs(groups: list[Group], candidates: dict[int, list[Block]]) -> list[Group]:
    """Groups whose heading is a row of tab names, split by the panels that follow: a name each, in order.

    *candidates* has the texts before a group's first card, by ``id`` of the card.
    """
    out: list[Group] = []
    for found in groups:
        names = _tab_names(candidates.get(id(found.cards[0]), []))
        panels = _panels(found, len(names)) if len(names) > 1 else []
        if not panels:
            out.append(found)
            continue
        out.extend(Group(name, cards) for name, cards in zip(names, panels, strict=True))
        rest = found.cards[sum(map(len, panels)) :]
        if rest:
            out.append(Group(None, rest))
    return out


def raise_rubrics(groups: list[Group]) -> list[Group]:
    """Headless runs in which a few cards carry a rubric and the cards after each do not: it heads them all."""
    out: list[Group] = []
    for found in groups:
        marked = [number for number, card in enumerate(found.cards) if card.label is not None]
        if found.heading is not None or not _are_rubrics(marked, found.cards):
            out.append(found)
            continue
        for start, end in zip(marked, [*marked[1:], len(found.cards)], strict=True):
            run = found.cards[start:end]
            block = next(item.block for item in run[0].fields if item.text == run[0].label)
            run[0].label = None
            out.append(Group(block, run))
    return out


def _are_rubrics(marked: list[int], cards: list[Card]) -> bool:
    """Are the labels of the cards *marked* rubrics: links elsewhere, first in the run, with others after each?"""
    if not marked or marked[0] != 0:
        return False
    if any(end - start < 2 for start, end in zip(marked, [*marked[1:], len(cards)], strict=True)):
        return False
    return all(
        any(
            item.text == cards[number].label and item.link is not None and item.link not in cards[number].unit.links
            for item in cards[number].fields
        )
        for number in marked
    )


def _tab_names(blocks: list[Block]) -> list[Block]:
    """The row of tab names at the near end of *blocks* (nearest first), in document order."""
    row: list[Block] = []
    for block in blocks:
        if weight(block.text) > _MAX_TAB_WEIGHT or (row and not _beside(row[-1], block)):
            break
        row.append(block)
    return row[::-1]


def _beside(block: Block, before: Block) -> bool:
    """Are two blocks next to each other as equal items of one row?"""
    if block.node.tag != before.node.tag or block.index != before.index + 1 or block.node.depth != before.node.depth:
        return False
    one, other = block.node, before.node
    return one.parent is other.parent or (
        one.parent is not None and other.parent is not None and one.parent.parent is other.parent.parent
    )


def _panels(found: Group, count: int) -> list[list[Card]]:
    """The cards of *found* by panel, if they begin with exactly *count* lists side by side; else nothing."""
    node = found.cards[0].node
    while node.parent is not None:
        top = node.parent
        panels: dict[int, list[Card]] = {}
        for card in found.cards:
            if not top.index < card.node.index < top.end_node:
                break
            child = card.node
            while child.parent is not None and child.parent is not top:
                child = child.parent
            panels.setdefault(child.index, []).append(card)
        if len(panels) == count and all(len(panel) > 1 for panel in panels.values()):
            return list(panels.values())
        if top.index <= found.cards[0].node.index and found.cards[-1].node.index < top.end_node:
            return []
        node = top
    return []


def _goes_on(before: Group, card: Card, scope: Node | None, links: LinkMap, own: frozenset[int]) -> bool:
    """Does *card* continue the run *before*: inside the heading's element, or, headless, in the same list?

    Never across a paragraph of the story; a headless run not across any other running text either.
    """
    last = before.cards[-1].node
    way = range(last.end_block, card.node.first_block)
    if not own.isdisjoint(way):
        return False
    if before.heading is not None:
        return scope is not None and scope.index <= card.node.index < scope.end_node
    if any(links.weights[index] - links.link_chars[index] > _MAX_GAP for index in way):
        return False
    common = last
    up = 0
    while common.parent is not None and common.end_node <= card.node.index:
        common = common.parent
        up += 1
    return up <= 3 or not way
