"""Cards: the elements in which a page promotes one story each.

What comes in: the units of a page and how likely each is a teaser. What goes out: `Card`s in document order.
Does not read the texts inside them, knows no headings of blocks and no kinds.
"""

from __future__ import annotations

from msgspec import Struct, field

from newsbot.core.blocks import HEADING_TAGS, Block, Link, Node
from newsbot.core.teaser_links import Target
from newsbot.core.teaser_units import LinkMap, Unit

_MAX_CARD_BLOCKS = 14
_MAX_SOFT_LINKS = 8
_MIN_CARD_WEIGHT = 12


class Field(Struct, eq=False, gc=False):
    """One text of a card: neighbouring pieces of one element."""

    block: Block
    start: int
    end: int
    node: Node
    tag: str  # of emphasis, or ""
    link: Link | None
    text: str = ""  # what a reader sees
    chars: int = 0  # weight of the text
    to_section: bool = False  # it leads to the section of the card's story
    to_person: bool = False  # it leads to a person's page


class Card(Struct, eq=False, gc=False):
    """One promoted story: the element around its links, and the texts in it."""

    unit: Unit
    node: Node
    score: float
    repeated: bool = False  # is there another card in an element of its kind beside it?
    named: bool = False  # does it stand in a list whose heading says that stories follow?
    fields: list[Field] = field(default_factory=list)
    roofline: int = -1  # the field above the headline that has an element of its own on most cards
    kinds: list[int] = field(default_factory=list)  # of each field, once told
    headline: str | None = None
    label: str | None = None
    summary: str | None = None
    byline: str | None = None
    date_printed: str | None = None
    is_sponsored: bool = False


def find_cards(links: LinkMap, units: list[Unit], scores: list[float]) -> list[Card]:
    """A card for each of *units* (those that may be teasers), in document order."""
    marked: list[Target | None] = [None] * len(links.targets)
    for unit in units:
        for link in unit.links:
            marked[link.index] = unit.target
    before, after = _neighbours(marked)
    cards = []
    for unit, score in zip(units, scores, strict=True):
        node, repeated = _card_node(unit, links, before, after, marked)
        cards.append(Card(unit, node, score, repeated))
    return cards


def _neighbours(marked: list[Target | None]) -> tuple[dict[int, int], dict[int, int]]:
    """Of each marked link, the nearest one before and after it that leads elsewhere."""
    indexes = [index for index, target in enumerate(marked) if target is not None]
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for places, found, edge in ((indexes, before, -1), (indexes[::-1], after, len(marked))):
        last: Target | None = None
        last_index = boundary = edge
        for index in places:
            if marked[index] is not last:
                boundary, last = last_index, marked[index]
            last_index = index
            found[index] = boundary
    return before, after


def _card_node(
    unit: Unit, links: LinkMap, before: dict[int, int], after: dict[int, int], marked: list[Target | None]
) -> tuple[Node, bool]:
    low, high = before[unit.links[0].index], after[unit.links[-1].index]
    node = unit.links[0].node
    while node.parent is not None and node.end_link <= unit.links[-1].index:
        node = node.parent
    if node.first_link <= low or node.end_link > high:
        return node, False
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
    for place, candidate in enumerate(chain):
        if place and _adds_heading(chain[place - 1], candidate, links):
            break
        if _is_repeated(candidate, links, marked, unit.target):
            repeated = candidate
            if _text_weight(candidate, links) >= _MIN_CARD_WEIGHT:
                return candidate, True
    if repeated is not None and _text_weight(repeated, links):
        return repeated, True
    return _lone_card(chain, links), False


def _adds_heading(node: Node, parent: Node, links: LinkMap) -> bool:
    """Does *parent* add the heading of a block, one above the headline that *node* already holds?"""
    if parent.first_block == node.first_block:
        return False
    level = links.heading_level(node)
    if not level:
        return False
    blocks = links.segments.blocks
    return any(
        blocks[index].node.tag in HEADING_TAGS and int(blocks[index].node.tag[1]) < level
        for index in range(parent.first_block, node.first_block)
    )


def _text_weight(node: Node, links: LinkMap) -> int:
    return links.weight_sums[node.end_block] - links.weight_sums[node.first_block]


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
        if other.tag == node.tag and _kind(other) == kind and _holds_other(other, marked, target):
            return True
        other = nodes[other.end_node] if other.end_node < parent.end_node else None
        steps += 1
    index = node.index - 1
    steps = 0
    while index > parent.index and steps < 4:
        other = nodes[index]
        while other.parent is not parent and other.parent is not None:
            other = other.parent
        if other.tag == node.tag and _kind(other) == kind and _holds_other(other, marked, target):
            return True
        index = other.index - 1
        steps += 1
    return False


def _kind(node: Node) -> tuple[str, str]:
    if node.tag in ("li", "article", "tr"):
        return node.tag, ""
    names = node.attrs.get("class", "").split(None, 1)
    return node.tag, names[0] if names else ""


def _holds_other(node: Node, marked: list[Target | None], target: Target) -> bool:
    """Does *node* lead to one other story? One that leads to several is a list, no card."""
    others = {
        id(other) for other in marked[node.first_link : min(node.end_link, node.first_link + 16)] if other is not None
    }
    return len(others) == 1 and id(target) not in others


def _lone_card(chain: list[Node], links: LinkMap) -> Node:
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
