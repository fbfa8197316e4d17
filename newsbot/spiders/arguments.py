"""The arguments of spiders (``-a name=value``), checked before anything is asked for.

What comes in: strings. What goes out: values, or a `ConfigError` that says what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches

from newsbot.core.errors import ConfigError


def refuse_unknown(given: Iterable[str], known: Iterable[str], spider: str) -> None:
    """Raise `ConfigError` for the first argument that *spider* does not have; Scrapy takes any in silence."""
    names = sorted(known)
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(names)}"
            raise ConfigError(f"spider {spider} has no argument {name}: {hint}")


def whole_number(name: str, value: str | None) -> int | None:
    """*value* as a number of at least 1."""
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise ConfigError(f"-a {name}={value}: a whole number of at least 1 is wanted")
    return int(value)


def words(value: str | None) -> tuple[str, ...]:
    """The comma-separated parts of *value*, without empty ones."""
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def moment(name: str, value: str | None) -> datetime | None:
    """*value*, a day or a time in ISO 8601, with UTC where it names no zone."""
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        today = date(2026, 1, 31).isoformat()
        raise ConfigError(f"-a {name}={value}: a day such as {today}, or a time in ISO 8601, is wanted") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
