"""What the names of the judgement's features mean, for those who read ``--explain``.

What comes in: a name of `newsbot.core.features`. What goes out: a few words. Extraction itself never asks.
"""

from __future__ import annotations

_OWN = {
    "chars": "characters, an ideograph as 2.5",
    "words": "runs of text between spaces",
    "word_length": "characters a word",
    "full_stops": "sentence ends",
    "commas": "commas",
    "ends_sentence": "ends with a mark that may end a sentence",
    "ends_stop": "ends with a full stop, closing quotes aside",
    "ends_colon": "ends with a colon",
    "ends_question": "ends with a question mark",
    "starts_upper": "begins with a capital",
    "starts_lower": "begins with a small letter",
    "starts_digit": "begins with a digit",
    "starts_mark": "begins with neither letter nor digit",
    "starts_quote": "begins with a quotation mark",
    "upper_share": "share of capitals (short texts)",
    "digits": "share of digits (short texts)",
    "has_clock": "holds a time of day (short texts)",
    "has_year": "holds a year (short texts)",
    "has_copyright": "holds ©",
    "has_at": "holds @",
    "has_bar": "holds |",
    "ideographs": "share of Chinese, Japanese or Korean signs",
    "link_share": "share of characters inside links",
    "n_links": "links in it",
    "bold_share": "share of bold characters",
    "italic_share": "share of italic characters",
    "starts_bold": "begins bold",
    "pieces": "pieces of inline markup",
    "drawn_hidden": "not drawn (hidden, display:none, noscript)",
    "aria_hidden": "hidden from assistive technology",
    "copies": "how often the same text stands on the page",
    "image_before": "an image stands right before it",
    "images_in_parent": "images in the element around its own",
    "has_article_body": "the metadata hold an articleBody",
    "end_in_body": "its end stands in articleBody",
    "like_description": "begins like the description",
    "is_description": "is the description",
    "is_headline": "is the headline of the metadata",
    "depth": "levels of elements around it",
    "depth_to_main": "levels deeper than the main element",
    "index_share": "place among the page's blocks, from 0 to 1",
    "chars_share": "share of the page's text that stands before it",
    "index": "blocks before it",
    "from_end": "blocks from it to the page's end",
    "headline_distance": "blocks since the headline (99: there is none)",
    "within_main": "inside the main element, which most directly holds the running text",
    "main_parent": "the main element is right around its own",
    "up_to_main": "levels from the main element up to one that holds both",
    "down_from_common": "levels from there down to it",
    "from_first": "blocks since the first running text of the main element",
    "from_last": "blocks up to the last running text of the main element",
    "since_heading": "blocks since the last heading",
    "heading_level": "level of that heading",
    "until_heading": "blocks up to the next heading",
    "node_blocks": "blocks in its own element",
    "main_kind": "looks like most running text of the main element",
    "running_before": "blocks of running text before it",
    "running_after": "blocks of running text after it",
    "log_page_blocks": "blocks of the page (logarithm)",
    "log_page_running": "blocks of running text of the page (logarithm)",
    "same_as_main_depth": "as deep as the first running text",
}
_GROUPS = {
    "parent": "blocks in the element around its own",
    "grandparent": "blocks two elements around its own",
    "kind": "blocks that look the same (tag and class, and those of the element around)",
    "shape": "blocks under the same tags at the same depth",
}
_OF_GROUPS = {
    "count": "number",
    "chars": "characters",
    "link_share": "share of characters inside links",
    "running": "how many are running text",
    "mean_chars": "characters each",
    "share_of_page": "share of the page's text",
    "running_share": "share of the page's running text",
    "mean_stop": "share that ends with a full stop",
}
_NEAR = {
    "chars": "characters",
    "link_share": "share of characters inside links",
    "ends_stop": "ends with a full stop",
    "running": "is running text",
    "is_heading": "is a heading",
    "is_p": "is a paragraph",
    "same_parent": "stands in the same element around",
    "same_kind": "looks the same",
}


def meaning(name: str) -> str:
    """What the feature *name* says of a block.

    >>> meaning("link_share"), meaning("in_aside")
    ('share of characters inside links', 'stands in <aside> or what takes its role')
    >>> meaning("kind_count"), meaning("is_p-1")
    ('blocks that look the same (tag and class, and those of the element around): number', '1 before: is a paragraph')
    """
    if name in _OWN:
        return _OWN[name]
    if name[-2:-1] in ("+", "-"):
        return f"{name[-1]} {'after' if name[-2] == '+' else 'before'}: {_NEAR[name[:-2]]}"
    first, _, rest = name.partition("_")
    if first in _GROUPS and rest in _OF_GROUPS:
        return f"{_GROUPS[first]}: {_OF_GROUPS[rest]}"
    told = {
        "tag": f"its element is <{rest}>",
        "parent": f"the element around its own is <{rest}>",
        "in": f"stands in <{rest}> or what takes its role",
        "item": f"stands in microdata called {rest}",
    }
    return told[first]
