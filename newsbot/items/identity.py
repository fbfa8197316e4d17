"""Identity: ids, digests and folded text.

What comes in: URLs, texts and captures. What goes out: ids that start with a letter and are the same on every
machine and in every run. Knows no storage: what only the past can tell (a revision, an alias, a cluster)
is added by the store.

    page_id     p + hash of the URL asked for and the time of the visit
    story_id    s:SITE:ID where the site's ``id_pattern`` finds the article's own id, else s + hash of the URL
    version_id  v + hash of headline and body, folded: typography alone makes no version
    teaser_id   t + hash of page, block and target story, or of the text where there is no link
    event_id    e + hash of what it says
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from newsbot.core.article_ids import article_id
from newsbot.core.urls import is_same_site, normalise_url
from newsbot.items.model import Capture, Event, PageVisit, Story, Teaser

# Quotes, dashes, ellipses and spaces that editors change without changing the text.
_TYPOGRAPHY: dict[int, str | None] = {
    **dict.fromkeys(map(ord, "‘’‚‛′`´ʼ"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»「」『』"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    ord("…"): "...",
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")),
}
_TYPOGRAPHIC = re.compile("[" + "".join(map(chr, _TYPOGRAPHY)) + "]")

# 96 bits: among 10 million URLs two share a key with a probability of 10^-15, and forging a pair takes 2^48 hashes.
KEY_BYTES = 12


# A page names the same URLs again and again, and so do the pages of a site: most are menus.
_URLS_KEPT, _URL_KEPT_CHARS = 16_384, 500  # longer ones are rare; a hostile page's would fill the memory
_kept_normalised = lru_cache(maxsize=_URLS_KEPT)(normalise_url)


def _normalised(url: str) -> str:
    return _kept_normalised(url) if len(url) <= _URL_KEPT_CHARS else normalise_url(url)


def short_hash(*parts: str) -> str:
    """The first 16 bytes of the SHA-256 of *parts* (unit separator between them), as 32 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def url_key(url: str) -> bytes:
    """The `KEY_BYTES` under which the store knows *url*, whatever its spelling."""
    return _kept_url_key(url) if len(url) <= _URL_KEPT_CHARS else _url_key(url)


def _url_key(url: str) -> bytes:
    return hashlib.sha256(_normalised(url).encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]


_kept_url_key = lru_cache(maxsize=_URLS_KEPT)(_url_key)


def story_key(identifier: str) -> bytes:
    """The `KEY_BYTES` under which the store remembers a story's id after it was told to forget the story."""
    return hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).digest()[:KEY_BYTES]


def folded(text: str | None) -> str:
    """*text* without what typography changes: NFKC, case, quotes, dashes, invisible characters, white space.

    >>> folded("It’s  “here” – now")
    'it\\'s "here" - now'
    """
    if not text:
        return ""
    return _kept_fold(text) if len(text) <= _FOLD_KEPT_CHARS else _fold(text)


# A page's lines are folded for its version, for the hashes of its blocks and for its likeness to others; its teasers
# for their ids and digests, and most stand on the next page too. At the very most 8 MB.
_FOLDS_KEPT, _FOLD_KEPT_CHARS = 512, 2_000


def _fold(text: str) -> str:
    if text.isascii():
        # Of the characters above only this one is ASCII; the way below takes three times as long.
        return " ".join(text.replace("`", "'").lower().split())
    text = unicodedata.normalize("NFKC", _TYPOGRAPHIC.sub(_plain, text))
    return " ".join(_TYPOGRAPHIC.sub(_plain, text).casefold().split())


_kept_fold = lru_cache(maxsize=_FOLDS_KEPT)(_fold)


def _plain(found: re.Match[str]) -> str:
    return _TYPOGRAPHY[ord(found[0])] or ""


def version_id(headline: str | None, body: str | None) -> str:
    """The id of a text: a change of typography alone keeps it."""
    # Line by line, as the store folds them: nothing that folding does reaches over the end of a line.
    lines = filter(None, map(folded, (body or "").split("\n")))
    return "v" + short_hash(folded(headline), " ".join(lines))


def page_id(requested_url: str, fetched_at: str) -> str:
    """The id of one visit to a page."""
    return "p" + short_hash(_normalised(requested_url), fetched_at)


def event_id(event: Event) -> str:
    """The id of what *event* says; the same thing learnt from the same page has the same id."""
    parts = (event.kind, event.story_id, event.version_id, event.teaser_id, event.cluster_id, event.before, event.after)
    return "e" + short_hash(*(part or "" for part in (*parts, event.page_id, event.at)))


# -- the ids of a capture -------------------------------------------------------------------------


def story_id(url: str, site: str | None, id_pattern: str | None) -> str:
    """The id of the story at *url*: by the site's pattern where it matches, else by the URL."""
    return site_story_id(url, site, id_pattern) or "s" + short_hash(_normalised(url))


def site_story_id(url: str, site: str | None, id_pattern: str | None) -> str | None:
    """The id that the site's own pattern gives the story at *url*, or ``None``."""
    if not id_pattern:
        return None
    own = article_id(id_pattern, url)
    return f"s:{site or ''}:{own}" if own else None


def is_site_id(identifier: str) -> bool:
    """Whether a story id was made from the site's own article id."""
    return identifier.startswith("s:")


def trusted_canonical(capture: Capture) -> str | None:
    """The canonical URL that may name this story: on the page's own site, no front page; else ``None``.

    A page speaks for its own registrable domain only (two likeness checks more are made by the store).
    """
    claim = capture.story.canonical_url if capture.story else capture.page.canonical_url
    page_url = capture.page.url
    if not claim or not page_url or not is_same_site(claim, page_url):
        return None
    path = claim.partition("://")[2].partition("/")[2]
    return claim if path.strip("/") else None


def identify(capture: Capture, *, id_pattern: str | None = None) -> None:
    """Set the ids of the page, its story and its teasers, as far as the page itself tells them.

    ``fetched_at`` and ``url`` (or ``requested_url``) of the page are set before. Calling it again changes nothing.
    """
    page = capture.page
    asked = page.requested_url or page.url or ""
    page.page_id = page_id(asked, page.fetched_at or "")
    story = capture.story
    if story is not None:
        url = trusted_canonical(capture) or page.url or asked
        own = site_story_id(page.url or asked, page.site, id_pattern)
        story.story_id = own or story_id(url, page.site, id_pattern)
        story.version_id = version_id(story.headline, story.body)
        story.digest = "d" + short_hash(story.headline or "", story.body or "")
        story.page_id, story.site, story.run_id = page.page_id, page.site, page.run_id
        story.fetched_at = page.fetched_at
    page.story_id = story.story_id if story else None
    seen: dict[str, int] = {}
    place = _normalised(page.url or "")
    for teaser in capture.teasers:
        _identify_teaser(teaser, page, place, id_pattern, seen)


def _identify_teaser(teaser: Teaser, page: PageVisit, place: str, id_pattern: str | None, seen: dict[str, int]) -> None:
    teaser.page_id, teaser.run_id, teaser.site = page.page_id, page.run_id, page.site
    teaser.page_url, teaser.page_type, teaser.page_story_id = page.url, page.page_type, page.story_id
    teaser.observed_at = page.fetched_at
    if teaser.target_url:
        is_own = id_pattern is not None and is_same_site(teaser.target_url, page.url or "")
        target = story_id(teaser.target_url, page.site, id_pattern if is_own else None)
    else:
        target = "text:" + folded(teaser.headline or teaser.summary)
    block = folded(teaser.block_heading) or teaser.block_kind or ""
    base = short_hash(place, block, target)
    seen[base] = seen.get(base, 0) + 1
    # The same story twice in one block: the first keeps the plain id, so that it does not depend on the second.
    teaser.teaser_id = "t" + (base if seen[base] == 1 else short_hash(base, str(seen[base])))


def block_hashes(story: Story) -> list[bytes]:
    """Eight bytes for each block of the body, equal where the folded texts are equal."""
    body = story.body or ""
    texts = [body[block.start : block.end] for block in story.body_blocks] or ([body] if body else [])
    return [hashlib.sha256(folded(text).encode("utf-8", "surrogatepass")).digest()[:8] for text in texts]


def teaser_digest(teaser: Teaser) -> bytes:
    """Eight bytes that change when the text, block or rank of a placement does.

    The rank within the block and the number of the block say where a teaser stands; ``rank_on_page``
    follows from the two, and would change with everything that is put in above.
    """
    parts = (
        folded(teaser.headline),
        folded(teaser.summary),
        folded(teaser.label),
        folded(teaser.block_heading),
        teaser.block_kind or "",
        str(teaser.block_index),
        str(teaser.rank_in_block),
        _normalised(teaser.target_url) if teaser.target_url else "",
    )
    return bytes.fromhex(short_hash(*parts)[:16])
