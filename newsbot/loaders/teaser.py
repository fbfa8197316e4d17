"""Regions become `Teaser`s.

What comes in: the blocks of teasers of a page, in document order. What goes out: one `Teaser` a placement, its
texts loaded by an item loader, its ranks and URLs set. Repairs nothing, sets no ids, knows no Scrapy.
"""

from __future__ import annotations

from urllib.parse import urljoin

from itemloaders import ItemLoader
from itemloaders.processors import TakeFirst

from newsbot.core.roles import Regions, TeaserBlock, TeaserRegion
from newsbot.items.model import PageVisit, Teaser

_TEXTS = ("headline", "label", "summary", "byline", "date_printed")


class TeaserLoader(ItemLoader):
    """The texts of a card; each field has one candidate, an empty one counts as none."""

    default_item_class = Teaser
    default_output_processor = TakeFirst()


def load_teasers(regions: Regions, page: PageVisit, base_url: str) -> list[Teaser]:
    """The teasers of the page in document order; hrefs are resolved against *base_url*."""
    teasers: list[Teaser] = []
    for block_index, block in enumerate(regions.teaser_blocks):
        for rank, region in enumerate(block.teasers, start=1):
            teaser = _load_texts(region)
            _place(teaser, block, block_index, rank)
            teaser.rank_on_page = len(teasers) + 1
            teaser.page_url = page.url
            teaser.page_type = page.page_type
            teaser.target_url = absolute(region.href, base_url)
            teaser.image_url = absolute(region.image_url, base_url)
            teaser.is_sponsored = region.is_sponsored
            teasers.append(teaser)
    return teasers


def _load_texts(region: TeaserRegion) -> Teaser:
    loader = TeaserLoader()
    for name in _TEXTS:
        loader.add_value(name, getattr(region, name))
    teaser: Teaser = loader.load_item()
    teaser.kind = _kind(teaser)
    return teaser


def _place(teaser: Teaser, block: TeaserBlock, index: int, rank: int) -> None:
    teaser.block_heading = block.heading
    teaser.block_kind = block.kind
    teaser.block_index = index
    teaser.rank_in_block = rank


def _kind(teaser: Teaser) -> str:
    if teaser.headline and teaser.summary:
        return "headline_summary"
    return "headline" if teaser.headline else "summary"


def absolute(href: str | None, base_url: str) -> str | None:
    """*href* as an absolute URL, or None if there is none or it cannot be one.

    >>> absolute(" /a b ", "https://example.org/c")
    'https://example.org/a b'
    """
    if not href or not href.strip():
        return None
    try:
        return urljoin(base_url, href.strip())
    except ValueError:
        return None
