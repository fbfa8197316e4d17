"""The editions of the newsroom: when each went out, what stood where, what was edited or withdrawn.

What comes in: ``editions.toml`` and the stories. What goes out: `Edition` values with their stories as they
stand. Knows nothing of layouts or HTTP.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files

import msgspec

from newsbot.core.errors import ConfigError
from newsbot.demo.stories import DemoStory, Edit, apply_edits, first_texts, typeset


class Desk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the desk put where in one edition: story ids in order, and the edits made for it."""

    number: int
    at: datetime
    live: int | None = None
    lead: tuple[int, ...]
    river: tuple[int, ...]
    ticker: tuple[int, ...]
    most_read: tuple[int, ...]
    most_shared: tuple[int, ...]
    opinion: tuple[int, ...]
    video: tuple[int, ...]
    spotlight: tuple[int, ...]
    withdrawn: tuple[int, ...] = ()
    edit: tuple[Edit, ...] = ()


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """One edition: the desk's plan and every printed story by id, typeset, without the withdrawn ones."""

    desk: Desk
    stories: dict[int, DemoStory]
    withdrawn: dict[int, DemoStory]

    @property
    def number(self) -> int:
        """1 for the first."""
        return self.desk.number

    @property
    def at(self) -> datetime:
        """The newsroom's clock."""
        return self.desk.at

    def latest(self, section: str | None = None, language: str = "en") -> list[DemoStory]:
        """The stories (of *section*) in *language*, newest first."""
        chosen = [s for s in self.stories.values() if s.language == language and section in (None, s.section)]
        return sorted(chosen, key=lambda story: (story.published, story.id), reverse=True)


@cache
def desks() -> tuple[Desk, ...]:
    """The plans of all editions, in order."""
    raw = tomllib.loads((files("newsbot.demo") / "editions.toml").read_text("utf-8"))
    return msgspec.convert(raw["edition"], tuple[Desk, ...])


@cache
def edition(number: int) -> Edition:
    """Edition *number*. Raises `ConfigError` if there is none."""
    plans = desks()
    if not 1 <= number <= len(plans):
        raise ConfigError(f"edition={number}: the demo newsroom has editions 1 to {len(plans)}")
    stories = first_texts()
    gone: set[int] = set()
    for plan in plans[:number]:
        stories = apply_edits(stories, plan.edit)
        gone.update(plan.withdrawn)
    printed = {key: typeset(story) for key, story in stories.items() if story.edition <= number}
    return Edition(
        desk=plans[number - 1],
        stories={key: story for key, story in printed.items() if key not in gone},
        withdrawn={key: story for key, story in printed.items() if key in gone},
    )
