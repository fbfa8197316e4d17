"""Pages that stand where a story should: consent dialogues, robot checks, soft 404s, passing errors, parked domains.

What comes in: the loaded texts of a page. What goes out: which of these it is, or ``None``. Knows no site and no
markup. Such a page means itself ("this page", "our site", "you are looking for") and speaks of little else, in words
that the web's papers share (``data/walls.toml``); a story about cookies, domains or failing servers speaks of others',
or reports: somebody said something, on some day.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from newsbot.core.urls import host_of
from newsbot.items.model import PageVisit, Story

MAX_HEADLINE_WORDS = 14
MAX_CHARS = 6_000  # no wall is as long
# A page of so many words with a date is a story; dates of robot checks, which hold hardly more, are today's.
MIN_DATED_WORDS = 25
# This share of the sentences below the headline is about the wall: a story borrows such words for one of three.
MIN_SHARE = 0.5
# Signs of scripts without spaces that make as much text as a word.
SIGNS_A_WORD = 2
_WALL_PATH = re.compile(r"/(?:cookie-?)?consent\b|/cookiewall|/captcha|/challenge\b|/404\b|[?&]consent", re.IGNORECASE)
_HOST = re.compile(r" (?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24} ")
_DENSE = re.compile("[\u0e00-\u0eff\u2e80-\ua4ff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Wall:
    """One kind: what its sentences say, or are about with what befalls it; how its headline is named.

    ``itself`` are the words by which such a page means itself.
    """

    code: str
    max_words: int
    says: tuple[str, ...]
    about: tuple[str, ...]
    fate: tuple[str, ...]
    named: tuple[str, ...]
    itself: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walls:
    """All kinds, and the words of no kind and of every one that speak to a reader or report."""

    kinds: tuple[Wall, ...]
    reader: tuple[str, ...]
    report: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """What holds of a page for walls of every kind; texts are as `_folded` gives them."""

    headline: str
    sentences: list[str]
    host: str
    words: int
    speaks_to_reader: bool
    is_wall_url: bool
    is_dated: bool


def wall(page: PageVisit, story: Story) -> str | None:
    """``challenge``, ``consent``, ``parked``, ``soft404`` or ``unavailable`` if *story* is no story but such a page.

    Real stories are the worse error: one that is signed, or dated and of some length, is never taken for a wall. One
    that prints a date is not ``unavailable`` at any length: service news (no trains, a bridge shut) is as short.
    """
    body = story.body or ""
    if len(body) > MAX_CHARS or story.authors:
        return None
    words = _word_count(body)
    if story.date_published and words >= MIN_DATED_WORDS:
        return None
    known = walls()
    if words > max(kind.max_words for kind in known.kinds):
        return None
    headline, body = _folded(story.headline or ""), _folded(body)
    if _has_one(body, known.report):
        return None
    host = host_of(page.url or "").removeprefix("www.")
    texts = _Texts(
        headline=headline if _word_count(headline) <= MAX_HEADLINE_WORDS else "",
        sentences=_sentences(body),
        host=f" {host} ",
        words=words,
        speaks_to_reader=_has_one(body, known.reader),
        is_wall_url=_WALL_PATH.search(page.url or "") is not None,
        is_dated=_is_dated(story),
    )
    return next((kind.code for kind in known.kinds if _is_of(kind, texts)), None)


def _is_dated(story: Story) -> bool:
    """Whether the page gives the story a date; an address has one though the server fails."""
    is_of_url = any(one.field == "date_published" and one.source == "url" for one in story.provenance)
    return story.date_published is not None and not is_of_url


def _is_of(kind: Wall, texts: _Texts) -> bool:
    if texts.words > kind.max_words or (kind.code == "unavailable" and texts.is_dated):
        return False
    is_host = kind.code == "parked" and _HOST.fullmatch(texts.headline) is not None
    is_named = texts.is_wall_url or is_host or _has_one(texts.headline, kind.named)
    own, likely = _sentences_of(kind, texts)
    enough = max(1, MIN_SHARE * len(texts.sentences))
    if is_named or texts.speaks_to_reader:
        return likely >= enough and (own > 0 or is_host or texts.is_wall_url)
    return own >= enough


def _sentences_of(kind: Wall, texts: _Texts) -> tuple[int, int]:
    """How many sentences speak of this page as such walls do, and how many at least speak of the same."""
    text = "".join(texts.sentences)
    words = (kind.says, kind.about, kind.fate, (*kind.itself, texts.host))
    says, about, fate, itself = ([one for one in pieces if one in text] for pieces in words)
    own = likely = 0
    for sentence in texts.sentences:
        is_phrase = _has_one(sentence, says)
        is_likely = is_phrase or (_has_one(sentence, about) and _has_one(sentence, fate))
        likely += is_likely
        own += is_phrase or (is_likely and _has_one(sentence, itself))
    return own, likely


def _has_one(text: str, pieces: Iterable[str]) -> bool:
    return any(piece in text for piece in pieces)


def _word_count(text: str) -> int:
    """Words of *text*; of scripts without spaces two signs are one."""
    return len(text.split()) + len(_DENSE.findall(text)) // SIGNS_A_WORD


# --- words as they are compared: with a space on each side, so that plain search finds whole words

_END = " . "
_TOKEN = re.compile(r"\w+(?:['.-]\w+)*|[.!?。！？\n]+")


def _folded(text: str) -> str:
    """*text* in lower case, one space around each word and ``.`` for each end of a sentence or line.

    >>> _folded("Oops! The page isn’t at paper.test.")
    " oops . the page isn't at paper.test . "
    """
    tokens = _TOKEN.findall(text.lower().replace("’", "'"))
    return f" {' '.join(token if token[-1].isalnum() else '.' for token in tokens)} "


def _sentences(folded: str) -> list[str]:
    return [f" {one.strip()} " for one in folded.split(_END) if one.strip()]


def _piece(text: str) -> str:
    """*text* as it stands in what `_folded` gives: a whole word, with a final ``*`` its beginning.

    Scripts that join their words (from Hebrew on) are searched for the signs alone.
    """
    if text[0] >= "\u0590":
        return text.removesuffix("*")
    return f" {text[:-1]}" if text.endswith("*") else f" {text} "


@lru_cache(maxsize=1)
def walls() -> Walls:
    """The words of ``data/walls.toml``, read when the first short page without a date or an author comes."""
    raw = tomllib.loads(files("newsbot.items").joinpath("data", "walls.toml").read_text(encoding="utf-8"))
    reader, report, itself, ours = (
        tuple(_piece(word) for words in raw.pop(name).values() for word in words) for name in _SHARED
    )
    kinds = []
    for code, kind in raw.items():
        says, about, fate, named = (tuple(map(_piece, kind[part])) for part in ("says", "about", "fate", "named"))
        own = (*itself, *ours) if code in _DIALOGUES else itself
        kinds.append(Wall(code, kind["max_words"], says, about, fate, named, own))
    return Walls(tuple(kinds), reader, report)


_SHARED = ("reader", "report", "itself", "ours")
# Kinds that ask the reader for something and speak for who runs the site.
_DIALOGUES = frozenset({"consent", "challenge"})
