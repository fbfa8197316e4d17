"""What a link says of its target: one key a target, and the shape of its URL.

What comes in: a page's URL and its hrefs as written. What goes out: `Target`, the same for every link that
leads to the same place. Knows no blocks and no cards; the shapes are of URLs in general, never of a publisher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from msgspec import Struct

# Parameters that say where a click came from, not where it leads: how they begin, and whole ones.
_TRACKING = (
    "utm_", "itm_", "int_", "at_", "ns_", "cx_", "wt_", "pk_", "mtm_", "ga_", "ob_", "tb_", "xtor", "fbclid", "gclid",
    "ref_", "referrer", "cmpid", "icid", "ocid", "ncid", "smid", "sr_share", "traffic_source", "campaign", "li_source",
    "li_medium", "taid", "tracking", "trk", "link_source", "spm", "recirc",
)  # fmt: skip
_TRACKING_WHOLE = frozenset("ref source src cmp ico ito from pos position track via mod partner rss".split())
# Schemes that never lead to a page.
_NO_PAGE = ("javascript:", "mailto:", "tel:", "data:", "sms:", "whatsapp:", "about:", "fb-messenger:", "blob:")
_DATE = re.compile(r"/(?:19|20)\d\d[/-]?[01]?\d(?:[/-]|\d\d|/)")
_DIGITS = re.compile(r"\d+")
_YEAR_DIGITS = 4
# Words of paths that lead to lists, persons, services or shops on sites of any language; whole segments only.
LISTING_WORDS = frozenset(
    "tag tags topic topics category categories categoria kategorie author authors autor autoren autores auteur profile"
    " people person section sections search suche thema themen theme themes tema temas dossier dossiers newsletter"
    " newsletters login signin register account subscribe abo abonnement privacy terms impressum contact kontakt about"
    " contributor contributors staff team journalist help faq shop jobs advertise rss feed feeds page by hashtag"
    " keyword keywords etiqueta etiquetas label argomenti personaggi rubrique rubriques collections collection series"
    " serie podcasts videos games apps events weather horoscope crossword coupons vouchers deals legal cookies sitemap"
    " archive archives temat autorzy seznam stitek tagi yazar yazarlar etiket penulis indeks konu".split()
)

PERSON_WORDS = frozenset(
    "author authors autor autoren autores auteur profile people person team staff journalist contributor contributors"
    " autorzy yazar yazarlar penulis profil redaktion by reporter reporters columnist columnists".split()
)


# A number of four digits, or letters and digits in one word, is how sites number their stories.
_NUMBER = re.compile("[0-9](?:[0-9]{3}|[A-Za-z]|(?<=[A-Za-z].))")
_DIGIT = re.compile("[0-9]")
# Links that hand an address on: to share it, to print it, to log in and come back.
_SERVICE = re.compile(
    r"[/?&](?:share|sharer|sharearticle|sharer\.php|send-?to-?friend|add-comment|print)(?:[/=?&.]|$)|/intent/|"
    r"[?&](?:u|url|text|body|link|title|returnurl|return_url|redirect|redirect_to|redirect_uri|continue|next)="
    r"(?:https?:|https?%3a|[^&]{0,300}https?%3a)",
    re.IGNORECASE,
)
# Shorter texts lead to sections and services if the path has no number and no slug of so many words. On the labelled
# pages three of 1,286 teasers are lost so (podcast series), and a third of all other links are not looked at again.
MENU_WEIGHT = 28
_MENU_WORDS = 4
# A link without text says less: only a path without any number or slug is a menu's.
_PLAIN_WORDS = 3


class Target(Struct, eq=False, gc=False):
    """Where links lead: *key* is host, path and query without what does not matter."""

    key: str
    path: str  # the key without the query
    host: str  # without ``www.``; the key begins with it
    words: int  # of the wordiest part of the path, numbers included
    last_words: int  # of the last one
    is_menu: bool  # a link with a short text that leads here is the entry of a menu
    is_plain: bool  # a link without text is
    count: int = 0  # links of the page that lead here
    is_service: bool | None = None  # once asked
    parts: list[str] | None = None  # once asked

    @property
    def segments(self) -> list[str]:
        """The parts of the path."""
        if self.parts is None:
            self.parts = self.path.split("/")[1:]
        return self.parts


def leads_to_menu(target: Target, chars: int) -> bool:
    """Is a link with a text of weight *chars* the entry of a menu or a service of the page, by where it leads?"""
    if chars < MENU_WEIGHT and (target.is_menu if chars else target.is_plain):
        return True
    if target.is_service is None:
        folded = target.key.lower()
        # Few addresses hold one of these, and the pattern is slow to find that out.
        target.is_service = (
            "http" in folded or "share" in folded or "print" in folded or "send" in folded or "comment" in folded
            or "intent" in folded
        ) and _SERVICE.search(target.key, len(target.host)) is not None  # fmt: skip
    return target.is_service


@dataclass(frozen=True, slots=True)
class Place:
    """What hrefs of a page are resolved against."""

    url: str
    origin: str  # scheme and host, with a slash
    host: str  # without ``www.``
    folder: str  # host and path up to the last slash


def place_of(url: str) -> Place:
    """The place of a page, or of its base."""
    scheme, _, rest = url.partition("://")
    netloc, _, path = rest.partition("/")
    host = _bare_host(netloc)
    folder = path.partition("#")[0].partition("?")[0].rpartition("/")[0]
    return Place(url, f"{scheme}://{netloc}/", host, f"{host}/{folder}/" if folder else f"{host}/")


def target_key(href: str, place: Place) -> str | None:
    """Host and path (and query, without tracking) that *href* leads to, or None if it leads to no page.

    >>> target_key("/a/b/?utm_source=x#top", place_of("https://www.example.org/c"))
    'example.org/a/b'
    >>> target_key("b.html", place_of("https://www.example.org/c/d"))
    'example.org/c/b.html'
    """
    found = _way(href, place)
    return found and found[0]


def _way(href: str, place: Place) -> tuple[str, str] | None:
    """The key of where *href* leads, and the key without the query."""
    href = href.strip()
    if not href or href[0] == "#":
        return None
    if href[0] == "/" and href[1:2] != "/":
        rest = place.host + href
    elif href.startswith(place.origin):
        rest = place.host + href[len(place.origin) - 1 :]
    else:
        found = _absolute(href, place)
        if found is None:
            return None
        rest = found
    if "#" in rest:
        rest = rest.partition("#")[0]
    query = ""
    if "?" in rest:
        rest, _, query = rest.partition("?")
    if "//" in rest:
        rest = "/".join(part for part in rest.split("/") if part)
    if rest.endswith(_INDEX_FILES):
        rest = rest.rpartition("/")[0]
    rest = rest.rstrip("/")
    if query:
        query = "&".join(sorted(part for part in query.split("&") if part and not _is_tracking(part.lower())))
        if query:
            return f"{rest}?{query}", rest
    return rest, rest


def _is_tracking(part: str) -> bool:
    return part.startswith(_TRACKING) or part in _TRACKING_WHOLE


_INDEX_FILES = ("/index.html", "/index.php")


def _absolute(href: str, place: Place) -> str | None:
    """Host and the rest of *href* without the scheme, or None if it leads to no page."""
    if not href.startswith(_WEB):
        if href.startswith("//"):
            href = f"https:{href}"
        elif href.lower().startswith(_NO_PAGE):
            return None
        elif href[0].isalnum() and ":" not in href and "./" not in href:
            return place.folder + href
        else:
            try:
                href = urljoin(place.url, href)
            except ValueError:
                return None
            if not href.startswith(_WEB):
                return None
    start = href.find("://") + 3
    end = href.find("/", start)
    return _bare_host(href[start:end]) + href[end:] if end >= 0 else _bare_host(href[start:])


_WEB = ("http://", "https://")
_HOST_KEPT_CHARS = 260  # a name has at most 253, and a port


def _bare_host(netloc: str) -> str:
    """*netloc* without ``www.`` and port. What is too long for a host is not remembered: it would fill the memory."""
    return _kept_bare_host(netloc) if len(netloc) <= _HOST_KEPT_CHARS else _lean(netloc)


def _lean(netloc: str) -> str:
    return netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")


_kept_bare_host = lru_cache(maxsize=512)(_lean)


SHAPE_NAMES = (
    "same_host", "depth", "last_len", "max_words", "last_words", "digits", "longest_digits", "date", "depth_diff",
    "same_first", "listing",
)  # fmt: skip


def shape(target: Target, page: Target) -> list[float]:
    """Numbers that tell story URLs from others, in the order of `SHAPE_NAMES`; *page* is the page itself."""
    key, size = target.key, len(target.host)
    segments, own = target.segments, page.segments
    last = segments[-1] if segments else ""
    runs = list(map(len, _DIGITS.findall(key, size)))
    longest = max(runs, default=0)
    return [
        target.host == page.host,
        len(segments),
        min(len(last), 120),
        target.words,
        target.last_words,
        min(sum(runs), 30),
        min(longest, 20),
        longest >= _YEAR_DIGITS and _DATE.search(key, size) is not None,
        len(segments) - len(own),
        bool(segments) and bool(own) and segments[0] == own[0],
        not LISTING_WORDS.isdisjoint(segments),
    ]


def read_targets(hrefs: list[str], page_url: str) -> tuple[list[Target | None], Target]:
    """The target of each link (None: it leads to no page, or to a part of this one), and the page's own."""
    place = place_of(page_url)
    own = _target(*(_way(page_url, place) or (place.host, place.host)))
    known: dict[str, Target] = {own.key: own}
    raw: dict[str, Target | None] = {}
    out: list[Target | None] = []
    for href in hrefs:
        if href in raw:
            target = raw[href]
        else:
            target = None
            way = _way(href, place)
            if way is not None:
                target = known.get(way[0])
                if target is None:
                    target = known[way[0]] = _target(*way)
                elif target is own and ("#" in href or "?" in href):
                    target = None
            raw[href] = target
        if target is not None:
            target.count += 1
        out.append(target)
    return out, own


def _target(key: str, path: str) -> Target:
    """The target of *key*, whose host and path are *path*."""
    host, slash, _ = path.partition("/")
    start = len(host)
    words, last_words = _words(path, start) if slash else (0, 0)
    digit = _DIGIT.search(key, start)
    is_plain = digit is None and words < _PLAIN_WORDS
    is_menu = is_plain or (words < _MENU_WORDS and (digit is None or not _NUMBER.search(key, start)))
    return Target(key, path, host, words, last_words, is_menu, is_plain)


def _words(path: str, start: int) -> tuple[int, int]:
    """Words of the wordiest part of the path that begins at *start*, and of the last one: breaks of a slug, and one.

    >>> _words("example.org/local-news/storm-hits-the_coast-12345", 11)
    (5, 5)
    """
    for sign in ("_", "+", "%20"):
        if sign in path:
            path = path.replace(sign, "-")
    breaks = path.count("-", start)
    if not breaks:
        return 1, 1
    last = path.count("-", path.rindex("/"))
    if breaks > 2 * last:  # another part may have more
        return max(part.count("-") for part in path[start:].split("/")) + 1, last + 1
    return last + 1, last + 1
