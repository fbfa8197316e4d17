"""The properties of every reader of strangers' bytes, which hypothesis tries to break.

`benchmarks.fuzz` tries the same targets by mutation, a million inputs at a time; here are the structured inputs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz.targets import TARGETS, check_capture, strict_line
from newsbot.core.errors import ExtractionError, SourceError
from newsbot.core.feeds import read_feed
from newsbot.core.jsonld import read_json_ld
from newsbot.core.sitemaps import read_sitemap
from newsbot.extract import extract_page
from newsbot.items.model import Capture, Event, Story
from newsbot.spiders.warcs import BadRecord, StoredPage, stored_pages
from tests.chaos.site import PARAGRAPHS, rss, sitemap, story_html

URL = "https://paper.example/pier"
TRIED = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.text(alphabet=st.characters(), max_size=30)
ANY_TEXTS = st.text(alphabet=st.characters(codec=None), max_size=30)  # lone surrogates among them
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=True, allow_infinity=True))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, ANY_TEXTS),
    lambda below: st.one_of(
        st.lists(below, max_size=4),
        st.dictionaries(st.sampled_from(["@type", "@id", "@graph", "headline", "author", "url", "name"]), below),
    ),
    max_leaves=20,
)
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/pier\r\n"
    b"WARC-Date: 2026-11-21T08:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + story_html("Board votes to rebuild the pier")


@pytest.mark.parametrize("name", TARGETS)
@TRIED
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    TARGETS[name].check(data)


@TRIED
@given(VALUES)
def test_json_ld_of_any_shape_becomes_strict_json(value: Any) -> None:
    text = json.dumps({"@type": "NewsArticle", "headline": value, "author": value, "@graph": [value]})
    found = read_json_ld([text, text[: len(text) // 2]])
    json.dumps(found.objects, allow_nan=False).encode("utf-8")
    page = f'<script type="application/ld+json">{text.replace("<", "")}</script>'.encode() + story_html("Pier")
    check_capture(extract_page(page, URL))


@TRIED
@given(st.lists(ANY_TEXTS, min_size=4, max_size=4))
def test_any_record_is_one_line_that_gives_it_back(texts: list[str]) -> None:
    one, other, third, last = texts
    story = Story(headline=one, body=other, keywords=[third, "\u2028\u2029\x85"], publisher=last)
    read = json.loads(strict_line(story))
    assert read["headline"] == one.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    strict_line(Event(kind="moved", before=one, after=last))


def _of_interest(capture: Capture) -> tuple[Any, ...]:
    story = capture.story
    teasers = [(teaser.headline, teaser.target_url) for teaser in capture.teasers]
    return (story.headline, story.body, teasers) if story is not None else (None, None, teasers)


@TRIED
@given(st.sampled_from([" ", "\n", "\t\n  "]), st.booleans())
def test_a_page_reads_the_same_under_other_white_space_and_order_of_attributes(space: str, is_turned: bool) -> None:
    links = "".join(
        f"<li><a {parts}><h3>Ferry number {number} keeps its winter timetable</h3></a></li>"
        for number in range(4)
        for parts in [f'class="t" href="/f-{number}"' if not is_turned else f'href="/f-{number}" class="t"']
    )
    page = story_html("Board votes to rebuild the pier").replace(b"</main>", f"</main><ul>{links}</ul>".encode())
    spread = page.replace(b"</p><p>", f"</p>{space}<p>".encode()).replace(b"<li>", f"{space}<li>".encode())
    assert _of_interest(extract_page(spread, URL)) == _of_interest(extract_page(page, URL))


@TRIED
@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<li>", "<b>", "</ul>", "<td>", *PARAGRAPHS]), max_size=30
    )
)
def test_no_text_is_made_up(parts: list[str]) -> None:
    """The body is text of the page, and no teaser's text is in it."""
    page = " ".join(parts)
    try:
        capture = extract_page(page.encode(), URL)
    except ExtractionError:
        return
    shown = " ".join(part for part in parts if part in PARAGRAPHS)
    for line in (capture.story.body or "").split("\n") if capture.story else []:
        assert all(word in shown for word in line.split())


URLS = st.lists(st.integers(0, 99).map(lambda number: f"https://paper.example/story-{number}"), max_size=6, unique=True)


@TRIED
@given(URLS, st.floats(0, 1), st.sampled_from(["", "http://[", "javascript:x"]))
def test_a_cut_or_broken_source_gives_the_first_of_its_urls(urls: list[str], share: float, bad: str) -> None:
    for read, whole in ((read_sitemap, sitemap(*urls, bad)), (read_feed, rss(*(("T", url) for url in [*urls, bad])))):
        for body in (whole, whole[: int(len(whole) * share)]):
            try:
                found = [entry.url for entry in read(body, URL).entries]
            except SourceError:
                continue
            assert found == urls[: len(found)]


@settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 2 * len(WARC % (len(ANSWER), ANSWER))), st.binary(max_size=6), st.integers(0, 40))
def test_a_damaged_archive_costs_its_own_records(tmp_path: Path, at: int, junk: bytes, cut: int) -> None:
    """What is read is a page or a bad record; a whole record before the damage comes out."""
    one = WARC % (len(ANSWER), ANSWER)
    data = one + one
    path = tmp_path / "a.warc"
    path.write_bytes(data[:at] + junk + data[at + cut :])
    found: list[StoredPage | BadRecord] = []
    try:
        for record in stored_pages(path):
            found.append(record)
    except SourceError:
        pass
    if at > len(one):
        assert isinstance(found[0], StoredPage) and found[0].body == story_html("Board votes to rebuild the pier")
