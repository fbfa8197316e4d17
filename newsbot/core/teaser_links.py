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


@dataclass(slots=True, eq=False)
class Target:
    """Where links lead: *key* is host, path and query without what does not matter."""

    key: str
    host: str
    segments: list[str]
    words: int = -1  # of the wordiest path segment, once asked
    is_menu: bool | None = None  # once asked
    shape: list[float] | None = None  # once asked


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


def target_key(href: str, page_url: str, origin: str, host: str) -> str | None:
    """Host and path (and query, without tracking) that *href* leads to, or None if it leads to no page.

    *origin* is scheme and host of the page, *host* its host without ``www.``.

    >>> target_key("/a/b/?utm_source=x#top", "https://www.example.org/c", "https://www.example.org", "example.org")
    'example.org/a/b'
    """
    href = href.strip()
    if not href or href[0] == "#":
        return None
    if "#" in href:
        href = href.partition("#")[0]
    if href[0] == "/" and href[1:2] != "/":
        rest = host + href
    else:
        if href.startswith(origin):
            rest = host + href[len(origin) :] if href[len(origin) : len(origin) + 1] in ("", "/", "?") else href
        else:
            rest = href
        if rest is href:
            found = _absolute(href, page_url)
            if found is None:
                return None
            rest = found
    query = ""
    if "?" in rest:
        rest, _, query = rest.partition("?")
    if "//" in rest:
        rest = "/".join(part for part in rest.split("/") if part)
    if rest.endswith(("/index.html", "/index.php")):
        rest = rest.rpartition("/")[0]
    rest = rest.rstrip("/")
    if query:
        query = "&".join(sorted(part for part in query.split("&") if part and not _TRACKING.match(part)))
        if query:
            return f"{rest}?{query}"
    return rest


def _absolute(href: str, page_url: str) -> str | None:
    """Host and the rest of *href* without the scheme, or None if it leads to no page."""
    if not href.startswith(("http://", "https://")):
        if href.lower().startswith(_NO_PAGE):
            return None
        try:
            href = urljoin(page_url, href)
        except ValueError:
            return None
        if not href.startswith(("http://", "https://")):
            return None
    rest = href.partition("://")[2]
    host, slash, path = rest.partition("/")
    return host.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80") + slash + path


def read_target(key: str) -> Target:
    """The parts of a key."""
    host, *segments = key.partition("?")[0].split("/")
    return Target(key, host, segments if segments != [""] else [])


SHAPE_NAMES = (
    "same_host", "depth", "last_len", "max_words", "last_words", "digits", "longest_digits", "date", "depth_diff",
    "same_first", "query", "listing",
)  # fmt: skip


def shape(target: Target, page: Target) -> list[float]:
    """Numbers that tell story URLs from others, in the order of `SHAPE_NAMES`; *page* is the page itself."""
    if target.shape is not None:
        return target.shape
    segments = target.segments
    last = segments[-1] if segments else ""
    words = path_words(target)
    runs = list(map(len, _DIGITS.findall(target.key, len(target.host))))
    target.shape = [
        target.host == page.host,
        len(segments),
        min(len(last), 120),
        words,
        word_count(last) if words > 1 else words,
        min(sum(runs), 30) if runs else 0,
        min(max(runs), 20) if runs else 0,
        bool(runs) and _DATE.search(target.key) is not None,
        len(segments) - len(page.segments),
        bool(segments) and bool(page.segments) and segments[0] == page.segments[0],
        "?" in target.key,
        not LISTING_WORDS.isdisjoint(segments),
    ]
    return target.shape


def read_targets(hrefs: list[str], page_url: str) -> tuple[list[Target | None], Target]:
    """The target of each link (None: it leads to no page, or to a part of this one), and the page's own."""
    scheme, _, rest = page_url.partition("://")
    netloc = rest.partition("/")[0]
    origin = f"{scheme}://{netloc}"
    host = netloc.lower().removeprefix("www.")
    own = read_target(target_key(page_url, page_url, origin, host) or host)
    known: dict[str, Target] = {own.key: own}
    raw: dict[str, Target | None] = {}
    out: list[Target | None] = []
    for href in hrefs:
        if href in raw:
            out.append(raw[href])
            continue
        key = target_key(href, page_url, origin, host)
        target = None
        if key is not None:
            target = known.get(key)
            if target is None:
                target = known[key] = read_target(key)
            elif target is own and ("#" in href or "?" in href):
                target = None
        raw[href] = target
        out.append(target)
    return out, own
