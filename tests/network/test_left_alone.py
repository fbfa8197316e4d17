"""Hosts that a run leaves alone: when, and what is refused from then on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from newsbot.network import retry
from newsbot.network.errors import Refused
from newsbot.network.retry import RetryLimits, RetryMiddleware


def _middleware(*, host_failures: int, down_failures: int = 99) -> tuple[RetryMiddleware, list[str]]:
    """The middleware over a scheduler that only notes which hosts are dropped."""
    crawler = get_crawler()
    dropped: list[str] = []
    crawler.engine = SimpleNamespace(scheduler=SimpleNamespace(drop_host=lambda host, _: dropped.append(host)))
    times = {"tries": 2, "base_s": 30.0, "cap_s": 600.0, "retry_after_cap_s": 3600.0}
    limits = RetryLimits(**times, host_failures=host_failures, down_failures=down_failures, down_hosts=3)
    return RetryMiddleware(crawler, limits), dropped


def _fail(middleware: RetryMiddleware, host: str, times: int) -> list[Request | None]:
    requests = [Request(f"https://{host}/{number}") for number in range(times)]
    return [middleware.process_exception(request, DownloadTimeoutError()) for request in requests]


def test_a_host_that_fails_so_often_is_dropped_and_its_waiting_tries_are_refused() -> None:
    middleware, dropped = _middleware(host_failures=2)
    waiting, last = _fail(middleware, "down.test", 2)
    assert (dropped, last) == (["down.test"], None)
    assert waiting is not None
    with pytest.raises(Refused, match="timeout"):
        middleware.process_request(waiting)
    middleware.process_request(Request("https://other.test/"))
    middleware.process_request(Request("https://down.test/robots.txt", meta={"robots": True}))


def test_a_host_that_asks_for_peace_gets_it_from_the_tries_that_wait_too() -> None:
    middleware, dropped = _middleware(host_failures=10)
    (waiting,) = _fail(middleware, "busy.test", 1)
    request = Request("https://busy.test/9")
    with pytest.raises(Refused, match="retry_after"):
        middleware.process_response(request, Response(request.url, status=503, headers={"Retry-After": "999999"}))
    assert dropped == ["busy.test"] and waiting is not None
    with pytest.raises(Refused, match="retry_after"):
        middleware.process_request(waiting)


def test_no_number_of_failures_is_too_many_where_the_limit_is_0() -> None:
    middleware, dropped = _middleware(host_failures=0, down_failures=0)
    for host in ("a.test", "b.test", "c.test", "d.test"):
        assert None not in _fail(middleware, host, 30)
    assert dropped == []


def test_of_too_many_hosts_the_first_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "MAX_LEFT_HOSTS", 1)
    middleware, _ = _middleware(host_failures=1)
    _fail(middleware, "a.test", 1)
    _fail(middleware, "b.test", 1)
    middleware.process_request(Request("https://a.test/"))
    with pytest.raises(Refused):
        middleware.process_request(Request("https://b.test/"))
