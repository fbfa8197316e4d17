"""robots.txt from one run to the next: asked once a day, and known when the host does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.storage import robots
from tests.chaos import site as c
from tests.running import Finished, crawl
from tests.storage.samples import T0, open_at

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
        **{"RETRY_TIMES": "0", **settings},
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


@pytest.mark.parametrize("tries", ["0", "3"])
def test_a_host_that_is_down_is_left_alone_though_its_rules_are_kept(
    site: c.ChaosSite, tmp_path: Path, tries: str
) -> None:
    paths = [f"/town/story-number-{number}-of-the-day" for number in range(40)]
    urls = "".join(f"<url><loc>http://a.test:{site.port}{path}</loc></url>" for path in paths)
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    site.routes["/sitemap.xml"] = c.page(sitemap.encode(), kind="application/xml")
    site.routes |= dict.fromkeys(paths, c.reset)
    done = _crawl(
        site, tmp_path, "/sitemap.xml", NEWSBOT_NET_HOST_FAILURES="4", RETRY_TIMES=tries, NEWSBOT_RETRY_BASE_S="1"
    )
    asked = [asked.path for asked in site.log if asked.path.startswith("/town/")]
    assert 4 <= len(asked) <= 6
    assert {tuple(page["reasons"]) for page in done.lines("pages") if "/town/" in page["url"]} == {("connection",)}
    assert "has not answered 4 times in a row" in done.stderr


def test_of_too_many_origins_the_oldest_rules_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "MAX_KEPT", 2)
    store = open_at(tmp_path / "output")
    let_go = [store.keep_robots(f"https://{name}.test", RULES, now=T0 + at) for at, name in enumerate("abca")]
    assert let_go == [0, 0, 1, 1]
    assert [store.robots(f"https://{name}.test", now=T0 + 9) is not None for name in "abc"] == [True, False, True]
