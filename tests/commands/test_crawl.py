"""``scrapy crawl`` as cron runs it: bad input, signals, limits, and the exit code of each."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from newsbot.settings import ITEM_PIPELINES
from tests.chaos import site as c
from tests.running import ROOT, Finished, command, crawl, environment, lines

CHAOS = {"TWISTED_DNS_RESOLVER": "tests.chaos.resolver.ChaosResolver", "NEWSBOT_NET_ALLOW_PRIVATE": "127.0.0.1"}


@pytest.fixture(scope="module")
def site() -> Iterator[c.ChaosSite]:
    stories = {f"/s/{n}": c.story(f"Story number {n} of the little harbour") for n in range(8)}
    with c.ChaosSite({**stories, "/hang": c.hang, "/500": c.status("500 Oops")}) as server:
        base = f"http://e.test:{server.port}"
        server.routes["/sitemap.xml"] = c.xml(c.sitemap(*(f"{base}/s/{n}" for n in range(8))))
        server.routes["/hangs.xml"] = c.xml(c.sitemap(f"{base}/s/0", f"{base}/hang?1", f"{base}/hang?2"))
        server.routes["/broken.xml"] = c.xml(c.sitemap(*(f"{base}/500?{n}" for n in range(6))))
        server.routes["/nonews"] = c.page(b"\x89PNG\r\n\x1a\n" + b"\0\1" * 200, kind="image/png")
        yield server


def _url(site: c.ChaosSite, path: str) -> str:
    return f"url=http://e.test:{site.port}{path}"


def warc(pages: int, *, damaged: int | None = None) -> bytes:
    """A WARC of *pages* stories, each record a gzip member; record *damaged* has a broken header."""
    members = []
    for number in range(pages):
        html = c.story_html(f"Stored story number {number} of the old harbour")
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(html) + html
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0000-{number}>\r\n"
            f"WARC-Target-URI: http://w.test/{number}\r\nWARC-Date: 2026-01-0{number % 9 + 1}T00:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        ).encode()
        if number == damaged:
            head = b"WARK" + head[4:]
        members.append(gzip.compress(head + http + b"\r\n\r\n"))
    return b"".join(members)


# -- usage ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        pytest.param(("demoo",), {}, "did you mean demo", id="spider"),
        pytest.param(("demo", "-a", "editio=1"), {}, "did you mean edition", id="argument"),
        pytest.param(("demo",), {"ROBOTSTXT_OBEY": "perhaps"}, "ROBOTSTXT_OBEY=perhaps: True or False", id="value"),
        pytest.param(("demo",), {"NEWSBOT_DEPHT": "2"}, "did you mean NEWSBOT_DEPTH?", id="setting"),
    ],
)
def test_bad_usage_exits_2_and_says_what_is_right(
    arguments: tuple[str, ...], settings: dict[str, str], said: str, tmp_path: Path
) -> None:
    done = crawl(*arguments, output=tmp_path / "out", **settings)
    assert (done.code, done.last["exit_name"]) == (2, "usage")
    assert said in done.last["errors"][0]


def test_refused_start_has_its_line_in_runs_where_there_is_a_state(tmp_path: Path) -> None:
    never = crawl("demoo", output=tmp_path / "none")
    assert (never.code, (tmp_path / "none").exists()) == (2, False)
    (tmp_path / "one.warc.gz").write_bytes(warc(1))
    crawl("archive", "-a", f"warc={tmp_path / 'one.warc.gz'}", output=tmp_path / "out")
    for arguments, settings in ((("demoo",), {}), (("archive",), {}), (("demo",), {"NEWSBOT_DEPTH": "deep"})):
        assert crawl(*arguments, output=tmp_path / "out", **settings).code == 2
    runs = lines(tmp_path / "out", "runs")
    assert [run["exit_name"] for run in runs] == ["ok", "usage", "usage", "usage"]
    assert ["demoo" in runs[1]["reasons"][0], "NEWSBOT_DEPTH=deep" in runs[3]["reasons"][0]] == [True, True]


def test_c21_too_few_file_descriptors_are_asked_for_or_named(tmp_path: Path) -> None:
    (tmp_path / "one.warc.gz").write_bytes(warc(1))
    line = command("archive", "-a", f"warc={tmp_path / 'one.warc.gz'}", output=tmp_path / "out")

    def start(soft: int, hard: int) -> subprocess.CompletedProcess[str]:
        limited = ["sh", "-c", f'ulimit -Sn {soft} && ulimit -Hn {hard} && exec "$@"', "sh", *line]
        return subprocess.run(
            limited, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False
        )

    refused, raised = start(64, 64), start(64, 300)
    assert (refused.returncode, "may open 64 files, and 256 are wanted" in refused.stderr) == (2, True)
    assert raised.returncode == 0, raised.stderr


def test_without_a_contact_nothing_is_asked(site: c.ChaosSite, tmp_path: Path) -> None:
    before = len(site.log)
    done = crawl("news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, NEWSBOT_CONTACT="", **CHAOS)
    assert (done.code, len(site.log)) == (2, before)
    assert "NEWSBOT_CONTACT" in done.last["errors"][0]


def test_broken_site_file_exits_2_with_file_and_key(tmp_path: Path) -> None:
    sites = tmp_path / "sites"
    sites.mkdir()
    (sites / "mine.toml").write_text('domain = "mine.test"\nsectons = ["http://mine.test/"]\n')
    done = crawl("mine", output=tmp_path / "out", NEWSBOT_SITES=sites)
    assert done.code == 2
    assert "mine.toml" in done.last["errors"][0] and "sections" in done.last["errors"][0]


# -- pages and sources ---------------------------------------------------------------------------------------


def test_url_that_is_no_page_is_rejected_with_its_reason(site: c.ChaosSite, tmp_path: Path) -> None:
    done = crawl("news", "-a", _url(site, "/nonews"), output=tmp_path, **CHAOS)
    assert done.code == 4
    assert [(page["outcome"], page["reasons"]) for page in done.lines("pages")] == [("rejected", ["not_html"])]


def test_every_request_refused_exits_4(tmp_path: Path) -> None:
    done = crawl("news", "-a", "url=http://127.0.0.1:9/", output=tmp_path, NEWSBOT_NET_ALLOW_PRIVATE="127.0.0.1")
    assert done.code == 4
    assert [(page["outcome"], page["reasons"]) for page in done.lines("pages")] == [
        ("failed", ["refused", "robots_unreachable"])
    ]


def test_inner_address_exits_4_and_is_named(tmp_path: Path) -> None:
    done = crawl("news", "-a", "url=http://127.0.0.1:80/", output=tmp_path)
    assert done.code == 4
    assert [(page["outcome"], page["reasons"]) for page in done.lines("pages")] == [("failed", ["inner_address"])]


def test_every_page_500_is_partial_news_of_a_read_source(site: c.ChaosSite, tmp_path: Path) -> None:
    done = crawl("news", "-a", _url(site, "/broken.xml"), output=tmp_path, RETRY_TIMES="0", **CHAOS)
    pages = {page["outcome"] for page in done.lines("pages")}
    assert (done.code, pages) == (4, {"source", "failed"})


def test_exception_in_a_callback_costs_pages_not_the_run(site: c.ChaosSite, tmp_path: Path) -> None:
    done = crawl(
        "buggy", "-a", _url(site, "/sitemap.xml"), output=tmp_path, SPIDER_MODULES="tests.commands.spiders", **CHAOS
    )
    assert done.code == 4  # every page failed (C31); one that came through would make it 1
    reasons = [page["reasons"] for page in done.lines("pages") if page["outcome"] == "failed"]
    assert reasons == [["bug"]] * 8
    assert "ZeroDivisionError" in done.stderr and done.stderr.count("Traceback") == 1


def _line_with(name: str, place: int) -> str:
    """ITEM_PIPELINES with one of `tests.commands.pipelines` at *place*."""
    return json.dumps({**ITEM_PIPELINES, f"tests.commands.pipelines.{name}": place})


@pytest.mark.parametrize("place", [pytest.param(50, id="first"), pytest.param(350, id="before-the-store")])
def test_page_that_a_pipeline_drops_is_stored_as_rejected(site: c.ChaosSite, tmp_path: Path, place: int) -> None:
    done = crawl(
        "news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, ITEM_PIPELINES=_line_with("Drops", place), **CHAOS
    )
    assert (done.code, done.last["urls_left"]) == (0, 0)
    rejected = {_path(page): page["reasons"] for page in done.lines("pages") if page["outcome"] == "rejected"}
    assert rejected == {"/s/3": ["dropped"], "/s/5": ["dropped"]}
    assert sorted(map(_path, done.lines("pages"))) == [*(f"/s/{n}" for n in range(8)), "/sitemap.xml"]
    assert len(done.lines("stories")) == 6


def test_page_dropped_behind_the_store_stays_as_it_was_stored(site: c.ChaosSite, tmp_path: Path) -> None:
    done = crawl(
        "news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, ITEM_PIPELINES=_line_with("Drops", 450), **CHAOS
    )
    assert (done.code, len(done.lines("stories")), len(done.lines("pages"))) == (0, 8, 9)


@pytest.mark.parametrize("where", ["pipeline", "callback"])
def test_exception_that_nobody_caught_ends_with_1_and_the_others_are_stored(
    site: c.ChaosSite, tmp_path: Path, where: str
) -> None:
    if where == "pipeline":
        name, settings = "news", {"ITEM_PIPELINES": _line_with("Raises", 350)}
    else:
        name, settings = "careless", {"SPIDER_MODULES": "tests.commands.spiders"}
    done = crawl(name, "-a", _url(site, "/sitemap.xml"), output=tmp_path, **settings, **CHAOS)
    assert (done.code, done.last["exit_name"]) == (1, "bug")
    stored = sorted(_path(page) for page in done.lines("pages") if page["outcome"] == "story")
    assert stored == ["/s/0", "/s/1", "/s/2", "/s/4", "/s/6", "/s/7"]


def test_state_that_breaks_during_the_run_exits_6(site: c.ChaosSite, tmp_path: Path) -> None:
    line = _line_with("BreaksState", 350)
    done = crawl("news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, ITEM_PIPELINES=line, **CHAOS)
    assert (done.code, done.last["exit_name"]) == (6, "state")


def _path(page: dict[str, Any]) -> str:
    return urlsplit(page["requested_url"]).path


def test_second_run_asks_for_sources_only_and_writes_nothing(site: c.ChaosSite, tmp_path: Path) -> None:
    first = crawl("news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, **CHAOS)
    assert (first.code, first.last["new"]) == (0, 8)
    asked = len(site.log)
    second = crawl("news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, **CHAOS)
    assert (second.code, second.last["new"], second.last["teasers"], second.last["events"]) == (0, 0, 0, 0)
    assert {one.path for one in site.log[asked:]} <= {"/robots.txt", "/sitemap.xml"}


# -- archives ------------------------------------------------------------------------------------------------


def test_archive_gives_its_stories_once(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(warc(5))
    first = crawl("archive", "-a", f"warc={file}", output=tmp_path / "out")
    second = crawl("archive", "-a", f"warc={file}", output=tmp_path / "out")
    assert [(run.code, run.last["new"], run.last["pages"]) for run in (first, second)] == [(0, 5, 5), (0, 0, 0)]
    dates = [story["fetched_at"] for story in first.lines("stories")]
    assert dates == [f"2026-01-0{n}T00:00:00.000+00:00" for n in range(1, 6)]


def test_archive_read_by_two_processes_gives_the_same_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(warc(30))
    runs = [
        crawl("archive", "-a", f"warc={file}", *jobs, output=tmp_path / f"out{len(jobs)}")
        for jobs in ((), ("--jobs", "2"))
    ]
    assert [run.code for run in runs] == [0, 0]
    for kind in ("stories", "teasers", "pages", "events"):
        one, two = ([{**line, "run_id": None} for line in run.lines(kind)] for run in runs)
        assert one == two
    assert len(runs[1].lines("stories")) == 30


@pytest.mark.parametrize(
    ("content", "code", "stories"),
    [
        pytest.param(b"", 4, 0, id="empty"),
        pytest.param(b"no archive at all", 4, 0, id="junk"),
        pytest.param(warc(5)[:-40], 3, 4, id="cut"),
        pytest.param(warc(1)[:100], 4, 0, id="cut-in-the-first"),
        pytest.param(warc(5, damaged=2), 0, 4, id="one-bad-record"),
    ],
)
def test_damaged_archive_gives_what_it_holds(content: bytes, code: int, stories: int, tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(content)
    done = crawl("archive", "-a", f"warc={file}", output=tmp_path / "out")
    assert (done.code, len(done.lines("stories"))) == (code, stories)
    if code:
        assert "a.warc.gz" in str(done.last["sources"])


def test_plain_text_records_take_the_same_line(tmp_path: Path) -> None:
    text = "Board votes to rebuild the pier\n\n" + "\n\n".join(c.PARAGRAPHS) + "\n"
    record = (
        "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: http://w.test/wet\r\n"
        "WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(text)}\r\n\r\n{text}\r\n\r\n"
    )
    file = tmp_path / "a.warc.wet"
    file.write_text(record)
    done = crawl("archive", "-a", f"warc={file}", output=tmp_path / "out")
    assert done.code == 0
    assert [story["body"].split("\n")[-1] for story in done.lines("stories")] == [c.PARAGRAPHS[-1]]


# -- output and state ----------------------------------------------------------------------------------------


def test_unwritable_output_exits_5_before_the_first_request(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(warc(1))
    done = crawl("archive", "-a", f"warc={file}", output=blocked / "out")
    assert (done.code, done.last["exit_name"]) == (5, "output")


def test_damaged_state_exits_6_and_is_left_alone(tmp_path: Path) -> None:
    state = tmp_path / "out" / ".newsbot" / "state.sqlite"
    state.parent.mkdir(parents=True)
    state.write_bytes(b"this is no database" * 500)
    file = tmp_path / "a.warc.gz"
    file.write_bytes(warc(1))
    done = crawl("archive", "-a", f"warc={file}", output=tmp_path / "out")
    assert (done.code, state.read_bytes()[:19]) == (6, b"this is no database")


# -- limits, locks, signals ----------------------------------------------------------------------------------


def test_page_budget_stops_with_7_and_the_next_run_goes_on(site: c.ChaosSite, tmp_path: Path) -> None:
    first = crawl(
        "news", "-a", _url(site, "/sitemap.xml"), "-a", "max_pages=3", output=tmp_path,
        CONCURRENT_REQUESTS_PER_DOMAIN="1", CONCURRENT_REQUESTS="1", **CHAOS,
    )  # fmt: skip
    assert (first.code, first.last["stopped_by"]) == (7, "max_pages")
    second = crawl("news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, **CHAOS)
    assert second.code == 0
    assert first.last["new"] + second.last["new"] == 8 and second.last["new"] > 0


def test_page_budget_is_exact_with_pages_in_flight(tmp_path: Path) -> None:
    done = crawl("demo", "-a", "max_pages=3", output=tmp_path)
    assert (done.code, done.last["stopped_by"]) == (7, "max_pages")
    asked = [page for page in done.lines("pages") if page["outcome"] != "source"]
    sources = [page for page in done.lines("pages") if page["outcome"] == "source"]
    assert len(asked) == 3
    assert done.last["pages"] == len(asked) + len(sources)  # the last line counts both


def test_uplink_that_is_gone_stops_with_7(site: c.ChaosSite, tmp_path: Path) -> None:
    done = crawl(
        "news", "-a", _url(site, "/hangs.xml"), output=tmp_path, DOWNLOAD_TIMEOUT="1", NEWSBOT_NET_DOWN_FAILURES="2",
        NEWSBOT_NET_DOWN_HOSTS="1", **CHAOS,
    )  # fmt: skip
    assert (done.code, done.last["stopped_by"]) == (7, "network_down")


def test_memory_limit_stops_with_7(site: c.ChaosSite, tmp_path: Path) -> None:
    done = crawl("news", "-a", _url(site, "/hangs.xml"), output=tmp_path, NEWSBOT_RUN_MAX_MEMORY_MB="1", **CHAOS)
    assert (done.code, done.last["stopped_by"]) == (7, "max_memory")


def test_disk_floor_stops_with_7(site: c.ChaosSite, tmp_path: Path) -> None:
    done = crawl("news", "-a", _url(site, "/hangs.xml"), output=tmp_path, NEWSBOT_RUN_MIN_DISK_MB="999999999", **CHAOS)
    assert (done.code, done.last["stopped_by"]) == (7, "disk_floor")


def _started(site: c.ChaosSite, output: Path, **settings: str) -> subprocess.Popen[str]:
    """A crawl that hangs at the server, once it does."""
    before = len(site.asked_for("/hang"))
    line = command("news", "-a", _url(site, "/hangs.xml"), output=output, DOWNLOAD_TIMEOUT="30", **CHAOS, **settings)
    process = subprocess.Popen(line, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 40
    while len(site.asked_for("/hang")) < before + 2 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    return process


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 143)])
def test_signal_drains_publishes_and_exits(number: int, code: int, site: c.ChaosSite, tmp_path: Path) -> None:
    process = _started(site, tmp_path, NEWSBOT_RUN_DRAIN_S="0.5")
    sent = time.monotonic()
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    assert time.monotonic() - sent < 10
    done = Finished(process.returncode, stderr, tmp_path)
    assert (done.code, done.last["exit"]) == (code, code), stderr
    assert len(done.lines("stories")) == 1
    assert [run["exit_code"] for run in done.lines("runs")] == [code]


def test_second_signal_ends_at_once(site: c.ChaosSite, tmp_path: Path) -> None:
    process = _started(site, tmp_path, NEWSBOT_RUN_DRAIN_S="60")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=20)
    done = Finished(process.returncode, stderr, tmp_path)
    assert (done.code, len(done.lines("stories"))) == (130, 1)


def test_second_start_on_the_same_folder_exits_75(site: c.ChaosSite, tmp_path: Path) -> None:
    process = _started(site, tmp_path, NEWSBOT_RUN_DRAIN_S="0.1")
    try:
        second = crawl("news", "-a", _url(site, "/sitemap.xml"), output=tmp_path, **CHAOS)
        assert (second.code, second.last["exit_name"]) == (75, "busy")
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_page_that_hangs_is_named_and_set_aside_after_three_strikes(site: c.ChaosSite, tmp_path: Path) -> None:
    def start() -> Finished:
        return crawl(
            "hanging",
            "-a",
            _url(site, "/sitemap.xml"),
            output=tmp_path,
            SPIDER_MODULES="tests.commands.spiders",
            NEWSBOT_WATCHDOG_S="2",
            **CHAOS,
        )

    for _ in range(3):
        crashed = start()
        assert crashed.code == 1
        assert "Timeout" in crashed.stderr and "never_ends" in crashed.stderr
    last = start()
    assert (last.code, last.last["exit_name"]) == (3, "partial")
    pages = {page["requested_url"].rpartition("/")[2]: page for page in last.lines("pages")}
    assert pages["3"]["reasons"] == ["poison"]
    assert len(last.lines("stories")) == 7


def test_cron_has_no_home_no_terminal_and_no_locale(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(warc(1))
    line = command("archive", "-a", f"warc={file}", output=tmp_path / "out")
    env = {"PATH": os.defpath, "LANG": "C", "PYTHONPATH": str(ROOT)}
    with open(os.devnull) as nothing:
        done = subprocess.run(line, cwd=ROOT, env=env, stdin=nothing, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_c28_closed_output_changes_no_exit_code_and_leaves_no_traceback(closed: str, tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(warc(2))
    line = command("archive", "-a", f"warc={file}", output=tmp_path / "out", LOG_LEVEL="INFO")
    reading, writing = os.pipe()
    os.close(reading)
    streams: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | {closed: writing}
    done = subprocess.run(line, cwd=ROOT, env=environment(), text=True, timeout=60, check=False, **streams)
    os.close(writing)
    assert (done.returncode, "Traceback" in (done.stderr or "")) == (0, False)
    assert len(lines(tmp_path / "out", "stories")) == 2


def test_c34_bad_pages_write_no_line_each_and_no_body_into_the_log(tmp_path: Path) -> None:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n\0\1\2secret text\0\1" * 2
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{0}>\r\nWARC-Target-URI: http://w.test/{0}\r\n"
        "WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        "Content-Length: {1}\r\n\r\n"
    )
    file = tmp_path / "a.warc"
    file.write_bytes(b"".join(head.format(n, len(http)).encode() + http + b"\r\n\r\n" for n in range(300)))
    done = crawl("archive", "-a", f"warc={file}", output=tmp_path / "out", LOG_LEVEL="INFO")
    assert [len(done.lines("pages")), len(done.lines("stories"))] == [300, 0]
    assert len(done.stderr.splitlines()) < 30
    assert "secret text" not in done.stderr


def test_c24_clock_that_differs_from_the_servers_is_told_once_and_judges_no_date(
    site: c.ChaosSite, tmp_path: Path
) -> None:
    base = f"http://e.test:{site.port}"
    for number in range(2):
        html = c.story_html(f"News from the year 2036, part {number}").replace(
            b"<head>", b'<head><meta property="article:published_time" content="2036-03-01T06:00:00Z">'
        )
        site.routes[f"/later/{number}"] = c.page(html, Date="Sat, 01 Mar 2036 07:00:00 GMT")
    site.routes["/later.xml"] = c.xml(c.sitemap(*(f"{base}/later/{n}" for n in range(2))))
    done = crawl("news", "-a", _url(site, "/later.xml"), output=tmp_path, LOG_LEVEL="WARNING", **CHAOS)
    assert done.code == 0
    assert [line["date_published"] for line in done.lines("stories")] == ["2036-03-01T06:00:00+00:00"] * 2
    assert [line["notes"] for line in done.lines("pages") if line["outcome"] == "story"] == [["clock_differs"]] * 2
    assert done.stderr.count("the clock differs") == 1


def test_no_port_is_open_while_it_runs(site: c.ChaosSite, tmp_path: Path) -> None:
    process = _started(site, tmp_path, NEWSBOT_RUN_DRAIN_S="0.1")
    try:
        sockets = {os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{process.pid}/fd")}
        inodes = {name[8:-1] for name in sockets if name.startswith("socket:[")}
        rows = [
            line.split() for file in ("tcp", "tcp6") for line in Path(f"/proc/net/{file}").read_text().splitlines()[1:]
        ]
        listening = [row for row in rows if row[3] == "0A" and row[9] in inodes]
        assert listening == []
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_c28_what_is_said_after_stderr_has_closed_changes_no_exit_code() -> None:
    """What stays in its buffer would be written once more when Python ends, and fail again: code 120."""
    code = (
        "import sys; from newsbot.commands.crawl import last_line;"
        "last_line({}); sys.stderr.write('late'); sys.stderr.flush()"
    )
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment(), stderr=writing, check=False)
    os.close(writing)
    assert done.returncode == 0
