"""``scrapy extract`` as a user runs it: files, standard input, URLs, and what is no page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.demo.newsroom import Newsroom, open_newsroom
from tests.running import ROOT, environment

STORY = """<html lang="en"><head><title>Bridge opens after nine years - The Wharf</title>
<meta property="og:title" content="Bridge opens after nine years"></head><body>
<nav><a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>Bridge opens after nine years</h1><p class="by">By Ada Okafor</p>
<p>The bridge over the Lune opened on Monday, nine years after its first stone was laid by the old council.</p>
<p>Hundreds of people walked across it before the first bus, which was late, came to the middle at noon.</p>
<p>It cost forty million more than planned, said the new council, and \x1b[31mnobody\x07 asked who would pay.</p>
</article></body></html>"""


def extract(*arguments: str, stdin: bytes = b"", **settings: object) -> subprocess.CompletedProcess[str]:
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", *arguments, *options],
        input=stdin.decode(),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    room = open_newsroom(tmp_path_factory.mktemp("newsroom"), 1)
    yield room
    room.close()


def test_file_becomes_json_with_page_story_and_teasers(tmp_path: Path) -> None:
    page = tmp_path / "bridge.html"
    page.write_text(STORY, "utf-8")
    done = extract(str(page), "--url", "https://wharf.test/news/bridge-10001")
    assert (done.returncode, done.stderr) == (0, "")
    capture = json.loads(done.stdout)
    assert list(capture) == ["page", "story", "teasers"]
    assert capture["page"]["url"] == "https://wharf.test/news/bridge-10001"
    assert capture["story"]["headline"] == "Bridge opens after nine years"
    assert [author["name"] for author in capture["story"]["authors"]] == ["Ada Okafor"]
    assert capture["story"]["body"].count("\n") == 2


def test_standard_input_is_read_and_a_site_is_not_invented() -> None:
    done = extract("-", stdin=STORY.encode())
    assert done.returncode == 0
    assert json.loads(done.stdout)["page"]["url"] == "https://page.invalid/stdin"


def test_explanation_says_why_and_cannot_steer_the_terminal(tmp_path: Path) -> None:
    page = tmp_path / "bridge.html"
    page.write_text(STORY, "utf-8")
    done = extract(str(page), "--explain", "--url", "https://wharf.test/news/bridge-10001")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "page     https://wharf.test/news/bridge-10001"
    assert any("headline = Bridge opens after nine years" in line for line in lines)
    assert sum(" body " in line and ".by" not in line for line in lines) >= 3
    assert any("why: " in line for line in lines)
    assert [char for char in done.stdout if not char.isprintable() and char != "\n"] == []


def test_url_is_fetched_by_the_rules_of_a_crawl(newsroom: Newsroom) -> None:
    port = newsroom.base_url.rpartition(":")[2].strip("/")
    opened = {"NEWSBOT_NET_ALLOW_PRIVATE": f"127.0.0.1:{port}", "NEWSBOT_NET_PORTS": port, "DOWNLOAD_DELAY": 0}
    done = extract(newsroom.base_url + "/", NEWSBOT_CONTACT="test@newsbot.test", **opened)
    assert done.returncode == 0, done.stderr
    capture = json.loads(done.stdout)
    assert (capture["page"]["status"], capture["story"]) == (200, None)
    assert len(capture["teasers"]) > 5
    assert capture["page"]["fetched_at"].endswith("+00:00")


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "message"),
    [
        pytest.param((), {}, 2, "one file, URL or - is wanted", id="no_argument"),
        pytest.param(("no/such/file.html",), {}, 2, "No such file", id="no_file"),
        pytest.param(("/dev/null",), {}, 4, "empty", id="empty_file"),
        pytest.param(("https://news.example/",), {}, 2, "set NEWSBOT_CONTACT", id="no_contact"),
        pytest.param(
            ("http://127.0.0.1:8000/",), {"NEWSBOT_CONTACT": "a@b.test"}, 4, "inner_address", id="inner_address"
        ),
    ],
)
def test_what_cannot_be_read_is_told_on_stderr(
    arguments: tuple[str, ...], settings: dict[str, object], code: int, message: str
) -> None:
    done = extract(*arguments, **settings)
    assert (done.returncode, done.stdout if code != 2 else "") == (code, "")
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
