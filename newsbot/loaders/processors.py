"""Processors of the item loaders: how the candidates of a field become its value.

What comes in: `Candidate` values in order of trust. What goes out: the value of the best. Knows no field.
"""

from __future__ import annotations

from collections.abc import Iterable

from newsbot.core.metadata import Candidate


class MostTrusted:
    """The value of the first candidate: they come in order of trust."""

    def __call__(self, candidates: Iterable[Candidate]) -> str | None:
        return next((one.value for one in candidates), None)
