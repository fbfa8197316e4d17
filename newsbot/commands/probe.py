"""``scrapy probe``: a new site file from a site's own front page.

What comes in: a URL. What goes out: a TOML file with comments; with ``--check`` ten of its stories are read as well and
the share of each field is shown. Asks some thirty pages, at the pace of a crawl.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import complain, polite, teach
from newsbot.core.errors import ConfigError, ExtractionError, SourceError
from newsbot.extensions.exitcodes import Exit

if TYPE_CHECKING:
    from newsbot.commands.fetching import Fetch
    from newsbot.items.model import Story
    from newsbot.sites.draft import Draft

MAX_SECTIONS = 12
MAX_FEEDS = 6
MAX_SITEMAPS = 6
MIN_SECTION_STORIES = 5
CHECKED_STORIES = 10
CHECKED_FIELDS = (
    "headline", "body", "description", "authors", "date_published", "date_modified", "section", "keywords", "images",
    "language",
)  # fmt: skip
_HELP = """\
Write a site file from a site's front page, feeds and sitemaps: read it, then crawl the site by its name.

  NEWSBOT_CONTACT=you@example.org scrapy probe https://news.example/   writes NEWSBOT_SITES/news.example.toml
  scrapy probe https://news.example/ --to -                            prints it
  scrapy probe https://news.example/ --check                           also reads ten stories, and shows the fields
  NEWSBOT_SITES=sites scrapy crawl news.example                        crawls it

Asks some thirty pages, at the pace of a crawl. Exit codes: 0 written; 2 usage, a file is there already, or
NEWSBOT_CONTACT is not set; 4 the front page cannot be read, or it offers no section, feed or sitemap.
"""


class Command(ScrapyCommand):
    """Draft a site file."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[options] <url>"

    def short_desc(self) -> str:
        return "Write a site file from a site's front page, feeds and sitemaps"

    def add_options(self, parser: ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument(
            "--check", action="store_true", help=f"read {CHECKED_STORIES} stories and show what was found"
        )
        parser.add_argument(
            "--to", metavar="FILE", help="where to write (default: NEWSBOT_SITES/<domain>.toml; - prints)"
        )
        parser.add_argument("--force", action="store_true", help="replace a file that is there")

    @polite
    def run(self, args: list[str], opts: Namespace) -> None:
        if len(args) != 1 or not args[0].startswith(("http://", "https://")):
            raise UsageError(f"the URL of a site's front page is wanted, not {' '.join(args) or 'nothing'}")
        from newsbot.commands.fetching import with_fetcher

        assert self.settings is not None
        try:
            target = _target(args[0], opts, str(self.settings.get("NEWSBOT_SITES") or "sites"))
            draft, stories = with_fetcher(self.settings, lambda fetch: _probe(args[0], fetch, check=opts.check))
            _write(draft, target)
        except (ConfigError, OSError) as error:
            self._fail(error, Exit.USAGE)
        except ExtractionError as error:
            self._fail(error, Exit.NOTHING)
        else:
            if opts.check:
                _tell(coverage(stories))
            found = any((draft.sections, draft.feeds, draft.news_sitemaps, draft.sitemaps))
            self.exitcode = int(Exit.OK if found else Exit.NOTHING)

    def _fail(self, error: Exception, code: Exit) -> None:
        complain("probe", error)
        self.exitcode = int(code)


def coverage(stories: list[Story]) -> list[str]:
    """A line a field: how many of *stories* have it."""
    found = Counter(name for story in stories for name in CHECKED_FIELDS if getattr(story, name))
    return [f"{len(stories)} stories read"] + [
        f"  {name:16} {found[name]:3} of {len(stories)}" for name in CHECKED_FIELDS
    ]


def _target(url: str, opts: Namespace, folder: str) -> Path | None:
    """Where the file goes; ``None`` for standard output. Raises `ConfigError` rather than replace one."""
    if opts.to == "-":
        return None
    from newsbot.core.urls import host_of, registrable_domain

    host = host_of(url).partition(":")[0]
    target = Path(opts.to) if opts.to else Path(folder) / f"{registrable_domain(host) or host}.toml"
    if target.exists() and not opts.force:
        raise ConfigError(f"{target} is there already; --force replaces it, --to FILE writes elsewhere")
    return target


def _write(draft: Draft, target: Path | None) -> None:
    from newsbot.sites.draft import site_toml

    text = site_toml(draft)
    if target is None:
        print(text, end="")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    _tell([f"wrote {target}: read it, then", f"  NEWSBOT_SITES={target.parent} scrapy crawl {target.stem}"])


def _tell(lines: list[str]) -> None:
    print("\n".join(lines), file=sys.stderr)


async def _probe(url: str, fetch: Fetch, *, check: bool) -> tuple[Draft, list[Story]]:
    """The draft, and the stories that were read for the check. Raises `ExtractionError` where the page is none."""
    from newsbot.core.urls import host_of, registrable_domain
    from newsbot.sites.draft import Draft, survey

    front = await fetch(url)
    if not front.is_good:
        raise ExtractionError(f"not fetched: {front.reason or front.status}", url=url)
    seen = survey(front.body, front.url, front.headers.get("content-type"))
    host = host_of(front.url).partition(":")[0]
    draft = Draft(url=url, domain=registrable_domain(host) or host, publisher=seen.publisher, language=seen.language)
    await _add_feeds(draft, seen.feeds, fetch)
    await _add_sitemaps(draft, front.url, fetch)
    await _add_sections(draft, [(front.url, "front page"), *seen.sections], fetch)
    draft.story_urls = list(dict.fromkeys(draft.story_urls))
    return draft, await _stories(draft.story_urls, fetch) if check else []


async def _add_feeds(draft: Draft, urls: tuple[str, ...], fetch: Fetch) -> None:
    from newsbot.core.feeds import read_feed
    from newsbot.sites.draft import Source

    for url in urls[:MAX_FEEDS]:
        answer = await fetch(url)
        try:
            entries = read_feed(answer.body, url).entries if answer.is_good else ()
        except SourceError as error:
            draft.left_out.append(Source(url, str(error)))
            continue
        if entries:
            draft.feeds.append(Source(url, f"{len(entries)} entries"))
            draft.story_urls += [entry.url for entry in entries]
        else:
            draft.left_out.append(Source(url, answer.reason or f"no entries, status {answer.status}"))


async def _add_sitemaps(draft: Draft, front_url: str, fetch: Fetch) -> None:
    """The sitemaps of robots.txt, else the one at the usual place."""
    from urllib.parse import urljoin

    from newsbot.core.sitemaps import read_sitemap
    from newsbot.core.urls import clean_url
    from newsbot.sites.draft import Source

    robots = await fetch(urljoin(front_url, "/robots.txt"))
    named = (
        [url for line in _sitemap_lines(robots.body) if (url := clean_url(line, front_url))] if robots.is_good else []
    )
    for url in (named or [urljoin(front_url, "/sitemap.xml")])[:MAX_SITEMAPS]:
        answer = await fetch(url)
        try:
            sitemap = read_sitemap(answer.body, url) if answer.is_good else None
        except SourceError as error:
            draft.left_out.append(Source(url, str(error)))
            continue
        if sitemap is None or not (sitemap.entries or sitemap.sitemaps):
            draft.left_out.append(Source(url, answer.reason or f"no entries, status {answer.status}"))
        elif any(entry.title for entry in sitemap.entries):
            draft.news_sitemaps.append(Source(url, f"{len(sitemap.entries)} stories"))
            draft.story_urls += [entry.url for entry in sitemap.entries]
        else:
            what = f"{len(sitemap.sitemaps)} sitemaps" if sitemap.sitemaps else f"{len(sitemap.entries)} pages"
            draft.sitemaps.append(Source(url, what))
    draft.left_out += [Source(url, "not looked at") for url in named[MAX_SITEMAPS:]]


def _sitemap_lines(robots: bytes) -> list[str]:
    from protego import Protego

    return list(Protego.parse(robots[: 500 * 1024].decode("utf-8", "replace")).sitemaps)


async def _add_sections(draft: Draft, sections: list[tuple[str, str]], fetch: Fetch) -> None:
    """Those pages of the navigation that do promote stories."""
    from newsbot.core.urls import host_of, same_host_family
    from newsbot.extract import Visit, extract_page
    from newsbot.sites.draft import Source

    for url, label in list(dict(sections).items())[:MAX_SECTIONS]:
        answer = await fetch(url)
        if not answer.is_good:
            draft.left_out.append(Source(url, f"{label}: {answer.reason or f'status {answer.status}'}"))
            continue
        visit = Visit(page_type="section", content_type=answer.headers.get("content-type"), headers=answer.headers)
        try:
            teasers = extract_page(answer.body, answer.url, visit).teasers
        except ExtractionError as error:
            draft.left_out.append(Source(url, f"{label}: {error.code}"))
            continue
        targets = [one.target_url for one in teasers if one.target_url]
        own = [target for target in targets if same_host_family(host_of(target), host_of(answer.url))]
        if len(set(own)) >= MIN_SECTION_STORIES:
            draft.sections.append(Source(url, f"{label}: {len(set(own))} stories"))
            draft.story_urls += own
        else:
            draft.left_out.append(Source(url, f"{label}: {len(set(own))} stories"))
    draft.left_out += [Source(url, "not looked at") for url, _ in sections[MAX_SECTIONS:]]


async def _stories(urls: list[str], fetch: Fetch) -> list[Story]:
    """The stories at some of *urls*, spread over all of them."""
    from newsbot.extract import Visit, extract_page

    stories: list[Story] = []
    for url in urls[:: max(1, len(urls) // CHECKED_STORIES)][:CHECKED_STORIES]:
        answer = await fetch(url)
        if not answer.is_good:
            _tell([f"  {url}: {answer.reason or answer.status}"])
            continue
        visit = Visit(
            content_type=answer.headers.get("content-type"), headers=answer.headers, fetched_at=answer.fetched_at
        )
        try:
            story = extract_page(answer.body, answer.url, visit).story
        except ExtractionError as error:
            _tell([f"  {url}: {error.code}"])
            continue
        if story is None:
            _tell([f"  {url}: no story"])
        else:
            stories.append(story)
    return stories
