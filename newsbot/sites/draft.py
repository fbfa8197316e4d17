"""A draft of a site file, from what a front page and its sources show.

What comes in: pages' bytes and URLs, as a command fetched them. What goes out: what they offer, a guess at the id
template, and the text of a TOML file with comments for the person who edits it. Fetches nothing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from newsbot.core.article_ids import article_id
from newsbot.core.blocks import Link, Node, Segments, segment
from newsbot.core.page import read_page
from newsbot.core.printable import printable
from newsbot.core.urls import clean_url, host_of, same_host_family

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
MAX_SECTION_LABEL_CHARS = 30
# An id that covers fewer of the stories is no rule of the site.
MIN_ID_SHARE = 0.7
MIN_ID_URLS = 5


@dataclass(frozen=True, slots=True)
class Source:
    """A source and what it showed when probed: ``note`` becomes its comment."""

    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What a front page says of its site; ``sections`` are (URL, label) of its navigation, in order."""

    language: str | None
    publisher: str | None
    feeds: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True)
class Draft:
    """What goes into the file."""

    url: str
    domain: str
    publisher: str | None = None
    language: str | None = None
    sections: list[Source] = field(default_factory=list)
    feeds: list[Source] = field(default_factory=list)
    news_sitemaps: list[Source] = field(default_factory=list)
    sitemaps: list[Source] = field(default_factory=list)
    story_urls: list[str] = field(default_factory=list)
    left_out: list[Source] = field(default_factory=list)


def survey(body: bytes, url: str, content_type: str | None = None) -> Survey:
    """What the page at *url* says of its site. Raises `ExtractionError` for what is no page."""
    segments = segment(read_page(body, url, content_type=content_type))
    base = clean_url(segments.base_href or "", url) or url
    language = next((node.attrs["lang"].strip() for node in segments.nodes[:3] if node.attrs.get("lang")), None)
    names = [meta.get("content", "") for meta in segments.metas if meta.get("property") == "og:site_name"]
    return Survey(
        language=language if language and re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", language) else None,
        publisher=printable(names[0].strip(), 100) if names and names[0].strip() else None,
        feeds=tuple(dict.fromkeys(_feeds(segments, base))),
        sections=tuple(_named(list(_sections(segments, base))).items()),
    )


def guess_id_pattern(urls: Iterable[str]) -> str | None:
    """The template that finds a different id in most of *urls*; ``None`` where no number or hash tells them apart.

    >>> guess_id_pattern(f"https://a.test/news/{slug}-{n}.html" for n, slug in enumerate("abcdef", 104220))
    '/{*}/{slug}-{id:digits}.html'
    """
    wanted = list(dict.fromkeys(urls))
    if len(wanted) < MIN_ID_URLS:
        return None
    candidates = Counter(pattern for url in wanted for pattern in _templates(url))
    for pattern, _ in candidates.most_common(5):
        found = [found for url in wanted if (found := article_id(pattern, url)) is not None]
        if len(set(found)) >= MIN_ID_SHARE * len(wanted) and len(set(found)) > 0.95 * len(found):
            return pattern
    return None


def site_toml(draft: Draft) -> str:
    """The file, with a comment at each thing that a person should look at."""
    lines = [
        f"# Written by `scrapy probe {printable(draft.url)}`. Look at each line, then try:",
        f"#   scrapy extract --explain {printable(draft.story_urls[0]) if draft.story_urls else 'URL-OF-A-STORY'}",
        "",
        _pair("publisher", draft.publisher) if draft.publisher else '# publisher = "Name of the publisher"',
        _pair("domain", draft.domain),
        _pair("language", draft.language)
        if draft.language
        else '# language = "en"  # the pages name none; the page\'s own word always wins',
        '# time_zone = "Europe/London"  # in which dates without an offset are read',
        "",
    ]
    for key, sources in (
        ("sections", draft.sections),
        ("feeds", draft.feeds),
        ("news_sitemaps", draft.news_sitemaps),
        ("sitemaps", draft.sitemaps),
    ):
        lines += [*_list(key, sources), ""]
    if draft.left_out:
        lines += ["# Seen and left out:", *(f"#   {printable(out.url)}  ({out.note})" for out in draft.left_out), ""]
    lines += _id_lines(draft)
    lines += ["", "[expect]", f"story_links = {len(draft.story_urls) // 2}  # half of what the sources offered now"]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """*text* as a TOML string."""
    return json.dumps(printable(text), ensure_ascii=False)


def _feeds(segments: Segments, base: str) -> Iterable[str]:
    for attributes in segments.link_rels:
        kind = attributes.get("type", "").strip().lower()
        if "alternate" in attributes.get("rel", "").lower().split() and kind in FEED_TYPES:
            url = clean_url(attributes.get("href", ""), base)
            if url is not None:
                yield url


def _sections(segments: Segments, base: str) -> Iterable[tuple[str, str]]:
    """(URL, label) of links in the navigation that look like sections: a short path and a short label."""
    for link in segments.links:
        if not _is_navigation(link.node):
            continue
        label = _label(segments, link)
        url = clean_url(link.href, base)
        if (
            url is None
            or not 0 < len(label) <= MAX_SECTION_LABEL_CHARS
            or not same_host_family(host_of(base), host_of(url))
        ):
            continue
        parts = urlsplit(url)
        steps = [step for step in parts.path.split("/") if step]
        if 1 <= len(steps) <= 2 and not parts.query and not re.search(r"[0-9]{4}|\.(?!html?$)", steps[-1]):
            yield url, label


def _named(found: list[tuple[str, str]]) -> dict[str, str]:
    """The label of each URL: its first one that names no other URL, as "See all" does; else the end of its path."""
    pages_of: dict[str, set[str]] = {}
    for url, label in found:
        pages_of.setdefault(label, set()).add(url)
    named = dict.fromkeys((url for url, _ in found), "")
    for url, label in reversed(found):
        if len(pages_of[label]) == 1:
            named[url] = label
    return {url: label or _last_step(url) for url, label in named.items()}


def _last_step(url: str) -> str:
    return printable(unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]))


def _is_navigation(node: Node) -> bool:
    at: Node | None = node
    while at is not None:
        if at.tag in ("nav", "header") or at.attrs.get("role") == "navigation":
            return True
        at = at.parent
    return False


def _label(segments: Segments, link: Link) -> str:
    blocks = segments.blocks[link.first_block : link.end_block]
    texts = (block.text[piece.start : piece.end] for block in blocks for piece in block.pieces if piece.link is link)
    return printable(" ".join(texts).strip())


# The ends of a path that hold an id, as (what to look for, how the template writes it). Numbers of four digits are
# years, of eight with a 19 or 20 in front are days.
_DIGITS = r"(?!(?:19|20)[0-9]{6}(?![0-9]))[0-9]{5,20}"
_HEX = r"(?=[0-9a-f-]*[0-9])(?=[0-9a-f-]*[a-f])[0-9a-f]{8,12}(?:-[0-9a-f]{4,12}){0,4}"
_FREE = r".{1,500}"
_END = r"(?P<end>\.[a-z]{2,5})?"
_MARK = r"(?P<mark>[-_.,~])"
_ENDS = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (_FREE + _MARK + _DIGITS + _END, "{{slug}}{mark}{{id:digits}}{end}"),
        (_DIGITS + "(?P<mark>[-_])" + _FREE + "?" + _END, "{{id:digits}}{mark}{{slug}}{end}"),
        ("(?P<mark>[a-z]{0,10})" + _DIGITS + _END, "{mark}{{id:digits}}{end}"),
        (_FREE + _MARK + _HEX + _END, "{{slug}}{mark}{{id:hex}}{end}"),
        (_HEX + _END, "{{id:hex}}{end}"),
    )
)


def _templates(url: str) -> Iterable[str]:
    """Templates that fit *url*, the most telling first."""
    steps = [step for step in urlsplit(url).path.split("/") if step]
    for at in (len(steps) - 1, len(steps) - 2):
        if at < 0:
            continue
        for pattern, template in _ENDS:
            found = pattern.fullmatch(steps[at])
            if found is not None:
                groups = {"mark": "", "end": "", **{key: value or "" for key, value in found.groupdict().items()}}
                before = "/{*}" if at else ""
                last = template.format(mark=groups["mark"], end=groups["end"])
                yield f"{before}/{last}" + "/{slug}" * (len(steps) - 1 - at)
                break


def _pair(key: str, value: str) -> str:
    return f"{key} = {quoted(value)}"


def _list(key: str, sources: Sequence[Source]) -> list[str]:
    if not sources:
        return [f"{key} = []"]
    return [f"{key} = [", *(f"    {quoted(source.url)},  # {printable(source.note)}" for source in sources), "]"]


def _id_lines(draft: Draft) -> list[str]:
    pattern = guess_id_pattern(draft.story_urls)
    if pattern is None:
        return ['# id_pattern = "/{*}/{slug}-{id:digits}"  # the site\'s own article id; none was found in its URLs']
    example = next(url for url in draft.story_urls if article_id(pattern, url))
    return [f"# {article_id(pattern, example)} in {printable(example)}", _pair("id_pattern", pattern)]
