"""What the extraction of a page costs, in bare lxml parses of the same page; its stages; its slowest page."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from benchmarks.speed.measure import Figure, in_turn, ratio
from benchmarks.speed.pages import SavedPage
from newsbot.core.blocks import segment
from newsbot.core.metadata import claims, read_metadata
from newsbot.core.page import read_page
from newsbot.core.regions import split
from newsbot.extract import extract_page


def bare_parse(page: SavedPage) -> object:
    """The yardstick: lxml's tree of the bytes, with which most extractors begin."""
    return etree.fromstring(page.body, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def whole(page: SavedPage) -> object:
    """All of it: decode, parse, story, teasers, metadata, repair, validation."""
    return extract_page(page.body, page.url)


def _decoded(page: SavedPage) -> object:
    return read_page(page.body, page.url)


def _segmented(page: SavedPage) -> object:
    return segment(read_page(page.body, page.url))


def _described(page: SavedPage) -> object:
    return read_metadata(segment(read_page(page.body, page.url)))


def _split(page: SavedPage) -> object:
    segments = segment(read_page(page.body, page.url))
    return split(segments, claims(read_metadata(segments)))


STAGES = {
    "decode": _decoded,
    "decode + segment": _segmented,
    "decode + segment + metadata": _described,
    "decode + segment + metadata + split": _split,
    "whole": whole,
}


def figures(pages: list[SavedPage], rounds: int) -> Iterator[Figure]:
    """Whole extraction, slowest page, and the sums up to each stage."""
    timed = in_turn({"bare": bare_parse, **STAGES}, pages, rounds)
    value, spread = ratio(timed["whole"], timed["bare"])
    note = f"{len(pages)} pages, bare parse {sum(timed['bare'].best) / len(pages) * 1000:.1f} ms a page"
    yield Figure(name="extraction whole ÷ bare lxml parse", value=value, spread=spread, reach=4, aim=3, note=note)
    slowest = max(range(len(pages)), key=timed["whole"].best.__getitem__)
    yield Figure(
        name="slowest page",
        value=timed["whole"].best[slowest] * 1000,
        reach=100,
        aim=50,
        unit="ms",
        note=f"{pages[slowest].name}, {len(pages[slowest].body) // 1024} KiB",
    )
    for name in STAGES:
        value, spread = ratio(timed[name], timed["bare"])
        yield Figure(name=f"  up to: {name}", value=value, spread=spread)
