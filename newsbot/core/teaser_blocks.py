"""Blocks of teasers: which cards stand together, under which heading, and of which kind.

What comes in: the accepted cards of a page. What goes out: for each card its heading (a block of the page) or
None, and the kind of each run of cards. Structure finds headings; words only name kinds.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from newsbot.core.blocks import HEADING_TAGS, Block, Node
from newsbot.core.teaser_cards import Card
from newsbot.core.teaser_links import LISTING_WORDS
from newsbot.core.teaser_units import IN_FOOTER, IN_HEADING, IN_NAV, LinkMap, weight

MAX_CANDIDATES = 14
_MAX_HEADING_WEIGHT = 110
_TITLE_HINT = re.compile(r"titl|head|ttl\b|hdg|label|caption|name\b|tab\b|tabs\b|legend|rubr")
_TEXT_HINT = re.compile(
    r"desc|text|more\b|link\b|btn|button|date|time|author|share|caption|credit|comment|nav|menu|ad\b|ads\b"
)


@lru_cache(maxsize=1)
def words() -> dict[str, re.Pattern[str]]:
    """By kind, one pattern of its words; plain alternatives, so that matching is linear."""
    raw = json.loads(files("newsbot.core").joinpath("data", "teaser_words.json").read_text(encoding="utf-8"))
    return {
        kind: re.compile("|".join(_word(word) for word in sorted(set(found))))
        for kind, found in raw.items()
        if kind != "_"
    }


def _word(word: str) -> str:
    escaped = re.escape(word.casefold())
    if not word.isascii() and weight(word) > len(word):
        return escaped
    return r"\b" + escaped + (r"\b" if len(word) < 5 else "")


@dataclass(slots=True)
class Group:
    """Cards in document order that share a heading."""

    heading: Block | None
    cards: list[Card]


def heading_candidates(cards: list[Card], links: LinkMap) -> list[list[Block]]:
    """For each card the blocks before it, nearest first, that may be the heading of the run it begins.

    An empty list: nothing but cards stands between it and the card before.
    """
    blocks = links.segments.blocks
    taken = bytearray(len(blocks))
    for card in cards:
        taken[card.node.first_block : card.node.end_block] = b"\1" * (card.node.end_block - card.node.first_block)
    out = []
    for card in cards:
        found = []
        index = card.node.first_block - 1
        while index >= 0 and not taken[index] and len(found) < MAX_CANDIDATES:
            block = blocks[index]
            found.append(block)
            if links.weights[index] > 400 and links.link_chars[index] < len(block.text) / 2:
                break
            index -= 1
        out.append(found)
    return out


HEADING_NAMES: tuple[str, ...] = (
    "is_h", "level", "chars", "words", "link_share", "listing", "distance", "chars_between", "longest_between",
    "up_h", "up_card", "title_hint", "up_title_hint", "text_hint", "nav", "footer", "upper", "colon", "digits",
    "sentence",
    "hidden", "tag_p", "tag_li", "tag_div", "tag_button", "tag_a", "tag_span", "kind_word", "more_word", "lead_in_word",
    "closer_h", "own_block", "cards_in_scope", "cards_at_card", "blocks_in_scope", "only_block", "farther_h",
    "same_parent_next", "n_candidates", "prev_card_in_scope", "emphasis", "repeats", "first_card", "scope_links",
)  # fmt: skip


def heading_features(card: Card, candidates: list[Block], cards: list[Card], links: LinkMap) -> list[list[float]]:
    """A row for each candidate, in order."""
    rows = []
    between = longest = 0
    closer = 0
    patterns = words()
    heads = [_is_heading(block, links) for block in candidates]
    index = cards.index(card)
    previous = cards[index - 1] if index else None
    texts = [block.text for block in candidates]
    for number, block in enumerate(candidates):
        text = block.text
        folded = text.casefold()
        scope, up_h = _scope(block.node, card)
        node = block.node
        inner = block.pieces[0].node
        hint = f"{node.hint} {inner.hint if inner is not node else ''}"
        above = node.parent.hint if node.parent is not None else ""
        letters = [char for char in text[:200] if char.isalpha()]
        listing = 0.0
        for piece in block.pieces:
            if piece.link is not None:
                target = links.targets[piece.link.index]
                if target is not None and any(part.lower() in LISTING_WORDS for part in target.segments):
                    listing = 1.0
        own = node
        while own.parent is not None and own.parent.end_block - own.parent.first_block == 1:
            own = own.parent
        in_scope = sum(1 for other in cards if block.index < other.node.first_block < scope.end_block)
        rows.append(
            [
                float(heads[number]),
                float(int(node.tag[1]) if node.tag in HEADING_TAGS else 0),
                float(min(weight(text), 300)),
                float(min(text.count(" ") + 1, 30)),
                links.link_chars[block.index] / len(text),
                listing,
                float(number),
                float(min(between, 500)),
                float(min(longest, 300)),
                float(min(up_h, 8)),
                float(min(card.node.depth - scope.depth, 12)),
                float(bool(_TITLE_HINT.search(hint))),
                float(bool(_TITLE_HINT.search(above))),
                float(bool(_TEXT_HINT.search(hint))),
                float(bool(links.bits[node.index] & IN_NAV)),
                float(bool(links.bits[node.index] & IN_FOOTER)),
                sum(char.isupper() for char in letters) / len(letters) if letters else 0.0,
                float(text.endswith((":", "："))),
                sum(char.isdigit() for char in text) / len(text),
                float(text.endswith((".", "!", "?", "…", "。"))),
                float(bool(block.hidden & 5)),
                float(node.tag == "p"),
                float(node.tag == "li"),
                float(node.tag == "div"),
                float(node.tag in ("button", "label")),
                float(inner.tag == "a"),
                float(inner.tag == "span"),
                float(any(patterns[kind].search(folded) is not None for kind in _KINDS)),
                float(bool(patterns["more"].match(folded))),
                float(bool(patterns["lead_in"].match(folded))),
                float(closer),
                float(own.depth != node.depth),
                float(min(in_scope, 40)),
                float(
                    min(sum(1 for other in cards if scope.first_block <= other.node.first_block < scope.end_block), 60)
                ),
                float(min(scope.end_block - scope.first_block, 200)),
                float(node.end_block - node.first_block == 1),
                float(any(heads[number + 1 :])),
                float(number > 0 and candidates[number - 1].node.parent is node.parent),
                float(len(candidates)),
                float(previous is not None and scope.first_block <= previous.node.first_block),
                float(block.pieces[0].tag in ("b", "strong")),
                float(texts.count(text)),
                float(previous is None),
                float(min(scope.end_link - scope.first_link, 200)),
            ]
        )
        between += weight(text)
        longest = max(longest, weight(text))
        closer += heads[number]
    return rows


def _is_heading(block: Block, links: LinkMap) -> bool:
    return bool(links.bits[block.pieces[0].node.index] & IN_HEADING)


def _scope(node: Node, card: Card) -> tuple[Node, int]:
    """The smallest element that holds *node* and the card, and the steps up from *node*."""
    steps = 0
    while node.parent is not None and node.end_node <= card.node.index:
        node = node.parent
        steps += 1
    return node, steps


def group(cards: list[Card], candidates: list[list[Block]], odds: list[list[float]], links: LinkMap) -> list[Group]:
    """The runs of cards; *odds* rates each candidate, above 0.0 it is more likely a heading than not."""
    groups: list[Group] = []
    scope: Node | None = None
    for card, blocks, rates in zip(cards, candidates, odds, strict=True):
        best = max(range(len(rates)), key=rates.__getitem__) if rates else -1
        if best >= 0 and rates[best] > 0.0:
            scope, _ = _scope(blocks[best].node, card)
            groups.append(Group(blocks[best], [card]))
            continue
        if groups and _goes_on(groups[-1], card, scope):
            groups[-1].cards.append(card)
            continue
        scope = None
        groups.append(Group(None, [card]))
    return groups


def _goes_on(before: Group, card: Card, scope: Node | None) -> bool:
    """Does *card* continue the run *before*: inside the heading's element, or, headless, in the same list?"""
    if before.heading is not None:
        return scope is not None and scope.index <= card.node.index < scope.end_node
    last = before.cards[-1].node
    common = last
    up = 0
    while common.parent is not None and common.end_node <= card.node.index:
        common = common.parent
        up += 1
    return up <= 3 or card.node.first_block - last.end_block <= 1


_KINDS = ("sponsored", "most_read", "related", "video", "newsletter_list", "recirculation", "rail")


def kind_of(heading: str | None) -> str | None:
    """The kind that the words of a heading name, or None.

    >>> kind_of("Most read in Sport"), kind_of("関連記事"), kind_of("Politics")
    ('most_read', 'related', None)
    """
    if not heading:
        return None
    folded = heading.casefold()
    for kind in _KINDS:
        if words()[kind].search(folded):
            return kind
    return None
