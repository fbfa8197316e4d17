"""What a link says of its target: one key a target, and the shape of its URL.

What comes in: a page's URL and its hrefs as written. What goes out: `Target`, the same for every link that
leads to the same place. Knows no blocks and no cards; the shapes are of URLs in general, never of a publisher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urljoin

# Parameters that say where a click came from, not where it leads.
_TRACKING = re.compile(
    r"(?:utm_|itm_|int_|at_|ns_|cx_|wt_|pk_|mtm_|ga_|ob_|tb_|xtor|fbclid|gclid|ref$|ref_|referrer|source$|src$|"
    r"cmpid|cmp$|icid|ico$|ito$|ocid|ncid|smid|sr_share|traffic_source|campaign|from$|pos$|position$|li_source|"
    r"li_medium|taid|tracking|trk|track$|via$|mod$|link_source|partner$|spm|recirc|rss$)",
    re.IGNORECASE,
)
# Schemes and forms that never lead to a page.
_NO_PAGE = ("#", "javascript:", "mailto:", "tel:", "data:", "sms:", "whatsapp:", "about:", "fb-messenger:", "blob:")
_DATE = re.compile(r"/(?:19|20)\d\d[/-]?[01]?\d(?:[/-]|\d\d|/)")
_DIGITS = re.compile(r"\d+")
_WORD_BREAK = re.compile(r"[-_+.,~]+|%20|(?<=[a-z])(?=\d{5})")
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


@dataclass(slots=True)
class Target:
    """Where links lead: *key* is host and path without what does not matter; the rest is the shape of it."""

    key: str
    host: str
    segments: list[str]
    query: str
    links: list[int]  # indexes of the page's links to it, ascending
    below: int = 0  # other targets of the page whose path continues this one

    @property
    def path_words(self) -> int:
        """Words of the wordiest path segment."""
        return max((word_count(segment) for segment in self.segments), default=0)


def word_count(segment: str) -> int:
    """Words of a path segment: runs of at least two letters; percent-encoded letters count.

    >>> word_count("storm-hits-the-coast-12345")
    4
    """
    if "%" in segment:
        segment = unquote(segment)
    return sum(1 for word in _WORD_BREAK.split(segment) if len(word) > 1 and not word.isdigit())


def target_key(href: str, page_url: str) -> str | None:
    """Host and path (and query, without tracking) that *href* leads to, or None if it leads to no page.

    >>> target_key("/a/b/?utm_source=x#top", "https://www.example.org/c")
    'example.org/a/b'
    """
    href = href.strip()
    if not href or href.lower().startswith(_NO_PAGE):
        return None
    href = href.partition("#")[0]
    lower = href[:8].lower()
    if not lower.startswith(("http://", "https://")):
        try:
            href = urljoin(page_url, href)
        except ValueError:
            return None
        if not href.startswith(("http://", "https://")):
            return None
    rest = href.partition("://")[2]
    rest, _, query = rest.partition("?")
    host, _, path = rest.partition("/")
    host = host.lower().removeprefix("www.").removesuffix(":443").removesuffix(":80")
    path = path.strip("/")
    if path.endswith(("index.html", "index.php")):
        path = path.rpartition("/")[0]
    if query:
        query = "&".join(sorted(part for part in query.split("&") if part and not _TRACKING.match(part)))
    return f"{host}/{path}" + (f"?{query}" if query else "") if path else host + (f"/?{query}" if query else "")


def read_target(key: str) -> Target:
    """The parts of a key."""
    rest, _, query = key.partition("?")
    host, _, path = rest.partition("/")
    return Target(key, host, path.split("/") if path else [], query, [])


def site_of(host: str) -> str:
    """The last two labels of a host, three where the last two are short (``co.uk``): good enough to compare."""
    labels = host.split(":")[0].split(".")
    if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def shape(target: Target, page: Target) -> list[float]:
    """Numbers that tell story URLs from others, in the order of `SHAPE_NAMES`; *page* is the page itself."""
    segments = target.segments
    last = segments[-1] if segments else ""
    longest_digits = 0
    digits = 0
    for run in _DIGITS.findall("/".join(segments)):
        digits += len(run)
        longest_digits = max(longest_digits, len(run))
    words = [word_count(segment) for segment in segments]
    page_last = page.segments[-1] if page.segments else ""
    listing = 0
    for segment in segments:
        if segment.lower() in LISTING_WORDS:
            listing += 1
    return [
        float(target.host == page.host),
        float(site_of(target.host) == site_of(page.host)),
        float(len(segments)),
        float(min(len(last), 120)),
        float(max(words, default=0)),
        float(words[-1] if words else 0),
        float(min(digits, 30)),
        float(min(longest_digits, 20)),
        float(bool(_DATE.search(target.key))),
        float("." in last[-6:]),
        float(bool(target.query)),
        float(sum(map(len, _DIGITS.findall(target.query)))),
        float(listing),
        float(min(target.below, 10)),
        float(min(len(target.links), 6)),
        float(len(segments) - len(page.segments)),
        float(bool(segments) and bool(page.segments) and segments[0] == page.segments[0]),
        float(("." in last[-6:]) == ("." in page_last[-6:])),
        float(abs((words[-1] if words else 0) - word_count(page_last))),
        float(page.key.startswith(target.key + "/")),
        float(_digit_shape(last) == _digit_shape(page_last)),
    ]


SHAPE_NAMES = (
    "same_host same_site depth last_len max_words last_words digits longest_digits date ext query query_digits"
    " listing below n_links depth_diff same_first same_ext words_diff page_parent same_digits"
).split()


def _digit_shape(segment: str) -> int:
    """Length class of the longest digit run of a segment: 0 none, else 1 up to 3, 2 up to 6, 3 more."""
    longest = max((len(run) for run in _DIGITS.findall(segment)), default=0)
    return 0 if not longest else 1 if longest <= 3 else 2 if longest <= 6 else 3


def read_targets(hrefs: list[str], page_url: str) -> tuple[list[Target | None], Target]:
    """The target of each link (None: it leads to no page, or to a part of this one), and the page's own."""
    own = read_target(target_key(page_url, page_url) or "")
    known: dict[str, Target] = {}
    raw: dict[str, Target | None] = {}
    out: list[Target | None] = []
    for index, href in enumerate(hrefs):
        if href in raw:
            target = raw[href]
        else:
            key = target_key(href, page_url)
            if key is None:
                target = None
            elif key == own.key:
                target = own if "#" not in href and "?" not in href else None
            else:
                target = known.get(key)
                if target is None:
                    target = known[key] = read_target(key)
            raw[href] = target
        if target is not None:
            target.links.append(index)
        out.append(target)
    for target in known.values():
        key = target.key
        cut = key.rfind("/")
        while cut > 0:
            above = known.get(key[:cut])
            if above is not None and above is not target:
                above.below += 1
            cut = key.rfind("/", 0, cut)
    return out, own
