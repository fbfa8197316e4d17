"""The places of a page where it points to another page, as numbers that tell teasers from other links.

What comes in: `Segments`. What goes out: `Unit`s (neighbouring links to one target), in document order, and a
row of features for each. Structure, shape of the URL, and text; no host, no class name of a site is known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from urllib.parse import urljoin

from newsbot.core.blocks import HEADING_TAGS, Block, Link, Node, Segments
from newsbot.core.teaser_links import SHAPE_NAMES, Target, read_targets, shape

# Bits of the elements around a node.
IN_NAV, IN_HEADER, IN_FOOTER, IN_ASIDE, IN_MAIN, IN_ARTICLE, IN_FIGURE, IN_FORM, IN_LIST, IN_P, IN_HEADING, IN_TABLE = (
    1 << bit for bit in range(12)
)
_BITS = {
    "nav": IN_NAV, "header": IN_HEADER, "footer": IN_FOOTER, "aside": IN_ASIDE, "main": IN_MAIN,
    "article": IN_ARTICLE, "figure": IN_FIGURE, "figcaption": IN_FIGURE, "form": IN_FORM, "ul": IN_LIST, "ol": IN_LIST,
    "p": IN_P, "table": IN_TABLE, **dict.fromkeys(HEADING_TAGS, IN_HEADING),
}  # fmt: skip
BITS_COUNT = 12
# Words that developers of any country put into class names; one weak feature each.
_MENU_HINT = re.compile(r"nav|menu|footer|breadcrumb|social|share|tags?\b|topic|login|subscri|cookie|consent|legal")
_CARD_HINT = re.compile(
    r"teaser|card|related|story|article|headline|most|popular|trending|recommend|latest|read|news|post|item|rail"
)
_SENTENCE_END = tuple(".!?…。！？")
_MAX_CARD_BLOCKS = 12
_MAX_CARD_GAP_CHARS = 700


@dataclass(slots=True, eq=False)
class Unit:
    """Neighbouring links to one target; *node* is the largest element around them with no other target in it."""

    target: Target
    links: list[Link]
    node: Node
    chars: int = 0  # weight of the longest text run of the links
    text: str = ""  # that text
    own: bool = False  # it leads to the page itself
    prose: bool = False  # it stands in running text


@dataclass(slots=True)
class LinkMap:
    """What the units of a page are made from, and sums over them to look up ranges in one step."""

    segments: Segments
    own: Target
    targets: list[Target | None]
    units: list[Unit]
    bits: list[int]  # by node: the elements around it
    link_text: list[int]  # by link: weight of its longest run of text
    link_longest: list[str]
    link_total: list[int]
    link_chars: list[int]  # by block: characters inside links
    weights: list[int]  # by block: weight of its text
    run_of: list[int]  # by link: number of its run of links to one target, as seen in document order
    before: list[int]  # by link: last link before it that leads elsewhere, or -1
    after: list[int]  # by link: first link after it that leads elsewhere, or the number of links
    sums: dict[str, list[float]] = field(default_factory=dict)


def weight(text: str) -> int:
    """Characters of *text*, those of scripts that write a word in one or two signs counted twice.

    >>> weight("one"), weight("関連記事")
    (3, 8)
    """
    if text.isascii():
        return len(text)
    return len(text) + sum(1 for char in text if "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3")


def read_links(segments: Segments) -> LinkMap:
    """The units of a page. Linear in blocks, links and nodes."""
    page_url = segments.page.url
    base = page_url
    if segments.base_href:
        base = urljoin(page_url, segments.base_href)
    targets, own = read_targets([link.href for link in segments.links], base)
    bits = [0] * len(segments.nodes)
    for node in segments.nodes:
        bits[node.index] = (bits[node.parent.index] if node.parent is not None else 0) | _BITS.get(node.tag, 0)
    count = len(segments.links)
    link_text, link_longest, link_total = [0] * count, [""] * count, [0] * count
    link_chars, weights = [0] * len(segments.blocks), [0] * len(segments.blocks)
    for block in segments.blocks:
        weights[block.index] = weight(block.text)
        _read_block(block, link_text, link_longest, link_total, link_chars)
    run_of, before, after = _runs(targets, link_total)
    links = LinkMap(
        segments,
        own,
        targets,
        [],
        bits,
        link_text,
        link_longest,
        link_total,
        link_chars,
        weights,
        run_of,
        before,
        after,
    )
    links.units = _units(links)
    return links


def _read_block(
    block: Block, link_text: list[int], link_longest: list[str], link_total: list[int], link_chars: list[int]
) -> None:
    current: Link | None = None
    start = end = 0
    for piece in (*block.pieces, None):
        link = piece.link if piece is not None else None
        if link is not current or piece is None:
            if current is not None:
                text = block.text[start:end]
                chars = weight(text)
                link_chars[block.index] += end - start
                link_total[current.index] += chars
                if chars > link_text[current.index]:
                    link_text[current.index] = chars
                    link_longest[current.index] = text
            current = link
            start = piece.start if piece is not None else 0
        if piece is not None:
            end = piece.end


def _runs(targets: list[Target | None], totals: list[int]) -> tuple[list[int], list[int], list[int]]:
    """Runs of links to one target; links that lead to no page belong to the run they stand in."""
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
    segments, targets = links.segments, links.targets
    open_units: dict[str, Unit] = {}
    out: list[Unit] = []
    for link, target in zip(segments.links, targets, strict=True):
        if target is None:
            continue
        unit = open_units.get(target.key)
        if unit is not None and _joins(unit, link, links):
            unit.links.append(link)
        else:
            unit = Unit(target, [link], link.node)
            out.append(unit)
            open_units[target.key] = unit
    for unit in out:
        first, last = unit.links[0], unit.links[-1]
        for link in unit.links:
            if links.link_text[link.index] > unit.chars:
                unit.chars, unit.text = links.link_text[link.index], links.link_longest[link.index]
        unit.own = unit.target.key == links.own.key
        unit.node = _grow(unit, _common(first.node, last), links)
        unit.prose = all(_in_prose(link, links) for link in unit.links)
    return out


def _joins(unit: Unit, link: Link, links: LinkMap) -> bool:
    """May *link* belong to the card of *unit*: near, in one small element, and not a second headline."""
    last = unit.links[-1]
    if link.index - last.index > 4:
        return False
    common = _common(last.node, link)
    if common.end_link - common.first_link > 10 or common.end_block - common.first_block > _MAX_CARD_BLOCKS:
        return False
    text, other = links.link_longest[link.index], links.link_longest[last.index]
    return not (text == other and links.link_text[link.index] > 20 and link.index - last.index > 1)


def _common(node: Node, link: Link) -> Node:
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
    return added <= _MAX_CARD_GAP_CHARS


def _in_prose(link: Link, links: LinkMap) -> bool:
    """Does the link stand in a block with more text of its own than a lead-in?"""
    if link.end_block - link.first_block != 1:
        return False
    block = links.segments.blocks[link.first_block]
    inside = links.link_chars[block.index]
    rest = len(block.text) - inside
    return rest > 60 and rest > inside * 0.7


# --------------------------------------------------------------------------
# Features
# --------------------------------------------------------------------------

_RANGE_NAMES = ("runs", "text", "words", "long", "blocks_run", "chars_run", "link_share", "images_run", "depth_up")
FEATURE_NAMES: tuple[str, ...] = (
    *SHAPE_NAMES,
    "chars", "text_words", "sentence_end", "has_punct", "digit_share", "upper_share", "total", "n_links", "empty_links",
    "own", "prose", "in_heading", "heading_in", "heading_level", "block_share", "block_chars", "hidden", "aria",
    "position", "after_h1", "card_blocks", "card_chars", "card_free_chars", "card_images", "card_times", "card_depth",
    *(f"in_{bit}" for bit in range(BITS_COUNT)),
    "li_up", "p_up", "menu_hint", "card_hint", "tail_slug", "slug_overlap",
    *(f"l3_{name}" for name in _RANGE_NAMES), *(f"l8_{name}" for name in _RANGE_NAMES),
    *(f"up_{name}" for name in _RANGE_NAMES),
    "l3_nav", "l3_menu_hint", "l3_card_hint", "near_prose", "sib_runs_ratio",
)  # fmt: skip


def features(links: LinkMap) -> list[list[float]]:
    """A row of numbers for each unit, in the order of `FEATURE_NAMES`."""
    segments = links.segments
    _prepare(links)
    shapes: dict[str, list[float]] = {}
    h1 = next(
        (node.first_block for node in segments.nodes if node.tag == "h1" and node.end_block > node.first_block), 0
    )
    ranges: dict[int, list[float]] = {}
    times = [node.index for node in segments.times]
    rows: list[list[float]] = []
    for unit in links.units:
        row = shapes.get(unit.target.key)
        if row is None:
            row = shapes[unit.target.key] = shape(unit.target, links.own)
        rows.append(row + _unit_features(unit, links, h1, times) + _list_features(unit, links, ranges))
    return rows


def _prepare(links: LinkMap) -> None:
    segments = links.segments
    runs = (links.run_of[-1] + 1) if links.run_of else 0
    text, words = [0.0] * runs, [0.0] * runs
    for index, target in enumerate(links.targets):
        run = links.run_of[index]
        if links.link_text[index] > text[run]:
            text[run] = float(min(links.link_text[index], 150))
        if target is not None:
            words[run] = float(min(target.path_words, 12))
    links.sums["text"] = [0.0, *accumulate(text)]
    links.sums["words"] = [0.0, *accumulate(words)]
    links.sums["long"] = [0.0, *accumulate(float(value >= 28) for value in text)]
    links.sums["weights"] = [0.0, *accumulate(map(float, links.weights))]
    links.sums["link_chars"] = [0.0, *accumulate(map(float, links.link_chars))]
    links.sums["chars"] = [0.0, *accumulate(float(len(block.text)) for block in segments.blocks)]


def _unit_features(unit: Unit, links: LinkMap, h1: int, times: list[int]) -> list[float]:
    segments, text = links.segments, unit.text
    first = unit.links[0]
    textual = next((link for link in unit.links if links.link_longest[link.index] == text), first)
    node, card = textual.node, unit.node
    bits = links.bits[node.index]
    heading_in = 0.0
    level = 0
    for inner in segments.nodes[card.index : card.end_node]:
        if inner.tag in HEADING_TAGS:
            heading_in, level = 1.0, int(inner.tag[1])
            break
    letters = [char for char in text if char.isalpha()]
    block = segments.blocks[textual.first_block] if textual.end_block > textual.first_block else None
    block_chars = len(block.text) if block is not None else 0
    inside = links.link_chars[block.index] if block is not None else 0
    li_up, p_up = _up(node, "li"), _up(node, "p")
    hint = f"{node.hint} {card.hint} {node.parent.hint if node.parent else ''}"
    last = unit.target.segments[-1].lower() if unit.target.segments else ""
    tokens = re.findall(r"[a-z]{4,20}", text.lower())[:12]
    overlap = sum(1 for word in tokens if word in last) / len(tokens) if tokens else 0.0
    card_chars = links.sums["weights"][card.end_block] - links.sums["weights"][card.first_block]
    return [
        float(min(unit.chars, 250)),
        float(text.count(" ") + 1 if text else 0),
        float(text.endswith(_SENTENCE_END)),
        float(any(mark in text for mark in ",:;?!\"'“”„»«–—、。：「『")),
        sum(char.isdigit() for char in text) / len(text) if text else 0.0,
        sum(char.isupper() for char in letters) / len(letters) if letters else 0.0,
        float(min(sum(links.link_total[link.index] for link in unit.links), 600)),
        float(len(unit.links)),
        float(sum(1 for link in unit.links if not links.link_total[link.index])),
        float(unit.own),
        float(unit.prose),
        float(bool(bits & IN_HEADING)),
        heading_in,
        float(level),
        inside / block_chars if block_chars else 0.0,
        float(min(block_chars, 600)),
        float(bool(node.hidden & 5)),
        float(bool(node.hidden & 2)),
        first.first_block / max(len(segments.blocks), 1),
        float(first.first_block > h1),
        float(card.end_block - card.first_block),
        min(card_chars, 1500.0),
        min(card_chars - sum(links.link_total[link.index] for link in unit.links), 1500.0),
        float(min(card.end_image - card.first_image, 5)),
        float(any(card.index <= time < card.end_node for time in times)),
        float(node.depth - card.depth),
        *(float(bool(bits & (1 << bit))) for bit in range(BITS_COUNT)),
        float(li_up),
        float(p_up),
        float(bool(_MENU_HINT.search(hint))),
        float(bool(_CARD_HINT.search(hint))),
        float(last[-1:].isdigit()),
        overlap,
    ]


def _up(node: Node, tag: str) -> int:
    """Steps up to the nearest *tag*, 9 if none within 8."""
    current: Node | None = node
    for step in range(8):
        if current is None:
            break
        if current.tag == tag:
            return step
        current = current.parent
    return 9


def _list_features(unit: Unit, links: LinkMap, ranges: dict[int, list[float]]) -> list[float]:
    card = unit.node
    out: list[float] = []
    found: list[Node] = []
    for least in (3, 8):
        node = card
        while node.parent is not None and _run_count(node, links) < least:
            node = node.parent
        found.append(node)
    found.append(card.parent or card)
    for node in found:
        values = ranges.get(node.index)
        if values is None:
            values = ranges[node.index] = _range(node, links)
        out.extend(values)
        out.append(float(min(card.depth - node.depth, 12)))
    top = found[0]
    out.append(float(bool(links.bits[top.index] & IN_NAV)))
    out.append(float(bool(_MENU_HINT.search(top.hint))))
    out.append(float(bool(_CARD_HINT.search(top.hint))))
    out.append(_near_prose(card, links))
    out.append(_run_count(found[2], links) / max(_run_count(top, links), 1))
    return out


def _run_count(node: Node, links: LinkMap) -> int:
    if node.end_link <= node.first_link:
        return 0
    return links.run_of[node.end_link - 1] - links.run_of[node.first_link] + 1


def _range(node: Node, links: LinkMap) -> list[float]:
    """Means over the runs of links below *node*, without the depth."""
    if node.end_link <= node.first_link:
        return [0.0] * (len(_RANGE_NAMES) - 1)
    low, high = links.run_of[node.first_link], links.run_of[node.end_link - 1] + 1
    runs = high - low
    sums = links.sums
    chars = sums["chars"][node.end_block] - sums["chars"][node.first_block]
    inside = sums["link_chars"][node.end_block] - sums["link_chars"][node.first_block]
    return [
        float(min(runs, 60)),
        (sums["text"][high] - sums["text"][low]) / runs,
        (sums["words"][high] - sums["words"][low]) / runs,
        (sums["long"][high] - sums["long"][low]) / runs,
        min((node.end_block - node.first_block) / runs, 20.0),
        min(chars / runs, 600.0),
        inside / chars if chars else 0.0,
        min((node.end_image - node.first_image) / runs, 4.0),
    ]


def _near_prose(card: Node, links: LinkMap) -> float:
    """Blocks of running text directly before and after the card: 0, 1 or 2."""
    blocks = links.segments.blocks
    near = 0
    for index in (card.first_block - 1, card.end_block):
        if 0 <= index < len(blocks) and len(blocks[index].text) - links.link_chars[index] > 120:
            near += 1
    return float(near)
