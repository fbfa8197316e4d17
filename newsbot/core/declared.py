"""What a page declares of its story beside headline, authors and dates.

What comes in: `Metadata` (and the language found in the text). What goes out: language, type, section, keywords,
publisher, access, rights, images, videos: each as the page says it, with where it stood. Interprets no rights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from newsbot.core.blocks import Segments
from newsbot.core.metadata import Candidate, Metadata, as_list, plain, texts, types_of
from newsbot.core.urls import absolute_url, clean_url, is_same_site

MAX_KEYWORDS = 50
MAX_IMAGES = 50
KEYWORD_METAS = ("article:tag", "news_keywords", "keywords", "parsely-tags")

_TYPES = {
    "liveblogposting": "live_blog",
    "opinionnewsarticle": "opinion",
    "analysisnewsarticle": "analysis",
    "reviewnewsarticle": "review",
    "review": "review",
    "criticreview": "review",
    "recipe": "recipe",
    "reportagenewsarticle": "reportage",
    "backgroundnewsarticle": "background",
    "advertisercontentarticle": "sponsored",
    "satiricalarticle": "satire",
    "claimreview": "fact_check",
    "interview": "interview",
    "report": "report",
    "imagegallery": "gallery",
    "videoobject": "video",
    "podcastepisode": "podcast",
    "blogposting": "blog",
}
_OPINION_WORDS = frozenset(
    "opinion opinions meinung kommentar kommentare opinión opinião opinioni commentary comment editorial editorials"
    " column columnists kolumne debatt ledare meninger mening tribune tribunes opinie felieton views".split()
)
_PRESS_WORDS = ("press-release", "pressrelease", "pressemitteilung", "pressemeldung", "communique")


@dataclass(frozen=True, slots=True)
class DeclaredImage:
    """An image that the page declares for its story."""

    url: str
    caption: str | None
    credit: str | None


@dataclass(frozen=True, slots=True)
class DeclaredRights:
    """The machine-readable wishes of the publisher, as found."""

    license: str | None
    copyright_notice: str | None
    robots: tuple[str, ...]
    tdm_reservation: str | None
    tdm_policy: str | None


def language_candidates(segments: Segments, metadata: Metadata) -> Iterator[Candidate]:
    """The language that the page declares, best first, as BCP 47."""
    html = next((node for node in segments.nodes[:4] if node.tag == "html" and node.attrs.get("lang")), None)
    if html is not None:
        yield from _language(html.attrs["lang"], "html", "lang")
    yield from _language(plain(metadata.article.get("inLanguage")), "jsonld", "inLanguage")
    for name in ("og:locale", "content-language", "language", "dc.language", "inlanguage"):
        yield from _language(metadata.meta(name) or "", "meta", name)
    header = segments.page.headers.get("content-language", "")
    yield from _language(header.partition(",")[0], "http", "content-language")


def _language(raw: str, source: str, locator: str) -> Iterator[Candidate]:
    parts = raw.strip().replace("_", "-").split("-")
    # Subtags have two to eight characters: "utf-8" is no language.
    is_language = parts[0].isascii() and parts[0].isalpha() and 2 <= len(parts[0]) <= 3
    if is_language and all(2 <= len(part) <= 8 for part in parts[1:]):
        tail = [part.upper() if len(part) == 2 else part for part in parts[1:3] if part.isalnum()]
        yield Candidate("-".join((parts[0].lower(), *tail)), source, locator)


def article_type(metadata: Metadata, page_type: str) -> str:
    """``live_blog``, ``gallery``, ``video`` as the page was found to be; else by its declared type, else ``news``."""
    if page_type in ("live_blog", "gallery", "video"):
        return page_type
    for name in types_of(metadata.article):
        if name in _TYPES:
            found = _TYPES[name]
            return "news" if found == "blog" and "newsarticle" in types_of(metadata.article) else found
    opinion = metadata.meta("article:opinion")
    words = {word for one in section_candidates(metadata) for word in one.value.casefold().split()}
    if opinion == "true" or words & _OPINION_WORDS:
        return "opinion"
    path = metadata.url.casefold()
    if any(f"/{word}/" in path for word in _OPINION_WORDS):
        return "opinion"
    return "press_release" if any(word in path for word in _PRESS_WORDS) else "news"


def section_candidates(metadata: Metadata) -> Iterator[Candidate]:
    """The section, best first: declared, else the crumb before the page's own."""
    for text in list(texts(metadata.article.get("articleSection")))[:1]:
        yield Candidate(text, "jsonld", "articleSection")
    for name in (
        "article:section",
        "og:section",
        "parsely-section",
        "articlesection",
        "cxenseparse:recs:category",
        "section",
    ):
        text = plain(metadata.meta(name))
        if text:
            yield Candidate(text, "meta", name)
    crumbs = breadcrumbs(metadata)
    if len(crumbs) > 2 or (len(crumbs) == 2 and not _is_title(crumbs[-1], metadata)):
        yield Candidate(crumbs[-2] if len(crumbs) > 2 else crumbs[-1], "jsonld", "BreadcrumbList")


# A crumb of so many characters with which a title begins is that title, cut or without the name of the site.
_LONG_CRUMB = 30


def _is_title(crumb: str, metadata: Metadata) -> bool:
    """Whether *crumb* is the page's own title: it names the story, not where it stands."""
    said = (metadata.title, *metadata.metas.get("og:title", ()), metadata.article.get("headline"))
    titles = {plain(title).casefold() for title in said}
    name = crumb.casefold()
    return name in titles or (len(name) > _LONG_CRUMB and any(title.startswith(name) for title in titles))


def breadcrumbs(metadata: Metadata) -> list[str]:
    """The names on the way to the page, from the top."""
    for node in metadata.json_ld.objects:
        if "breadcrumblist" in types_of(node):
            names = []
            for one in as_list(node.get("itemListElement"))[:10]:
                if isinstance(one, dict):
                    names.append(plain(one.get("name")) or plain(one.get("item")))
            return [name for name in names if name]
    return []


def keywords(metadata: Metadata) -> list[Candidate]:
    """The keywords of the first source that has any, each once."""
    for source, locator, values in (
        ("jsonld", "keywords", as_list(metadata.article.get("keywords"))),
        *(("meta", name, metadata.metas.get(name, [])) for name in KEYWORD_METAS),
    ):
        words = [word for value in values for text in texts(value) for word in _words(text, single=len(values) == 1)]
        if words:
            return [Candidate(word, source, locator) for word in list(dict.fromkeys(words))[:MAX_KEYWORDS]]
    return []


def _words(text: str, *, single: bool) -> list[str]:
    if not single:
        return [text]
    separator = ";" if ";" in text and "," not in text else ","
    return [word.strip() for word in text.split(separator) if word.strip()]


def publisher_candidates(metadata: Metadata) -> Iterator[Candidate]:
    """The publisher's name, best first; a page cannot make another site its publisher."""
    name = plain(metadata.resolved(metadata.article.get("publisher")))
    if name and foreign_publisher(metadata) is None:
        yield Candidate(name, "jsonld", "publisher")
    for locator in ("og:site_name", "dc.publisher", "publisher", "application-name"):
        text = plain(metadata.meta(locator))
        if text and "://" not in text:
            yield Candidate(text, "meta", locator)


def foreign_publisher(metadata: Metadata) -> str | None:
    """The publisher whom the page names with an address on another site: a claim that nobody can check."""
    node = metadata.resolved(metadata.article.get("publisher"))
    if not isinstance(node, dict):
        return None
    address = node.get("url") or node.get("@id")
    url = clean_url(address, metadata.base_url) if isinstance(address, str) else None
    return plain(node) or None if url and not is_same_site(url, metadata.url) else None


def description_candidates(metadata: Metadata) -> Iterator[Candidate]:
    """The summary that the page declares, best first."""
    text = plain(metadata.article.get("description"))
    if text:
        yield Candidate(text, "jsonld", "description")
    for name in ("og:description", "description", "twitter:description", "dc.description"):
        text = plain(metadata.meta(name))
        if text:
            yield Candidate(text, "meta", name)


def declared_free(metadata: Metadata) -> bool | None:
    """Whether the page says that its story is free to read; None if it does not say."""
    value = metadata.article.get("isAccessibleForFree", metadata.webpage.get("isAccessibleForFree"))
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip():
        return value.strip().rpartition("/")[2].casefold() in ("true", "yes", "1")
    tier = (metadata.meta("article:content_tier") or "").casefold()
    if tier:
        return tier == "free"
    return None


def declared_rights(metadata: Metadata, headers: Mapping[str, str]) -> DeclaredRights:
    """License, copyright notice, robots and text-and-data-mining wishes, as found in page and headers."""
    robots: list[str] = []
    for name in ("robots", "googlebot", "googlebot-news", "bingbot", "gptbot", "ccbot", "google-extended", "ai"):
        for content in metadata.metas.get(name, ()):
            prefix = "" if name == "robots" else f"{name}: "
            robots.extend(prefix + word.strip().lower() for word in content.split(",") if word.strip())
    robots.extend(word.strip().lower() for word in headers.get("x-robots-tag", "").split(",") if word.strip())
    licenses = [plain(metadata.article.get("license")), *metadata.rels.get("license", [])]
    return DeclaredRights(
        license=next((one for one in licenses if one), None),
        copyright_notice=next(
            (
                one
                for one in (
                    plain(metadata.article.get("copyrightNotice")),
                    plain(metadata.meta("copyright", "dc.rights", "dcterms.rights", "rights")),
                )
                if one
            ),
            None,
        ),
        robots=tuple(dict.fromkeys(robots))[:50],
        tdm_reservation=metadata.meta("tdm-reservation") or headers.get("tdm-reservation"),
        tdm_policy=metadata.meta("tdm-policy") or headers.get("tdm-policy"),
    )


def declared_images(metadata: Metadata) -> list[DeclaredImage]:
    """The images that JSON-LD, else OpenGraph, names for the story; each once."""
    images = [image for one in as_list(metadata.article.get("image"))[:MAX_IMAGES] for image in _image(one, metadata)]
    if not images:
        address = metadata.meta("og:image", "twitter:image")
        if address:
            images += _placed(address, metadata)
    return list({image.url: image for image in images}.values())


def _image(value: Any, metadata: Metadata) -> Iterator[DeclaredImage]:
    value = metadata.resolved(value)
    if isinstance(value, str) and value.strip():
        yield from _placed(value.strip(), metadata)
    elif isinstance(value, dict):
        address = next((one for one in (value.get("url"), value.get("contentUrl"), value.get("@id")) if one), None)
        for one in as_list(address)[:1]:
            if isinstance(one, str):
                caption = plain(value.get("caption")) or plain(value.get("description"))
                credit = plain(value.get("creditText")) or plain(value.get("copyrightHolder"))
                yield from _placed(one, metadata, caption or None, credit or None)


def _placed(
    address: str, metadata: Metadata, caption: str | None = None, credit: str | None = None
) -> list[DeclaredImage]:
    """The image at *address*; none where that is no URL."""
    url = absolute_url(address, metadata.base_url)
    return [DeclaredImage(url, caption, credit)] if url else []


def declared_videos(metadata: Metadata) -> list[tuple[str, str | None]]:
    """(URL, caption) of the videos that JSON-LD names for the story."""
    videos = []
    declared_ones = as_list(metadata.article.get("video"))
    if not declared_ones and not metadata.article:  # a page that is nothing but a video
        declared_ones = [node for node in metadata.json_ld.objects if "videoobject" in types_of(node)][:1]
    for one in declared_ones[:MAX_IMAGES]:
        node = metadata.resolved(one)
        if isinstance(node, dict):
            address = next(
                (url for key in ("contentUrl", "embedUrl", "url") if isinstance(url := node.get(key), str)), None
            )
            url = absolute_url(address, metadata.base_url) if address else None
            if url:
                videos.append((url, plain(node.get("name")) or None))
    return videos
