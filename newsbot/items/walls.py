"""Pages that stand where a story should: consent dialogues, robot checks, soft 404s, passing errors, parked domains.

What comes in: the loaded texts of a page. What goes out: which of these it is, or ``None``. Knows no site and no
markup. Such a page speaks of itself to its reader, nearly in every sentence, and in words that the web's papers share
(``data/walls.toml``); a story about cookies or domains reports: somebody said something, on some day.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from newsbot.items.model import PageVisit, Story

MAX_HEADLINE_WORDS = 14
MAX_CHARS = 6_000  # no wall is as long
# A page of so many words with a date is a story; dates of robot checks, which hold hardly more, are today's.
MIN_DATED_WORDS = 25
# This share of a wall's sentences is about the wall; more, where neither headline nor address to the reader tell it.
MIN_SHARE, MIN_SHARE_UNNAMED = 0.33, 0.6
# Signs of scripts without spaces that make as much text as a word.
SIGNS_A_WORD = 2
_WALL_PATH = re.compile(r"/(?:cookie-?)?consent\b|/cookiewall|/captcha|/challenge\b|/404\b|[?&]consent", re.IGNORECASE)
_HOST = re.compile(r" (?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24} ")
_DENSE = re.compile("[\u0e00-\u0eff\u2e80-\ua4ff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Wall:
    """One kind: what its sentences say, or are about with what befalls it, and how its headline may be named."""

    code: str
    max_words: int
    says: tuple[str, ...]
    about: tuple[str, ...]
    fate: tuple[str, ...]
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walls:
    """All kinds, and the words that speak to a reader or report: of no kind and of every one."""

    kinds: tuple[Wall, ...]
    reader: tuple[str, ...]
    report: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """What holds of a page for walls of every kind; texts are as `_folded` gives them."""

    headline: str
    sentences: list[str]
    words: int
    speaks_to_reader: bool
    is_wall_url: bool


def wall(page: PageVisit, story: Story) -> str | None:
    """``challenge``, ``consent``, ``parked``, ``soft404`` or ``unavailable`` if *story* is no story but such a page.

    Real stories are the worse error: one that is signed, or dated and of some length, is never taken for a wall.
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
    texts = _Texts(
        headline=headline if _word_count(headline) <= MAX_HEADLINE_WORDS else "",
        sentences=_sentences(headline) + _sentences(body),
        words=words,
        speaks_to_reader=_has_one(body, known.reader),
        is_wall_url=_WALL_PATH.search(page.url or "") is not None,
    )
    return next((kind.code for kind in known.kinds if words <= kind.max_words and _is_of(kind, texts)), None)


def _is_of(kind: Wall, texts: _Texts) -> bool:
    is_named = texts.is_wall_url or _has_one(texts.headline, kind.named)
    if kind.code == "parked":
        is_named = is_named or _HOST.search(texts.headline) is not None
    whole, likely = _sentences_of(kind, texts.sentences)
    if not (is_named or texts.speaks_to_reader):
        return likely >= max(2, MIN_SHARE_UNNAMED * len(texts.sentences))
    return (is_named or whole > 0 or likely > 1) and likely >= max(1, MIN_SHARE * len(texts.sentences))


def _sentences_of(kind: Wall, sentences: list[str]) -> tuple[int, int]:
    """How many of *sentences* say a phrase of such walls, and how many at least speak of the same."""
    text = "".join(sentences)
    says, about, fate = ([one for one in pieces if one in text] for pieces in (kind.says, kind.about, kind.fate))
    whole = [_has_one(one, says) for one in sentences]
    likely = [_has_one(one, about) and _has_one(one, fate) for one in sentences]
    return sum(whole), sum(map(max, whole, likely))


def _has_one(text: str, pieces: Iterable[str]) -> bool:
    return any(piece in text for piece in pieces)


def _word_count(text: str) -> int:
    """Words of *text*; of scripts without spaces two signs are one."""
    return len(text.split()) + len(_DENSE.findall(text)) // SIGNS_A_WORD


# --- words as they are compared: with a space on each side, so that plain search finds whole words

_END = " . "
_TOKEN = re.compile(r"\w++(?:['.-]\w++)*+|[.!?。！？\n]++")


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
    reader, report = (tuple(_piece(word) for words in raw.pop(name).values() for word in words) for name in _SHARED)
    kinds = (
        Wall(
            code,
            kind["max_words"],
            *(tuple(map(_piece, kind[part])) for part in ("says", "about", "fate", "named")),
        )
        for code, kind in raw.items()
    )
    return Walls(tuple(kinds), reader, report)


_SHARED = ("reader", "report")
