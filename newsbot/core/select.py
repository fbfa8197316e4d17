"""CSS selectors matched against the nodes of `Segments`; there is no tree.

What comes in: a selector of a site file, a `Node`. What goes out: whether it matches. The grammar is cssselect's
(the one of parsel and lxml); of it, what a node can answer: tags, classes, ids, attributes, ``:not(...)``,
descendants, children, and lists with commas. Knows no sites and no roles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cssselect import SelectorError, parser

from newsbot.core.blocks import FORMAT_TAGS, Node
from newsbot.core.errors import ConfigError

_Test = Callable[[Node], bool]

_ATTRIBUTE_TESTS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda have, want: have == want,
    "~=": lambda have, want: want in have.split(),
    "^=": lambda have, want: have.startswith(want),
    "$=": lambda have, want: have.endswith(want),
    "*=": lambda have, want: want in have,
    "|=": lambda have, want: have == want or have.startswith(want + "-"),
}


@dataclass(frozen=True, slots=True)
class Selector:
    """A compiled selector; ``css`` is as written."""

    css: str
    tests: tuple[_Test, ...]

    def matches(self, node: Node) -> bool:
        """Whether *node* itself is selected."""
        return any(test(node) for test in self.tests)

    def covers(self, node: Node) -> bool:
        """Whether *node* or an element around it is selected."""
        at: Node | None = node
        while at is not None:
            if self.matches(at):
                return True
            at = at.parent
        return False


def compile_selector(css: str) -> Selector:
    """*css* as a `Selector`. Raises `ConfigError` for what is no selector, or more than a node can tell.

    >>> compile_selector("article > p.lead, #standfirst").css
    'article > p.lead, #standfirst'
    """
    try:
        trees = parser.parse(css)
    except SelectorError as error:
        raise ConfigError(f"selector {css!r}: {error}") from error
    if any(tree.pseudo_element for tree in trees):
        raise ConfigError(f"selector {css!r}: pseudo-elements select no element")
    return Selector(css, tuple(_test(tree.parsed_tree, css) for tree in trees))


def _test(tree: parser.Tree, css: str) -> _Test:
    match tree:
        case parser.Element():
            return _element(tree, css)
        case parser.Class():
            return _class(_test(tree.selector, css), tree.class_name)
        case parser.Hash():
            return _id(_test(tree.selector, css), tree.id)
        case parser.Attrib():
            return _attribute(_test(tree.selector, css), tree, css)
        case parser.Negation():
            return _negation(_test(tree.selector, css), _test(tree.subselector, css))
        case parser.CombinedSelector():
            return _combined(_test(tree.selector, css), tree.combinator, _test(tree.subselector, css), css)
        case _:
            raise ConfigError(f"selector {css!r}: {type(tree).__name__} is not supported in site files")


def _element(tree: parser.Element, css: str) -> _Test:
    tag = tree.element
    if tag is None:
        return lambda node: True
    tag = tag.lower()
    if tag in FORMAT_TAGS:
        raise ConfigError(f"selector {css!r}: <{tag}> only styles text; select the element around it")
    return lambda node: node.tag == tag


def _class(inner: _Test, name: str) -> _Test:
    return lambda node: name in node.attrs.get("class", "").split() and inner(node)


def _id(inner: _Test, name: str) -> _Test:
    return lambda node: node.attrs.get("id") == name and inner(node)


def _attribute(inner: _Test, tree: parser.Attrib, css: str) -> _Test:
    name = tree.attrib.lower()
    if tree.operator == "exists":
        return lambda node: name in node.attrs and inner(node)
    compare = _ATTRIBUTE_TESTS.get(tree.operator)
    want = tree.value.value if tree.value is not None else ""
    if compare is None or not want:
        raise ConfigError(f"selector {css!r}: [{name}{tree.operator}...] is not supported in site files")
    return lambda node: compare(node.attrs.get(name, ""), want) and inner(node)


def _negation(inner: _Test, unwanted: _Test) -> _Test:
    return lambda node: inner(node) and not unwanted(node)


def _combined(around: _Test, combinator: str, inner: _Test, css: str) -> _Test:
    if combinator == ">":
        return lambda node: inner(node) and node.parent is not None and around(node.parent)
    if combinator != " ":
        raise ConfigError(f"selector {css!r}: the combinator {combinator!r} is not supported in site files")

    def below(node: Node) -> bool:
        if not inner(node):
            return False
        at = node.parent
        while at is not None:
            if around(at):
                return True
            at = at.parent
        return False

    return below
