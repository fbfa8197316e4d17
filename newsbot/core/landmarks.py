"""What an element says of all that stands in it: tags, ARIA roles and microdata, a bit each.

What comes in: a tag and attributes. What goes out: bits that are inherited by all that stands inside. Knows no
class names, no publisher and no block.
"""

from __future__ import annotations

from collections.abc import Mapping

LANDMARKS = tuple(
    """article main header footer nav aside figure figcaption form button ul ol dl table blockquote section a label
    address details iframe dialog time""".split()
)
ITEMS = ("body", "description", "headline", "author", "date", "caption")
_ITEM_SHIFT = len(LANDMARKS)
N_BITS = _ITEM_SHIFT + len(ITEMS)

TAG_BITS: Mapping[str, int] = {tag: 1 << number for number, tag in enumerate(LANDMARKS)}
_ROLES = {
    "navigation": "nav",
    "complementary": "aside",
    "contentinfo": "footer",
    "banner": "header",
    "main": "main",
    "article": "article",
    "figure": "figure",
    "dialog": "dialog",
    "alertdialog": "dialog",
    "button": "button",
}
_ROLE_BITS = {role: TAG_BITS[tag] for role, tag in _ROLES.items()}
_ITEMPROPS = {
    "articlebody": "body",
    "description": "description",
    "headline": "headline",
    "author": "author",
    "name": "author",
    "datepublished": "date",
    "caption": "caption",
}
_ITEM_BITS = {prop: 1 << (_ITEM_SHIFT + ITEMS.index(item)) for prop, item in _ITEMPROPS.items()}
IN_DIALOG = TAG_BITS["dialog"]
IN_DESCRIPTION = _ITEM_BITS["description"]
IN_CAPTION = _ITEM_BITS["caption"]
# No running text stands in these.
NO_PROSE = sum(
    TAG_BITS[tag] for tag in ("nav", "footer", "aside", "figure", "figcaption", "button", "address", "dialog")
)


def attribute_bits(attrs: Mapping[str, str]) -> int:
    """What ``role``, ``aria-modal`` and ``itemprop`` say.

    >>> attribute_bits({"role": "navigation"}) == TAG_BITS["nav"], attribute_bits({"class": "nav"})
    (True, 0)
    """
    bits = 0
    if "role" in attrs:
        bits = _ROLE_BITS.get(attrs["role"], 0)
    if attrs.get("aria-modal") == "true":
        bits |= IN_DIALOG
    if "itemprop" in attrs:
        for word in attrs["itemprop"].lower().split():
            bits |= _ITEM_BITS.get(word, 0)
    return bits
