"""What a site file says of its pages, in the form that extraction takes.

What comes in: values of a site file (`newsbot.sites` fills them in). What goes out: `SiteHints`, and the roles
that its selectors force on blocks. A page without a site file has none: everything here is optional.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsbot.core.roles import Role

if TYPE_CHECKING:  # site files are read at each start, and what reads pages is imported by the first page
    from newsbot.core.blocks import Segments
    from newsbot.core.select import Selector

# The selectors of a site file and what they make of a block, strongest first: what is ignored is never body.
SELECTOR_ROLES: Mapping[str, Role] = {
    "ignore": Role.CHROME,
    "teaser": Role.TEASER,
    "caption": Role.CAPTION,
    "byline": Role.BYLINE,
    "date": Role.DATE,
    "headline": Role.HEADLINE,
    "body": Role.BODY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHints:
    """Hints for one page of a known site; ``selectors`` has keys of `SELECTOR_ROLES`.

    ``language`` and ``time_zone`` (an IANA name) hold where the page itself says nothing.
    """

    site: str | None = None
    publisher: str | None = None
    language: str | None = None
    time_zone: str | None = None
    id_pattern: str | None = None
    selectors: Mapping[str, Selector] = field(default_factory=dict)


def forced_roles(segments: Segments, hints: SiteHints | None) -> dict[int, Role]:
    """Block number -> the role that a selector gives it; empty without selectors."""
    if hints is None or not hints.selectors:
        return {}
    forced: dict[int, Role] = {}
    for name, role in SELECTOR_ROLES.items():
        selector = hints.selectors.get(name)
        if selector is None:
            continue
        for node in segments.nodes:
            if selector.matches(node):
                for index in range(node.first_block, node.end_block):
                    forced.setdefault(index, role)
    return forced
