"""Labelled pages with short lists, for training: one to three cards each, some without images.

What comes in: a labelled page and the keys of its teasers. What goes out: the page's HTML, changed. The labelled
pages are large ones with long lists; what small sites and footers of articles look like is learnt from these.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    import numpy as np

Key = Callable[[str], str]
_MOST_KEPT = 3
_PICTURES = ("img", "picture", "source", "svg")


def thinned(html: bytes, key: Key, gold: set[str], draw: np.random.Generator) -> bytes:
    """The page with one to three cards left of each list, every other time without images."""
    tree = _tree(html)
    slots = _slots(tree, key, gold)
    for listed in slots.values():
        kept = int(draw.integers(1, _MOST_KEPT + 1))
        first = int(draw.integers(0, max(len(listed) - kept, 0) + 1))
        for slot in listed[:first] + listed[first + kept :]:
            slot.getparent().remove(slot)
    if draw.random() < 0.5:
        etree.strip_elements(tree, *_PICTURES, with_tail=False)
    return _bytes(tree)


def _slots(tree: Any, key: Key, gold: set[str]) -> dict[Any, list[Any]]:
    """The largest elements that lead to one teaser each, by the element that holds them."""
    inside: dict[Any, set[str]] = defaultdict(set)
    found = []
    for link in tree.iter("a"):
        wanted = key(link.get("href") or "")
        if wanted in gold:
            found.append(link)
            for element in (link, *link.iterancestors()):
                inside[element].add(wanted)
    slots: dict[Any, list[Any]] = defaultdict(list)
    for link in found:
        slot = link
        while slot.getparent() is not None and len(inside[slot.getparent()]) == 1 and slot.getparent().tag != "body":
            slot = slot.getparent()
        parent = slot.getparent()
        if parent is not None and slot not in slots[parent]:
            slots[parent].append(slot)
    return slots


def _tree(html: bytes) -> Any:
    return etree.fromstring(html, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def _bytes(tree: Any) -> bytes:
    return etree.tostring(tree, method="html", encoding="utf-8")
