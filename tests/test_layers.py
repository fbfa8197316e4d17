"""Imports point down only: the table of docs/architecture.md, asked of the import statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "newsbot"

# What each room may import of newsbot. The Scrapy side may import all of it.
ROOMS = {
    "core": {"core"},
    "items": {"core", "items"},
    "sites": {"core", "items", "sites"},
    "loaders": {"core", "items", "sites", "loaders"},
    "extract": {"core", "items", "sites", "loaders"},
    "storage": {"core", "items", "storage"},
    "report": {"core", "report", "__version__"},
}
# Of the rooms below the Scrapy side, the loaders alone are made with item loaders.
NOT_IN_PURE_ROOMS = {"scrapy", "twisted", "itemadapter", "itemloaders"}
# What would make core's output depend on more than its input.
NOT_IN_CORE = {
    "asyncio", "glob", "http", "logging", "os", "pathlib", "random", "requests", "shutil", "socket", "sqlite3",
    "subprocess", "sys", "tempfile", "threading",
}  # fmt: skip
NOT_IN_CORE_BY_NAME = {"urllib.request", "time", "time.time", "time.monotonic", "time.perf_counter", "time.localtime"}
# The packaged weights of the models are data of the package, read once.
READS_ITS_OWN_DATA = {"core/forest.py"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports anywhere, also inside functions; not those for types only."""
    tree = parsed(path)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_what_is_below(room: str) -> None:
    strange = [
        f"{named(path)} imports {name}"
        for path in modules()
        if room_of(path) == room
        for name in imports(path)
        if name.startswith("newsbot.") and name.split(".")[1] not in {*ROOMS[room], "__version__"}
    ]
    assert strange == []


@pytest.mark.parametrize("room", ["core", "items", "sites", "storage", "report"])
def test_pure_room_knows_no_scrapy(room: str) -> None:
    strange = [
        f"{named(path)} imports {name}"
        for path in modules()
        if room_of(path) == room
        for name in imports(path)
        if name.split(".")[0] in NOT_IN_PURE_ROOMS
    ]
    assert strange == []


def test_core_does_no_io_and_asks_no_clock() -> None:
    strange = [
        f"{named(path)} imports {name}"
        for path in modules()
        if room_of(path) == "core" and named(path) not in READS_ITS_OWN_DATA
        for name in imports(path)
        if name in NOT_IN_CORE_BY_NAME or name.split(".")[0] in NOT_IN_CORE
    ]
    assert strange == []


def test_spiders_are_imported_by_the_scrapy_side_only_where_they_are_made() -> None:
    strange = [
        f"{named(path)} imports {name}"
        for path in modules()
        if room_of(path) in ROOMS or room_of(path) in ("pipelines", "network")
        for name in imports(path)
        if name.startswith("newsbot.spiders")
    ]
    assert strange == []


def test_nothing_pickles() -> None:
    unsafe = {"pickle", "cPickle", "dill", "shelve", "marshal", "cloudpickle", "joblib"}
    found = [f"{named(path)} imports {name}" for path in modules() for name in imports(path) if name in unsafe]
    found += [
        f"{named(path)}:{node.lineno} calls {node.func.id}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec")
    ]
    assert found == []


def test_arrays_are_loaded_without_pickle() -> None:
    """numpy unpickles object arrays unless told not to."""
    found = [
        f"{named(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "load"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("np", "numpy")
        and not any(
            keyword.arg == "allow_pickle" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            for keyword in node.keywords
        )
    ]
    assert found == []


@pytest.mark.parametrize("path", [pytest.param(path, id=named(path)) for path in modules()])
def test_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(parsed(path)), "a file opens with a docstring"
