"""The site of an edition as answers to requests.

What comes in: the number of an edition, the base address, a request target. What goes out: `Answer` (status,
headers, bytes). Pages are made when first asked for. Knows nothing of sockets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from functools import cached_property
from urllib.parse import urlsplit

from newsbot.demo import render
from newsbot.demo.damage import served
from newsbot.demo.editions import Edition, edition
from newsbot.demo.stories import DemoStory
from newsbot.demo.views import View, views

NEWS_SITEMAP_HOURS = 48  # as Google News asks: only the stories of the last two days
FEED_ITEMS = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says; header names as sent."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Press:
    """All answers of one edition at one address."""

    def __init__(self, number: int, base: str) -> None:
        self.edition: Edition = edition(number)
        self.base = base
        self.views: dict[str, View] = views(self.edition)
        self._made: dict[str, Answer] = {}

    def answer(self, target: str) -> Answer:
        """The answer to a GET of *target* (path and query as on the request line)."""
        if target not in self._made:
            made = self._answer(target)
            if made.status != 200:
                return made
            self._made[target] = self._dated(target, made)
        return self._made[target]

    def _dated(self, target: str, made: Answer) -> Answer:
        """*made* with its ETag and the time of the first edition since which it says the same."""
        modified = format_datetime(self.edition.at, usegmt=True)
        if self.edition.number > 1:
            before = self._previous.answer(target)
            if before.status == 200 and before.body == made.body:
                modified = before.headers["Last-Modified"]
        etag = f'"{hashlib.sha256(made.body).hexdigest()[:20]}"'
        return Answer(made.status, {**made.headers, "ETag": etag, "Last-Modified": modified}, made.body)

    @cached_property
    def _previous(self) -> Press:
        return Press(self.edition.number - 1, self.base)

    def _answer(self, target: str) -> Answer:
        if target in self.views:
            return self._page(self.views[target])
        parts = urlsplit(target)
        if parts.query and parts.path in self.views and not parts.query.startswith("page="):
            return self._page(self.views[parts.path])  # campaign parameters change nothing
        if parts.path == "/archive.php":
            return self._old_address(parts.query)
        if parts.path == "/consent":
            return _html(render.file("consent.html", back=parts.query.removeprefix("back=")))
        files = {
            "/robots.txt": ("text/plain; charset=utf-8", "robots.txt"),
            "/rss.xml": ("application/rss+xml; charset=utf-8", "rss.xml"),
            "/atom.xml": ("application/atom+xml; charset=utf-8", "atom.xml"),
            "/sitemap.xml": ("application/xml", "sitemap_index.xml"),
            "/news-sitemap.xml": ("application/xml", "news_sitemap.xml"),
            "/archive-sitemap.xml": ("application/xml", "archive_sitemap.xml"),
        }
        if parts.path in files and not parts.query:
            content_type, template = files[parts.path]
            text = render.file(template, edition=self.edition, base=self.base, **self._lists())
            return Answer(200, {"Content-Type": content_type}, text.encode())
        if parts.path.startswith("/images/"):
            hue = int(hashlib.sha256(parts.path.encode()).hexdigest()[:8], 16) % 360
            return Answer(200, {"Content-Type": "image/svg+xml"}, render.file("image.svg", hue=hue).encode())
        if any(parts.path == story.path for story in self.edition.withdrawn.values()):
            return _html(render.file("withdrawn.html"), status=410)
        return _html(render.file("missing.html"), status=404)

    def _page(self, view: View) -> Answer:
        if view.story is not None and view.story.consent:
            return Answer(302, {"Location": f"{self.base}/consent?back={view.path}"})
        body, charset = served(render.page(view, self.edition, self.base), view.damage)
        return Answer(200, {"Content-Type": f"text/html; charset={charset}"}, body)

    def _old_address(self, query: str) -> Answer:
        """``/archive.php?sid=ID``, the address of an earlier system, leads to the story for good."""
        number = query.removeprefix("sid=")
        story = self.edition.stories.get(int(number)) if number.isdecimal() else None
        if story is None:
            return _html(render.file("missing.html"), status=404)
        return Answer(301, {"Location": self.base + story.path})

    def _lists(self) -> dict[str, list[DemoStory]]:
        edition = self.edition
        everything = [story for language in ("en", "ar", "ja") for story in edition.latest(language=language)]
        fresh = edition.at - timedelta(hours=NEWS_SITEMAP_HOURS)
        columns = edition.latest("opinion") + edition.latest("culture")
        return {
            "latest": edition.latest()[:FEED_ITEMS],
            "columns": sorted(columns, key=lambda s: (s.published, s.id), reverse=True)[:FEED_ITEMS],
            "news": [story for story in everything if (story.modified or story.published) >= fresh],
            "archive": [story for story in everything if (story.modified or story.published) < fresh],
        }


def _html(text: str, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "text/html; charset=utf-8"}, text.encode())
