"""From the story's blocks to the body as it is read: nothing hidden, whole tables, a live blog's entries with times.

What comes in: `Segments` and the numbers of the blocks that are the story's. What goes out: such numbers again, and
`BodyPart` values in reading order. Knows neither the model nor teasers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from newsbot.core.blocks import HEADING_TAGS, HIDDEN_ARIA, HIDDEN_NOSCRIPT, NOT_DRAWN, Block, Node, Segments
from newsbot.core.feature_text import SENTENCE_END
from newsbot.core.landmarks import IN_DIALOG
from newsbot.core.roles import BodyPart

_PART_KINDS = {"li": "list_item", "dd": "list_item", "dt": "list_item", "blockquote": "quote", "pre": "preformatted"}
# Paragraphs in one of these that begins with a heading are an entry's text, not an item.
_ENTRIES = frozenset(("dd", "li"))
_CELLS, _ROW, _TABLE = frozenset(("td", "th")), frozenset(("tr",)), frozenset(("table",))
# A text for readers without scripts is a story from here on, beside other text and alone: less is a plea to switch
# them on.
MIN_NOSCRIPT_CHARS, MIN_LONE_NOSCRIPT_CHARS = 600, 300
# A table of data has short cells; one that holds the page's layout has long ones.
MAX_CELL_CHARS, MAX_CELLS = 120, 400
MAX_ENTRY_TIME_CHARS, MAX_ENTRY_HEADING_CHARS = 40, 160
_CLOCK = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d\b(?: ?[AaPp]\.?[Mm]\b\.?| ?Uhr\b)?")


def drawn(blocks: Sequence[Block], body: Sequence[int]) -> list[int]:
    """*body* without what a reader does not see or is asked in a dialogue (consent, offers), unless that is most of it.

    Such a page shows itself by a script.
    """
    out = [index for index in body if not blocks[index].hidden & HIDDEN_NOSCRIPT]
    if _chars(blocks, out) + (MIN_NOSCRIPT_CHARS if out else MIN_LONE_NOSCRIPT_CHARS) <= _chars(blocks, body):
        out = list(body)
    for is_aside in (_is_not_drawn, _is_told_to_no_one, _is_asked):
        shown = [index for index in out if not is_aside(blocks[index])]
        if len(shown) < len(out) and 2 * _chars(blocks, shown) > _chars(blocks, out):
            out = shown
    return out


def _is_not_drawn(block: Block) -> bool:
    return bool(block.hidden & NOT_DRAWN)


def _is_told_to_no_one(block: Block) -> bool:
    return bool(block.hidden & HIDDEN_ARIA)


def _is_asked(block: Block) -> bool:
    return bool(block.node.inside & IN_DIALOG)


def _chars(blocks: Sequence[Block], body: Sequence[int]) -> int:
    return sum(len(blocks[index].text) for index in body)


def with_whole_tables(segments: Segments, body: Sequence[int], taken: Collection[int]) -> list[int]:
    """*body* with all cells of each data table that stands among its paragraphs, or of which it has half already.

    Blocks of *taken* stay out.
    """
    if not body:
        return []
    blocks = segments.blocks
    own = set(body)
    first, last = blocks[body[0]].node, blocks[body[-1]].node
    around = {node.parent for index in body if (node := blocks[index].node).tag == "p"}
    for table in segments.nodes[first.index : last.end_node]:
        if table.tag != "table":
            continue
        cells = blocks[table.first_block : table.end_block]
        is_among = table.parent in around and body[0] < table.first_block and table.end_block <= body[-1]
        is_half = 2 * sum(block.index in own for block in cells) >= len(cells) > 0
        if (is_among or is_half) and _is_data(cells):
            own.update(block.index for block in cells if block.index not in taken and not block.hidden)
    return sorted(own)


def _is_data(cells: Sequence[Block]) -> bool:
    """Whether these are short cells, and no list of links."""
    if len(cells) > MAX_CELLS or any(len(block.text) > MAX_CELL_CHARS for block in cells):
        return False
    return 3 * sum(block.link_chars for block in cells) <= sum(len(block.text) for block in cells)


def _around(node: Node, tags: Collection[str]) -> Node | None:
    """The nearest element of *tags*: *node* or one a few levels around it."""
    step: Node | None = node
    for _ in range(6):
        if step is None or step.tag in tags:
            return step
        step = step.parent
    return None


def with_entries(segments: Segments, body: Sequence[int], taken: Collection[int]) -> list[int]:
    """A live blog's *body* with the times of its entries and the headings under them.

    Times are short blocks that look alike, at least two: in ``<time>``, or beginning with a time of day. Headings are
    lines between a time and the text of its entry, in what looks alike, each with words of its own.
    """
    if not body:
        return []
    blocks = segments.blocks
    free = [
        block
        for block in blocks[max(body[0] - 2, 0) : body[-1] + 1]
        if block.index not in taken and not block.hidden & NOT_DRAWN
    ]
    timed = _in_time_elements(segments)
    times = _alike([block for block in free if _is_entry_time(block, timed)])
    own = times.union(body)
    lines = Counter(block.text for block in free)
    headings = [
        block
        for block in free
        if block.index not in times
        and _opens_entry(block.index, own, times)
        and _is_headline_like(block)
        and lines[block.text] == 1
    ]
    return sorted(own | _alike(headings))


def _in_time_elements(segments: Segments) -> frozenset[int]:
    return frozenset(index for node in segments.times for index in range(node.first_block, node.end_block))


def _is_entry_time(block: Block, timed: Collection[int]) -> bool:
    if len(block.text) > MAX_ENTRY_TIME_CHARS:
        return False
    return block.index in timed or _CLOCK.match(_first_piece(block)) is not None


def _opens_entry(index: int, own: Collection[int], times: Collection[int]) -> bool:
    """Whether nothing of the story stands between the block and a time right before it."""
    return index - 1 in times or (index - 2 in times and index - 1 not in own)


def _is_headline_like(block: Block) -> bool:
    is_short = len(block.text) <= MAX_ENTRY_HEADING_CHARS
    return is_short and block.text[-1] not in SENTENCE_END and not block.link_chars


def _alike(blocks: Sequence[Block]) -> set[int]:
    """The numbers of those blocks that look like at least one other."""
    by_look: dict[tuple[str, str], list[int]] = {}
    for block in blocks:
        by_look.setdefault(look(block.node), []).append(block.index)
    return {index for indexes in by_look.values() if len(indexes) > 1 for index in indexes}


def look(node: Node) -> tuple[str, str]:
    """What makes elements look the same to a reader: the tag, and the class whatever it says."""
    return node.tag, node.attrs.get("class", "")


def body_parts(segments: Segments, body: Sequence[int], lead: int | None, kind: str) -> tuple[BodyPart, ...]:
    """The parts of the body, in reading order; the cells of a table's row are one part."""
    timed = _in_time_elements(segments) if kind == "live_blog" else frozenset()
    parts: list[BodyPart] = []
    last_row: Node | None = None
    rows = _rows(segments, body)
    for index in body:
        block = segments.blocks[index]
        row = rows.get(index)
        if row is not None and row is last_row:
            parts[-1] = BodyPart("table_row", f"{parts[-1].text} {block.text}", parts[-1].block)
            continue
        last_row = row
        text = block.text
        if index == lead:
            what = "lead"
        elif kind == "live_blog" and _is_entry_time(block, timed):
            what, text = "entry_time", _time_of(block)
        elif row is not None:
            what = "table_row"
        else:
            what = _part_kind(segments.blocks, block)
            if what == "paragraph" and parts and parts[-1].kind == "entry_time" and _is_headline_like(block):
                what = "subheading"
        parts.append(BodyPart(what, text, index))
    return tuple(parts)


def _time_of(block: Block) -> str:
    """The piece that is the entry's time: its author often stands in the same line."""
    first = _first_piece(block)
    return first if _CLOCK.fullmatch(first) else block.text


def _first_piece(block: Block) -> str:
    return block.text[: block.pieces[0].end]


def _rows(segments: Segments, body: Sequence[int]) -> dict[int, Node]:
    """The rows of tables by the blocks of *body* that stand in their cells.

    A cell of several blocks is one only in a table of data: else the table holds the page's layout.
    """
    rows: dict[int, Node] = {}
    is_data: dict[int, bool] = {}
    for index in body:
        node = segments.blocks[index].node
        cell = _around(node, _CELLS)
        row = _around(cell, _ROW) if cell is not None else None
        if cell is None or row is None:
            continue
        is_alone = cell.end_block - cell.first_block == 1 and (cell is node or cell is node.parent)
        table = _around(row, _TABLE) or row
        if not is_alone and table.index not in is_data:
            is_data[table.index] = _is_data(segments.blocks[table.first_block : table.end_block])
        if is_alone or is_data[table.index]:
            rows[index] = row
    return rows


def _part_kind(blocks: Sequence[Block], block: Block) -> str:
    """What a block of the body is, from the nearest element that says so."""
    node: Node | None = block.node
    if block.node.tag in HEADING_TAGS:
        return "subheading"
    for _ in range(3):
        if node is None:
            break
        if node.tag in _PART_KINDS:
            is_entry = node.tag in _ENTRIES and blocks[node.first_block].node.tag in HEADING_TAGS
            return "paragraph" if is_entry and block.node.tag == "p" else _PART_KINDS[node.tag]
        node = node.parent
    return "paragraph"
