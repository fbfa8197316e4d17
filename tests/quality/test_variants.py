"""Variants of labelled pages for training: short lists of what the labels name, the rest as it was."""

from __future__ import annotations

import numpy as np
from lxml import html as lxml_html

from benchmarks.quality.variants import thinned

STORIES = [f"/news/story-{number}" for number in range(6)]
PAGE = (
    "<html><body><nav><a href='/sport/'>Sport</a></nav><ul>"
    + "".join(f"<li><img src='/i.jpg'><a href='{href}'>A story of the day</a></li>" for href in STORIES)
    + "</ul><p>Not a list.</p></body></html>"
).encode()


def test_a_thinned_list_keeps_one_to_three_cards_in_a_row_and_the_rest_of_the_page() -> None:
    for seed in range(8):
        tree = lxml_html.fromstring(thinned(PAGE, str, set(STORIES), np.random.default_rng(seed)))
        left = list(tree.xpath("//li/a/@href"))
        start = STORIES.index(left[0])
        assert left == STORIES[start : start + len(left)] and 1 <= len(left) <= 3
        assert tree.xpath("//nav/a/@href") == ["/sport/"]
        assert tree.findtext(".//p") == "Not a list."
