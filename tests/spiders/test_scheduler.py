"""The frontier as Scrapy's scheduler: leases become requests; retries and redirects wait in memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.test import get_crawler

from newsbot.scheduler import FrontierScheduler
from newsbot.storage.base import Added, Lease
from newsbot.storage.sqlite import SqliteStore
from tests.storage.samples import HOME, SITE, T0, capture, entry, open_at, story_url


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return open_at(tmp_path / "output")


@pytest.fixture
def scheduler(store: SqliteStore) -> FrontierScheduler:
    """A scheduler whose clock stands at `T0`; what it tells the run is kept in ``told``."""
    told: list[object] = []
    run = SimpleNamespace(store=store, now=lambda: T0, entered=told.append, fail=told.append, told=told)
    scheduler = FrontierScheduler(get_crawler(), run)
    scheduler.open(SimpleNamespace(make_request=lambda lease: Request(lease.url)))
    return scheduler


def test_it_is_a_scheduler_to_scrapy(scheduler: FrontierScheduler) -> None:
    assert isinstance(scheduler, BaseScheduler)


def test_a_source_is_entered_and_given_out_once(scheduler: FrontierScheduler) -> None:
    source = Request(HOME, meta={"source": {"kind": "section", "site": SITE}})
    assert scheduler.enqueue_request(source) is True
    assert scheduler._run.told == [Added(new=1)]
    request = scheduler.next_request()
    assert request is not None and isinstance(request.meta["lease"], Lease) and request.url == HOME
    assert (scheduler.next_request(), scheduler.has_pending_requests()) == (None, False)


def test_a_request_that_no_lease_and_no_source_stands_behind_is_refused(scheduler: FrontierScheduler) -> None:
    assert scheduler.enqueue_request(Request(HOME)) is False


def test_a_retry_waits_in_memory_while_its_lease_stands(scheduler: FrontierScheduler, store: SqliteStore) -> None:
    store.add([entry(HOME)], now=T0)
    request = scheduler.next_request()
    assert request is not None
    scheduler.stop_leasing()  # without an event loop nothing could wake the engine up
    later = request.replace(meta={**request.meta, "not_before": time.monotonic() + 60})
    now = request.replace(url=f"{HOME}moved")
    assert scheduler.enqueue_request(later) and scheduler.enqueue_request(now)
    assert scheduler.next_request() is now
    assert scheduler.has_pending_requests() is True
    assert store.lease_of(HOME) is not None


def test_after_stop_leasing_only_what_is_in_flight_comes_to_its_end(
    scheduler: FrontierScheduler, store: SqliteStore
) -> None:
    store.add([entry(HOME), entry(story_url(1), kind="story")], now=T0)
    request = scheduler.next_request()
    assert request is not None
    scheduler.stop_leasing()
    assert (scheduler.next_request(), scheduler.has_pending_requests()) == (None, False)
    scheduler.enqueue_request(request)
    assert scheduler.has_pending_requests() is True and scheduler.next_request() is request


def test_links_of_a_committed_page_are_there_when_the_engine_asks_again(
    scheduler: FrontierScheduler, store: SqliteStore
) -> None:
    store.add([entry(HOME)], now=T0)
    request = scheduler.next_request()
    assert request is not None
    store.commit(capture(HOME, links=[story_url(1)]), request.meta["lease"], now=T0)
    following = scheduler.next_request()
    assert following is not None and following.url == story_url(1)


def test_a_dropped_host_is_left_to_a_later_run(scheduler: FrontierScheduler, store: SqliteStore) -> None:
    store.add([entry(HOME), entry(story_url(1), kind="story")], now=T0)
    assert scheduler.drop_host("harbour.test", T0 + 3600) == 2
    assert (scheduler.next_request(), scheduler.has_pending_requests()) == (None, False)


def test_jobdir_is_refused_with_what_to_do(tmp_path: Path) -> None:
    settings = ("-s", f"JOBDIR={tmp_path / 'job'}", "-s", f"NEWSBOT_OUTPUT={tmp_path / 'output'}")
    command = [sys.executable, "-m", "scrapy", "crawl", "demo", *settings]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Take JOBDIR out" in done.stderr
