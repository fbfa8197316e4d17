"""``scrapy extract --explain`` as text: why each block is what it is, and each field says what it says.

What comes in: `Explained`. What goes out: lines for a terminal; the page's text in them cannot steer it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsbot.core.printable import printable

if TYPE_CHECKING:  # every module of this folder is imported at each start of `scrapy`
    from newsbot.core.metadata import Candidate
    from newsbot.extract import Explained
    from newsbot.loaders.story import FieldChoice

_FEATURE = re.compile(r"([a-z0-9_]+(?:[+-]\d)?) [+-]\d+\.\d\d")
_TEXT_CHARS = 90
_VALUE_CHARS = 100


def explanation(explained: Explained) -> Iterator[str]:
    """The lines, in the page's own order."""
    page = explained.capture.page
    yield f"page     {printable(page.url or '')}"
    yield f"         {page.page_type}, {page.outcome} {printable(', '.join(page.reasons))}".rstrip()
    yield f"         read as {page.encoding_used} ({page.encoding_reason}), {page.counts.bytes} bytes"
    for note in page.notes:
        yield f"         note: {printable(note)}"
    yield ""
    yield "blocks   number, element, role, text"
    yield from _blocks(explained)
    yield from _legend(explained)
    if explained.choices:
        yield ""
        yield "fields   = who won, - who lost"
        for choice in explained.choices:
            yield from _field(choice)
    yield ""
    yield from _teasers(explained)
    yield ""
    yield "links    what a crawl would follow from here, and why (or why not)"
    yield from _links(explained)


def _blocks(explained: Explained) -> Iterator[str]:
    regions = explained.regions
    for block, role in zip(explained.segments.blocks, regions.roles, strict=True):
        element = block.node.tag + "".join(f".{name}" for name in block.node.attrs.get("class", "").split()[:2])
        yield f"{block.index:5}  {printable(element, 24):24} {role.value:14} {printable(block.text, _TEXT_CHARS)}"
        reason = regions.reasons.get(block.index)
        if reason:
            yield f"{'':33}why: {printable(reason)}"


def _legend(explained: Explained) -> Iterator[str]:
    """What the features named in the reasons mean; each was given with what it added to the block's log-odds."""
    from newsbot.core.feature_names import meaning

    names = {name for reason in explained.regions.reasons.values() for name in _FEATURE.findall(reason)}
    if names:
        yield ""
        yield "features named above, each with what it adds to the log-odds of being story"
        for name in sorted(names):
            yield f"  {name:24} {meaning(name)}"


def _field(choice: FieldChoice) -> Iterator[str]:
    """What won a field (one value, who agrees with it, or several values), and below it those who lost."""
    if not choice.candidates:
        yield f"  {choice.field}: nothing"
        return
    name = choice.field
    for one in choice.candidates[: choice.won]:
        yield f"  {name} = {printable(one.value, _VALUE_CHARS)}  [{_place(one)}]"
        name = " " * len(choice.field)
    for one in choice.candidates[choice.won :]:
        why = f": {printable(one.reason)}" if one.reason else ""
        yield f"      - {printable(one.value, _VALUE_CHARS)}  [{_place(one)}]{why}"


def _teasers(explained: Explained) -> Iterator[str]:
    block: int | None = None
    for teaser in explained.capture.teasers:
        if teaser.block_index != block:
            block = teaser.block_index
            yield f"teasers  block {block}, {teaser.block_kind}: {printable(teaser.block_heading or 'no heading')}"
        text = teaser.headline or teaser.summary or ""
        target = printable(teaser.target_url or "no link")
        yield f"  {teaser.rank_in_block:3} {printable(text, _TEXT_CHARS)}  -> {target}"


def _links(explained: Explained) -> Iterator[str]:
    """Each link that the page offers to a crawl; without a site file only its own site's are followed."""
    from newsbot.core.urls import host_of, same_host_family

    host = host_of(explained.capture.page.url or "")
    for link in explained.capture.links:
        reason = link.reason if same_host_family(host, host_of(link.url)) else "not followed: links_foreign"
        yield f"  {link.kind:10} {printable(link.url)}  {reason}"


def _place(candidate: Candidate) -> str:
    return printable(f"{candidate.source} {candidate.locator or ''}".strip())
