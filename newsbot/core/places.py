"""Where a page's story stands, by the roles of its blocks.

What comes in: one role a block. What goes out: `Place`. Knows no text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsbot.core.roles import Role


@dataclass(frozen=True, slots=True)
class Place:
    """The numbers of the headline's block and of the body's first and last; None where there is none."""

    headline: int | None
    first: int | None
    last: int | None


def story_place(roles: Sequence[Role]) -> Place:
    """Where the story stands.

    >>> story_place([Role.CHROME, Role.HEADLINE, Role.BODY, Role.TEASER, Role.BODY])
    Place(headline=1, first=2, last=4)
    >>> story_place([Role.CHROME])
    Place(headline=None, first=None, last=None)
    """
    headline = roles.index(Role.HEADLINE) if Role.HEADLINE in roles else None
    if Role.BODY not in roles:
        return Place(headline, None, None)
    last = len(roles) - 1 - list(reversed(roles)).index(Role.BODY)
    return Place(headline, roles.index(Role.BODY), last)
