"""The public suffixes, beside the package whose list is read."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import idna
import pytest
import tldextract
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler
from tldextract import TLDExtract

from newsbot.commands.doctor import Command
from newsbot.core import suffixes
from newsbot.core.errors import ConfigError
from newsbot.core.suffixes import suffix_labels
from newsbot.core.urls import registrable_domain
from newsbot.extensions.exitcodes import Exit
from newsbot.extensions.run import RunExtension

SNAPSHOT = Path(tldextract.__file__).with_name(".tld_set_snapshot")


def hosts() -> Iterator[str]:
    """Hosts at, below and above every fifth rule of the list, exceptions and wildcards among them."""
    lines = SNAPSHOT.read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("//")]
    special = [rule for rule in rules if rule[0] in "*!" or not rule.isascii()]
    for rule in rules[::5] + special:
        name = rule.lstrip("!").replace("*", "x")
        yield from (name, f"a.{name}", f"b.a.{name}", name.partition(".")[2] or name)
        if not name.isascii():
            yield "a." + idna.encode(name).decode()


def test_every_rule_is_read_as_tldextract_reads_it() -> None:
    theirs = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)

    differing = []
    for host in hosts():
        suffix = theirs(host).suffix
        if suffix_labels(host.split(".")) != (suffix.count(".") + 1 if suffix else 0):
            differing.append(host)

    assert differing == []


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("[2001:db8::1]", "[2001:db8::1]", id="address-v6"),
        pytest.param("10.0.0.1", "10.0.0.1", id="address-v4"),
        pytest.param("News.BBC.co.uk.", "BBC.co.uk", id="case-and-root-dot"),
        pytest.param("a.b。com", "b.com", id="ideographic-dot"),
        pytest.param("a..com", "a..com", id="empty-label"),
        pytest.param("x.y.example", "y.example", id="no-rule"),
        pytest.param("a.xn--55qx5d.cn", "a.xn--55qx5d.cn", id="punycode"),
    ],
)
def test_registrable_domain_of(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_no_http_client_is_imported_for_the_list() -> None:
    code = (
        "import sys; from newsbot.core.urls import registrable_domain; registrable_domain('www.bbc.co.uk');"
        "print({'tldextract', 'requests', 'urllib3'} & set(sys.modules))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said == "set()\n"


@pytest.fixture
def without_list(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    suffixes._rules.cache_clear()
    monkeypatch.setattr(suffixes, "_SNAPSHOT", "no_such_file")
    yield
    suffixes._rules.cache_clear()


@pytest.mark.usefixtures("without_list")
def test_a_list_that_is_missing_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no_such_file of tldextract.*install"):
        suffixes.require_list()
    with pytest.raises(ConfigError, match="Public Suffix List"):  # at the start, not at the first URL
        RunExtension.from_crawler(get_crawler(settings_dict={"NEWSBOT_OUTPUT": str(tmp_path / "output")}))
    assert not (tmp_path / "output").exists()
    command = Command()
    command.settings = Settings({"NEWSBOT_OUTPUT": str(tmp_path)})
    command.run([], Namespace(rebuild=False, adopt=False))
    assert command.exitcode == Exit.USAGE


def test_a_package_that_is_missing_is_said_under_optimisation_too(monkeypatch: pytest.MonkeyPatch) -> None:
    suffixes._rules.cache_clear()
    monkeypatch.setattr(suffixes, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="tldextract"):
        suffixes.require_list()
