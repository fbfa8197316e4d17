"""The exit codes of ``scrapy crawl``: what a run did, as one number.

What comes in: `RunFacts`. What goes out: an `Exit`. Knows no Scrapy and no store.

A run starts from `Exit.BUG` and earns `Exit.OK` by proof: it ran to its end, its sources were read and its output
is published. When several codes hold, the worst wins, in the order of `ORDER`.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from newsbot.core.errors import ConfigError, LockHeld, OutputError, StateError

# So many pages that all failed are no accident of a single page.
MIN_PAGES_TO_JUDGE: Final = 5
# The state of a source that was read, and offers far less than it used to.
YIELD_FELL: Final = "yield fell"


class Exit(IntEnum):
    """The codes; ``docs/operations.md`` says what to do about each."""

    OK = 0
    BUG = 1
    USAGE = 2
    PARTIAL = 3
    NOTHING = 4
    OUTPUT = 5
    STATE = 6
    LIMIT = 7
    BUSY = 75
    SIGINT = 130
    SIGTERM = 143


ORDER: Final = (
    Exit.BUG,
    Exit.STATE,
    Exit.OUTPUT,
    Exit.USAGE,
    Exit.SIGINT,
    Exit.SIGTERM,
    Exit.NOTHING,
    Exit.LIMIT,
    Exit.PARTIAL,
    Exit.OK,
)


@dataclass(slots=True, kw_only=True)
class RunFacts:
    """What is known of a run when it ends.

    ``bugs`` counts exceptions nobody expected, ``page_bugs`` those that cost one page and were stored with it.
    ``sources`` maps each source to ``ok`` or to why it failed; ``stopped_by`` is the limit that ended the run;
    ``pages_tried`` and ``pages_failed`` are without feeds and sitemaps.
    """

    finished: bool = False
    published: bool = False
    bugs: int = 0
    page_bugs: int = 0
    errors: list[Exception] = field(default_factory=list)
    signal: int | None = None
    stopped_by: str | None = None
    sources: dict[str, str] = field(default_factory=dict)
    pages_tried: int = 0
    pages_failed: int = 0
    poisoned: int = 0


def exit_of(facts: RunFacts) -> Exit:
    """The worst of the codes that hold.

    An exception that cost one page is a bug (1), unless every page failed: then nothing could be read (4),
    whatever the reason.
    """
    return worst(_codes(facts))


def worst(codes: set[Exit]) -> Exit:
    """The first of `ORDER` among *codes*; `Exit.BUSY` stands alone."""
    if Exit.BUSY in codes:
        return Exit.BUSY
    return next((code for code in ORDER if code in codes), Exit.BUG)


def exit_of_error(error: BaseException) -> Exit:
    """The code of an error that ended a run."""
    kinds = ((LockHeld, Exit.BUSY), (OutputError, Exit.OUTPUT), (StateError, Exit.STATE), (ConfigError, Exit.USAGE))
    return next((code for kind, code in kinds if isinstance(error, kind)), Exit.BUG)


def _codes(facts: RunFacts) -> set[Exit]:
    codes = {exit_of_error(error) for error in facts.errors}
    nothing = _read_nothing(facts)
    if facts.bugs or (facts.page_bugs and not nothing):
        codes.add(Exit.BUG)
    if facts.signal is not None:
        codes.add(Exit.SIGINT if facts.signal == signal.SIGINT else Exit.SIGTERM)
    if nothing and facts.signal is None:
        codes.add(Exit.NOTHING)
    if facts.stopped_by:
        codes.add(Exit.LIMIT)
    if facts.poisoned or any(state != "ok" for state in facts.sources.values()):
        codes.add(Exit.PARTIAL)
    if facts.finished and facts.published:
        codes.add(Exit.OK)
    return codes


def _read_nothing(facts: RunFacts) -> bool:
    """Whether no source could be read, or at least `MIN_PAGES_TO_JUDGE` pages were tried and all failed."""
    states = facts.sources.values()
    if facts.sources and all(state not in ("ok", "partial", YIELD_FELL) for state in states):
        return True
    return facts.pages_tried >= MIN_PAGES_TO_JUDGE and facts.pages_failed == facts.pages_tried
