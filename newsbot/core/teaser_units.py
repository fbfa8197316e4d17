"""The places of a page where it points to another page, as numbers that tell teasers from other links.

What comes in: `Segments`. What goes out: `Unit`s (neighbouring links to one target), in document order, and a
row of features for each. Structure, shape of the URL, and text; no host, no class name is known here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate

from newsbot.core.blocks import HEADING_TAGS, Block, Link, Node, Segments
from newsbot.core.teaser_links import SHAPE_NAMES, Target, path_words, read_targets, shape
from newsbot.core.urls import clean_url

# The regions of a page that HTML names itself.
_REGIONS = {"nav": 1, "footer": 2, "aside": 4, "article": 8, "header": 16, "main": 32}
IN_NAV, IN_FOOTER, IN_ASIDE, IN_ARTICLE, IN_HEADER = 1, 2, 4, 8, 16
_MAX_CARD_BLOCKS = 12
_MAX_CARD_GAP = 700
# Shorter texts, to paths without numbers or phrases, are menus: on the labelled pages no teaser is lost so.
_MENU_TEXT = 16
_MENU_WORDS = 3
LONG_TEXT = 28
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7a3]")
_DIGIT = re.compile("[0-9]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = b"0123456789"


@dataclass(slots=True, eq=False)
class Unit:
    """Neighbouring links to one target; *node* is the largest element around them with no other target in it."""

    target: Target
    links: list[Link]
    node: Node
    chars: int = 0  # weight of the longest text run of the links
    text: str = ""  # that text; where the links hold none, that of the card
    own: bool = False  # it leads to the page itself
    is_overlay: bool = False  # its links hold no text


@dataclass(slots=True, eq=False)
class LinkMap:
    """What the units of a page are made from, and sums over them to look up ranges in one step."""

    segments: Segments
    own: Target
    targets: list[Target | None]
    units: list[Unit]
    link_text: list[int]  # by link: weight of its longest run of text
    link_longest: list[str]
    link_total: list[int]
    link_chars: list[int]  # by block: characters inside links
    weights: list[int]  # by block: weight of its text
    run_of: list[int]  # by link: number of its run of links to one target, as seen in document order
    before: list[int]  # by link: last link before it that leads elsewhere, or -1
    after: list[int]  # by link: first link after it that leads elsewhere, or the number of links
    headings: list[Node]  # the heading elements that hold text, in document order
    heading_indexes: list[int]
    sums: dict[str, list[int]] = field(default_factory=dict)
    regions: dict[int, int] = field(default_factory=dict)


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
        if target is None or (texts[link.index] < _MENU_TEXT and _is_menu(target)):
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


def _is_menu(target: Target) -> bool:
    """Is the path one of a section or a service: no number, no phrase?"""
    if target.is_menu is None:
        target.is_menu = not _DIGIT.search(target.key, len(target.host)) and path_words(target) < _MENU_WORDS
    return target.is_menu


def _joins(unit: Unit, link: Link, links: LinkMap) -> bool:
    """May *link* belong to the card of *unit*: near, in one small element, and not the same headline again?"""
    last = unit.links[-1]
    if link.index - last.index > 4:
        return False
    around = common(last.node, link)
    if around.end_link - around.first_link > 10 or around.end_block - around.first_block > _MAX_CARD_BLOCKS:
        return False
    text, other = links.link_longest[link.index], links.link_longest[last.index]
    return not (text == other and links.link_text[link.index] > 20 and link.index - last.index > 1)


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
        if not _small_step(node, parent, links.weights):
            break
        node = parent
    return node


def _small_step(node: Node, parent: Node, weights: list[int]) -> bool:
    blocks = parent.end_block - parent.first_block
    if blocks == node.end_block - node.first_block:
        return True
    if blocks > _MAX_CARD_BLOCKS:
        return False
    added = sum(weights[parent.first_block : node.first_block]) + sum(weights[node.end_block : parent.end_block])
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


# --------------------------------------------------------------------------
# Features
# --------------------------------------------------------------------------

_RANGE_NAMES = ("runs", "text", "long", "chars_run", "images_run")
FEATURE_NAMES: tuple[str, ...] = (
    *SHAPE_NAMES,
    "chars", "text_words", "total", "upper_share", "digit_share", "has_punct", "block_share", "block_chars",
    "heading_level", "card_blocks", "card_chars", "card_images", "card_longest",
    "overlay", "text_repeats", "n_links", "position", "in_nav", "in_footer",
    "in_aside", "in_article", "in_header", *(f"l3_{name}" for name in _RANGE_NAMES),
    *(f"l8_{name}" for name in _RANGE_NAMES), *(f"up_{name}" for name in _RANGE_NAMES),
)  # fmt: skip
_PUNCTUATION = frozenset(",:;?!\"'“”„»«–—、。：「『’‘")


# By bits of a region: each of the five bits as a number.
_REGION_FLAGS = tuple(tuple(float(bits >> place & 1) for place in range(5)) for bits in range(32))


def features(links: LinkMap) -> list[list[float]]:
    """A row of numbers for each unit, in the order of `FEATURE_NAMES`."""
    _add_sums(links)
    ranges: dict[int, list[float]] = {}
    lists: dict[int, list[float]] = {}
    places: dict[str, set[str]] = {}
    for unit in links.units:
        places.setdefault(unit.text, set()).add(unit.target.key)
    repeats = {text: float(min(len(keys), 10)) for text, keys in places.items()}
    return [
        shape(unit.target, links.own)
        + _unit_features(unit, links, repeats[unit.text])
        + _list_features(unit.node, links, ranges, lists)
        for unit in links.units
    ]


def _add_sums(links: LinkMap) -> None:
    runs = (links.run_of[-1] + 1) if links.run_of else 0
    text = [0] * runs
    for index, run in enumerate(links.run_of):
        if links.link_text[index] > text[run]:
            text[run] = min(links.link_text[index], 150)
    links.sums["text"] = [0, *accumulate(text)]
    links.sums["long"] = [0, *accumulate(int(value >= LONG_TEXT) for value in text)]
    links.sums["weights"] = [0, *accumulate(links.weights)]


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


def heading_level(node: Node, links: LinkMap) -> int:
    """Level of the first heading inside *node*, or of the one around it; 0 if there is none."""
    place = bisect_left(links.heading_indexes, node.index)
    if place < len(links.headings) and links.heading_indexes[place] < node.end_node:
        return int(links.headings[place].tag[1])
    if place and links.headings[place - 1].end_node > node.index:
        return int(links.headings[place - 1].tag[1])
    return 0


def _unit_features(unit: Unit, links: LinkMap, repeats: float) -> list[float]:
    blocks, text, card = links.segments.blocks, unit.text, unit.node
    first = unit.links[0]
    length = len(text) or 1
    block_chars = inside = total = 0
    for link in unit.links:
        total += links.link_total[link.index]
        at = link.first_block
        if not block_chars and links.link_longest[link.index] == text and at < min(link.end_block, len(blocks)):
            block_chars, inside = len(blocks[at].text), links.link_chars[at]
    bits = regions_of(card, links.regions)
    sums = links.sums["weights"]
    upper, digits = upper_and_digits(text)
    return [
        min(unit.chars, 250),
        text.count(" ") + 1 if text else 0,
        min(total, 600),
        upper / length,
        digits / length,
        not _PUNCTUATION.isdisjoint(text),
        inside / block_chars if block_chars else 0.0,
        min(block_chars, 600),
        heading_level(card, links),
        card.end_block - card.first_block,
        min(sums[card.end_block] - sums[card.first_block], 1500),
        min(card.end_image - card.first_image, 5),
        min(_heaviest(links.weights, card.first_block, card.end_block), 300),
        unit.is_overlay,
        repeats,
        len(unit.links),
        first.first_block / (len(blocks) or 1),
        *_REGION_FLAGS[bits & 31],
    ]


def _heaviest(weights: list[int], start: int, end: int) -> int:
    if end - start == 1:
        return weights[start]  # the usual case
    return max(weights[start:end], default=0)


def _list_features(
    card: Node, links: LinkMap, ranges: dict[int, list[float]], known: dict[int, list[float]]
) -> list[float]:
    """Of the elements around *card* with three runs of links and with eight, and of the nearest: means over the runs.

    *ranges* has the means of elements asked before, *known* the whole answer by nearest element.
    """
    parent = card.parent or card
    found = known.get(parent.index)
    if found is None:
        top = parent
        found = known[parent.index] = []
        for least in (3, 8):
            while top.parent is not None and _run_count(top, links) < least:
                top = top.parent
            found += _known_range(top, links, ranges)
        found += _known_range(parent, links, ranges)
    return found


def _known_range(node: Node, links: LinkMap, ranges: dict[int, list[float]]) -> list[float]:
    values = ranges.get(node.index)
    if values is None:
        values = ranges[node.index] = _range(node, links)
    return values


def _run_count(node: Node, links: LinkMap) -> int:
    if node.end_link <= node.first_link:
        return 0
    return links.run_of[node.end_link - 1] - links.run_of[node.first_link] + 1


def _range(node: Node, links: LinkMap) -> list[float]:
    """Means over the runs of links below *node*."""
    if node.end_link <= node.first_link:
        return [0.0] * len(_RANGE_NAMES)
    low, high = links.run_of[node.first_link], links.run_of[node.end_link - 1] + 1
    runs = high - low
    text, long, weights = links.sums["text"], links.sums["long"], links.sums["weights"]
    return [
        float(min(runs, 60)),
        (text[high] - text[low]) / runs,
        (long[high] - long[low]) / runs,
        min((weights[node.end_block] - weights[node.first_block]) / runs, 600.0),
        min((node.end_image - node.first_image) / runs, 4.0),
    ]
