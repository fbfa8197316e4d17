"""robots.txt rules and Retry-After values, as RFC 9309 and RFC 9110 have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.network.retry import retry_after_s
from newsbot.network.robots import parse_rules

U = "https://example.org"


@pytest.mark.parametrize(
    ("body", "path", "allowed"),
    [
        pytest.param(b"", "/a", True, id="empty"),
        pytest.param(b"User-agent: *\nDisallow: /a", "/a/b", False, id="prefix"),
        pytest.param(b"User-agent: *\nDisallow:", "/a", True, id="empty-disallow"),
        pytest.param(b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "/a", False, id="bom"),
        pytest.param(b"User-agent: other\nDisallow: /", "/a", True, id="other-agent"),
        pytest.param(b"User-agent: *\nDisallow: /\nUser-agent: newsbot\nAllow: /", "/a", True, id="own-group-wins"),
        pytest.param(b"User-agent: *\nDisallow: /a\nAllow: /a/open", "/a/open/1", True, id="longest-match"),
        pytest.param(b"User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False, id="wildcard-and-end"),
        pytest.param(b"User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True, id="end-is-the-end"),
        pytest.param(b"User-agent: *\r\nDisallow: /a\r", "/a", False, id="carriage-returns"),
        pytest.param(b"User-agent: *\nDisallow: /\xff\0a\nDisallow: /b", "/b", False, id="bad-bytes"),
        pytest.param(b"<html><body>Not found</body></html>", "/a", True, id="html"),
    ],
)
def test_rules_of_robots_txt(body: bytes, path: str, allowed: bool) -> None:
    assert parse_rules(body).allows(U + path, "newsbot") is allowed


@pytest.mark.parametrize(
    ("body", "delay_s"),
    [(b"User-agent: *\nCrawl-delay: 2.5", 2.5), (b"User-agent: *\nCrawl-delay: soon", 0.0), (b"", 0.0)],
)
def test_crawl_delay_is_read(body: bytes, delay_s: float) -> None:
    assert parse_rules(body).delay_s("newsbot") == delay_s


@given(st.binary(max_size=300))
def test_no_bytes_of_robots_txt_raise(body: bytes) -> None:
    rules = parse_rules(body)
    assert rules.allows(U + "/", "newsbot") in (True, False)
    assert rules.delay_s("newsbot") >= 0.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("-5", 0.0),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("9" * 400, float("9" * 12)),
        ("Thu, 01 Jan 1970 00:03:20 GMT", 100.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 99 Jan 1970 00:00:00 GMT", None),
    ],
)
def test_retry_after_values(value: str, seconds: float | None) -> None:
    assert retry_after_s(value, now=100.0) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_raises(value: str) -> None:
    seconds = retry_after_s(value, now=0.0)
    assert seconds is None or seconds >= 0.0
