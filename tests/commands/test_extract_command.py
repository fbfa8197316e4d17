"""``scrapy extract`` as a user runs it: files, standard input, URLs, and what is no page."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.utils.project import get_project_settings

from newsbot.core.page import MAX_BYTES
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


def extract(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """A process of its own: what fetches needs a reactor, which starts once a process."""
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "extract", *arguments, *options],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass
class Here:
    """The command in this process: (exit code, standard output, standard error)."""

    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def extract(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            execute(["scrapy", "extract", *arguments], get_project_settings())
        out, err = self.capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.chdir(ROOT)
    return Here(capsys, monkeypatch)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    room = open_newsroom(tmp_path_factory.mktemp("newsroom"), 1)
    yield room
    room.close()


def test_file_becomes_json_with_page_story_and_teasers(here: Here, tmp_path: Path) -> None:
    page = tmp_path / "bridge.html"
    page.write_text(STORY, "utf-8")
    code, out, err = here.extract(str(page), "--url", "https://wharf.test/news/bridge-10001")
    assert (code, err) == (0, "")
    capture = json.loads(out)
    assert list(capture) == ["page", "story", "teasers"]
    assert capture["page"]["url"] == "https://wharf.test/news/bridge-10001"
    assert capture["story"]["headline"] == "Bridge opens after nine years"
    assert [author["name"] for author in capture["story"]["authors"]] == ["Ada Okafor"]
    assert capture["story"]["body"].count("\n") == 2


def test_standard_input_is_read_and_a_site_is_not_invented(here: Here) -> None:
    code, out, err = here.extract("-", stdin=STORY.encode())
    assert code == 0
    assert json.loads(out)["page"]["url"] == "https://page.invalid/stdin"
    assert "no --url was given: taking https://page.invalid/stdin (invented" in err


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param('<link rel="canonical" href="https://wharf.test/news/bridge-10001">', id="canonical"),
        pytest.param('<meta property="og:url" content=" https://wharf.test/news/bridge-10001 ">', id="og"),
        pytest.param(
            '<link rel="canonical" href="/a"><meta property="og:url" content="https://wharf.test/news/bridge-10001">',
            id="canonical-without-a-host",
        ),
    ],
)
def test_saved_page_has_the_address_that_it_claims(here: Here, claim: str) -> None:
    code, out, err = here.extract("-", stdin=STORY.replace("<head>", f"<head>{claim}").encode())
    assert (code, json.loads(out)["page"]["url"]) == (0, "https://wharf.test/news/bridge-10001")
    assert "taking https://wharf.test/news/bridge-10001 (the page's own claim)" in err


def test_packed_page_is_unpacked_up_to_the_limit_of_a_page(here: Here, tmp_path: Path) -> None:
    page = tmp_path / "bridge.html.gz"
    page.write_bytes(gzip.compress(STORY.encode()))
    code, out, _ = here.extract(str(page))
    assert (code, json.loads(out)["page"]["url"]) == (0, "https://page.invalid/bridge.html")
    page.write_bytes(gzip.compress(b" " * (MAX_BYTES + 1)))
    code, out, err = here.extract(str(page))
    assert (code, out) == (4, "")
    assert "gzip: " in err and "bytes after decoding" in err


def test_explanation_says_why_and_cannot_steer_the_terminal(here: Here, tmp_path: Path) -> None:
    page = tmp_path / "bridge.html"
    page.write_text(STORY, "utf-8")
    code, out, err = here.extract(str(page), "--explain", "--url", "https://wharf.test/news/bridge-10001")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "page     https://wharf.test/news/bridge-10001"
    assert any("headline = Bridge opens after nine years" in line for line in lines)
    assert sum(" body " in line and ".by" not in line for line in lines) >= 3
    assert any("why: " in line for line in lines)
    assert "links    what a crawl would follow from here, and why (or why not)" in lines
    assert [char for char in out if not char.isprintable() and char != "\n"] == []


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
    ("arguments", "code", "message"),
    [
        pytest.param((), 2, "one file, URL or - is wanted", id="no_argument"),
        pytest.param(("no/such/file.html",), 2, "no/such/file.html: no such file or directory; a saved", id="no_file"),
        pytest.param(("tests",), 2, "tests: is a directory; a saved page, a URL beginning with https://", id="folder"),
        pytest.param(("/dev/null",), 4, "empty", id="empty_file"),
    ],
)
def test_what_cannot_be_read_is_told_on_stderr(here: Here, arguments: tuple[str, ...], code: int, message: str) -> None:
    ended, out, err = here.extract(*arguments)
    assert (ended, out if code != 2 else "") == (code, "")
    assert message in err + out


@pytest.mark.parametrize(
    ("url", "settings", "code", "message"),
    [
        pytest.param("https://news.example/", {}, 2, "set NEWSBOT_CONTACT", id="no_contact"),
        pytest.param("http://127.0.0.1:8000/", {"NEWSBOT_CONTACT": "a@b.test"}, 4, "inner_address", id="inner_address"),
    ],
)
def test_what_cannot_be_fetched_is_told_on_stderr(
    url: str, settings: dict[str, object], code: int, message: str
) -> None:
    done = extract(url, **settings)
    assert (done.returncode, done.stdout if code != 2 else "") == (code, "")
    assert message in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
