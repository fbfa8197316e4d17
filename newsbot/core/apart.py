"""Body and teasers kept apart: no line is both.

What comes in: the blocks of the body and the teasers of a page that has a story. What goes out: the same without
texts that stand in both. A subheading that says word for word what a teaser's headline says announces that story; a
teaser's summary that is a paragraph of the body is the story's. Knows no features and no probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newsbot.core.blocks import HEADING_TAGS, Segments
from newsbot.core.roles import FoundTeasers, Role

# A shorter line ("The verdict") may stand on a page twice by chance.
MIN_CHARS = 30


def keep_apart(segments: Segments, body: Sequence[int], teasers: FoundTeasers) -> tuple[list[int], FoundTeasers]:
    """The body without teasers' headlines, and the teasers without the body's paragraphs. Blocks are never emptied."""
    blocks = segments.blocks
    headlines = {teaser.headline for block in teasers.blocks for teaser in block.teasers}
    announced = {
        index
        for index in body
        if blocks[index].node.tag in HEADING_TAGS
        and len(blocks[index].text) >= MIN_CHARS
        and blocks[index].text in headlines
    }
    kept = [index for index in body if index not in announced]
    texts = {blocks[index].text for index in kept if len(blocks[index].text) >= MIN_CHARS}
    apart = tuple(
        replace(
            block,
            teasers=tuple(
                replace(teaser, summary=None) if teaser.headline and teaser.summary in texts else teaser
                for teaser in block.teasers
            ),
        )
        for block in teasers.blocks
    )
    return kept, FoundTeasers(apart, {**teasers.roles, **dict.fromkeys(announced, Role.TEASER)})
