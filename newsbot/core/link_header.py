"""The links of a ``Link`` header (RFC 8288).

What comes in: the header's value. What goes out: reference and relation of each link that is about the answer itself.
Resolves nothing and knows no page; linear in the length of the value, and what is no link any more ends the reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TARGET = re.compile(r"[\s,]*+<([^<>]*+)>")
# Possessive, and a quote that is never closed reaches to the end: no character is read twice.
_PARAMETER = re.compile(r'\s*+;\s*+([^\s;,="<>]*+)\s*+(?:=\s*+(?:"((?:[^"\\]|\\.)*+)"?+|([^\s;,"<>]*+)))?+', re.DOTALL)


def links_in_header(value: str) -> Iterator[tuple[str, str]]:
    """(reference, relation in lower case) of each link, once a relation; those with an ``anchor`` are another page's.

    >>> list(links_in_header('</1>; title="a; rel=next, b"; rel="canonical up", </s.css>; rel=preload; as=style'))
    [('/1', 'canonical'), ('/1', 'up'), ('/s.css', 'preload')]
    """
    at = 0
    while link := _TARGET.match(value, at):
        at = link.end()
        parameters: dict[str, str] = {}
        while parameter := _PARAMETER.match(value, at):
            at = parameter.end()
            name, quoted, token = parameter.groups()
            parameters.setdefault(name.lower(), quoted or token or "")  # the first of a name counts (3.3)
        if "anchor" not in parameters:
            for relation in parameters.get("rel", "").lower().split():
                yield link[1].strip(), relation
