"""The text of a story that stands in no markup: in JSON-LD ``articleBody``, or in the state that scripts start from.

What comes in: `Segments` and `Metadata`. What goes out: the paragraphs, and where they stood. Used only where the
markup has no story, or far less of it. Reads JSON, runs nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsbot.core.blocks import Segments
from newsbot.core.jsonld import MAX_DEPTH, read_json
from newsbot.core.metadata import Metadata

MAX_STATE_CHARS = 4_000_000
MAX_STATE_VALUES = 200_000
MIN_STATE_CHARS = 400
MIN_PARAGRAPH_CHARS = 60

_BREAK = re.compile(r"(?:</(?:p|h[1-6]|li|blockquote|div)>|<br\s?/?>|\r?\n)\s{0,20}", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
_SENTENCE_END = tuple(".!?…。！？।؟\"'”»」")


@dataclass(frozen=True, slots=True)
class StateText:
    """Paragraphs of a story, and where they stood: *source* ``jsonld`` or ``state``."""

    paragraphs: tuple[str, ...]
    source: str
    locator: str

    @property
    def chars(self) -> int:
        """Characters of all paragraphs."""
        return sum(map(len, self.paragraphs))


def state_text(segments: Segments, metadata: Metadata) -> StateText | None:
    """The story's text outside the markup, or None: JSON-LD first, then the longest run of prose in a data script."""
    body = metadata.article.get("articleBody")
    if isinstance(body, str):
        paragraphs = paragraphs_of(body)
        if sum(map(len, paragraphs)) >= MIN_STATE_CHARS:
            return StateText(tuple(paragraphs), "jsonld", "articleBody")
    best: StateText | None = None
    for script in segments.data_scripts:
        if "ld+json" in script.attrs.get("type", "").lower() or len(script.text) > MAX_STATE_CHARS:
            continue
        for paragraphs in _runs(read_json(script.text, [])):
            found = StateText(tuple(paragraphs), "state", script.attrs.get("id") or "script")
            if found.chars >= MIN_STATE_CHARS and (best is None or found.chars > best.chars):
                best = found
    return best


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text that may hold tags and entities.

    >>> paragraphs_of("<p>One &amp; all.</p><p>Two.</p>")
    ['One & all.', 'Two.']
    """
    parts = (" ".join(html.unescape(_TAG.sub("", part)).split()) for part in _BREAK.split(text))
    return [part for part in parts if part]


def _runs(value: Any) -> Iterator[list[str]]:
    """The prose of each list, and each single text of several paragraphs, in *value*."""
    stack = [(value, 0)]
    seen = 0
    while stack and seen < MAX_STATE_VALUES:
        one, depth = stack.pop()
        seen += 1
        if isinstance(one, str):
            paragraphs = paragraphs_of(one) if len(one) >= MIN_STATE_CHARS else []
            if sum(_is_prose(paragraph) for paragraph in paragraphs) >= 2:
                yield paragraphs
        elif isinstance(one, list) and depth < MAX_DEPTH:
            yield [text for item in one for text in _own_prose(item)]
            stack.extend((item, depth + 1) for item in reversed(one))
        elif isinstance(one, dict) and depth < MAX_DEPTH:
            stack.extend((item, depth + 1) for item in reversed(list(one.values())))


def _own_prose(item: Any) -> list[str]:
    """The prose of one element of a list: a text, or an object that holds one (two levels deep)."""
    if isinstance(item, str):
        return [text for text in paragraphs_of(item) if _is_prose(text)]
    if isinstance(item, dict):
        texts = [value for value in item.values() if isinstance(value, str)]
        texts += [
            inner
            for value in item.values()
            if isinstance(value, dict)
            for inner in value.values()
            if isinstance(inner, str)
        ]
        return [text for value in texts for text in paragraphs_of(value) if _is_prose(text)][:1]
    return []


def _is_prose(text: str) -> bool:
    return len(text) >= MIN_PARAGRAPH_CHARS and text.endswith(_SENTENCE_END) and " " in text
