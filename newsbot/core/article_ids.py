"""A site's own article id, read from a story's URL by a template.

What comes in: the ``id_pattern`` of a site file and a URL. What goes out: the id, or ``None``. Knows no sites
and no storage; does no I/O.

A template is a path as a reader writes it down, not a regular expression, so it can be neither wrong in a
surprising way nor slow: each segment is matched by itself and holds at most one free part.

    /{section}/{slug}-{id:digits}      a free part never crosses a slash
    /{*}/{id:hex}.html                 {*} stands for any number of segments, also none
    /story?id={id:digits}              parts of the query are found by name
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from newsbot.core.errors import ConfigError

# The kinds of a part. Bounded, so that a match is linear in the URL whatever stands before it.
_KINDS = {"digits": r"[0-9]{1,32}", "hex": r"[0-9A-Fa-f-]{1,64}", "word": r"[0-9A-Za-z_]{1,64}", "": r"[^/?#]+"}
_PART = re.compile(r"\{(\*|[a-z_]{1,32}(?::[a-z]{1,16})?)\}")
_ANY = "{*}"


@dataclass(frozen=True, slots=True)
class IdPattern:
    """A compiled template; ``None`` among the segments stands for ``{*}``."""

    segments: tuple[re.Pattern[str] | None, ...]
    query: tuple[tuple[str, re.Pattern[str]], ...]

    def find(self, url: str) -> str | None:
        """The id in *url*, or ``None`` when the template does not fit."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        segments = [unquote(segment) for segment in parts.path.split("/") if segment]
        found = self._path_groups(segments)
        if found is None:
            return None
        if self.query:
            values = dict(parse_qsl(parts.query, max_num_fields=None, separator="&"))
            for name, pattern in self.query:
                match = pattern.fullmatch(values.get(name, ""))
                if match is None:
                    return None
                found |= match.groupdict()
        return found["id"]

    def _path_groups(self, segments: list[str]) -> dict[str, str] | None:
        wanted = self.segments
        if None in wanted:
            gap = wanted.index(None)
            tail = len(wanted) - gap - 1
            if len(segments) < gap + tail:
                return None
            segments = segments[:gap] + segments[len(segments) - tail :] if tail else segments[:gap]
            wanted = wanted[:gap] + wanted[gap + 1 :]
        if len(segments) != len(wanted):
            return None
        found: dict[str, str] = {}
        for segment, pattern in zip(segments, wanted, strict=True):
            match = pattern.fullmatch(segment) if pattern is not None else None
            if match is None:
                return None
            found |= match.groupdict()
        return found


def article_id(pattern: str, url: str) -> str | None:
    """The id that *pattern* finds in *url*. Raises `ConfigError` for a template that cannot work.

    >>> article_id("/{section}/{slug}-{id:digits}", "https://news.test/politics/budget-2027-passed-104233?x=1")
    '104233'
    """
    return compile_id_pattern(pattern).find(url)


@lru_cache(maxsize=512)
def compile_id_pattern(text: str) -> IdPattern:
    """*text* as an `IdPattern`. Raises `ConfigError` that says what a template may hold."""
    if not text.startswith("/"):
        raise ConfigError(f"id_pattern {text!r}: a template starts with '/', for example '/{{slug}}-{{id:digits}}'")
    path, _, query = text.partition("?")
    segments = [segment for segment in path.split("/") if segment]
    if segments.count(_ANY) > 1:
        raise ConfigError(f"id_pattern {text!r}: {_ANY} may stand once")
    names = [name.partition(":")[0] for name in _PART.findall(text) if name != "*"]
    if names.count("id") != 1:
        raise ConfigError(f"id_pattern {text!r}: exactly one part is named id, as in '{{id:digits}}'")
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    return IdPattern(
        tuple(None if segment == _ANY else _segment_pattern(segment, text) for segment in segments),
        tuple((name, _segment_pattern(value, text)) for name, _, value in pairs),
    )


def _segment_pattern(segment: str, template: str) -> re.Pattern[str]:
    """One segment as a regular expression with at most one unbounded part."""
    out: list[str] = []
    at = free = 0
    for match in _PART.finditer(segment):
        if match.start() == at and at:
            raise ConfigError(f"id_pattern {template!r}: two parts need a character between them")
        name, _, kind = match.group(1).partition(":")
        if name == "*" or kind not in _KINDS:
            known = ", ".join(sorted(filter(None, _KINDS)))
            raise ConfigError(f"id_pattern {template!r}: {match.group()} is no part; kinds are {known}")
        free += not kind
        pattern = _KINDS[kind]
        out.append(re.escape(segment[at : match.start()]))
        out.append(f"(?P<id>{pattern})" if name == "id" else f"(?:{pattern})")
        at = match.end()
    rest = segment[at:]
    if free > 1:
        raise ConfigError(f"id_pattern {template!r}: a segment may hold one part without a kind")
    if "{" in rest or "}" in rest:
        raise ConfigError(f"id_pattern {template!r}: {rest!r} is no part; write {{name}} or {{name:digits}}")
    out.append(re.escape(rest))
    return re.compile("".join(out))
