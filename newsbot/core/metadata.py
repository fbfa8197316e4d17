"""What a page's machine-readable parts say of it.

What comes in: `Segments`. What goes out: `Metadata`, in which the page's JSON-LD, metas, links and
microdata can be asked by name, and `Candidate` values that say where they stood. Knows no visible text
but the headings and decides nothing: choosing is the work of `newsbot.core.headlines`, `dates` and `names`.
Never fails: damage is a note.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from newsbot.core.blocks import Node, Segments
from newsbot.core.jsonld import JsonLd, JsonObject, read_json_ld
from newsbot.core.link_header import links_in_header
from newsbot.core.roles import Claims
from newsbot.core.urls import absolute_url, clean_url

MAX_METAS = 500
MAX_VALUE_CHARS = 20_000

STORY_TYPES = frozenset(
    "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle"
    " reviewnewsarticle askpublicnewsarticle advertisercontentarticle satiricalarticle liveblogposting blogposting"
    " socialmediaposting techarticle scholarlyarticle report review criticreview recipe interview claimreview".split()
)
# A page of pictures may declare nothing else; it counts where there is no story.
GALLERY_TYPES = frozenset(("imagegallery", "mediagallery"))
PAGE_TYPES = frozenset(
    "webpage itempage mediaobject videoobject podcastepisode audioobject imagegallery faqpage".split()
)

_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value for a field and where it stood: *source* ``jsonld``, ``meta``, ``microdata``, ``visible``, ...;
    *reason* is why it lost, only when explained."""

    value: str
    source: str
    locator: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """The machine-readable parts of a page, by name.

    ``metas`` maps a lower-case name, property or itemprop to its contents in document order;
    ``itemprops`` the elements of the page's text with microdata;
    ``article`` is the JSON-LD object of the page's story, ``webpage`` the one of the page; empty if there is none.
    """

    url: str
    base_url: str
    json_ld: JsonLd
    metas: dict[str, list[str]]
    article: JsonObject
    webpage: JsonObject
    title: str | None
    rels: dict[str, list[str]]
    itemprops: dict[str, list[Node]]
    notes: tuple[str, ...]

    def meta(self, *names: str) -> str | None:
        """The first content that one of *names* has, in the order of *names*."""
        for name in names:
            for content in self.metas.get(name, ()):
                return content
        return None

    def resolved(self, value: Any) -> Any:
        """*value*, or the object that it refers to by ``@id``."""
        if isinstance(value, dict) and len(value) <= 2 and "@id" in value:
            return self.json_ld.by_id.get(str(value["@id"]), value)
        return value


def read_metadata(segments: Segments) -> Metadata:
    """What the scripts, metas and links of the page say. Linear; nothing is chosen but the story's object."""
    page = segments.page
    base = (clean_url(segments.base_href, page.url) if segments.base_href else None) or page.url
    json_ld = read_json_ld(
        script.text for script in segments.data_scripts if "ld+json" in script.attrs.get("type", "").lower()
    )
    metas = _metas(segments.metas)
    title = next((text for one in segments.titles if (text := plain(one.text))), None)
    return Metadata(
        url=page.url,
        base_url=base,
        json_ld=json_ld,
        metas=metas,
        article=_article(json_ld, page.url),
        webpage=_webpage(json_ld),
        title=title,
        rels=_rels(segments),
        itemprops=_itemprops(segments),
        notes=json_ld.notes,
    )


def _rels(segments: Segments) -> dict[str, list[str]]:
    """What the page links to by relation; behind its own elements the Link header, which knows no ``<base>``."""
    page = segments.page
    rels: dict[str, list[str]] = {}
    for attrs in segments.link_rels:
        href = attrs.get("href")
        if href:
            for rel in attrs.get("rel", "").lower().split():
                rels.setdefault(rel, []).append(href.strip())
    for href, rel in links_in_header(page.headers.get("link", "")):
        url = absolute_url(href, page.url) if href else None
        if url:
            rels.setdefault(rel, []).append(url)
    return rels


def _metas(elements: Iterable[dict[str, str]]) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for number, attrs in enumerate(elements):
        if number >= MAX_METAS:
            break
        content = attrs.get("content")
        if not content or content.isspace():
            continue
        for key in ("name", "property", "itemprop", "http-equiv"):
            name = attrs.get(key)
            if name:
                metas.setdefault(name.strip().lower(), []).append(content[:MAX_VALUE_CHARS].strip())
    return metas


def _itemprops(segments: Segments) -> dict[str, list[Node]]:
    """The nodes of the page's text that carry microdata, by lower-case property."""
    found: dict[str, list[Node]] = {}
    for index in segments.items:
        node = segments.nodes[index]
        for name in node.attrs["itemprop"].lower().split():
            found.setdefault(name, []).append(node)
    return found


def types_of(node: JsonObject) -> list[str]:
    """The types of a JSON-LD object in lower case, without the vocabulary's address."""
    raw = node.get("@type")
    names = raw if isinstance(raw, list) else [raw]
    return [name.rpartition("/")[2].rpartition(":")[2].lower() for name in names if isinstance(name, str)]


def _article(json_ld: JsonLd, url: str) -> JsonObject:
    """The object of the story that this page is for; among several the one of this URL, then the fullest."""
    best: JsonObject = {}
    best_score = 0
    path = urlsplit(url).path.rstrip("/")
    for node in json_ld.objects:
        if not STORY_TYPES.intersection(types_of(node)):
            continue
        score = 1
        score += 2 * ("headline" in node) + ("datePublished" in node) + ("author" in node) + ("articleBody" in node)
        if path and any(urlsplit(one).path.rstrip("/") == path for one in _own_urls(node)):
            score += 4
        if score > best_score:
            best, best_score = node, score
    galleries = (node for node in json_ld.objects if GALLERY_TYPES.intersection(types_of(node)) and "headline" in node)
    return best or next(galleries, {})


def _own_urls(node: JsonObject) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            try:
                urlsplit(value)
            except ValueError:
                continue
            yield value


def _webpage(json_ld: JsonLd) -> JsonObject:
    return next((node for node in json_ld.objects if PAGE_TYPES.intersection(types_of(node))), {})


def plain(value: Any) -> str:
    """*value* as a reader would see it: no tags, no entities, white space folded; "" if it is no text."""
    if isinstance(value, list):
        value = next((one for one in value if one), "")
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    if not isinstance(value, str):
        return ""
    text = value[:MAX_VALUE_CHARS]
    if "&" in text:
        text = html.unescape(text)
        if "&" in text and ";" in text:
            text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" " if "<br" in text or "<p" in text else "", text)
    return " ".join(text.split())


def texts(value: Any) -> Iterator[str]:
    """The strings of a value that may be a string, an object with a name, or a list of these."""
    for one in value if isinstance(value, list) else [value]:
        text = plain(one)
        if text:
            yield text


def claims(metadata: Metadata) -> Claims:
    """What the page says of its own story, for `newsbot.core.regions.split`."""
    article, page = metadata.article, metadata.webpage
    metas = (metadata.meta("og:title"), metadata.meta("twitter:title"))
    headlines = (article.get("headline"), *metas, article.get("name"))
    descriptions = (
        article.get("description"),
        metadata.meta("og:description"),
        metadata.meta("description"),
        metadata.meta("twitter:description"),
        article.get("alternativeHeadline"),
    )
    types = article.get("@type") or page.get("@type") or ()
    return Claims(
        headlines=_distinct(*headlines, metadata.title),
        descriptions=_distinct(*descriptions),
        article_body=_body_text(article.get("articleBody")),
        authors=tuple(name for one in as_list(article.get("author")) for name in texts(metadata.resolved(one))),
        types=tuple(str(one).rpartition("/")[2] for one in as_list(types)),
    )


def as_list(value: Any) -> list[Any]:
    """*value* as a list: itself, one element, or none."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _distinct(*values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in map(plain, values) if text))


def _body_text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
