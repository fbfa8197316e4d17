"""What kind of page it is.

What comes in: `Segments`, what the metadata claims, how much story and how many teasers were found. What goes
out: one word. What a page calls itself counts only where what is on it does not speak against it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from newsbot.core.blocks import Block, Segments
from newsbot.core.roles import Claims, FoundTeasers, Role, TeaserBlock

_LIVE = frozenset(("liveblogposting",))
_GALLERY = frozenset(("imagegallery", "mediagallery"))
_VIDEO = frozenset(("videoobject",))
_SECTION = frozenset(("collectionpage", "itemlist", "searchresultspage"))
_STORY_ENDINGS = ("article", "posting", "report", "review", "recipe", "interview")
_OF_CARDS = frozenset((Role.TEASER, Role.LABEL))
# Pages that promote stories and hold none.
LISTINGS = frozenset(("section", "home"))
MIN_TEASERS = 3
MAX_HOME_STORY_CHARS = 1_000
# With so many teasers and less text than a short story has, a page is a list of stories.
MANY_TEASERS = 20
THIN_STORY_CHARS = 400


# A page whose texts are all shorter, most of them in cards, is a list of stories with their summaries.
MAX_SUMMARY_CHARS, CARDS_SHARE = 300, 0.6


def page_type(segments: Segments, claims: Claims, story: Sequence[Block], teasers: Sequence[TeaserBlock]) -> str:
    """``article``, ``live_blog``, ``gallery``, ``video``, ``section``, ``home`` or ``other``."""
    types = {name.lower() for name in claims.types}
    n_teasers = sum(len(block.teasers) for block in teasers)
    story_chars = sum(len(block.text) for block in story)
    is_root = urlsplit(segments.page.url).path.strip("/") == ""
    if is_root and n_teasers >= MIN_TEASERS and story_chars <= MAX_HOME_STORY_CHARS:
        return "home"
    if types & _LIVE:
        return "live_blog"
    if story_chars < THIN_STORY_CHARS and not _is_story(types):
        is_told = bool(story) and claims_story(segments, claims)
        if types & _SECTION or (n_teasers >= MANY_TEASERS and not is_told):
            return "section"
    if types & _GALLERY:
        return "gallery"
    if types & _VIDEO and not _is_story(types):
        return "video"
    return "article" if story else "other"


def _is_story(types: Collection[str]) -> bool:
    return any(name.endswith(_STORY_ENDINGS) for name in types)


def claims_story(segments: Segments, claims: Claims) -> bool:
    """Whether the metadata say that the page is one story."""
    if _is_story([name.lower() for name in claims.types]):
        return True
    return any(meta.get("property") == "og:type" and meta.get("content") == "article" for meta in segments.metas)


def is_list_of_cards(story: Sequence[Block], cards: FoundTeasers) -> bool:
    """Whether what was taken for the story is the summaries of *cards*, which were found without knowing a story."""
    in_cards = sum(len(block.text) for block in story if cards.roles.get(block.index) in _OF_CARDS)
    return in_cards >= CARDS_SHARE * sum(len(block.text) for block in story)
