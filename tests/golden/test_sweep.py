"""No page of the repository crashes extraction, cut or damaged at any byte: golden pages and every page of the demo.

A few bytes of each page are tried by `make test`, every byte by `make test-long`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from newsbot.core.errors import ExtractionError
from newsbot.demo.editions import desks
from newsbot.demo.press import Press
from newsbot.extract import Visit, extract_page
from newsbot.items.model import Capture
from tests.golden.golden import PAGES, bytes_of, truth_of

BASE = "http://127.0.0.1:8070"
SAMPLES = 2


def pages() -> Iterator[tuple[str, str, str, bytes]]:
    """(name, URL, content type, bytes) of every page."""
    for name in PAGES:
        truth = truth_of(name)
        yield name, truth["url"], truth.get("content_type", "text/html; charset=utf-8"), bytes_of(name)
    press = Press(len(desks()), BASE)
    for path in press.views:
        answer = press.answer(path)
        if answer.status == 200:
            yield path, BASE + path, answer.headers["Content-Type"], answer.body


ALL = list(pages())
TABLE = pytest.mark.parametrize(("url", "content_type", "html"), [page[1:] for page in ALL], ids=[p[0] for p in ALL])


def check(html: bytes, url: str, content_type: str) -> None:
    """The page is explained, or refused with a named reason; what is given is consistent."""
    try:
        capture = extract_page(html, url, Visit(content_type=content_type))
    except ExtractionError:
        return
    assert capture.page.outcome in ("story", "listing", "rejected")
    assert capture.page.outcome != "rejected" or capture.page.reasons
    check_offsets(capture)


def check_offsets(capture: Capture) -> None:
    """The blocks of a body tile it, a line each."""
    if capture.story is None or capture.page.outcome == "rejected":
        return
    body = capture.story.body or ""
    assert "\n".join(body[one.start : one.end] for one in capture.story.body_blocks) == body


@TABLE
def test_page_cut_or_damaged_at_sampled_bytes(url: str, content_type: str, html: bytes) -> None:
    chosen = random.Random(url)
    for _ in range(SAMPLES):
        at = chosen.randrange(len(html))
        check(html[:at], url, content_type)
        check(html[:at] + bytes([chosen.randrange(256)]) + html[at + 1 :], url, content_type)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@TABLE
def test_page_cut_at_every_byte(url: str, content_type: str, html: bytes) -> None:
    for at in range(len(html)):
        check(html[:at], url, content_type)
