"""How cost grows with a page: repeated, full of links, deeply nested. Linear means a ratio of 1."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.speed.extraction import whole
from benchmarks.speed.measure import Figure, in_turn
from benchmarks.speed.pages import SavedPage

TIMES = (1, 2, 4, 8)


def figures(pages: list[SavedPage], rounds: int, links: tuple[int, int]) -> Iterator[Figure]:
    """Time per byte of the largest input ÷ that of the smallest, for each way of growing."""
    middle = sorted(pages, key=lambda page: len(page.body))[len(pages) // 2]
    yield _growth(f"time per byte, a page {TIMES[-1]} times ÷ once", [_repeated(middle, n) for n in TIMES], rounds)
    name = f"time per byte, {links[1]:,} links ÷ {links[0]:,}"
    yield _growth(name, [_linked(n) for n in links], rounds)
    yield _growth("time per byte, 1,600 levels ÷ 200", [_nested(n) for n in (200, 1_600)], rounds)


def _growth(name: str, pages: list[SavedPage], rounds: int) -> Figure:
    timed = in_turn({"whole": whole}, pages, min(rounds, 3))["whole"]
    per_byte = [seconds / len(page.body) for seconds, page in zip(timed.best, pages, strict=True)]
    note = f"{timed.best[0] * 1000:.1f} ms to {timed.best[-1] * 1000:.0f} ms"
    return Figure(name=name, value=per_byte[-1] / per_byte[0], reach=1.5, aim=1.2, note=note)


def _repeated(page: SavedPage, times: int) -> SavedPage:
    start = page.body.lower().find(b"<body")
    end = page.body.lower().rfind(b"</body")
    inner = page.body[page.body.find(b">", start) + 1 : end if end > 0 else None]
    head = page.body[:start]
    return SavedPage(f"{page.name} x{times}", head + b"<body>" + inner * times + b"</body></html>", page.url)


def _linked(count: int) -> SavedPage:
    items = (
        f'<li><a href="/world/a-story-of-the-day-{i}">Story number {i} of the day is told here</a></li>'
        for i in range(count)
    )
    return SavedPage(
        "links", f"<html><body><h1>All</h1><ul>{''.join(items)}</ul></body></html>".encode(), "https://example.org/"
    )


def _nested(levels: int) -> SavedPage:
    # The same number of elements in both pages: only the depth differs.
    towers = 1_600 // levels
    tower = (
        "<div>" * levels
        + "<p>A paragraph at the bottom of it all, with words enough to be read.</p>"
        + "</div>" * levels
    )
    return SavedPage(
        "nested", f"<html><body><h1>Deep</h1>{tower * towers}</body></html>".encode(), "https://example.org/a"
    )
