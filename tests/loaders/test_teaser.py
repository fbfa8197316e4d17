"""Teasers from regions: ranks, addresses and kinds."""

from __future__ import annotations

from newsbot.core.roles import Regions, TeaserBlock, TeaserRegion
from newsbot.items.model import PageVisit, Teaser
from newsbot.loaders.teaser import load_teasers

PAGE = PageVisit(url="https://www.example.org/politics/", page_type="section")


def regions(*blocks: TeaserBlock) -> Regions:
    return Regions(roles=(), page_type="section", teaser_blocks=blocks)


def test_a_card_becomes_one_placement_with_all_its_fields() -> None:
    card = TeaserRegion(
        block=3,
        href=" ../economy/port-48190 ",
        headline="Port expects record year",
        label="Economy",
        summary="Farmers are glad.",
        byline="Ada Lund",
        date_printed="2 March",
        image_url="/i.jpg",
        is_sponsored=True,
    )
    assert load_teasers(regions(TeaserBlock("Latest", "rail", (card,))), PAGE, "https://www.example.org/politics/") == [
        Teaser(
            page_url="https://www.example.org/politics/",
            page_type="section",
            block_heading="Latest",
            block_kind="rail",
            block_index=0,
            rank_in_block=1,
            rank_on_page=1,
            kind="headline_summary",
            label="Economy",
            headline="Port expects record year",
            summary="Farmers are glad.",
            byline="Ada Lund",
            date_printed="2 March",
            image_url="https://www.example.org/i.jpg",
            target_url="https://www.example.org/economy/port-48190",
            is_sponsored=True,
        )
    ]


def test_ranks_count_from_one_in_each_block_and_on_the_page() -> None:
    cards = tuple(TeaserRegion(block=0, href=f"/{number}", headline=f"Headline {number}") for number in range(3))
    found = load_teasers(
        regions(TeaserBlock(None, "rail", cards[:2]), TeaserBlock("More", "related", cards[2:])), PAGE, PAGE.url or ""
    )
    assert [(one.block_index, one.rank_in_block, one.rank_on_page) for one in found] == [
        (0, 1, 1),
        (0, 2, 2),
        (1, 1, 3),
    ]


def test_a_card_without_link_or_headline_is_a_summary() -> None:
    card = TeaserRegion(block=0, href=None, headline=None, summary="The vote was close.")
    found = load_teasers(regions(TeaserBlock(None, "rail", (card,))), PAGE, PAGE.url or "")
    assert [(one.kind, one.target_url, one.headline) for one in found] == [("summary", None, None)]


def test_an_address_that_cannot_be_one_is_none() -> None:
    card = TeaserRegion(block=0, href="http://[broken", headline="Port expects record year")
    found = load_teasers(regions(TeaserBlock(None, "rail", (card,))), PAGE, PAGE.url or "")
    assert [one.target_url for one in found] == [None]
