"""What a link says of its target: one key a target, and the shape of its URL.

What comes in: a page's URL and its hrefs as written. What goes out: `Target`, the same for every link that
leads to the same place. Knows no blocks and no cards; the shapes are of URLs in general, never of a publisher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

# Parameters that say where a click came from, not where it leads.
_TRACKING = re.compile(
    r"(?:utm_|itm_|int_|at_|ns_|cx_|wt_|pk_|mtm_|ga_|ob_|tb_|xtor|fbclid|gclid|ref$|ref_|referrer|source$|src$|"
    r"cmpid|cmp$|icid|ico$|ito$|ocid|ncid|smid|sr_share|traffic_source|campaign|from$|pos$|position$|li_source|"
    r"li_medium|taid|tracking|trk|track$|via$|mod$|link_source|partner$|spm|recirc|rss$)",
    re.IGNORECASE,
)
# Schemes that never lead to a page.
_NO_PAGE = ("javascript:", "mailto:", "tel:", "data:", "sms:", "whatsapp:", "about:", "fb-messenger:", "blob:")
_DATE = re.compile(r"/(?:19|20)\d\d[/-]?[01]?\d(?:[/-]|\d\d|/)")
_DIGITS = re.compile(r"\d+")
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
_NUMBER = re.compile("[0-9]{4}|[0-9][A-Za-z]|[A-Za-z][0-9]")
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


@dataclass(slots=True, eq=False)
class Target:
    """Where links lead: *key* is host, path and query without what does not matter."""

    key: str
    host_size: int  # characters of the host, with which the key begins
    count: int = 0  # links of the page that lead here
    words: int = -1  # of the wordiest path segment, once asked
    is_service: bool | None = None  # once asked
    is_menu: bool | None = None  # once asked
    is_plain: bool | None = None  # once asked
    shape: list[float] | None = None  # once asked

    @property
    def host(self) -> str:
        """The host without ``www.``."""
        return self.key[: self.host_size]

    @property
    def segments(self) -> list[str]:
        """The parts of the path."""
        path = self.key.partition("?")[0][self.host_size + 1 :]
        return path.split("/") if path else []


def leads_to_menu(target: Target, chars: int) -> bool:
    """Is a link with a text of weight *chars* the entry of a menu or a service of the page, by where it leads?"""
    if target.is_service is None:
        target.is_service = _SERVICE.search(target.key, target.host_size) is not None
    if target.is_service:
        return True
    if chars >= MENU_WEIGHT:
        return False
    if chars:
        if target.is_menu is None:
            target.is_menu = path_words(target) < _MENU_WORDS and not _NUMBER.search(target.key, target.host_size)
        return target.is_menu
    if target.is_plain is None:
        target.is_plain = path_words(target) < _PLAIN_WORDS and not _DIGIT.search(target.key, target.host_size)
    return target.is_plain


def word_count(segment: str) -> int:
    """Words of a path segment, numbers included: the breaks of a slug, and one.

    >>> word_count("storm-hits-the-coast-12345")
    5
    """
    return segment.count("-") + segment.count("_") + segment.count("%20") + segment.count("+") + 1 if segment else 0


def path_words(target: Target) -> int:
    """Words of the wordiest path segment."""
    if target.words < 0:
        key = target.key
        if "-" in key or "_" in key or "%20" in key or "+" in key:
            target.words = max(map(word_count, target.segments), default=0)
        else:
            target.words = 1 if target.segments else 0
    return target.words


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
        query = "&".join(sorted(part for part in query.split("&") if part and not _TRACKING.match(part)))
        if query:
            return f"{rest}?{query}"
    return rest


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
    host, slash, path = href.partition("://")[2].partition("/")
    return _bare_host(host) + slash + path


_WEB = ("http://", "https://")


def _bare_host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")


SHAPE_NAMES = (
    "same_host", "depth", "last_len", "max_words", "last_words", "digits", "longest_digits", "date", "depth_diff",
    "same_first", "listing",
)  # fmt: skip


def shape(target: Target, page: Target) -> list[float]:
    """Numbers that tell story URLs from others, in the order of `SHAPE_NAMES`; *page* is the page itself."""
    if target.shape is not None:
        return target.shape
    key, size = target.key, target.host_size
    segments, own = target.segments, page.segments
    last = segments[-1] if segments else ""
    words = path_words(target)
    runs = list(map(len, _DIGITS.findall(key, size)))
    target.shape = [
        key[:size] == page.key[: page.host_size],
        len(segments),
        min(len(last), 120),
        words,
        word_count(last) if words > 1 else words,
        min(sum(runs), 30) if runs else 0,
        min(max(runs), 20) if runs else 0,
        bool(runs) and _DATE.search(key, size) is not None,
        len(segments) - len(own),
        bool(segments) and bool(own) and segments[0] == own[0],
        not LISTING_WORDS.isdisjoint(segments),
    ]
    return target.shape


def read_targets(hrefs: list[str], page_url: str) -> tuple[list[Target | None], Target]:
    """The target of each link (None: it leads to no page, or to a part of this one), and the page's own."""
    place = place_of(page_url)
    own = _target(target_key(page_url, place) or place.host)
    known: dict[str, Target] = {own.key: own}
    raw: dict[str, Target | None] = {}
    out: list[Target | None] = []
    for href in hrefs:
        target = raw.get(href)
        if target is None and href not in raw:
            key = target_key(href, place)
            if key is not None:
                target = known.get(key)
                if target is None:
                    target = known[key] = _target(key)
                elif target is own and ("#" in href or "?" in href):
                    target = None
            raw[href] = target
        if target is not None:
            target.count += 1
        out.append(target)
    return out, own


def _target(key: str) -> Target:
    return Target(key, len(key.partition("/")[0].partition("?")[0]))
