"""The headline of a story: chosen by agreement of what the page shows and what it says of itself.

What comes in: `Segments`, `Metadata` and the block that was found to be the headline. What goes out:
`Candidate` values, best first. Knows no publisher: a site's name is what the page says it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from newsbot.core.blocks import HEADING_TAGS, NOT_DRAWN, Block, Piece, Segments
from newsbot.core.metadata import Candidate, Metadata, plain
from newsbot.core.roles import Role

MAX_CHARS = 1_000
MAX_HEADINGS = 80
MAX_UNHEADED_BLOCKS = 60
MIN_HEADLINE_CHARS = 8

# A headline is voted for by every place that has it. Tuned on the dev pages of two collections whose truths differ
# in taste: one takes what the page says of itself, the other what it shows (fundus 88 %, trafilatura 82 % of titles;
# by random search, ±15 % of each weight stays within one point). h1 and og:title together outvote JSON-LD.
WEIGHTS = {
    "h1": 3.3,
    "heading": 3.1,
    "without kicker": 1.0,
    "headline": 4.7,
    "og:title": 2.35,
    "name": 1.2,
    "alternativeHeadline": 1.7,
    "title": 0.4,
    "twitter:title": 0.1,
}

_SEPARATOR = re.compile(r"\s[|\-–—―·•»«/:~›<>]{1,2}\s|\s?[|｜]\s?|_|--|: ")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_NO_WORD = re.compile(r"[\W_]+")
_KICKER_FREE_TAGS = HEADING_TAGS | frozenset(("a", "abbr", "div", "p"))


@dataclass(frozen=True, slots=True)
class _Site:
    """The names of the site, folded, and the labels of its host that may stand for it."""

    names: tuple[str, ...]
    labels: tuple[str, ...]


def headline_candidates(segments: Segments, metadata: Metadata, roles: Sequence[Role]) -> tuple[Candidate, ...]:
    """What may be the headline, best first; a text that several places have stands once for each of them."""
    site = _site(metadata)
    claims = list(_claims(metadata))
    confirmed = {_key(one.value) for one in claims}
    headline = segments.blocks[roles.index(Role.HEADLINE)] if Role.HEADLINE in roles else None
    if headline is None or _key(headline.text) not in confirmed:
        confirmed |= {_key(part) for one in claims for part in _parts(one.value, site)}
    shown = _shown(segments, roles, headline, confirmed, site)
    shown_keys = {_key(one.value) for one in shown}
    cut = [replace(one, value=_cut(one.value, one.source == "title", shown_keys, site)) for one in claims]
    ballots: dict[str, list[Candidate]] = {}
    for one in (*shown, *cut):
        if one.value:
            ballots.setdefault(_key(one.value), []).append(one)
    order = sorted(ballots.values(), key=lambda ballot: -sum(WEIGHTS[one.locator or "title"] for one in ballot))
    return tuple(one for ballot in order for one in _by_spelling(ballot))


def _claims(metadata: Metadata) -> Iterator[Candidate]:
    article = metadata.article
    for name in ("headline", "name", "alternativeHeadline"):
        text = plain(article.get(name))
        if text:
            yield Candidate(text[:MAX_CHARS], "jsonld", name)
    for name in ("og:title", "twitter:title"):
        text = plain(metadata.meta(name))
        if text:
            yield Candidate(text[:MAX_CHARS], "meta", name)
    if metadata.title:
        yield Candidate(metadata.title[:MAX_CHARS], "title", "title")


def _key(text: str) -> str:
    """*text* as it counts for agreement: letters and digits alone, case folded."""
    folded = text.casefold()
    if not text.isascii():
        folded = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()
    return _NO_WORD.sub("", folded) or text.strip()


def _parts(text: str, site: _Site) -> Iterator[str]:
    """What remains of *text* when the site's name, or a part before or after a separator, is taken off."""
    yield _without_site(text, site)
    for gap in _SEPARATOR.finditer(text):
        yield text[: gap.start()]
        yield text[gap.end() :]


def _shown(
    segments: Segments, roles: Sequence[Role], headline: Block | None, confirmed: set[str], site: _Site
) -> list[Candidate]:
    """The headline as the page shows it, with and without its kicker; another heading if only that is confirmed."""
    if headline is None or not _is_confirmed(headline, confirmed) or _is_site(headline.text, site):
        others = [
            block
            for block in _headings(segments)
            if len(block.text) >= MIN_HEADLINE_CHARS
            and roles[block.index] is not Role.TEASER
            and _is_confirmed(block, confirmed)
            and not _is_site(block.text, site)
            and not _leads_elsewhere(block, segments)
        ]
        headline = min(others, key=lambda block: _heading_tag(block) or "h9", default=headline)
    if headline is None or _heading_tag(headline) is None:
        line = _title_line(segments, roles, confirmed, site)
        if line is not None:
            return [Candidate(line[:MAX_CHARS], "visible", "heading")]
    if headline is None or _is_site(headline.text, site):
        return []
    name = "h1" if _heading_tag(headline) == "h1" else "heading"
    without = _without_kicker(headline)
    if without is None:
        return [Candidate(headline.text[:MAX_CHARS], "visible", name)]
    if _key(headline.text) not in confirmed:
        return [Candidate(without[:MAX_CHARS], "visible", name)]
    return [
        Candidate(headline.text[:MAX_CHARS], "visible", name),
        Candidate(without[:MAX_CHARS], "visible", "without kicker"),
    ]


def _title_line(segments: Segments, roles: Sequence[Role], confirmed: set[str], site: _Site) -> str | None:
    """On a page without headings: the longest line at the start of a block that a part of the title confirms."""
    lines = []
    for block in segments.blocks[:MAX_UNHEADED_BLOCKS]:
        if roles[block.index] is not Role.TEASER and not block.hidden & NOT_DRAWN:
            line = block.text[: block.pieces[0].end]
            if len(line) >= MIN_HEADLINE_CHARS and _key(line) in confirmed and not _is_site(line, site):
                lines.append(line)
    return max(lines, key=len, default=None)


def _headings(segments: Segments) -> Iterator[Block]:
    count = 0
    for node in segments.nodes:
        if node.tag in ("h1", "h2", "h3") and not node.hidden & NOT_DRAWN:
            yield from segments.blocks[node.first_block : node.end_block][:3]
            count += 1
            if count >= MAX_HEADINGS:
                return


def _heading_tag(block: Block) -> str | None:
    node = block.node
    for _ in range(4):
        if node.tag in HEADING_TAGS:
            return node.tag
        if node.parent is None:
            break
        node = node.parent
    return None


def _is_confirmed(block: Block, confirmed: set[str]) -> bool:
    without = _without_kicker(block)
    return _key(block.text) in confirmed or (without is not None and _key(without) in confirmed)


def _leads_elsewhere(block: Block, segments: Segments) -> bool:
    """Whether the heading is a link to another page: the site's name, or a teaser."""
    link = block.pieces[0].link
    if link is None or block.link_chars * 2 < len(block.text):
        return False
    url = segments.page.url
    try:
        return urlsplit(urljoin(url, link.href)).path.rstrip("/") != urlsplit(url).path.rstrip("/")
    except ValueError:
        return False


def _without_kicker(block: Block) -> str | None:
    """The text after a first inline element of its own (a roofline, a section, a date), or None."""
    pieces = block.pieces
    first = pieces[0]
    if len(pieces) < 2 or first.tag in _KICKER_FREE_TAGS:
        return None
    at = 1
    while at < len(pieces) and (_same(pieces[at], first) or not _key_of_piece(block, at)):
        at += 1
    if at == len(pieces) or any(_same(piece, first) for piece in pieces[at:]):
        return None
    rest = block.text[pieces[at].start :]
    return rest if len(rest) >= MIN_HEADLINE_CHARS else None


def _same(piece: Piece, first: Piece) -> bool:
    return piece.node is first.node and piece.tag == first.tag


def _key_of_piece(block: Block, at: int) -> str:
    piece = block.pieces[at]
    return _NO_WORD.sub("", block.text[piece.start : piece.end])


def _cut(text: str, is_title: bool, shown: set[str], site: _Site) -> str:
    """*text* without the site's name; what the page shows as headline, if it stands before a separator."""
    for gap in _SEPARATOR.finditer(text):
        if gap.group() != ": " and _key(text[: gap.start()]) in shown:
            return text[: gap.start()]
        if is_title and _key(text[gap.end() :]) in shown:
            return text[gap.end() :]
    return _without_site(text, site)


def _without_site(text: str, site: _Site) -> str:
    for _ in range(4):
        gaps = [gap for gap in _SEPARATOR.finditer(text) if gap.group() != ": "]
        if not gaps:
            break
        first, last = gaps[0], gaps[-1]
        if last.start() >= MIN_HEADLINE_CHARS and _is_site(text[last.end() :], site):
            text = text[: last.start()]
        elif len(text) - first.end() >= MIN_HEADLINE_CHARS and _is_site(text[: first.start()], site):
            text = text[first.end() :]
        else:
            break
    return text


def _site(metadata: Metadata) -> _Site:
    claims = (metadata.meta("og:site_name"), metadata.meta("application-name"), metadata.article.get("publisher"))
    names = (_key(plain(metadata.resolved(one))) for one in claims if one)
    try:
        host = (urlsplit(metadata.url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    return _Site(
        names=tuple(name for name in (*names, _key(host)) if len(name) > 1),
        labels=tuple(_key(label) for label in host.split(".")[:-1] if label),
    )


def _is_site(text: str, site: _Site) -> bool:
    """Whether *text* is the name of the site, or the host, or little more than either."""
    key = _key(text)
    if not key or key in site.names or key in site.labels:
        return True
    if len(text.split()) > 5:
        return False
    return any(len(name) > 3 and name in key and len(key) < len(name) + 12 for name in site.names) or any(
        len(label) > 4 and label in key for label in site.labels
    )


def _by_spelling(ballot: Sequence[Candidate]) -> Iterable[Candidate]:
    """The places of one text: the page's own spelling first, unless a kicker stands in it without a sign between."""
    if len(ballot) > 1 and ballot[0].source == "visible" and ballot[0].locator == "h1":
        spellings = [one.value for one in ballot[1:]]
        if ballot[0].value not in spellings and len(spellings[0]) > len(ballot[0].value):
            return (*ballot[1:], ballot[0])
    return ballot
