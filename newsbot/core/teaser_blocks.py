"""Blocks of teasers: which cards stand together, under which heading, and of which kind.

What comes in: the accepted cards of a page. What goes out: for each card its heading (a block of the page) or
None, and the kind of each run of cards. Structure finds headings; words only name kinds.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from newsbot.core.blocks import BOLD_TAGS, HEADING_TAGS, Block, Node
from newsbot.core.teaser_cards import Card
from newsbot.core.teaser_units import LinkMap, upper_and_digits, weight

MAX_CANDIDATES = 8
_HEADING_ODDS = -0.8
_MAX_HEADING_WEIGHT = 110
_MAX_TAB_WEIGHT = 32
_MAX_GAP = 150  # weight of unlinked text inside a headless run
_MAX_WAY = 700  # weight of text between a heading and its list
_TITLE_HINT = re.compile(r"titl|head|ttl\b|hdg|label|name\b|tab\b|tabs\b|legend|rubr")
_DATE_LIKE = re.compile(r"\d{1,2}[:.]\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases and the kinds they name; those of scripts that put no space between words are looked up as parts."""

    phrases: dict[str, frozenset[str]]
    first: frozenset[str]  # the words that phrases begin with
    unspaced: tuple[tuple[str, str], ...]  # phrase, kind

    def kinds_in(self, text: str) -> frozenset[str]:
        """The kinds named anywhere in *text*, in whole words."""
        folded = text.casefold()
        tokens = _WORD.findall(folded)[:_MAX_TOKENS]
        return self._kinds(tokens, range(len(tokens)), folded, False)

    def kinds_at_start(self, text: str) -> frozenset[str]:
        """The kinds that *text* begins with."""
        folded = text[:_MAX_START].casefold()
        return self._kinds(_WORD.findall(folded), range(1), folded, True)

    def _kinds(self, tokens: list[str], starts: range, folded: str, is_start: bool) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for start in starts:
            if start >= len(tokens) or tokens[start] not in self.first:
                continue
            phrase = ""
            for token in tokens[start : start + _MAX_PHRASE]:
                phrase = f"{phrase} {token}" if phrase else token
                kinds = self.phrases.get(phrase)
                if kinds is not None:
                    found |= kinds
        if not folded.isascii() and weight(folded) > len(folded):
            matches = str.startswith if is_start else str.__contains__
            found |= {kind for phrase, kind in self.unspaced if matches(folded, phrase)}
        return found


_WORD = re.compile(r"[^\W_]+(?:['’+-][^\W_]+)*")
_MAX_TOKENS = 12
_MAX_PHRASE = 4  # words of the longest phrases
_MAX_START = 80


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of the data file."""
    raw = json.loads(files("newsbot.core").joinpath("data", "teaser_words.json").read_text(encoding="utf-8"))
    phrases: dict[str, set[str]] = {}
    unspaced = []
    for kind, found in raw.items():
        for word in found if kind != "_" else ():
            folded = word.casefold()
            if weight(folded) > len(folded):
                unspaced.append((folded, kind))
            else:
                phrases.setdefault(" ".join(_WORD.findall(folded)), set()).add(kind)
    return Words(
        {phrase: frozenset(kinds) for phrase, kinds in phrases.items()},
        frozenset(phrase.partition(" ")[0] for phrase in phrases),
        tuple(unspaced),
    )


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
    shapes = {_shape(item.block) for card in cards for item in card.fields if item.block.node.tag not in HEADING_TAGS}
    out = []
    for card in cards:
        found: list[Block] = []
        way = 0
        index = card.node.first_block - 1
        while index >= 0 and not taken[index] and len(found) < MAX_CANDIDATES and way < _MAX_WAY:
            size = links.weights[index]
            if size <= _MAX_HEADING_WEIGHT and _shape(blocks[index]) not in shapes:
                found.append(blocks[index])
            way += size
            index -= 1
        out.append(found)
    return out


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
    "title_hint", "upper", "digits", "date_like", "hidden", "tag_p", "in_list", "bold", "kind_word", "paid_word",
    "more_word",
    "closer_h", "like_card", "cards_in_scope", "blocks_in_scope", "earlier_card_in_scope", "only_text", "farther_h",
    "candidates", "first_card", "repeats",
)  # fmt: skip


def heading_features(cards: list[Card], candidates: list[list[Block]], links: LinkMap) -> list[list[float]]:
    """A row for each candidate of each card, in order, in the order of `HEADING_NAMES`."""
    starts = [card.node.first_block for card in cards]
    in_order = sorted(starts)
    texts = Counter(block.text for block in links.segments.blocks)
    shapes = {(item.node.tag, item.node.attrs.get("class", "")) for card in cards for item in card.fields}
    rows: list[list[float]] = []
    for number, (card, blocks) in enumerate(zip(cards, candidates, strict=True)):
        if blocks:
            before = starts[number - 1] if number else -1
            rows.extend(_candidate_rows(card, blocks, before, in_order, shapes, texts, links))
    return rows


def _candidate_rows(
    card: Card,
    blocks: list[Block],
    before: int,
    starts: list[int],
    shapes: set[tuple[str, str]],
    texts: Counter[str],
    links: LinkMap,
) -> list[list[float]]:
    weights = links.weights
    heads = [_is_heading(block) for block in blocks]
    known = words()
    closer = 0
    rows: list[list[float]] = []
    for number, block in enumerate(blocks):
        text, node = block.text, block.node
        inner = block.pieces[0]
        kinds, first_kinds = known.kinds_in(text), known.kinds_at_start(text)
        scope, up = _scope(node, card)
        way = weights[block.index + 1 : card.node.first_block]
        upper, digits = upper_and_digits(text)
        in_scope = bisect_left(starts, scope.end_block) - bisect_right(starts, block.index)
        rows.append(
            [
                heads[number],
                int(node.tag[1]) if node.tag in HEADING_TAGS else 0,
                weights[block.index],
                text.count(" ") + 1,
                links.link_chars[block.index] / len(text),
                min(len(way), 15),
                min(sum(way), 900),
                min(max(way, default=0), 400),
                min(up, 8),
                min(card.node.depth - scope.depth, 12),
                _TITLE_HINT.search(f"{node.hint} {inner.node.hint}") is not None,
                upper / len(text),
                digits / len(text),
                _DATE_LIKE.search(text) is not None,
                bool(block.hidden & 5),
                node.tag == "p",
                node.tag == "li" or (node.parent is not None and node.parent.tag == "li"),
                inner.tag in BOLD_TAGS,
                not kinds.isdisjoint(_KINDS),
                "sponsored" in first_kinds,
                "more" in first_kinds,
                closer,
                (inner.node.tag, inner.node.attrs.get("class", "")) in shapes,
                min(max(in_scope, 0), 40),
                min(scope.end_block - scope.first_block, 200),
                before >= scope.first_block,
                node.end_block - node.first_block == 1,
                any(heads[number + 1 :]),
                len(blocks),
                before < 0,
                min(texts[text], 8),
            ]
        )
        closer += heads[number]
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


def _scope(node: Node, card: Card) -> tuple[Node, int]:
    """The smallest element that holds *node* and the card, and the steps up from *node*."""
    steps = 0
    while node.parent is not None and node.end_node <= card.node.index:
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
            scope, _ = _scope(blocks[best].node, card)
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


_KINDS = ("sponsored", "most_read", "related", "video", "newsletter_list", "recirculation", "rail")


def kind_of(heading: str | None) -> str | None:
    """The kind that the words of a heading name, or None.

    >>> kind_of("Most read in Sport"), kind_of("関連記事"), kind_of("Politics")
    ('most_read', 'related', None)
    """
    if not heading:
        return None
    kinds = words().kinds_in(heading)
    return next((kind for kind in _KINDS if kind in kinds), None)
