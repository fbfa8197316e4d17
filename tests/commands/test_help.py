"""What every command shares: help that teaches, and a start that imports next to nothing."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path

import pytest
from scrapy.settings import Settings

from newsbot import commands
from tests.running import ROOT

# Modules of the folder that are no commands but what commands share.
SHARED = ("explaining", "fetching", "helping", "keeping", "opening")
NAMES = sorted(
    file.stem for file in Path(commands.__path__[0]).glob("*.py") if file.stem not in SHARED and file.stem != "__init__"
)


@pytest.mark.parametrize("name", NAMES)
def test_help_shows_examples_and_every_exit_code_it_names(name: str) -> None:
    command = import_module(f"newsbot.commands.{name}").Command()
    command.settings = Settings()
    parser = ArgumentParser(prog=f"scrapy {name}", conflict_handler="resolve")
    command.add_options(parser)
    text = parser.format_help()
    assert f"\n  scrapy {name}" in text or f" scrapy {name} " in text.partition("Exit codes:")[0]
    assert "Exit codes: 0 " in " ".join(text.split())
    assert max(map(len, (parser.description or "").splitlines())) <= 120


def test_start_of_scrapy_imports_no_stage_of_the_line() -> None:
    """Scrapy imports every command at each start: a heavy import in one of them slows all."""
    code = (
        "import sys; from importlib import import_module\n"
        f"for name in {[*NAMES, *SHARED]}: import_module('newsbot.commands.' + name)\n"
        "print(*sorted(name for name in sys.modules if name.split('.')[0] in"
        " ('newsbot', 'msgspec', 'numpy', 'rich', 'sqlite3', 'jinja2', 'ftfy', 'dateparser')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    of_commands = {f"newsbot.commands.{name}" for name in (*NAMES, *SHARED)}
    assert {*done.stdout.split()} - of_commands == {
        "newsbot",
        "newsbot.commands",
        "newsbot.core",
        "newsbot.core.errors",
        "newsbot.core.printable",
        "newsbot.extensions",
        "newsbot.extensions.exitcodes",
    }


def test_start_of_a_crawl_imports_nothing_that_reads_pages() -> None:
    """Cron starts a crawl every few minutes: extraction and numpy come with the first page."""
    modules = ["sites.loader", "spiders.news", "storage.sqlite", "extensions.run", "scheduler", "pipelines.store"]
    late = ("numpy", "ftfy", "newsbot.extract", "newsbot.core.page", "newsbot.core.blocks", "newsbot.items.repair")
    code = (
        "import sys; from importlib import import_module\n"
        f"for name in {modules}: import_module('newsbot.' + name)\n"
        f"print(*sorted(set({late}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
