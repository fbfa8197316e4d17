"""Made-up pages of a made-up site, and readers of what the store wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newsbot.items.identity import identify
from newsbot.items.model import BodyBlock, Capture, Link, PageVisit, Run, Story, Teaser, Validators
from newsbot.storage.base import Entry, StoreSettings
from newsbot.storage.lines import rfc3339
from newsbot.storage.sqlite import SqliteStore, open_store

SITE = "harbour.test"
HOME = "https://harbour.test/"
PATTERN = "/{section}/{slug}-{id:digits}"
# 2026-03-01 06:00 UTC
T0 = 1_772_344_800.0
SETTINGS = StoreSettings(segment_lines=5)


def open_at(folder: Path, now: float = T0, settings: StoreSettings = SETTINGS, **parts: Any) -> SqliteStore:
    """The store of *folder* with a run begun."""
    store = open_store(folder, settings, now=now, **parts)
    store.set_patterns({SITE: PATTERN})
    store.begin_run(Run(run_id=f"r{now:.3f}", started_at=rfc3339(now)), sites=None, now=now)
    return store


def end(store: SqliteStore, now: float = T0) -> None:
    """End the run that `open_at` began last, and close."""
    store.end_run(Run(run_id=store._run_id, exit_code=0, exit_name="ok"), now=now)
    store.close()


def story_url(number: int) -> str:
    return f"https://harbour.test/town/story-{number}"


def entry(url: str = HOME, kind: str = "section", **fields: Any) -> Entry:
    return Entry(url=url, kind=kind, site=SITE, **fields)


def story(number: int, *paragraphs: str, headline: str | None = None, **fields: Any) -> Story:
    """A story with one block a paragraph."""
    texts = paragraphs or (f"The ferry {number} sailed.", "It came back at noon.", "Nobody was hurt.")
    body, blocks = "", []
    for text in texts:
        start = len(body) + bool(body)
        body = f"{body}\n{text}" if body else text
        blocks.append(BodyBlock(kind="paragraph", start=start, end=start + len(text)))
    headline = f"Ferry {number} sails on" if headline is None else headline
    return Story(headline=headline, body=body, body_blocks=blocks, url=story_url(number), **fields)


def teaser(number: int, rank: int = 1, heading: str = "Town", **fields: Any) -> Teaser:
    fields = {"headline": f"Ferry {number} sails on", "target_url": story_url(number), **fields}
    return Teaser(block_heading=heading, block_index=1, rank_in_block=rank, rank_on_page=rank, **fields)


def capture(
    url: str,
    *,
    at: float = T0,
    outcome: str = "listing",
    story: Story | None = None,
    teasers: Sequence[Teaser] = (),
    links: Sequence[str] = (),
    id_pattern: str | None = PATTERN,
    validators: Validators | None = None,
    **page: Any,
) -> Capture:
    """A page with its ids, as it comes to the store."""
    visit = PageVisit(
        **{"url": url, "requested_url": url, "site": SITE, "fetched_at": rfc3339(at), "status": 200, **page},
        outcome="story" if story else outcome,
    )
    made = Capture(page=visit, story=story, teasers=list(teasers), validators=validators)
    made.links = [Link(url=link, kind="story") for link in links]
    identify(made, id_pattern=id_pattern)
    return made


def visit(store: SqliteStore, page: Capture, *, now: float = T0) -> Any:
    """Lease the page's URL and commit it, whichever URL it is."""
    url = page.page.requested_url or ""
    store.add([entry(url, kind="section" if page.story is None else "story")], now=now)
    if store.lease_of(url) is None:
        while (lease := store.lease(now=now)) is not None and lease.url != url:
            continue
    return store.commit(page, store.lease_of(url), now=now)


def lines(folder: Path, kind: str) -> list[dict[str, Any]]:
    """All lines of *kind*, in the order of publishing."""
    return [json.loads(text) for path in sorted((folder / kind).glob("*.jsonl")) for text in path.open()]
