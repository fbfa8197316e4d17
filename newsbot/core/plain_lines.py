"""What a line of plain text is like: prose, title, caption, the heading of a block, a footer.

What comes in: the text of a line. What goes out: `Line`, and answers about its first words. Knows no page: what a
line's place makes of it is the work of `newsbot.core.plaintext`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from newsbot.core.credits import caption_parts, once
from newsbot.core.printed_dates import has_date, printed_dates

# A paragraph of prose has this many characters and ends like a sentence; of scripts without spaces a third of them.
MIN_PROSE_CHARS = 60
MAX_TITLE_CHARS = 220
MIN_TITLE_WORDS = 4
MAX_HEADING_CHARS = 45

SENTENCE_END = frozenset(".!?…。！？।؟\"'”’»」』)")
WIRE = re.compile(
    r"^[(\[*_]{0,2}(?:(?:additional )?reporting\b|written by|writing by|edit(?:ing|ed) by|with files from|"
    r"compiled by|mit material|mit informationen|redigiert|bearbeitet|quelle: |avec \w|con información de)",
    re.IGNORECASE,
)
BYLINE = re.compile(r"(?:by|von|par|por|di|av|af|door|autor|author|text)\s?:?\s[^\W\d_]", re.IGNORECASE)
FOOTER = re.compile(
    r"©|\(c\)|copyright|all rights|alle rechte|tous droits|derechos reservados|privacy|datenschutz|cookie|terms of|"
    r"impressum|stay connected|follow us|folgen sie|newsletter|subscribe|abonn|sign up|log ?in|contact us|kontakt|"
    r"skip to|zum inhalt|share|teilen|partager|compartir|advertisement|anzeige|werbung|comments?$|kommentare?$",
    re.IGNORECASE,
)
_BLOCK_KINDS = frozenset(("most_read", "related", "recirculation", "rail", "video", "newsletter_list", "sponsored"))
MAX_BESIDE_DATE = 25
MAX_RANK_CHARS, MAX_CREDIT_CHARS = 3, 80
# "... Photo: Ida Lund" at the end of a line.
_PHOTO_AT_END = re.compile(
    r"\b(?:photo|foto|bild|image|picture|credit|crédit)s?(?: by |\s?[:：]\s?)[^\W\d_][^.:!?]{1,60}$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{4,}")
_DENSE_START, _HANGUL_START, _HANGUL_END = "\u2e80", "\uac00", "\ud7a3"


@dataclass(frozen=True, slots=True)
class Line:
    """What a line is like."""

    is_prose: bool
    is_title: bool
    is_caption: bool
    words: frozenset[str]


def line_of(text: str) -> Line:
    ends = text[-1] in SENTENCE_END
    dense = is_dense(text)
    is_caption = _is_caption(text)
    is_prose = not is_caption and ends and len(text) * (3 if dense else 1) >= MIN_PROSE_CHARS
    words = len(text) // 3 if dense else len(text.split())
    is_title = not is_prose and not is_caption and words >= MIN_TITLE_WORDS and len(text) <= MAX_TITLE_CHARS
    is_title = is_title and not _is_told_apart(text)
    return Line(is_prose, is_title, is_caption, _words(text))


def _is_told_apart(text: str) -> bool:
    """Whether the line is no title by its words: a sentence, an address, a footer, a date, a byline."""
    if text[-1] in ".。" or "@" in text or FOOTER.match(text) is not None:
        return True
    return _is_date_line(text) or BYLINE.match(text) is not None


def _is_date_line(text: str) -> bool:
    date = next(printed_dates(text), None) if has_date(text) else None
    return date is not None and len(text) - (date.end - date.start) < MAX_BESIDE_DATE


@lru_cache(maxsize=1)
def _block_words() -> tuple[dict[str, tuple[int, str]], tuple[str, ...]]:
    """(words → their rank and kind of block, lead-ins of inline teasers), case folded."""
    data = json.loads(files("newsbot.core").joinpath("data/teaser_words.json").read_text("utf-8"))
    kinds: dict[str, tuple[int, str]] = {}
    for kind, words in data.items():
        for word in words if kind in _BLOCK_KINDS else ():
            kinds.setdefault(word, (len(kinds), kind))
    return kinds, tuple(data["lead_in"])


def block_kind(text: str) -> str | None:
    """The kind of the block of teasers that the line heads by its words, or None."""
    folded = text.casefold()
    if len(folded) > MAX_HEADING_CHARS or folded[-1] in ".!?":
        return None
    known = _block_words()[0]
    ends = [at for at, char in enumerate(folded) if char == " "]
    starts = [known[folded[:end]] for end in (*ends, len(folded)) if folded[:end] in known]
    return min(starts)[1] if starts else None


def is_lead_in(text: str) -> bool:
    """Whether the line is an inline teaser: "Read more: ..."."""
    folded = text.casefold()
    return any(folded.startswith((f"{word}:", f"{word} :")) for word in _block_words()[1])


def is_rank(text: str) -> bool:
    """Whether the line is the number of an entry in a list: "3", "3."."""
    return len(text) <= MAX_RANK_CHARS and text.rstrip(".)").isdigit()


def is_dense(text: str) -> bool:
    """Whether the script has no spaces between words."""
    if text.isascii():
        return False
    dense = sum(char >= _DENSE_START and not _HANGUL_START <= char <= _HANGUL_END for char in text[:200])
    return dense * 2 > len(text[:200])


def _words(text: str) -> frozenset[str]:
    """The words of *text* that carry its matter, cut to six letters; of dense scripts pairs of signs."""
    folded = text.casefold()
    if is_dense(text):
        return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))
    return frozenset(word[:6] for word in _WORD.findall(folded))


def _is_caption(text: str) -> bool:
    if len(text) < 20 or len(text) > 2_000 or WIRE.match(text):
        return False
    single = once(text)
    if len(single) < len(text):
        return True
    is_closed = text.rstrip(".").endswith((")", "]"))
    if not is_closed and _PHOTO_AT_END.search(text[-MAX_CREDIT_CHARS:]) is None:
        return False
    parts = caption_parts(text)
    return parts.credit is not None and bool(parts.agency or parts.photographer)
