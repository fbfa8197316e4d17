"""Fields: the texts of a card, and numbers that tell its headline, label and summary apart.

What comes in: the cards of a page. What goes out: `Field`s in document order, and a row of features for each.
Does not decide which text is which, knows no headings of blocks and no kinds.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import accumulate

from msgspec import Struct

from newsbot.core.blocks import HEADING_TAGS, HINT_KEPT_CHARS, Node
from newsbot.core.teaser_cards import Card, Field
from newsbot.core.teaser_links import PERSON_WORDS
from newsbot.core.teaser_units import LinkMap, upper_and_digits, weight

_EMPHASIS = frozenset(("b", "strong", "small", "big", "mark", "u"))


def read_fields(card: Card, links: LinkMap) -> list[Field]:
    """The texts of the card's element, cut where the element, the emphasis at a block's start or the link changes."""
    out: list[Field] = []
    low, high = card.node.index, card.node.end_node
    for block in links.segments.blocks[card.node.first_block : card.node.end_block]:
        current: Field | None = None
        for piece in block.pieces:
            if not low <= piece.node.index < high:
                current = None
                continue
            if piece.end - piece.start <= 2 and not any(map(str.isalnum, block.text[piece.start : piece.end])):
                if current is not None and current.node is piece.node:
                    current.end = piece.end
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
    for item in out:
        item.text = item.block.text[item.start : item.end]
        item.chars = weight(item.text)
    return out


# Words that developers of any country put into class names; weak features, never decisive.
_LABEL_HINT = re.compile(r"kick|label|categ|sect|topic|rubr|eyebrow|overline|badge|roof|supertit|pretit|antetit|dach")
_TITLE_HINT = re.compile(r"titl|headline|\bhed\b|ttl")
AUTHOR_HINT = re.compile(r"auth|byline|writer")
_OTHER_HINT = re.compile(r"auth|byline|date|time|count|comment|capt|credit|durat|button|btn|rank|\bnum")
DATE_LIKE = re.compile(
    r"\d{1,2}[:.]\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b|\d{1,2}h\d\d|年|月|日|분|시간|"
    r"\b(?:ago|vor|hace|min|mins|hours?|hrs?|days?|stunden?|minuten?|il y a|fa|dzień|godz|hari|jam|saat|dakika)\b",
    re.IGNORECASE,
)
BY_LIKE = re.compile(r"(?:by|von|par|por|da|di|de|av|af|door|od|autor|text|foto|author)\b[ :]", re.IGNORECASE)
_SENTENCE_END = tuple(".!?…。")
_FIGURE_TAGS = frozenset(("figure", "figcaption", "picture"))
_MAX_CHARS = 400  # longer texts say no more
_MAX_NAMES = 9  # tags and classes that make the mark of a field: its own tag, and two for each of four elements
FIELD_NAMES: tuple[str, ...] = (
    "chars", "words", "share", "order", "count", "is_heading", "in_link", "other_link", "person_link", "link_repeats",
    "tag_p", "upper_share", "digit_share", "label_hint", "other_hint", "label_above", "title_above", "sig_distinct",
    "sig_max", "sig_mean", "sig_sentences", "text_count", "text_share", "longest_before", "longest_after",
    "chars_before", "chars_after", "to_main", "is_main", "same_block_before", "level", "level_rise", "roofline",
    "block_share", "depth", "n_cards", "link_text_share", "heading_elsewhere", "sentence_end", "in_figure",
)  # fmt: skip


class _Signature(Struct, eq=False, gc=False, frozen=True):
    """What the fields of all cards that sit in the same kind of element have in common."""

    count: int
    distinct: float
    longest: float
    mean: float
    sentences: float  # share of texts that end like a sentence


class _Way(Struct, eq=False, gc=False, frozen=True):
    """What lies between a field and its card."""

    mark: str  # tags and classes
    level: int  # of the innermost heading, the card's own element included; 0: none
    in_figure: bool


def field_features(cards: list[Card], links: LinkMap) -> list[list[float]]:
    """A row for each field of each card that has several, in order, in the order of `FIELD_NAMES`."""
    if all(len(card.fields) < 2 for card in cards):
        return []
    texts = Counter([item.text for card in cards for item in card.fields])
    alike: dict[str, list[Field]] = {}
    ways: list[list[_Way]] = []
    for card in cards:
        own = [_way_up(item, card.node) for item in card.fields]
        for way, item in zip(own, card.fields, strict=True):
            alike.setdefault(way.mark, []).append(item)
        ways.append(own)
    signatures = {mark: _signature(fields) for mark, fields in alike.items()}
    rows: list[list[float]] = []
    for card, own in zip(cards, ways, strict=True):
        if len(card.fields) > 1:
            rows += _card_rows(card, own, [signatures[way.mark] for way in own], texts, links, len(cards))
    return rows


def _signature(fields: list[Field]) -> _Signature:
    weights = [item.chars for item in fields]
    count = len(fields)
    return _Signature(
        count,
        len({item.text for item in fields}) / count,
        float(min(max(weights), _MAX_CHARS)),
        min(sum(weights) / count, float(_MAX_CHARS)),
        sum([item.text.endswith(_SENTENCE_END) for item in fields]) / count,
    )


def _way_up(item: Field, top: Node) -> _Way:
    """What lies between a field and the element of its card, *top*; one walk for all that is asked of it."""
    names = [item.tag]
    level = 0
    in_figure = False
    current: Node | None = item.node
    while current is not None and current is not top:
        tag = current.tag
        if len(names) < _MAX_NAMES:
            names += tag, current.attrs.get("class", "")[:40]
        if tag in HEADING_TAGS:
            level = level or int(tag[1])
        elif tag in _FIGURE_TAGS:
            in_figure = True
        current = current.parent
    if not level and current is not None and current.tag in HEADING_TAGS:
        level = int(current.tag[1])
    return _Way("/".join(names), level, in_figure)


def _card_rows(
    card: Card,
    ways: list[_Way],
    signatures: list[_Signature],
    texts: Counter[str],
    links: LinkMap,
    count: int,
) -> list[list[float]]:
    fields = card.fields
    own_links = card.unit.links
    chars = [item.chars for item in fields]
    linked = [item.link is not None and item.link in own_links for item in fields]
    levels = [way.level for way in ways]
    top_level = min((level for level in levels if level), default=0)
    main = _main_field(signatures, levels, linked)
    roofline = card.roofline = _roofline(fields, signatures, linked, levels, main)
    longest = max(chars)
    link_share = sum(size for size, inside in zip(chars, linked, strict=True) if inside) / sum(chars)
    capped = [size if size < _MAX_CHARS else _MAX_CHARS for size in chars]
    # Longest text before each field, and, read backwards, after it.
    longest_before = [0, *accumulate(capped, max)]
    longest_after = [0, *accumulate(reversed(capped), max)]
    beside = [0, *capped, 0]
    last = len(fields) - 1
    rows: list[list[float]] = []
    for index, item in enumerate(fields):
        text, node, signature, level, inside = item.text, item.node, signatures[index], levels[index], linked[index]
        length = len(text)
        same = texts[text]
        label_hint, other_hint, _ = _hints(node.hint)
        label_above, _, title_above = (
            _hints(node.parent.hint) if node.parent is not None and node is not card.node else _NO_HINTS
        )
        upper, digits = upper_and_digits(text)
        rows.append(
            [
                capped[index],
                text.count(" ") + 1,
                chars[index] / longest,
                index if index < 12 else 12,
                last + 1 if last < 15 else 16,
                level > 0,
                inside,
                item.link is not None and not inside,
                *_other_link(item, card, links, inside),
                node.tag == "p",
                upper / length,
                digits / length,
                label_hint,
                other_hint,
                label_above,
                title_above,
                signature.distinct,
                signature.longest,
                signature.mean,
                signature.sentences,
                same if same < 20 else 20,
                same / count if same < count else 1.0,
                longest_before[index],
                longest_after[last - index],
                beside[index],
                beside[index + 2],
                max(-6, min(index - main, 6)),
                index == main,
                index > 0 and fields[index - 1].block is item.block,
                level,
                level - top_level if level else 0,
                index == roofline,
                length / len(item.block.text),
                node.depth - card.node.depth,
                count if count < 60 else 60,
                link_share,
                levels[main] > 0 and not level,
                text.endswith(_SENTENCE_END),
                ways[index].in_figure,
            ]
        )
    return rows


def _main_field(signatures: list[_Signature], levels: list[int], linked: list[bool]) -> int:
    """The field that is the headline by its look on most cards, not on this one: a kicker may outgrow a short one."""
    merit = [
        signature.mean
        * (2.5 - 0.1 * level if level else 1.0)
        * (2.0 if inside else 1.0)
        * (0.5 if signature.sentences > 0.6 and not level else 1.0)
        if signature.mean < 200
        else 60.0
        for signature, level, inside in zip(signatures, levels, linked, strict=True)
    ]
    return merit.index(max(merit))


_NO_HINTS = (0.0, 0.0, 0.0)


def _hints(hint: str) -> tuple[float, float, float]:
    """Do class and id of an element sound like a label, like something else, like a title?"""
    return _kept_hints(hint) if len(hint) <= HINT_KEPT_CHARS else _sounds(hint)


def _sounds(hint: str) -> tuple[float, float, float]:
    return (
        float(_LABEL_HINT.search(hint) is not None),
        float(_OTHER_HINT.search(hint) is not None),
        float(_TITLE_HINT.search(hint) is not None),
    )


# Cards of a list have the same classes, and those of all pages of a site.
_kept_hints = lru_cache(maxsize=2_048)(_sounds)


def _is_in_figure(node: Node) -> bool:
    current: Node | None = node
    while current is not None:
        if current.tag in _FIGURE_TAGS:
            return True
        current = current.parent
    return False


def _roofline(
    fields: list[Field], signatures: list[_Signature], linked: list[bool], levels: list[int], main: int
) -> int:
    """The field directly above the headline, in an element of its own on most cards with such a headline; or -1."""
    above = main - 1
    if above < 0 or fields[above].node is fields[main].node:
        return -1
    one, other = signatures[above], signatures[main]
    if one is other or one.count < 3 or one.count < 0.3 * other.count or one.mean > 70:
        return -1
    if one.count * one.distinct <= 1 or _is_in_figure(fields[above].node):
        return -1  # the same word on each card, or part of the picture
    return above if linked[above] == linked[main] or (levels[above] > 0) == (levels[main] > 0) else -1


def _other_link(item: Field, card: Card, links: LinkMap, is_own: bool) -> tuple[float, float]:
    """Of a field in a link that does not lead to the story: does it lead to a person, and how often is it there?"""
    target = links.targets[item.link.index] if item.link is not None and not is_own else None
    if target is None:
        return 0.0, 0.0
    item.to_section = bool(target.segments) and card.unit.target.key.startswith(target.key + "/")
    item.to_person = not PERSON_WORDS.isdisjoint(target.segments)
    return float(item.to_person), float(min(target.count, 10))
