"""Cards: the elements in which a page promotes one story each, and the texts inside them.

What comes in: the units of a page and how likely each is a teaser. What goes out: `Card`s in document order,
each with its `Field`s, and a row of features for each field. Knows no headings of blocks and no kinds.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from newsbot.core.blocks import HEADING_TAGS, Block, Link, Node
from newsbot.core.teaser_links import LISTING_WORDS, Target
from newsbot.core.teaser_units import LinkMap, Unit, weight

_MAX_CARD_BLOCKS = 14
_MAX_SOFT_LINKS = 8
_EMPHASIS = frozenset(("b", "strong", "small", "big", "mark", "u"))


@dataclass(slots=True, eq=False)
class Field:
    """One text of a card: neighbouring pieces of one element."""

    block: Block
    start: int
    end: int
    node: Node
    tag: str
    link: Link | None

    @property
    def text(self) -> str:
        """What a reader sees."""
        return self.block.text[self.start : self.end]


@dataclass(slots=True, eq=False)
class Card:
    """One promoted story: the element around its links, and the texts in it."""

    unit: Unit
    node: Node
    score: float
    fields: list[Field] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)  # of each field, once told
    headline: str | None = None
    label: str | None = None
    summary: str | None = None


def find_cards(links: LinkMap, units: list[Unit], scores: list[float]) -> list[Card]:
    """A card for each of *units* (those that may be teasers), in document order."""
    marked: list[Target | None] = [None] * len(links.targets)
    for unit in units:
        for link in unit.links:
            marked[link.index] = unit.target
    before, after = _neighbours(marked)
    cards = []
    for unit, score in zip(units, scores, strict=True):
        node = _card_node(unit, links, before, after, marked)
        card = Card(unit, node, score)
        card.fields = _fields(card, links)
        cards.append(card)
    return cards


def _neighbours(marked: list[Target | None]) -> tuple[list[int], list[int]]:
    """For each link, the nearest marked links before and after it that lead to another target."""
    count = len(marked)
    before, after = [-1] * count, [count] * count
    last: Target | None = None
    last_index = boundary = -1
    for index, target in enumerate(marked):
        if target is not None and target is not last:
            boundary, last = last_index, target
        if target is not None:
            last_index = index
        before[index] = boundary
    last = None
    last_index = boundary = count
    for index in range(count - 1, -1, -1):
        target = marked[index]
        if target is not None and target is not last:
            boundary, last = last_index, target
        if target is not None:
            last_index = index
        after[index] = boundary
    return before, after


def _card_node(unit: Unit, links: LinkMap, before: list[int], after: list[int], marked: list[Target | None]) -> Node:
    low, high = before[unit.links[0].index], after[unit.links[-1].index]
    node = unit.links[0].node
    while node.parent is not None and node.end_link <= unit.links[-1].index:
        node = node.parent
    if unit.prose:
        return node
    if node.first_link <= low or node.end_link > high:
        return node
    chain = [node]
    while node.parent is not None:
        parent = node.parent
        if parent.first_link <= low or parent.end_link > high or parent.tag in ("body", "main", "html"):
            break
        if parent.end_block - parent.first_block > _MAX_CARD_BLOCKS:
            break
        if parent.end_link - parent.first_link > len(unit.links) + _MAX_SOFT_LINKS:
            break
        node = parent
        chain.append(node)
    repeated = None
    for candidate in chain:
        if _is_repeated(candidate, links, marked, unit.target):
            repeated = candidate
            if _text_weight(candidate, links) >= 12:
                return candidate
    return repeated if repeated is not None and _text_weight(repeated, links) else _lone_card(chain, unit, links)


def _text_weight(node: Node, links: LinkMap) -> int:
    return sum(links.weights[node.first_block : node.end_block])


def _is_repeated(node: Node, links: LinkMap, marked: list[Target | None], target: Target) -> bool:
    """Has *node* a neighbour of its own kind that holds another marked target?"""
    parent = node.parent
    if parent is None or (not node.is_block and node.tag != "a"):
        return False
    kind = _kind(node)
    nodes = links.segments.nodes
    # The next sibling begins where this element ends.
    other = nodes[node.end_node] if node.end_node < parent.end_node else None
    steps = 0
    while other is not None and steps < 4:
        if _kind(other) == kind and _holds_other(other, marked, target):
            return True
        other = nodes[other.end_node] if other.end_node < parent.end_node else None
        steps += 1
    index = node.index - 1
    steps = 0
    while index > parent.index and steps < 4:
        other = nodes[index]
        while other.parent is not parent and other.parent is not None:
            other = other.parent
        if _kind(other) == kind and _holds_other(other, marked, target):
            return True
        index = other.index - 1
        steps += 1
    return False


def _kind(node: Node) -> tuple[str, str]:
    if node.tag in ("li", "article", "tr"):
        return node.tag, ""
    names = node.attrs.get("class", "").split()
    return node.tag, names[0] if names else ""


def _holds_other(node: Node, marked: list[Target | None], target: Target) -> bool:
    for index in range(node.first_link, min(node.end_link, node.first_link + 12)):
        other = marked[index]
        if other is not None and other is not target:
            return True
    return False


def _lone_card(chain: list[Node], unit: Unit, links: LinkMap) -> Node:
    """The card of a story that has no neighbour of its kind: grown as far as nothing foreign comes in."""
    node = chain[0]
    for parent in chain[1:]:
        blocks = parent.end_block - parent.first_block
        if blocks != node.end_block - node.first_block:
            if blocks > 7:
                break
            has_text = _text_weight(node, links) >= 24
            if has_text and _heading_before(node, parent, links):
                break
            added = _text_weight(parent, links) - _text_weight(node, links)
            if added > 420:
                break
        node = parent
    return node


def _heading_before(node: Node, parent: Node, links: LinkMap) -> bool:
    blocks = links.segments.blocks
    return any(
        blocks[index].node.tag in HEADING_TAGS or blocks[index].node.parent is parent or blocks[index].node is parent
        for index in range(parent.first_block, node.first_block)
    )


def _fields(card: Card, links: LinkMap) -> list[Field]:
    """The texts of the card's element, cut where the element, the emphasis at a block's start or the link changes."""
    out: list[Field] = []
    low, high = card.node.index, card.node.end_node
    for block in links.segments.blocks[card.node.first_block : card.node.end_block]:
        current: Field | None = None
        for piece in block.pieces:
            if not low <= piece.node.index < high:
                current = None
                continue
            emphasis = piece.tag if piece.tag in _EMPHASIS and piece.tag != piece.node.tag else ""
            if (
                current is None
                or current.node is not piece.node
                or (current.tag != emphasis and ((current.tag and current.start == 0) or not current.end))
            ):
                current = Field(block, piece.start, piece.end, piece.node, emphasis, piece.link)
                out.append(current)
            else:
                current.end = piece.end
    return out


# --------------------------------------------------------------------------
# Features of fields
# --------------------------------------------------------------------------

_HINTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"titl|headline|head(?:ing)?\b|hed\b|ttl\b",
        r"kick|label|categ|sect|topic|tag\b|tags\b|rubr|eyebrow|overline|flag|badge|roof|supertit|pretit|antetit|dach",
        r"desc|summ|excerpt|dek\b|lead|intro|abstract|stand-?first|sub-?tit|text\b|body|perex|synopsis",
        r"auth|byline|writer|contrib|signature",
        r"date|time|publi|meta|clock|ago\b",
        r"count|comment|view|num|rank|share|like|index|digit",
        r"capt|credit|alt\b|media|image|img|icon|play|durat",
        r"sr-only|hidden|screen-?reader|assistive|visually|offscreen|invisible|u-vh|hide",
        r"btn|button|more\b|link\b|cta|read",
    )
)
_DATE_LIKE = re.compile(
    r"\d{1,2}[:.]\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\d{1,2}h\d\d|年|月|日|분|시간|"
    r"\b(?:ago|vor|hace|min|mins|hours?|hrs?|days?|stunden?|minuten?|il y a|fa|dzień|godz|hari|jam|saat|dakika)\b",
    re.IGNORECASE,
)
_BY_LIKE = re.compile(r"(?:by|von|par|por|da|di|de|av|af|door|od|autor|text|foto|author)\b[ :]", re.IGNORECASE)
FIELD_NAMES: tuple[str, ...] = (
    "chars", "words", "share", "order", "count", "from_end", "is_heading", "level", "in_link", "other_link",
    "listing_link", "tag_p", "tag_span", "tag_div", "tag_time", "tag_a", "tag_li", "tag_fig", "tag_button", "tag_h",
    "emphasis", "digit_share", "upper_share", "sentence_end", "colon_end", "bar", "date_like", "by_like", "hidden",
    "aria", *(f"hint_{number}" for number in range(len(_HINTS))), *(f"up_{number}" for number in range(len(_HINTS))),
    "sig_count", "sig_distinct", "text_count", "longest_before", "longest_after", "to_main", "main_chars", "is_main",
    "same_block_before", "same_block_after", "block_share", "depth", "repeat_in_card", "n_cards", "max_sig_chars",
    "mean_sig_chars", "images", "is_longest", "link_text_share", "heading_elsewhere", "title_punct", "first_chars",
)  # fmt: skip


def field_features(cards: list[Card], links: LinkMap) -> list[list[float]]:
    """A row for each field of each card, in order, in the order of `FIELD_NAMES`."""
    texts: Counter[str] = Counter()
    signatures: dict[str, list[str]] = {}
    marks: list[list[str]] = []
    for card in cards:
        row = []
        for item in card.fields:
            mark = _signature(item, card)
            row.append(mark)
            signatures.setdefault(mark, []).append(item.text)
            texts[item.text] += 1
        marks.append(row)
    shapes = {
        mark: (
            float(min(len(values), 40)),
            len(set(values)) / len(values),
            float(min(max(map(len, values)), 400)),
            min(sum(map(len, values)) / len(values), 400.0),
        )
        for mark, values in signatures.items()
    }
    rows = []
    for card, row in zip(cards, marks, strict=True):
        rows.extend(_card_rows(card, row, shapes, texts, links, len(cards)))
    return rows


def _signature(item: Field, card: Card) -> str:
    names = [item.tag]
    node: Node | None = item.node
    for _ in range(4):
        if node is None or node is card.node:
            break
        names.append(node.tag + "." + node.attrs.get("class", "")[:40])
        node = node.parent
    return "/".join(names)


def _heading_level(item: Field, card: Card) -> int:
    node: Node | None = item.node
    while node is not None:
        if node.tag in HEADING_TAGS:
            return int(node.tag[1])
        if node is card.node:
            return 0
        node = node.parent
    return 0


def _card_rows(
    card: Card,
    marks: list[str],
    shapes: dict[str, tuple[float, float, float, float]],
    texts: Counter[str],
    links: LinkMap,
    count: int,
) -> list[list[float]]:
    fields = card.fields
    if not fields:
        return []
    chars = [weight(item.text) for item in fields]
    levels = [_heading_level(item, card) for item in fields]
    longest = max(chars)
    own_links = {link.index for link in card.unit.links}
    linked = [item.link is not None and item.link.index in own_links for item in fields]
    merit = [
        size * (2.5 if level else 1.0) * (2.0 if inside else 1.0) if size < 260 else 60.0
        for size, level, inside in zip(chars, levels, linked, strict=True)
    ]
    main = max(range(len(fields)), key=merit.__getitem__)
    in_card = Counter(item.text for item in fields)
    rows = []
    for index, item in enumerate(fields):
        text, node = item.text, item.node
        other = item.link is not None and not linked[index]
        letters = [char for char in text if char.isalpha()]
        hint, above = node.hint, node.parent.hint if node.parent is not None and node is not card.node else ""
        tag = node.tag
        listing = 0.0
        if other and item.link is not None:
            target = links.targets[item.link.index]
            listing = float(target is not None and any(part.lower() in LISTING_WORDS for part in target.segments))
        rows.append(
            [
                float(min(chars[index], 400)),
                float(text.count(" ") + 1),
                chars[index] / longest,
                float(min(index, 12)),
                float(min(len(fields), 16)),
                float(min(len(fields) - index, 12)),
                float(bool(levels[index])),
                float(levels[index]),
                float(linked[index]),
                float(other),
                listing,
                float(tag == "p"),
                float(tag == "span"),
                float(tag == "div"),
                float(tag == "time"),
                float(tag == "a"),
                float(tag == "li"),
                float(tag in ("figcaption", "figure")),
                float(tag in ("button", "label")),
                float(tag in HEADING_TAGS),
                float(bool(item.tag)),
                sum(char.isdigit() for char in text) / len(text),
                sum(char.isupper() for char in letters) / len(letters) if letters else 0.0,
                float(text.endswith((".", "!", "?", "…", "。"))),
                float(text.endswith((":", "："))),
                float(any(char in text for char in "|·•/")),
                float(bool(_DATE_LIKE.search(text[:80]))),
                float(bool(_BY_LIKE.match(text))),
                float(bool(node.hidden & 5)),
                float(bool(node.hidden & 2)),
                *(float(bool(pattern.search(hint))) for pattern in _HINTS),
                *(float(bool(pattern.search(above))) for pattern in _HINTS),
                shapes[marks[index]][0],
                shapes[marks[index]][1],
                float(min(texts[text], 20)),
                float(min(max(chars[:index], default=0), 400)),
                float(min(max(chars[index + 1 :], default=0), 400)),
                float(max(-6, min(index - main, 6))),
                float(min(chars[main], 400)),
                float(index == main),
                float(index > 0 and fields[index - 1].block is item.block),
                float(index + 1 < len(fields) and fields[index + 1].block is item.block),
                len(text) / len(item.block.text),
                float(node.depth - card.node.depth),
                float(in_card[text] > 1),
                float(min(count, 60)),
                shapes[marks[index]][2],
                shapes[marks[index]][3],
                float(min(card.node.end_image - card.node.first_image, 4)),
                float(chars[index] == longest),
                sum(size for size, inside in zip(chars, linked, strict=True) if inside) / sum(chars),
                float(bool(levels[main]) and not levels[index]),
                float(any(mark in text for mark in ",:;?!\"'“”„»«–—、：「")),
                float(min(chars[0], 200)),
            ]
        )
    return rows
