"""No pattern of newsbot's can be made to backtrack without end: row P06 of the catalogue of faults."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from re import _parser as sre  # type: ignore[attr-defined]  # the standard library's own reader of patterns
from typing import Any

import pytest

import newsbot

# One sign of each kind that patterns tell apart.
SAMPLE = [*map(chr, range(1, 128)), *"\x85\xa0«»éßİжא中가あ٣–—’“”•\u2028\u200b"]
# Modules that run something on import, or need a terminal.
NOT_IMPORTED = ("newsbot.commands",)
Parsed = Any  # the standard library's trees have no types


def own_patterns() -> dict[str, re.Pattern[Any]]:
    """Every compiled pattern at the top of a module, by its name."""
    found = {}
    for info in pkgutil.walk_packages(newsbot.__path__, "newsbot."):
        if not info.name.startswith(NOT_IMPORTED):
            for name, value in vars(import_module(info.name)).items():
                if isinstance(value, re.Pattern):
                    found[f"{info.name}.{name}"] = value
    return found


def nests(parsed: Parsed, *, inside: bool = False) -> bool:
    """Whether a repetition without limit stands within another one in a way that lets both give back."""
    for kind, value in parsed:
        loops = kind in (sre.MAX_REPEAT, sre.MIN_REPEAT) and value[1] == sre.MAXREPEAT
        if loops and inside:
            return True
        if any(nests(below, inside=inside or loops) for below in _below(kind, value)):
            return True
    return False


def _below(kind: Any, value: Any) -> list[Parsed]:
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return [] if _begins_apart(value[2]) else [value[2]]
    if kind is sre.SUBPATTERN:
        return [value[3]]
    if kind is sre.BRANCH:
        return list(value[1])
    return [value[1]] if kind in (sre.ASSERT, sre.ASSERT_NOT) else []  # possessive and atomic ones never give back


def _begins_apart(body: Parsed) -> bool:
    """Whether each round begins with a sign that nothing else of it matches: then there is one way to cut it up."""
    if len(body) < 2 or body[0][0] not in (sre.LITERAL, sre.IN):
        return False
    first = [sign for sign in SAMPLE if _matches(body[0], sign)]
    rest = [_single(item) for item in body[1:]]
    return not any(_matches(item, sign) for item in rest for sign in first)


def _single(item: Parsed) -> Parsed:
    kind, value = item
    return value[2][0] if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT) and len(value[2]) == 1 else item


def _matches(item: Parsed, sign: str) -> bool:
    kind, value = item
    if kind is sre.LITERAL:
        return chr(value) == sign
    if kind is sre.NOT_LITERAL:
        return chr(value) != sign
    if kind is sre.IN:
        is_negated = any(member[0] is sre.NEGATE for member in value)
        return is_negated != any(_is_member(*member, sign) for member in value)
    return kind is not sre.AT


def _is_member(kind: Any, value: Any, sign: str) -> bool:
    if kind is sre.LITERAL:
        return chr(value) == sign
    if kind is sre.RANGE:
        return bool(value[0] <= ord(sign) <= value[1])
    if kind is not sre.CATEGORY:
        return False
    is_in = {"DIGIT": sign.isdigit(), "SPACE": sign.isspace(), "WORD": sign.isalnum() or sign == "_"}
    name = str(value).rpartition("_")[2]
    return is_in[name] != ("NOT_" in str(value))


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"(?:\w+\s?)*$", r"(?:a|b+)*c", r"(x*y*)*"])
def test_patterns_that_explode_are_seen(pattern: str) -> None:
    assert nests(sre.parse(pattern))


@pytest.mark.parametrize("pattern", [r"\w+(?:-\w+)*", r"(?:[a-z]{1,20}\s)+", r"(?:a+)++b", r"[^<]*<(?:/[a-z]+)*"])
def test_patterns_that_are_linear_pass(pattern: str) -> None:
    assert not nests(sre.parse(pattern))


def test_no_pattern_can_backtrack_without_end() -> None:
    patterns = own_patterns()
    assert len(patterns) > 100
    assert [name for name, one in patterns.items() if nests(sre.parse(one.pattern, one.flags & ~re.DEBUG))] == []
