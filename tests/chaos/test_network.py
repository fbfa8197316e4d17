"""The N rows of the catalogue: one crawl of a hostile site, judged page by page and from the server's side."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import site as c
from tests.running import Finished, crawl

STORY = c.story_html("Board votes to rebuild the eastern pier")
GZIPPED = gzip.compress(STORY)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"

ROUTES: dict[str, c.Behaviour] = {
    "/reset": c.reset,
    "/slowhead": c.slow_head,
    "/slowbody": c.slow_body,
    "/hang": c.hang,
    "/shortbody": c.announced(STORY, len(STORY) + 500),
    "/longbody": c.announced(STORY, len(STORY) - 300),
    "/chunkcut": c.chunk_cut(STORY),
    "/gzipcut": c.encoded(GZIPPED[:-60], "gzip"),
    "/gzipbomb": c.gzip_bomb(300),
    "/gzipnest": c.encoded(gzip.compress(gzip.compress(GZIPPED)), "gzip, gzip, gzip"),
    "/dupcl": c.raw(HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n" + STORY),
    "/clte": c.raw(HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
    "/big": c.announced(b"<html>" + b"a" * 100_000, 50_000_000),
    "/bigchunks": c.raw(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + (b"100000\r\n" + b"a" * 0x100000 + b"\r\n") * 17 + b"0\r\n\r\n"
    ),
    "/bighead": c.raw(HEAD + b"X-Big: " + b"a" * 1_000_000 + b"\r\n\r\n" + STORY),
    "/manyheads": c.raw(HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(100_000)) + b"\r\n" + STORY),
    "/nostatus": c.raw(b"<html>no status line</html>"),
    "/badstatus": c.raw(b"OK fine\r\nContent-Type: text/html\r\n\r\n<html>no status line</html>"),
    "/nocolon": c.raw(b"HTTP/1.1 200 OK\r\nthis is no header\r\nContent-Length: %d\r\n\r\n" % len(STORY) + STORY),
    "/folded": c.raw(HEAD + b"X-A: b\r\n c\r\nContent-Length: %d\r\n\r\n" % len(STORY) + STORY),
    "/nulhead": c.raw(HEAD + b"X-A: b\0c\r\nContent-Length: %d\r\n\r\n" % len(STORY) + STORY),
    "/status999": c.status("999 No"),
    "/cookiebomb": c.page(STORY, Set_Cookie="a=" + "b" * 4000),
    "/loop": c.redirect("/loop"),
    "/redirect": c.redirect_to_parameter,
    "/inner": c.redirect("http://inner.a.test/secret"),
    "/both": c.redirect("http://both.a.test:{port}/ok"),
    "/nx": c.redirect("http://nx.a.test/x"),
    "/foreign": c.redirect("http://b.test/x"),
    "/tofile": c.redirect("file:///etc/passwd"),
    "/crlf": c.redirect("/ok%0d%0aX-Evil:1"),
    "/userinfo": c.redirect("http://name:secret@a.test:{port}/ok2"),
    "/flap": c.flap("503 Busy", 1, STORY, Retry_After="1"),
    "/never": c.status("429 Too Many", Retry_After="999999999"),
    "/unasked": c.raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "/junkafter": c.raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(STORY) + STORY + b"\0\1junk HTTP/1.1 200"),
    "/liar": c.page(b"%PDF-1.7\n" + b"\0\1\2" * 500, kind="text/html"),
    "/video": c.raw(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 4294967296\r\n\r\n"),
    "/wrongcharset": c.page(
        STORY.replace(b"crowns", "crowns – “all told” –".encode()), kind="text/html; charset=iso-8859-1"
    ),
    "/ok": c.story("Council opens the new swimming hall at the river"),
    "/ok2": c.story("Library extends its opening hours on Sundays"),
    "/late": c.story("Museum shows the finds of the summer digging"),
    "r500:/robots.txt": c.status("500 Oops"),
    "rhang:/robots.txt": c.hang,
    "rhtml:/robots.txt": c.page(b"<html><body>not found, sorry</body></html>"),
    "rloop:/robots.txt": c.redirect("/robots.txt"),
    "rbig:/robots.txt": c.page(b"User-agent: *\nDisallow: /closed\n" + b"# padding\n" * 500_000, kind="text/plain"),
    "rdelay:/robots.txt": c.page(b"User-agent: *\nCrawl-delay: 0.5\n", kind="text/plain"),
    "never:/ok": c.status("429 Too Many", Retry_After="999999999"),
    **{f"{name}:/{path}": c.story(f"Story of {name} about the {path} harbour") for name in
       ("r500", "rhang", "rhtml", "rloop", "rbig", "rdelay") for path in ("open", "closed", "two")},
}  # fmt: skip
# What must come of each: outcome, first reason. A page that is whole is a story.
EXPECTED: dict[str, tuple[str, str | None]] = {
    "/reset": ("failed", "connection"),
    "/slowhead": ("failed", "timeout"),
    "/slowbody": ("failed", "too_slow"),
    "/hang": ("failed", "timeout"),
    "/shortbody": ("failed", "truncated"),
    "/longbody": ("story", None),
    "/chunkcut": ("failed", "truncated"),
    "/gzipcut": ("failed", "truncated_gzip"),
    "/gzipbomb": ("failed", "too_large"),
    "/gzipnest": ("failed", "too_many_encodings"),
    "/dupcl": ("failed", "bad_response"),
    "/clte": ("failed", "bad_response"),
    "/bighead": ("failed", "bad_response"),
    "/big": ("failed", "too_large"),
    "/bigchunks": ("failed", "too_large"),
    "/manyheads": ("failed", "bad_response"),
    "/nostatus": ("failed", "connection"),
    "/badstatus": ("failed", "bad_response"),
    "/nocolon": ("story", None),
    "/folded": ("story", None),
    "/nulhead": ("story", None),
    "/status999": ("failed", "http_999"),
    "/cookiebomb": ("story", None),
    "/loop": ("failed", "redirects"),
    "/inner": ("failed", "inner_address"),
    "/both": ("failed", "inner_address"),
    "/nx": ("failed", "dns"),
    "/foreign": ("failed", "redirect_foreign"),
    "/tofile": ("failed", "redirect_url"),
    "/crlf": ("failed", "http_404"),
    "/userinfo": ("story", None),
    "/flap": ("story", None),
    "/unasked": ("failed", "unasked_304"),
    "/junkafter": ("story", None),
    "/liar": ("rejected", "not_html"),
    "/video": ("failed", "too_large"),
    "/wrongcharset": ("story", None),
    "/redirect?to=http://r500.a.test:{port}/open": ("failed", "robots_unreachable"),
    "/redirect?to=http://rhang.a.test:{port}/open": ("failed", "robots_unreachable"),
    "/redirect?to=http://rhtml.a.test:{port}/open": ("story", None),
    "/redirect?to=http://rloop.a.test:{port}/open": ("story", None),
    "/redirect?to=http://rbig.a.test:{port}/open": ("story", None),
    "/redirect?to=http://rbig.a.test:{port}/closed": ("failed", "robots"),
    "/redirect?to=http://rdelay.a.test:{port}/open": ("story", None),
    "/redirect?to=http://rdelay.a.test:{port}/closed": ("story", None),
    "/redirect?to=http://rdelay.a.test:{port}/two": ("story", None),
    "/redirect?to=http://never.a.test:{port}/ok": ("failed", "retry_after"),
    "/late": ("story", None),
}


@pytest.fixture(scope="module")
def chaos() -> Iterator[c.ChaosSite]:
    with c.ChaosSite(dict(ROUTES)) as site:
        for path in ("/both", "/userinfo"):
            target = {"/both": "both.a.test", "/userinfo": "name:secret@a.test"}[path]
            site.routes[path] = c.redirect(f"http://{target}:{site.port}/{'ok' if path == '/both' else 'ok2'}")
        paths = [path.format(port=site.port) for path in EXPECTED]
        urls = [f"http://a.test:{site.port}{path}".replace("&", "&amp;") for path in paths]
        site.routes["/sitemap.xml"] = c.xml(c.sitemap(*urls, "file:///etc/passwd"))
        yield site


@pytest.fixture(scope="module")
def run(chaos: c.ChaosSite, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return crawl(
        "news",
        "-a",
        f"url=http://a.test:{chaos.port}/sitemap.xml",
        output=tmp_path_factory.mktemp("network"),
        TWISTED_DNS_RESOLVER="tests.chaos.resolver.ChaosResolver",
        NEWSBOT_NET_ALLOW_PRIVATE=f"127.0.0.1:{chaos.port}",
        CONCURRENT_REQUESTS_PER_DOMAIN="12",
        NEWSBOT_NET_FLOOR_AFTER_S="1",
    )


def _page(run: Finished, chaos: c.ChaosSite, path: str) -> dict:
    url = f"http://a.test:{chaos.port}{path.format(port=chaos.port)}"
    pages = [page for page in run.lines("pages") if page["requested_url"] == url]
    assert len(pages) == 1, url
    return pages[0]


@pytest.mark.parametrize("path", EXPECTED)
def test_answer_becomes_a_whole_story_or_a_named_failure(run: Finished, chaos: c.ChaosSite, path: str) -> None:
    page = _page(run, chaos, path)
    assert (page["outcome"], next(iter(page["reasons"]), None)) == EXPECTED[path]


def test_run_ends_in_order(run: Finished) -> None:
    assert run.code == 0, run.stderr[-3000:]
    assert run.last["exit"] == 0
    assert run.last["urls_left"] == 0
    assert not [name for name in run.last["reasons"] if name == "bug"]


def test_every_story_is_whole(run: Finished) -> None:
    whole = [story for story in run.lines("stories") if "Two members of the board" in (story["body"] or "")]
    assert len(whole) == len(run.lines("stories")) - 1  # /longbody, which says so
    cut = [page["requested_url"] for page in run.lines("pages") if "length" in page["cut"]]
    assert [url.rpartition("/")[2] for url in cut] == ["longbody"]


def test_inner_host_is_never_asked(chaos: c.ChaosSite, run: Finished) -> None:
    assert {asked.host for asked in chaos.log} & {"inner.a.test", "both.a.test", "nx.a.test", "b.test"} == set()


def test_no_cookie_is_ever_sent(chaos: c.ChaosSite, run: Finished) -> None:
    assert [asked.path for asked in chaos.log if "cookie" in asked.headers or "referer" in asked.headers] == []


def test_user_agent_tells_who_asks(chaos: c.ChaosSite, run: Finished) -> None:
    assert {asked.headers.get("user-agent") for asked in chaos.log} == {"newsbot/0.1.0 (+test@newsbot.test)"}


def test_retry_after_is_waited_for(chaos: c.ChaosSite, run: Finished) -> None:
    first, second = chaos.asked_for("/flap")
    assert second.at - first.at >= 1.0


def test_failed_page_is_tried_as_often_as_set(chaos: c.ChaosSite, run: Finished) -> None:
    assert [len(chaos.asked_for(path)) for path in ("/reset", "/gzipcut", "/gzipbomb", "/status999")] == [2, 2, 1, 1]


def test_endless_redirects_end_after_five_hops(chaos: c.ChaosSite, run: Finished) -> None:
    assert len(chaos.asked_for("/loop")) == 6


def test_crawl_delay_is_kept(chaos: c.ChaosSite, run: Finished) -> None:
    times = [asked.at for asked in chaos.log if asked.host == "rdelay.a.test" and asked.path != "/robots.txt"]
    assert len(times) == 3
    # When the server reads a request, not when it was sent: on a busy machine one may be read late.
    assert times[2] - times[0] >= 0.8


def test_robots_is_asked_once_a_host(chaos: c.ChaosSite, run: Finished) -> None:
    asked = [asked.host for asked in chaos.log if asked.path == "/robots.txt" and asked.host != "rloop.a.test"]
    assert len(asked) == len(set(asked))


def test_host_that_wants_to_be_left_alone_is(chaos: c.ChaosSite, run: Finished) -> None:
    assert len([asked for asked in chaos.log if asked.host == "never.a.test" and asked.path == "/ok"]) == 1


def test_credentials_are_neither_sent_nor_stored(chaos: c.ChaosSite, run: Finished) -> None:
    assert not any("authorization" in asked.headers for asked in chaos.log)
    for kind in ("pages", "stories"):
        for file in sorted((run.output / kind).glob("*.jsonl")):
            assert "secret@" not in file.read_text("utf-8")


def test_wrong_charset_header_does_no_harm(chaos: c.ChaosSite, run: Finished) -> None:
    page = _page(run, chaos, "/wrongcharset")
    story = next(story for story in run.lines("stories") if story["story_id"] == page["story_id"])
    assert "crowns – “all told” –" in story["body"]


def test_memory_stays_small(run: Finished) -> None:
    assert 0 < run.last["peak_memory_mb"] <= 400


def test_proxy_in_the_environment_is_refused(tmp_path: Path) -> None:
    done = crawl("news", "-a", "url=http://a.test/", output=tmp_path, env={"http_proxy": "http://127.0.0.1:9"})
    assert (done.code, done.last["exit_name"]) == (2, "usage")
    assert "http_proxy" in done.last["errors"][0]
