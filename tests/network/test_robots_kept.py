"""robots.txt from one run to the next: asked once a day, and known when the host does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import site as c
from tests.running import Finished, crawl

RULES = b"User-agent: *\nDisallow: /closed\n"


@pytest.fixture
def site() -> Iterator[c.ChaosSite]:
    with c.ChaosSite({"/robots.txt": c.page(RULES, kind="text/plain")}) as server:
        for path in ("/open", "/closed", "/later"):
            server.routes[path] = c.story(f"Board votes about the {path[1:]} pier")
        yield server


def _crawl(site: c.ChaosSite, output: Path, path: str, **settings: str) -> Finished:
    return crawl(
        "news",
        "-a",
        f"url=http://a.test:{site.port}{path}",
        output=output,
        TWISTED_DNS_RESOLVER="tests.chaos.resolver.ChaosResolver",
        NEWSBOT_NET_ALLOW_PRIVATE="127.0.0.1",
        NEWSBOT_NET_PORTS=str(site.port),
        RETRY_TIMES="0",
        **settings,
    )


def test_rules_are_asked_for_once_a_day_and_outlive_a_broken_host(site: c.ChaosSite, tmp_path: Path) -> None:
    assert _crawl(site, tmp_path, "/open").code == 0
    site.routes["/robots.txt"] = c.status("500 Oops")
    pages = {page["url"]: page["reasons"] for page in _crawl(site, tmp_path, "/closed").lines("pages")}
    assert pages == {f"http://a.test:{site.port}/open": [], f"http://a.test:{site.port}/closed": ["robots"]}
    assert len(site.asked_for("/robots.txt")) == 1
    done = _crawl(site, tmp_path, "/later", NEWSBOT_ROBOTS_CACHE_S="0")
    assert (done.code, len(done.lines("stories"))) == (0, 2)
    assert len(site.asked_for("/robots.txt")) == 2
    assert site.asked_for("/closed") == []
