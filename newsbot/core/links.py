"""Which links of a page are followed, and why.

What comes in: a page's `Segments`, its URL and the targets of its teasers. What goes out: `Link`s of the kinds
``story`` and ``next_page``, in document order, each URL once; and whether a limit cut them. Knows no site: which
hosts are allowed is decided where the page was fetched.

A teaser is a link at once: what the page promotes as a story is worth a look. Chrome is not followed; the next
page of a listing is, where the page itself says that it is the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from newsbot.core.urls import clean_url, is_pathological, is_same_site

if TYPE_CHECKING:  # spiders ask for links at their start; what reads pages is imported by the first page
    from newsbot.core.blocks import Segments

MAX_LINKS: Final = 2000
MAX_LABEL_CHARS: Final = 24
# Words that pagination is labelled with, as whole texts, lower case; the arrows stand alone.
_NEXT_TEXTS: Final = frozenset(
    "next|next page|older|older posts|older stories|more|load more|show more|nächste|nächste seite|weiter|ältere"
    "|ältere artikel|suivant|page suivante|suivante|siguiente|página siguiente|próxima|próxima página|successiva"
    "|pagina successiva|avanti|volgende|volgende pagina|næste|neste|nästa|seuraava|następna|dalej|další|ďalšia"
    "|следующая|далее|наступна|次へ|次のページ|下一页|下一頁|다음|التالي|הבא|sonraki|tiếp|selanjutnya|berikutnya"
    "|›|»|→|>|>>".split("|")
)
_NEXT_STARTS: Final = frozenset(text[:2] for text in _NEXT_TEXTS)
# "next »", "next page >": a word and an arrow.
_ARROWS: Final = " \t›»→>…"
_NEXT_INITIALS: Final = frozenset("".join(text[0] + text[0].upper() for text in _NEXT_TEXTS) + _ARROWS)
_PAGE_NUMBER: Final = re.compile(r"(?:^|/)(?:page|seite|pagina|p|pag|strana|side|sida)[/-]?(\d{1,4})(?:\.html?)?/?$")
_PAGE_PARAMETERS: Final = frozenset(("page", "p", "paged", "pg", "seite", "pagina", "offset", "start"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A URL worth following: *kind* as in `newsbot.items.model.Link`, with what the page says of its target."""

    url: str
    kind: str
    title: str | None = None
    date: str | None = None
    reason: str | None = None


def page_offers(
    segments: Segments, page_url: str, stories: Iterable[tuple[str, str | None]], *, max_links: int = MAX_LINKS
) -> tuple[list[Offer], bool]:
    """The links to follow and whether there were more than *max_links*.

    *stories* are (absolute URL, headline) of the page's teasers in document order.
    """
    offers: dict[str, Offer] = {}
    for url, title in stories:
        cleaned = clean_url(url)
        if cleaned and cleaned != page_url and not is_pathological(cleaned):
            offers.setdefault(cleaned, Offer(cleaned, "story", title, reason="teaser"))
    following = next_page(segments, page_url)
    if following is not None:
        offers[following.url] = following
    ordered = list(offers.values())
    return ordered[:max_links], len(ordered) > max_links


def next_page(segments: Segments, page_url: str) -> Offer | None:
    """The next page of this listing or story, where the page names it: ``rel=next``, or a link labelled so.

    It must lie on the same site and differ from this page by no more than a page number.
    """
    base = _base(segments, page_url)
    for attributes in segments.link_rels:
        if "next" in attributes.get("rel", "").lower().split():
            url = clean_url(attributes.get("href", ""), base)
            if url and _is_next(page_url, url):
                return Offer(url, "next_page", reason="rel_next")
    labelled = _labelled_next(segments)
    for link in reversed(segments.links):  # pagination stands at the end of what it continues
        rel = link.node.attrs.get("rel")
        if link.index in labelled or (rel and "next" in rel.lower().split()):
            url = clean_url(link.href, base)
            if url and _is_next(page_url, url):
                return Offer(url, "next_page", reason="next_link")
    return None


def _base(segments: Segments, page_url: str) -> str:
    return (clean_url(segments.base_href, page_url) if segments.base_href else None) or page_url


def _labelled_next(segments: Segments) -> frozenset[int]:
    """The numbers of the links whose text in their first block says that they lead to the next page."""
    found = set()
    for block in segments.blocks:
        pieces = block.pieces
        link = pieces[0].link
        if len(pieces) == 1:
            text = block.text
            if link is not None and text[0] in _NEXT_INITIALS and len(text) <= MAX_LABEL_CHARS and _says_next(text):
                found.add(link.index)
            continue
        texts: dict[int, str] = {}
        for piece in pieces:
            link = piece.link
            if link is not None and link.first_block == block.index:
                # Of a longer text only its length counts.
                text = block.text[piece.start : min(piece.end, piece.start + MAX_LABEL_CHARS + 1)]
                texts[link.index] = f"{texts[link.index]} {text}" if link.index in texts else text
        found.update(index for index, text in texts.items() if len(text) <= MAX_LABEL_CHARS and _says_next(text))
    return frozenset(found)


def _says_next(text: str) -> bool:
    first = text[:1]
    if first not in _NEXT_INITIALS or (text[:2].lower() not in _NEXT_STARTS and first not in _ARROWS):
        return False  # most links, seen at once
    text = text.strip().lower()
    return text in _NEXT_TEXTS or text.strip(_ARROWS) in _NEXT_TEXTS


def _is_next(page_url: str, url: str) -> bool:
    """Whether *url* can be the page after *page_url*: another URL, same site, a higher page number if both tell one."""
    if url == page_url or not is_same_site(page_url, url):
        return False
    here, there = page_number(page_url), page_number(url)
    return there is None or (here or 1) < there


def continues(page_url: str, url: str) -> bool:
    """Whether *url* is the page after *page_url* of one and the same story, by the two URLs alone.

    Many sites call the next *story* "next" (``rel=next``); only a page number tells that it is the same one.

    >>> continues("https://example.org/a-1", "https://example.org/a-1?page=2")
    True
    >>> continues("https://example.org/a-1", "https://example.org/b-2")
    False
    """
    there = page_number(url)
    return there == (page_number(page_url) or 1) + 1 and _without_number(page_url) == _without_number(url)


def _without_number(url: str) -> str:
    """*url* without its page number, end slash and ending."""
    parts = urlsplit(url)
    path = _PAGE_NUMBER.sub("", parts.path.lower()).rstrip("/").removesuffix(".html").removesuffix(".htm")
    kept = [part for part in parts.query.split("&") if part.partition("=")[0].lower() not in _PAGE_PARAMETERS]
    return f"{parts.netloc}{path}?{'&'.join(kept)}"


def page_number(url: str) -> int | None:
    """The page number that *url* names in its path or query.

    >>> page_number("https://example.org/politics/page/3"), page_number("https://example.org/a?page=2")
    (3, 2)
    """
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query, max_num_fields=50) if parts.query.count("&") < 50 else []:
        if name.lower() in _PAGE_PARAMETERS and value.isascii() and value.isdigit() and len(value) < 7:
            return int(value)
    found = _PAGE_NUMBER.search(parts.path.lower())
    return int(found[1]) if found else None
