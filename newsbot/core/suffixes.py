"""Public suffixes: the names under which registrants get theirs (``com``, ``co.uk``, ``github.io``).

What comes in: the labels of a host. What goes out: how many of them are its public suffix, by the Public Suffix List
that tldextract packages, private part included. Only the list is taken: the package itself imports an HTTP client and
reads all rules into a tree, which took a tenth of a second at each start. A top level's rules are read when it is met.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec, module_from_spec
from types import MappingProxyType

import idna

from newsbot.core.errors import ConfigError

# A label below a suffix, and what may stand below it; `_END` marks that a rule ends there: no label has a dot in it.
Tree = dict[str, "Tree"]
_END = "."
_SNAPSHOT = ".tld_set_snapshot"


def require_list() -> None:
    """Read the list. Raises `ConfigError` where it is missing: better at the start than at the first URL."""
    _rules()


def suffix_labels(labels: Sequence[str]) -> int:
    """How many of *labels*, from the right, are a public suffix; 0 where no rule fits.

    >>> suffix_labels(["news", "bbc", "co", "uk"]), suffix_labels(["a", "github", "io"]), suffix_labels(["localhost"])
    (2, 2, 0)
    >>> suffix_labels(["a", "b", "ck"]), suffix_labels(["a", "www", "ck"])  # "*.ck" and "!www.ck"
    (2, 1)
    """
    below = _rules_below(_plain(labels[-1]))
    suffix = depth = 0
    for label in map(_plain, reversed(labels)):
        following = below.get(label)
        if following is None:
            if "*" in below:
                return depth if f"!{label}" in below else depth + 1
            break
        depth, below = depth + 1, following
        if _END in below:
            suffix = depth
    return suffix


def _plain(label: str) -> str:
    """*label* as the list spells it: lower case, no punycode."""
    label = label.lower()
    if label.startswith("xn--"):
        try:
            return idna.decode(label)
        except (UnicodeError, IndexError):
            pass
    return label


@lru_cache(maxsize=256)
def _rules_below(top: str) -> Tree:
    """The rules of the top level *top* as a tree that begins with it; empty for one that the list does not have."""
    tree: Tree = {}
    for rule in _rules().get(top, ()):
        below = tree
        for label in reversed(rule.split(".")):
            below = below.setdefault(label, {})
        below[_END] = {}
    return tree


@lru_cache(maxsize=1)
def _rules() -> MappingProxyType[str, list[str]]:
    """All rules by their top level."""
    package = find_spec("tldextract")
    try:
        # Nothing of it is run. No promise of tldextract's either: hence the upper bound in pyproject.toml.
        text = files(module_from_spec(package)).joinpath(_SNAPSHOT).read_text("utf-8") if package is not None else ""
    except OSError:
        text = ""
    if not text:
        raise ConfigError(f"the Public Suffix List ({_SNAPSHOT} of tldextract) is missing: install 'tldextract<6'")
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("//"):
            rule = line.split(maxsplit=1)[0]
            found.setdefault(rule.rpartition(".")[2], []).append(rule)
    return MappingProxyType(found)
