"""Regions become `Teaser`s.

What comes in: the blocks of teasers of a page, in document order. What goes out: one `Teaser` a placement, its
texts, ranks and URLs set. Repairs nothing, sets no ids, knows no Scrapy.

A card has one candidate a field (reading the card settled the rest), so there is nothing for an item loader to
choose from here: forty loaders a page cost more than parsing it.
"""

from __future__ import annotations

from newsbot.core.roles import Regions, TeaserBlock, TeaserRegion
from newsbot.core.urls import clean_url
from newsbot.items.model import PageVisit, Teaser


def load_teasers(regions: Regions, page: PageVisit, base_url: str) -> list[Teaser]:
    """The teasers of the page in document order; hrefs are resolved against *base_url*, no web address is ``None``."""
    teasers: list[Teaser] = []
    for block_index, block in enumerate(regions.teaser_blocks):
        for rank, region in enumerate(block.teasers, start=1):
            teaser = _teaser(region, block, base_url)
            teaser.block_index = block_index
            teaser.rank_in_block = rank
            teaser.rank_on_page = len(teasers) + 1
            teaser.page_url = page.url
            teaser.page_type = page.page_type
            teasers.append(teaser)
    return teasers


def _teaser(region: TeaserRegion, block: TeaserBlock, base_url: str) -> Teaser:
    return Teaser(
        block_heading=block.heading,
        block_kind=block.kind,
        kind=_kind(region),
        label=region.label or None,
        headline=region.headline or None,
        summary=region.summary or None,
        byline=region.byline or None,
        date_printed=region.date_printed or None,
        image_url=clean_url(region.image_url, base_url) if region.image_url else None,
        target_url=clean_url(region.href, base_url) if region.href else None,
        is_sponsored=region.is_sponsored,
    )


def _kind(region: TeaserRegion) -> str:
    if region.headline and region.summary:
        return "headline_summary"
    return "headline" if region.headline else "summary"
