"""Teasers: which of a page's placements are new or changed, which are gone, and which story each one promotes.

What comes in: a capture whose teasers have their ids. What goes out: the teasers to be written, and events.
Its writes belong to the caller's transaction. Knows no files and no frontier.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from newsbot.items.identity import site_story_id, teaser_digest, url_key
from newsbot.items.model import Capture, Event, Resolution, Teaser
from newsbot.storage.stories import BY_SITE_ID, METHODS, Stories

# How far each way to a story is believed. A text is one story's as a rule, but a ticker's "More" is many.
SCORES: Mapping[str, float] = {"url": 1.0, "redirect": 1.0, "site_id": 1.0, "canonical": 0.95, "text": 0.8}
# Shorter headlines ("Live", "More") name no story.
MIN_TEXT_CHARS = 12


class Placements:
    """The table ``placement``: what stands on each page now."""

    def __init__(self, connection: sqlite3.Connection, stories: Stories) -> None:
        self._db = connection
        self._stories = stories
        self.patterns: dict[str, str] = {}

    def update(self, capture: Capture) -> tuple[list[Teaser], list[Event]]:
        """The teasers of the capture that are new or changed, their targets filled in; and what happened by that."""
        page = url_key(capture.page.url or "")
        rows = self._db.execute("SELECT teaser, digest FROM placement WHERE page = ?", (page,))
        before: dict[bytes, bytes] = dict(rows.fetchall())
        changed: list[tuple[Teaser, bytes, bytes]] = []
        for teaser in capture.teasers:
            identifier = bytes.fromhex((teaser.teaser_id or "")[1:])
            digest = teaser_digest(teaser)
            if before.pop(identifier, None) != digest:
                changed.append((teaser, identifier, digest))
        events = self._write(page, changed)
        events += [Event(kind="teaser_gone", teaser_id="t" + identifier.hex()) for identifier in before]
        self._db.executemany(
            "DELETE FROM placement WHERE page = ? AND teaser = ?", [(page, identifier) for identifier in before]
        )
        return [teaser for teaser, _, _ in changed], events

    def _write(self, page: bytes, changed: list[tuple[Teaser, bytes, bytes]]) -> list[Event]:
        """Keep placements with the stories they promote, as far as these are known; headlines that are new to these."""
        targets = {teaser.target_url: url_key(teaser.target_url) for teaser, _, _ in changed if teaser.target_url}
        aliases = self._stories.by_keys(targets.values())
        rows, events = [], []
        for teaser, identifier, digest in changed:
            key = targets.get(teaser.target_url or "")
            number = self._resolve(teaser, aliases.get(key) if key else None)
            rows.append((page, identifier, digest, key, number, teaser.headline, teaser.site))
            if number is not None:
                events += self._stories.called(number, [(teaser.headline, teaser.site, teaser.teaser_id)])
        self._db.executemany("INSERT OR REPLACE INTO placement VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        return events

    def _resolve(self, teaser: Teaser, alias: tuple[int, int] | None) -> int | None:
        """The number of the story that *teaser* promotes, if the store has it; fills in how that is known."""
        found = self._by_target(teaser, alias) or self._by_text(teaser)
        if found is None:
            return None
        number, method = found
        teaser.target_story_id = self._stories.id_of(number)
        teaser.resolution = Resolution(method=method, score=SCORES[method])
        return number

    def _by_target(self, teaser: Teaser, alias: tuple[int, int] | None) -> tuple[int, str] | None:
        if alias is not None:
            return alias[0], METHODS[alias[1]]
        if not teaser.target_url:
            return None
        own = site_story_id(teaser.target_url, teaser.site, self.patterns.get(teaser.site or ""))
        number = self._stories.by_story_id(own) if own else None
        return (number, METHODS[BY_SITE_ID]) if number is not None else None

    def _by_text(self, teaser: Teaser) -> tuple[int, str] | None:
        """By the headline, of a teaser whose link is missing; one with a link waits for its page."""
        if teaser.target_url or not teaser.headline or len(teaser.headline) < MIN_TEXT_CHARS:
            return None
        number = self._stories.by_headline(teaser.site or "", teaser.headline)
        return (number, "text") if number is not None else None

    def resolved_by(self, number: int, keys: list[tuple[bytes, int]]) -> tuple[list[Event], list[Event]]:
        """What follows for teasers that stood unresolved and lead to the story *number*, now known under *keys*.

        The events that say so, and those of the headlines that only these teasers gave the story.
        """
        story_id = self._stories.id_of(number)
        events, given = [], []
        for key, by in keys:
            waiting = self._db.execute(
                "SELECT DISTINCT teaser, headline, site FROM placement WHERE target = ? AND story IS NULL"
                " ORDER BY teaser",
                (key,),
            ).fetchall()
            if not waiting:
                continue
            self._db.execute("UPDATE placement SET story = ? WHERE target = ? AND story IS NULL", (number, key))
            for identifier, headline, site in waiting:
                teaser = "t" + identifier.hex()
                events.append(Event(kind="resolved", story_id=story_id, teaser_id=teaser, after=METHODS[by]))
                given.append((headline, site, teaser))
        return events, self._stories.called(number, given)

    def is_promoted(self, number: int) -> bool:
        """Whether a page that newsbot reads again has a teaser of the story."""
        row = self._db.execute("SELECT 1 FROM placement WHERE story = ? LIMIT 1", (number,)).fetchone()
        return row is not None

    def forget_page(self, key: bytes) -> None:
        """Let go of the placements of a page that is not read again."""
        self._db.execute("DELETE FROM placement WHERE page = ?", (key,))
