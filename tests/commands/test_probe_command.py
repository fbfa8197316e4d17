"""``scrapy probe`` on the demo newsroom: a file that loads, with what the site offers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.demo.newsroom import Newsroom, open_newsroom
from newsbot.sites.loader import read_site
from tests.running import ROOT, environment


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    room = open_newsroom(tmp_path_factory.mktemp("newsroom"), 1)
    yield room
    room.close()


def probe(*arguments: str, port: str, **settings: object) -> subprocess.CompletedProcess[str]:
    chosen = {
        "NEWSBOT_CONTACT": "test@newsbot.test",
        "NEWSBOT_NET_ALLOW_PRIVATE": f"127.0.0.1:{port}",
        "NEWSBOT_NET_PORTS": port,
        "DOWNLOAD_DELAY": 0,
        **settings,
    }
    options = [part for name, value in chosen.items() for part in ("-s", f"{name}={value}")]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "probe", *arguments, *options],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip


def test_probe_writes_a_site_file_and_checks_it(newsroom: Newsroom, tmp_path: Path) -> None:
    port = newsroom.base_url.rpartition(":")[2].strip("/")
    done = probe(newsroom.base_url + "/", "--check", port=port, NEWSBOT_SITES=tmp_path / "sites")
    assert done.returncode == 0, done.stderr
    (path,) = (tmp_path / "sites").glob("*.toml")
    site = read_site(path)
    assert site.publisher == "The Saltmere Courier"
    assert {url.removeprefix(newsroom.base_url) for url in site.feeds} == {"/rss.xml", "/atom.xml"}
    assert len(site.sections) >= 4
    assert site.id_pattern is not None
    assert " INFO: " not in done.stderr  # of a crawl, not of a person at a terminal
    assert "10 stories read" in done.stderr
    assert "headline          10 of 10" in done.stderr

    again = probe(newsroom.base_url + "/", port=port, NEWSBOT_SITES=tmp_path / "sites")
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_page_that_is_not_there_writes_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    port = newsroom.base_url.rpartition(":")[2].strip("/")
    done = probe(newsroom.base_url + "/no-such-page", port=port, NEWSBOT_SITES=tmp_path / "sites")
    assert done.returncode == 4
    assert "not fetched: 404" in done.stderr
    assert not (tmp_path / "sites").exists()
