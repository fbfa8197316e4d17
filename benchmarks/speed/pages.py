"""The pages that are measured: those of a kit, or the repository's own.

What comes in: a folder of a kit, or none. What goes out: (name, body, URL) of each page, in order.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page as it was saved."""

    name: str
    body: bytes
    url: str


def of_plan(kit: str | None, limit: int) -> list[SavedPage]:
    """The pages of the folder *kit*, at most *limit* of them (0: all)."""
    return saved_pages(Path(kit) if kit else None, limit)


def saved_pages(kit: Path | None, limit: int | None = None) -> list[SavedPage]:
    """The ``*.html.gz`` below *kit* (every k-th, if there are more than *limit*), else the demo newsroom's pages."""
    pages = _kit_pages(kit) if kit else _demo_pages()
    if limit and len(pages) > limit:
        pages = pages[:: -(-len(pages) // limit)]
    return pages


def _kit_pages(kit: Path) -> list[SavedPage]:
    files = sorted(kit.rglob("*.html.gz"))
    if not files:
        raise SystemExit(f"{kit}: no *.html.gz below it; name the folder of a kit")
    return [
        SavedPage(file.name.removesuffix(".html.gz"), gzip.decompress(file.read_bytes()), f"https://example.org/{i}")
        for i, file in enumerate(files)
    ]


def _demo_pages() -> list[SavedPage]:
    from newsbot.demo.press import Press

    press = Press(1, "http://127.0.0.1")
    answers = [(path, press.answer(path)) for path in sorted(press.views)]
    return [SavedPage(path, found.body, press.base + path) for path, found in answers if found.status == 200]
