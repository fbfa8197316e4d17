"""Regions and metadata become a `Story`.

What comes in: `StorySources`, all that is known of one page. What goes out: a `Story`, its fields with
several candidates resolved by an item loader in order of trust, with the winners' sources in ``provenance``.
Repairs nothing, sets no ids, knows no Scrapy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from itemloaders import ItemLoader

from newsbot.core.blocks import Segments
from newsbot.core.dates import published_candidates, read_moment
from newsbot.core.headlines import headline_candidates
from newsbot.core.metadata import Metadata
from newsbot.core.names import author_candidates
from newsbot.core.roles import BodyPart, Regions
from newsbot.items.model import Author, BodyBlock, Provenance, Story
from newsbot.loaders.processors import most_trusted


@dataclass(frozen=True, slots=True)
class StorySources:
    """All that is known of the page of a story."""

    segments: Segments
    metadata: Metadata
    regions: Regions


class StoryLoader(ItemLoader):
    """Fields of which a page often says several things; candidates are added best first."""

    default_item_class = Story
    default_output_processor = staticmethod(most_trusted)

    def provenance(self) -> list[Provenance]:
        """Where the winner of each field stood, in the order in which the fields were added."""
        return [
            Provenance(field=field, source=values[0].source, locator=values[0].locator)
            for field, values in self._values.items()
        ]


def load_story(sources: StorySources) -> Story | None:
    """The story of the page, or None if the page has no body."""
    regions = sources.regions
    if not regions.body:
        return None
    loader = StoryLoader()
    loader.add_value("headline", headline_candidates(sources.segments, sources.metadata, regions.roles))
    loader.add_value("date_published_raw", list(published_candidates(sources.metadata, sources.segments)))
    story: Story = loader.load_item()
    story.authors = [Author(name=one.value) for one in author_candidates(sources.metadata, regions.bylines)]
    set_body(story, regions.body)
    published = read_moment(story.date_published_raw or "")
    if published is not None:
        story.date_published, story.date_precision = published.text, published.precision
    story.provenance = loader.provenance()
    return story


def set_body(story: Story, parts: Iterable[BodyPart]) -> None:
    """Join *parts* into the body, one a line, and note where each stands."""
    texts: list[str] = []
    at = 0
    for part in parts:
        texts.append(part.text)
        story.body_blocks.append(BodyBlock(kind=part.kind, start=at, end=at + len(part.text)))
        at += len(part.text) + 1
    story.body = "\n".join(texts)
