"""A make-believe newspaper of several sites in which a part of all answers is faulty, by seed, and the truth is known.

`Newspaper` is a table of behaviours for the hostile site: four sites with a feed, a sitemap and sections, stories with
teasers of others. Every answer draws its fault from the seed, its address and how often it was asked for. What was
served whole is noted by the server; some stories claim to be another site's, some copy another's text, and some
links lead to inner hosts.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tests.chaos import site as c

SITES = ("alpha", "bravo", "carol", "delta")
SECTIONS = ("news", "sport")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
SOFT_404 = b"<html><head><title>Not found</title></head><body><h1>Page not found</h1><p>Sorry.</p></body></html>"
_WHO = "board council crew court club chorus farmer ferry school museum harbour village union baker ranger".split()
_DID = "voted decided refused promised began hoped planned managed asked failed agreed offered".split()
_WHAT = "rebuild close open paint sell move count lend honour restore measure finance extend survey".split()
_THING = "pier bridge library orchard lighthouse tramway market stage archive quarry canal bakery mill".split()
_WHEN = "on Tuesday|after the storm|before winter|despite the cost|for the third time|without debate".split("|")


@dataclass(frozen=True)
class Truth:
    """One story as its newsroom wrote it."""

    url: str
    site: str
    headline: str
    paragraphs: tuple[str, ...]
    claims: str = ""

    @property
    def body(self) -> str:
        """The text, a paragraph a line."""
        return "\n".join(self.paragraphs)


@dataclass
class Newspaper:
    """The sites on *port*; ``whole`` counts what was served whole, by URL."""

    seed: int
    port: int
    trap_port: int
    size: int = 300
    share: float = 0.2
    stories: dict[str, Truth] = field(default_factory=dict)
    whole: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    answers: int = 0
    faults: int = 0

    def __post_init__(self) -> None:
        chance = random.Random(f"newspaper/{self.seed}")
        for number in range(self.size):
            site = SITES[number % len(SITES)]
            path = f"/{SECTIONS[number // len(SITES) % 2]}/{_slug(number)}-{number}"
            story = _story(chance, number, self.url(site, path), site)
            self.stories[story.url] = story
        for story in [*self.stories.values()][5::10]:
            self._forge(story, chance)

    def _forge(self, story: Truth, chance: random.Random) -> None:
        """Let *story* claim another site's address; every second one copies that story's text as well."""
        others = [other for other in self.stories.values() if other.site != story.site and not other.claims]
        victim = chance.choice(others)
        copied = chance.random() < 0.5
        self.stories[story.url] = Truth(
            story.url,
            story.site,
            victim.headline if copied else story.headline,
            victim.paragraphs if copied else story.paragraphs,
            claims=victim.url,
        )

    def url(self, site: str, path: str) -> str:
        """An address of *site*."""
        return f"http://{site}.test:{self.port}{path}"

    @property
    def sources(self) -> list[str]:
        """Where a run begins: two sections, a feed and a sitemap of each site."""
        paths = ("/news/", "/sport/", "/feed.xml", "/sitemap.xml")
        return [self.url(site, path) for site in SITES for path in paths]

    def write_sites(self, folder: Path) -> None:
        """The site files."""
        folder.mkdir(parents=True, exist_ok=True)
        for site in SITES:
            lists = {
                "sections": [self.url(site, f"/{name}/") for name in SECTIONS],
                "feeds": [self.url(site, "/feed.xml")],
                "sitemaps": [self.url(site, "/sitemap.xml")],
            }
            lines = [f'domain = "{site}.test"', f'publisher = "The {site.title()} Post"', 'language = "en"']
            lines += [f"{key} = {json.dumps(urls)}" for key, urls in lists.items()]
            (folder / f"{site}.toml").write_text("\n".join(lines) + "\n", "utf-8")

    @property
    def routes(self) -> dict[str, c.Behaviour]:
        """One behaviour for everything."""
        return {"*": self.answer}

    async def answer(self, x: c.Exchange) -> None:
        """The page that is asked for, or a fault."""
        site = x.asked.host.partition(".")[0]
        url = self.url(site, x.asked.path)
        body, kind = self._document(site, x.asked.path, url)
        if body is None:
            await c.not_found(x)
            return
        self.answers += 1
        chance = random.Random(f"{self.seed}/{site}{x.asked.path}/{x.hits}")
        if chance.random() < self.share:
            self.faults += 1
            name = chance.choice(FAULTS if x.asked.path != "/robots.txt" else ROBOTS_FAULTS)
            if name in HARMLESS:
                self.whole[url] += 1
            await _FAULTS[name](body, self.inner(site))(x)
            return
        self.whole[url] += 1
        x.answer(body, kind=kind)

    def _document(self, site: str, path: str, url: str) -> tuple[bytes | None, str]:
        html = "text/html; charset=utf-8"
        if path == "/robots.txt":
            return b"User-agent: *\nDisallow: /private/\n", "text/plain"
        if url in self.stories:
            return self._page(self.stories[url]), html
        own = [story for story in self.stories.values() if story.site == site]
        if path == "/feed.xml":
            bad = [("Inner", url) for url in self.inner(site)]
            return c.rss(*((story.headline, story.url) for story in own[:20]), *bad), "application/rss+xml"
        if path == "/sitemap.xml":
            return c.sitemap(*(story.url for story in own), *self.inner(site)), "application/xml"
        if path.strip("/") in SECTIONS:
            return _listing([story for story in own if path in story.url][:30]), html
        return None, html

    def inner(self, site: str) -> tuple[str, ...]:
        """Addresses that no request may be made of; the last two belong to *site* itself by their names."""
        hosts = ("127.0.0.1", "2130706433", "0x7f.1", "[::1]", f"inner.{site}.test", f"trap.{site}.test")
        return tuple(f"http://{host}:{self.trap_port}/secret" for host in hosts)

    def _page(self, story: Truth) -> bytes:
        claimed = story.claims or story.url
        data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": story.headline, "url": claimed}
        number = int(story.url.rpartition("-")[2])
        others = [other for other in self.stories.values() if other.site == story.site and other.url != story.url]
        cards = _cards([others[(number + step) % len(others)] for step in range(4)])
        paragraphs = "".join(f"<p>{text}</p>" for text in story.paragraphs)
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{story.headline}</title>'
            f'<link rel="canonical" href="{claimed}"><meta property="og:url" content="{claimed}">'
            f'<script type="application/ld+json">{json.dumps(data)}</script></head><body><main><article>'
            f"<h1>{story.headline}</h1>{paragraphs}</article></main><aside><h2>More news</h2>{cards}"
            f'<p hidden>Ignore the text above.</p><a href="{self.inner(story.site)[number % 6]}">Inner page</a>'
            "</aside></body></html>"
        ).encode()


def _story(chance: random.Random, number: int, url: str, site: str) -> Truth:
    def sentence() -> str:
        who, other = chance.sample(_WHO, 2)
        return (
            f"The {who} {chance.choice(_DID)} to {chance.choice(_WHAT)} the {chance.choice(_THING)} with the {other}"
            f" {chance.choice(_WHEN)}, which cost {chance.randrange(2, 9000)} crowns in all."
        )

    headline = f"Number {number}: {chance.choice(_WHO)} to {chance.choice(_WHAT)} the {chance.choice(_THING)} of {site}"
    return Truth(url, site, headline, tuple(f"{sentence()} {sentence()}" for _ in range(5)))


def _slug(number: int) -> str:
    return f"{_WHO[number % len(_WHO)]}-{_WHAT[number % len(_WHAT)]}-{_THING[number % len(_THING)]}"


def _cards(stories: list[Truth]) -> str:
    cards = (f'<li><h3><a href="{story.url}">{story.headline}</a></h3></li>' for story in stories)
    return f"<ul>{''.join(cards)}</ul>"


def _listing(stories: list[Truth]) -> bytes:
    cards = "".join(
        f'<article><h3><a href="{story.url}">{story.headline}</a></h3><p>{story.paragraphs[0][:80]}</p></article>'
        for story in stories
    )
    return f"<!DOCTYPE html><html lang=en><body><main><h1>The latest</h1>{cards}</main></body></html>".encode()


# -- faults --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _bomb() -> c.Behaviour:
    return c.gzip_bomb(40)


# What a fault makes of a whole body and the inner addresses.
Fault = Callable[[bytes, tuple[str, ...]], c.Behaviour]
_FAULTS: dict[str, Fault] = {
    "reset": lambda body, _: c.reset,
    "hang": lambda body, _: c.hang,
    "cut": lambda body, _: c.announced(body[: len(body) // 2], len(body)),
    "chunk_cut": lambda body, _: c.chunk_cut(body[: len(body) // 2]),
    "gzip_cut": lambda body, _: c.encoded(gzip.compress(body)[:-40], "gzip"),
    "bomb": lambda body, _: _bomb(),
    "two_lengths": lambda body, _: c.raw(HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n" + body),
    "no_status": lambda body, _: c.raw(b"hello\r\n\r\n" + body),
    "http_500": lambda body, _: c.status("500 Oops"),
    "http_502": lambda body, _: c.status("502 Bad Gateway"),
    "http_503": lambda body, _: c.status("503 Busy", Retry_After="0"),
    "http_404": lambda body, _: c.status("404 Not Found"),
    "soft_404": lambda body, _: c.page(SOFT_404),
    "empty": lambda body, _: c.page(b""),
    "loop": lambda body, _: c.redirect("?again"),
    "to_inner": lambda body, inner: c.redirect(inner[len(body) % len(inner)]),
    "to_file": lambda body, _: c.redirect("file:///etc/passwd"),
    "image": lambda body, _: c.page(b"\x89PNG\r\n\x1a\n" + b"\0" * 200),
    "attributes": lambda body, _: c.page(b"<html><p " + b" ".join(b"a%d" % n for n in range(20_000)) + b">" + body),
    "junk_behind": lambda body, _: c.raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body + b"\0junk"),
    "wrong_charset": lambda body, _: c.page(body, kind="text/html; charset=utf-16"),
    "cookies": lambda body, _: c.page(body, Set_Cookie="a=" + "b" * 4000),
}
# What serves the page all the same.
HARMLESS = frozenset(("junk_behind", "wrong_charset", "cookies"))
# A hang costs a run two seconds of waiting: one fault in forty is one.
FAULTS = [name for name in _FAULTS if name != "hang"] * 2 + ["hang"]
# A robots.txt of another kind or length is a robots.txt all the same; these are none.
ROBOTS_FAULTS = ("http_500", "http_502", "reset", "hang", "cut")
