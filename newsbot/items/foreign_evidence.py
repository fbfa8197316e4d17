"""Whether a foreign text was written into a page, or is doubtful and stays.

What comes in: how a page calls its site, and the foreign texts of its fields. What goes out: for each, the reason of
its record: taken out, or kept. A person, a title, a proverb may be foreign; what goes advertises a trade, or is how
the page calls a site that is not the story's. Knows no fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from newsbot.items.foreign_text import BETWEEN, PITCH, TRADE, TRADES, foreign_end, foreign_names, is_house, trade_score

TAKEN_OUT = "foreign_script"
KEPT = "foreign_script_kept"

# Names of the site that a text is compared with: a page has one or two.
_MAX_NAMES = 20
# A single sign is a part of many names.
_MIN_CHARS = 2


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a page says of its site: its *names* in the metadata, in masthead and imprint (*shown*); its *titles*."""

    names: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


NOTHING_SAID = OwnWords()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Foreign names by where the page has them.

    *names* are those of masthead and imprint, and those that the metadata give the site; *suffixes* what its titles
    add to the headline.
    """

    names: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()

    def of_name(self, text: str) -> str:
        """The reason for a person or a keyword."""
        return self._reason(text, TRADE, self.names)

    def of_end(self, text: str) -> str:
        """The reason for a line, or for its end: of a headline, a caption, the story. Mirrors put their names there."""
        return TAKEN_OUT if is_house(text) else self._reason(text, TRADE, (*self.names, *self.suffixes))

    def of_inside(self, text: str) -> str:
        """The reason for a line inside the story."""
        return self._reason(text, PITCH, (*self.names, *self.suffixes))

    def of_prose(self, text: str) -> str:
        """The reason for a line too long for a name."""
        return self._reason(text, TRADES, ())

    def _reason(self, text: str, score: int, names: Iterable[str]) -> str:
        bare = text.strip(BETWEEN)
        is_name = len(bare) >= _MIN_CHARS and any(_holds(bare, name) or _holds(name, bare) for name in names)
        return TAKEN_OUT if is_name or trade_score(text) >= score else KEPT


def _holds(text: str, name: str) -> bool:
    """Whether *text* begins with *name* or has it between words; not every language has spaces."""
    return text.startswith(name) or f" {name} " in f" {text} "


def evidence(
    own: OwnWords, publisher: str | None, apart: Iterable[str], headlines: Iterable[str], known: Set[str | None]
) -> Evidence:
    """What tells the site's foreign names: its *own* words, the *publisher*, texts set *apart* already, *headlines*."""
    said = list(headlines) or [""]
    lines = [*said, *own.titles]
    parts = [(line, part) for line in lines if (part := foreign_end(line, known)) is not None]
    suffixes = {
        line[slice(*part)].strip(BETWEEN): None
        for line, part in parts
        if (line[: part[0]] + line[part[1] :]).strip() == said[0]
    }
    shown = foreign_names((*own.shown, *apart), known)[:_MAX_NAMES]
    named = foreign_names((*own.names, publisher or ""), known)[:_MAX_NAMES]
    return Evidence((*shown, *named), tuple(suffixes)[:_MAX_NAMES])
