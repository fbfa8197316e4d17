"""newsbot in a Scrapy project of somebody else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos import site as c
from tests.running import environment, lines

SETTINGS = """
SPIDER_MODULES = ["theirs.spiders"]
ADDONS = {"newsbot.addon.NewsbotAddon": 500}
NEWSBOT_OUTPUT = "news"
NEWSBOT_CONTACT = "us@theirs.test"
NEWSBOT_NET_ALLOW_PRIVATE = ["127.0.0.1"]
DOWNLOAD_DELAY = 0
ITEM_PIPELINES = {"theirs.pipelines.Shout": 250}
"""
SPIDERS = """
import scrapy
from newsbot.extensions.run import run_of
from newsbot.extract import Visit, extract_page
from newsbot.spiders.news import NewsSpider

class TheirNews(NewsSpider):
    name = "theirnews"

class Plain(scrapy.Spider):
    name = "plain"

    async def start(self):
        run = run_of(self.crawler)
        run.begin([])
        visit = Visit(fetched_at=run.stamp(), run_id=run.run_id)
        yield extract_page(open("page.html", "rb").read(), "http://p.test/1", visit)
"""
PIPELINES = """
class Shout:
    def process_item(self, item):
        if item.story is not None:
            item.story.section = "THEIRS"
        return item
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "theirs"
    package.mkdir()
    for name, text in (("__init__", ""), ("settings", SETTINGS), ("spiders", SPIDERS), ("pipelines", PIPELINES)):
        (package / f"{name}.py").write_text(text)
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = theirs.settings\n")
    (tmp_path / "page.html").write_bytes(c.story_html("Board votes to rebuild the eastern pier"))
    return tmp_path


def _scrapy(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "scrapy", *arguments]
    env = environment(PYTHONPATH=f"{project}:{Path(__file__).parents[1]}")
    env.pop("NEWSBOT_CONTACT")
    return subprocess.run(line, cwd=project, env=env, capture_output=True, text=True, timeout=110, check=False)


def test_their_spider_stores_what_newsbot_reads(project: Path) -> None:
    done = _scrapy(project, "crawl", "plain")
    assert done.returncode == 0, done.stderr
    stories = lines(project / "news", "stories")
    assert [(story["headline"], story["section"]) for story in stories] == [
        ("Board votes to rebuild the eastern pier", "THEIRS")
    ]
    assert [run["exit_code"] for run in lines(project / "news", "runs")] == [0]


def test_their_news_spider_crawls_with_all_guards(project: Path) -> None:
    routes = {
        "/s/1": c.story("Board votes to rebuild the eastern pier"),
        "/robots.txt": c.page(b"User-agent: *\nDisallow: /s/2"),
    }
    with c.ChaosSite(routes) as server:
        base = f"http://127.0.0.1:{server.port}"
        routes["/sitemap.xml"] = c.xml(c.sitemap(f"{base}/s/1", f"{base}/s/2"))
        done = _scrapy(project, "crawl", "theirnews", "-a", f"url={base}/sitemap.xml")
        inner = _scrapy(project, "crawl", "theirnews", "-a", "url=http://10.0.0.1/", "-s", "NEWSBOT_OUTPUT=inner")
    assert done.returncode == inner.returncode == 0, done.stderr  # Scrapy's own crawl command
    found = {page["requested_url"].removeprefix(base): page["outcome"] for page in lines(project / "news", "pages")}
    assert found == {"/sitemap.xml": "source", "/s/1": "story", "/s/2": "failed"}
    assert [asked.path for asked in server.log] == ["/robots.txt", "/sitemap.xml", "/s/1"]
    assert [page["reasons"] for page in lines(project / "inner", "pages")] == [["inner_address"]]


def test_site_files_are_spiders_there_too(project: Path) -> None:
    done = _scrapy(project, "crawl", "demo", "-a", "max_pages=2")
    assert done.returncode == 0, done.stderr
    assert {page["site"] for page in lines(project / "news", "pages")} == {"demo"}
