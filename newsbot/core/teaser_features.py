"""Numbers that tell units and cards that promote a story from other links.

What comes in: the units of a page, later its cards. What goes out: a row of numbers for each. Structure, shape of
the URL, and text: no host, no class name is known here.
"""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from operator import itemgetter

from newsbot.core.blocks import Node
from newsbot.core.teaser_cards import Card
from newsbot.core.teaser_links import MENU_WEIGHT, SHAPE_NAMES, shape
from newsbot.core.teaser_units import (
    IN_ARTICLE,
    IN_ASIDE,
    IN_FOOTER,
    IN_HEADER,
    IN_NAV,
    LinkMap,
    Unit,
    regions_of,
    upper_and_digits,
)

LONG_TEXT = 28
_MAX_RUN_TEXT = 150
_RANGE_NAMES = ("runs", "text", "long", "chars_run", "images_run")
FEATURE_NAMES: tuple[str, ...] = (
    *SHAPE_NAMES,
    "chars", "text_words", "total", "upper_share", "digit_share", "block_share", "block_chars",
    "heading_level", "card_chars", "card_images", "n_links", "position", "in_nav", "in_footer", "in_aside",
    "in_article", "in_header",
    *(f"l3_{name}" for name in _RANGE_NAMES), *(f"l8_{name}" for name in _RANGE_NAMES),
    *(f"up_{name}" for name in _RANGE_NAMES),
)  # fmt: skip
# What the second rating asks again of a card's unit.
_ASKED_AGAIN = """same_host depth last_len max_words depth_diff total upper_share digit_share block_share block_chars
    heading_level card_chars position l3_text l3_images_run up_runs up_long up_images_run""".split()
_asked_again = itemgetter(*map(FEATURE_NAMES.index, _ASKED_AGAIN))
CARD_NAMES: tuple[str, ...] = (
    *_ASKED_AGAIN,
    "score", "score_before", "score_after", "scores_near", "scores_beside", "cards_beside", "cards_alike",
)  # fmt: skip
# A third of the units of 829 pages stand in lists of texts with a mean below this; of their 11,426 teasers six are
# lost, five of them "Code of conduct" and the like. At 18 a list of product names is.
_MENU_MEAN = 16
_L3_TEXT = _RANGE_NAMES.index("text")  # among the means of `_Sums.around`
# How a card rates that is not there, beside the first and the last one.
_NO_SCORE = -5.0


def features(links: LinkMap) -> tuple[list[Unit], list[list[float]]]:
    """The units worth rating, and a row of numbers for each, in the order of `FEATURE_NAMES`.

    Entries of menus that their own address did not give away are left out: `_in_menu`.
    """
    sums = _Sums(links)
    lists: dict[int, list[float]] = {}
    count = len(links.segments.blocks) or 1
    own = links.own
    units, rows = [], []
    for unit in links.units:
        parent = unit.node.parent or unit.node
        around = lists.get(parent.index)
        if around is None:
            around = lists[parent.index] = sums.around(parent)
        if not _in_menu(unit, around, links):
            units.append(unit)
            rows.append(shape(unit.target, own) + _unit_features(unit, links, count) + around)
    return units, rows


def _in_menu(unit: Unit, around: list[float], links: LinkMap) -> bool:
    """Is it a short text without image or heading, in a list of texts that are shorter still on average?"""
    return (
        unit.chars < MENU_WEIGHT
        and around[_L3_TEXT] < _MENU_MEAN
        and unit.node.end_image == unit.node.first_image
        and not links.heading_level(unit.node)
    )


def _unit_features(unit: Unit, links: LinkMap, count: int) -> list[float]:
    text, card, link = unit.text, unit.node, unit.links[0]
    length = len(text) or 1
    block_chars = inside = total = 0
    for one in unit.links:
        total += links.link_total[one.index]
        if not block_chars and links.link_text[one.index] == unit.chars and one.first_block < min(one.end_block, count):
            block_chars = len(links.segments.blocks[one.first_block].text)
            inside = links.link_chars[one.first_block]
    bits = regions_of(card, links.regions)
    upper, digits = upper_and_digits(text)
    sums = links.weight_sums
    chars, card_chars, images = unit.chars, sums[card.end_block] - sums[card.first_block], card.end_image
    return [
        chars if chars < 250 else 250,
        text.count(" ") + 1 if text else 0,
        total if total < 600 else 600,
        upper / length,
        digits / length,
        inside / block_chars if block_chars else 0.0,
        block_chars if block_chars < 600 else 600,
        links.heading_level(card),
        card_chars if card_chars < 1500 else 1500,
        min(images - card.first_image, 5),
        len(unit.links),
        link.first_block / count,
        bits & IN_NAV,
        bits & IN_FOOTER,
        bits & IN_ASIDE,
        bits & IN_ARTICLE,
        bits & IN_HEADER,
    ]


class _Sums:
    """Sums over runs of links and over blocks, by which the means of any range take one step."""

    def __init__(self, links: LinkMap) -> None:
        self.run_of = run_of = links.run_of
        text = [0] * (run_of[-1] + 1 if run_of else 0)
        for run, chars in zip(run_of, links.link_text, strict=True):
            if chars > text[run]:
                text[run] = chars if chars < _MAX_RUN_TEXT else _MAX_RUN_TEXT
        self.text = [0, *accumulate(text)]
        self.long = [0, *accumulate([value >= LONG_TEXT for value in text])]
        self.weights = links.weight_sums
        self.known: dict[int, list[float]] = {}

    def around(self, node: Node) -> list[float]:
        """Means over the runs in the elements around *node* with three runs of links and with eight, and in *node*."""
        found: list[float] = []
        top = node
        for least in (3, 8):
            while top.parent is not None and self._runs(top) < least:
                top = top.parent
            found += self._means(top)
        return found + self._means(node)

    def _runs(self, node: Node) -> int:
        if node.end_link <= node.first_link:
            return 0
        return self.run_of[node.end_link - 1] - self.run_of[node.first_link] + 1

    def _means(self, node: Node) -> list[float]:
        """In the order of `_RANGE_NAMES`."""
        values = self.known.get(node.index)
        if values is None:
            values = self.known[node.index] = self._measured(node)
        return values

    def _measured(self, node: Node) -> list[float]:
        if node.end_link <= node.first_link:
            return [0.0] * len(_RANGE_NAMES)
        low, high = self.run_of[node.first_link], self.run_of[node.end_link - 1] + 1
        runs = high - low
        return [
            float(min(runs, 60)),
            (self.text[high] - self.text[low]) / runs,
            (self.long[high] - self.long[low]) / runs,
            min((self.weights[node.end_block] - self.weights[node.first_block]) / runs, 600.0),
            min((node.end_image - node.first_image) / runs, 4.0),
        ]


def card_features(cards: list[Card], links: LinkMap, rows: list[list[float]]) -> list[list[float]]:
    """A row for each card, in the order of `CARD_NAMES`; *rows* has those of all units of the page."""
    row_of = {id(unit): row for unit, row in zip(links.units, rows, strict=True)}
    beside: dict[int, list[float]] = {}
    alike: Counter[tuple[str, str]] = Counter()
    kinds = []
    for card in cards:
        beside.setdefault((card.node.parent or card.node).index, []).append(card.score)
        kind = card.node.tag, card.node.attrs.get("class", "")
        kinds.append(kind)
        alike[kind] += 1
    means = {index: sum(scores) / len(scores) for index, scores in beside.items()}
    scores = [*[_NO_SCORE] * 3, *(card.score for card in cards), *[_NO_SCORE] * 3]
    out = []
    for number, (card, kind) in enumerate(zip(cards, kinds, strict=True)):
        around = (card.node.parent or card.node).index
        near = scores[number : number + 7]
        out.append(
            [
                *_asked_again(row_of[id(card.unit)]),
                card.score,
                near[2],
                near[4],
                (sum(near) - card.score) / 6,
                means[around],
                min(len(beside[around]), 30),
                min(alike[kind], 40),
            ]
        )
    return out
