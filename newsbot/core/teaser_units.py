"""The places of a page where it points to another page.

What comes in: `Segments`. What goes out: `Unit`s (neighbouring links to one target) in document order, and the
`LinkMap` of all that later steps ask about links. Does not judge which of them are teasers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate

from msgspec import Struct, field

from newsbot.core.blocks import HEADING_TAGS, Block, Link, Node, Segments
from newsbot.core.teaser_links import Target, leads_to_menu, read_targets
from newsbot.core.urls import clean_url

# The regions of a page that HTML names itself.
_REGIONS = {"nav": 1, "footer": 2, "aside": 4, "article": 8, "header": 16, "main": 32}
IN_NAV, IN_FOOTER, IN_ASIDE, IN_ARTICLE, IN_HEADER = 1, 2, 4, 8, 16
_MAX_CARD_BLOCKS = 12
_MAX_CARD_GAP = 700
_HEADLINE_WEIGHT = 20  # a longer text of a link may be a headline
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"


class Unit(Struct, eq=False, gc=False):
    """Neighbouring links to one target; *node* is the largest element around them with no other target in it."""

    target: Target
    links: list[Link]
    node: Node
    chars: int = 0  # weight of the longest text run of the links
    text: str = ""  # that text; where the links hold none, that of the card
    own: bool = False  # it leads to the page itself
    is_overlay: bool = False  # its links hold no text


class LinkMap(Struct, eq=False, gc=False):
    """The links of a page, by number, and the units made from them."""

    segments: Segments
    own: Target
    targets: list[Target | None]
    units: list[Unit]
    link_text: list[int]  # by link: weight of its longest run of text
    link_longest: list[str]
    link_total: list[int]
    link_chars: list[int]  # by block: characters inside links
    weights: list[int]  # by block: weight of its text
    weight_sums: list[int]  # by block: sum of the weights before it
    run_of: list[int]  # by link: number of its run of links to one target, as seen in document order
    before: list[int]  # by link: last link before it that leads elsewhere, or -1
    after: list[int]  # by link: first link after it that leads elsewhere, or the number of links
    headings: list[Node]  # the heading elements that hold text, in document order
    heading_indexes: list[int]
    regions: dict[int, int] = field(default_factory=dict)

    def heading_level(self, node: Node) -> int:
        """Level of the first heading inside *node*, or of the one around it; 0 if there is none."""
        place = bisect_left(self.heading_indexes, node.index)
        if place < len(self.headings) and self.heading_indexes[place] < node.end_node:
            return int(self.headings[place].tag[1])
        if place and self.headings[place - 1].end_node > node.index:
            return int(self.headings[place - 1].tag[1])
        return 0


def weight(text: str) -> int:
    """Characters of *text*, those of scripts that write a word in one or two signs counted twice.

    >>> weight("one"), weight("関連記事")
    (3, 8)
    """
    if text.isascii() or not _WIDE.search(text):
        return len(text)
    return len(text) + len(_WIDE.findall(text))


def upper_and_digits(text: str) -> tuple[int, int]:
    """How many characters of *text* are upper case, and how many are digits.

    >>> upper_and_digits("Über 20 Orte"), upper_and_digits("2024年")
    ((2, 2), (0, 4))
    """
    # One look at each character costs a call; whole strings are told apart by the table of `bytes.translate`.
    plain = text.encode("ascii", "ignore")
    upper = len(plain) - len(plain.translate(None, _CAPITALS))
    digits = len(plain) - len(plain.translate(None, _DIGITS))
    if len(plain) < len(text):
        others = _NOT_ASCII.findall(text)
        upper += sum(map(str.isupper, others))
        digits += sum(map(str.isdigit, others))
    return upper, digits


def read_links(segments: Segments) -> LinkMap:
    """The links of a page and its units (those that are plainly menu or running text left out). Linear."""
    base = segments.page.url
    if segments.base_href:
        base = clean_url(segments.base_href, base) or base
    targets, own = read_targets([link.href for link in segments.links], base)
    count = len(segments.links)
    weights = [len(block.text) if block.text.isascii() else weight(block.text) for block in segments.blocks]
    run_of, before, after = link_runs(targets)
    headings = [node for node in segments.nodes if node.tag in HEADING_TAGS and node.end_block > node.first_block]
    links = LinkMap(
        segments=segments,
        own=own,
        targets=targets,
        units=[],
        link_text=[0] * count,
        link_longest=[""] * count,
        link_total=[0] * count,
        link_chars=[0] * len(segments.blocks),
        weights=weights,
        weight_sums=[0, *accumulate(weights)],
        run_of=run_of,
        before=before,
        after=after,
        headings=headings,
        heading_indexes=[node.index for node in headings],
    )
    _read_texts(links)
    links.units = _units(links)
    return links


def _read_texts(links: LinkMap) -> None:
    """Fill in what the links hold of text, and the blocks of links."""
    for block in links.segments.blocks:
        pieces = block.pieces
        if len(pieces) == 1:
            piece = pieces[0]
            if piece.link is not None:
                _add_text(links, block, piece.link, piece.start, piece.end, links.weights[block.index])
            continue
        current: Link | None = None
        start = end = 0
        for piece in pieces:
            if piece.link is not current:
                if current is not None:
                    _add_text(links, block, current, start, end, weight(block.text[start:end]))
                current, start = piece.link, piece.start
            end = piece.end
        if current is not None:
            _add_text(links, block, current, start, end, weight(block.text[start:end]))


def _add_text(links: LinkMap, block: Block, link: Link, start: int, end: int, chars: int) -> None:
    """``text[start:end]`` of *block*, of weight *chars*, is inside *link*."""
    index = link.index
    links.link_chars[block.index] += end - start
    links.link_total[index] += chars
    if chars > links.link_text[index]:
        links.link_text[index] = chars
        links.link_longest[index] = block.text[start:end]


def link_runs(targets: list[Target | None]) -> tuple[list[int], list[int], list[int]]:
    """Runs of links to one target: by link its run's number, the last other link before, the first one after.

    Links without a target belong to the run they stand in.
    """
    count = len(targets)
    run_of, before, after = [0] * count, [-1] * count, [count] * count
    run = -1
    last: Target | None = None
    last_index = boundary = -1
    for index, target in enumerate(targets):
        if target is not None:
            if target is not last:
                run += 1
                boundary = last_index
                last = target
            last_index = index
        run_of[index] = max(run, 0)
        before[index] = boundary
    last = None
    last_index = boundary = count
    for index in range(count - 1, -1, -1):
        target = targets[index]
        if target is not None:
            if target is not last:
                boundary = last_index
                last = target
            last_index = index
        after[index] = boundary
    return run_of, before, after


def _units(links: LinkMap) -> list[Unit]:
    open_units: dict[str, Unit] = {}
    found: list[Unit] = []
    texts = links.link_text
    for link, target in zip(links.segments.links, links.targets, strict=True):
        if target is None or leads_to_menu(target, texts[link.index]):
            continue
        unit = open_units.get(target.key)
        if unit is not None and _joins(unit, link, links):
            unit.links.append(link)
        else:
            unit = Unit(target, [link], link.node)
            found.append(unit)
            open_units[target.key] = unit
    out = []
    for unit in found:
        for link in unit.links:
            if links.link_text[link.index] > unit.chars:
                unit.chars, unit.text = links.link_text[link.index], links.link_longest[link.index]
        if all(_in_prose(link, links) for link in unit.links):
            continue
        unit.own = unit.target is links.own
        unit.node = _grow(unit, common(unit.links[0].node, unit.links[-1]), links)
        if not unit.chars:
            _read_overlay(unit, links)
        out.append(unit)
    return out


def _read_overlay(unit: Unit, links: LinkMap) -> None:
    """A link without text lies over a card or around its image: the card's heading, or longest text, is its text."""
    unit.is_overlay = True
    best = None
    for block in links.segments.blocks[unit.node.first_block : unit.node.end_block]:
        rank = (block.node.tag in HEADING_TAGS, min(links.weights[block.index], 200))
        if best is None or rank > best:
            best, unit.text = rank, block.text
    unit.chars = weight(unit.text) if unit.text else 0


def _joins(unit: Unit, link: Link, links: LinkMap) -> bool:
    """May *link* belong to the card of *unit*: near, in one small element, no other headline between, none repeated?"""
    last = unit.links[-1]
    if link.index - last.index > 4:
        return False
    around = common(last.node, link)
    if around.end_link - around.first_link > 10 or around.end_block - around.first_block > _MAX_CARD_BLOCKS:
        return False
    between = range(last.index + 1, link.index)
    text, other = links.link_longest[link.index], links.link_longest[last.index]
    if text == other and links.link_text[link.index] > _HEADLINE_WEIGHT and between:
        return False
    return not any(_is_headline(index, unit.target, links) for index in between)


def _is_headline(index: int, target: Target, links: LinkMap) -> bool:
    """May the text of link number *index* be the headline of another story than *target*? A byline's link is none."""
    other = links.targets[index]
    return links.link_text[index] > _HEADLINE_WEIGHT and other is not None and other is not target and not other.is_menu


def common(node: Node, link: Link) -> Node:
    """The smallest element around *node* that holds *link* too."""
    while node.parent is not None and not (node.first_link <= link.index < node.end_link):
        node = node.parent
    return node


def _grow(unit: Unit, node: Node, links: LinkMap) -> Node:
    """The largest element around *node* that leads nowhere else and adds no more than a card's text."""
    low, high = links.before[unit.links[0].index], links.after[unit.links[-1].index]
    while node.parent is not None:
        parent = node.parent
        if parent.first_link <= low or parent.end_link > high or parent.tag in ("body", "main", "html"):
            break
        if not _small_step(node, parent, links.weight_sums):
            break
        node = parent
    return node


def _small_step(node: Node, parent: Node, sums: list[int]) -> bool:
    blocks = parent.end_block - parent.first_block
    if blocks == node.end_block - node.first_block:
        return True
    if blocks > _MAX_CARD_BLOCKS:
        return False
    added = sums[node.first_block] - sums[parent.first_block] + sums[parent.end_block] - sums[node.end_block]
    return added <= _MAX_CARD_GAP


def _in_prose(link: Link, links: LinkMap) -> bool:
    """Does the link stand in a block with more text of its own than a lead-in?

    Text beside a link that opens the block is none of its own if it sits in elements of its own (a date, a summary).
    """
    if link.end_block - link.first_block != 1 or link.first_block >= len(links.link_chars):
        return False
    block = links.segments.blocks[link.first_block]
    inside = links.link_chars[block.index]
    rest = len(block.text) - inside
    if rest <= 60 or rest <= inside * 0.7:
        return False
    return block.pieces[0].link is not link or any(
        piece.link is None
        and piece.tag == piece.node.tag
        and (piece.node is block.node or piece.node is link.node.parent)
        for piece in block.pieces
    )


def regions_of(node: Node, known: dict[int, int]) -> int:
    """Bits of the elements around *node* that name a region of the page; *known* has those of nodes asked before."""
    way = []
    current: Node | None = node
    while current is not None and current.index not in known:
        way.append(current)
        current = current.parent
    bits = known[current.index] if current is not None else 0
    for step in reversed(way):
        bits |= _REGIONS.get(step.tag, 0)
        known[step.index] = bits
    return bits
