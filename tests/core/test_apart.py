"""No line is body and teaser at once."""

from __future__ import annotations

from newsbot.core.apart import keep_apart
from newsbot.core.blocks import segment
from newsbot.core.page import read_page
from newsbot.core.roles import FoundTeasers, Role, TeaserBlock, TeaserRegion

HEADLINE = "Ferry line cancels its night crossings until spring"
PARAGRAPH = "The council voted on Tuesday to build a second bridge over the harbour."
PAGE = segment(
    read_page(
        f"<html><body><p>{PARAGRAPH}</p><h3>{HEADLINE}</h3><h3>The verdict</h3></body></html>".encode(),
        "https://www.example.org/a",
    )
)


def teasers(headline: str, summary: str | None) -> FoundTeasers:
    return FoundTeasers((TeaserBlock(None, "rail", (TeaserRegion(1, "/b", headline, summary=summary),)),), {})


def test_a_subheading_that_is_a_teasers_headline_leaves_the_body() -> None:
    body, found = keep_apart(PAGE, [0, 1, 2], teasers(HEADLINE, None))
    assert (body, found.roles) == ([0, 2], {1: Role.TEASER})


def test_a_short_subheading_stays_though_a_teaser_says_the_same() -> None:
    assert keep_apart(PAGE, [0, 1, 2], teasers("The verdict", None))[0] == [0, 1, 2]


def test_a_paragraph_of_the_body_is_no_teasers_summary() -> None:
    body, found = keep_apart(PAGE, [0, 1], teasers("Bridge to be built", PARAGRAPH))
    assert body == [0, 1]
    assert found.blocks[0].teasers[0].summary is None
