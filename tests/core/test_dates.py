"""Dates: one form for all, elected among the places that name one, never invented."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from newsbot.core.blocks import segment
from newsbot.core.dates import choose_date, date_candidates, page_zone, read_moment
from newsbot.core.metadata import Candidate, read_metadata
from newsbot.core.page import read_page
from newsbot.core.printed_dates import printed_dates
from newsbot.core.roles import Role

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("raw", "expected", "precision"),
    [
        pytest.param("2024-05-03T15:47:42.389Z", "2024-05-03T15:47:42+00:00", "second", id="iso z"),
        pytest.param("2024-05-03T15:47:42-0400", "2024-05-03T15:47:42-04:00", "second", id="offset without colon"),
        pytest.param("2024-05-03 15:47", "2024-05-03T15:47:00+02:00", "minute", id="zone of the page"),
        pytest.param("2024-05-03", "2024-05-03T00:00:00+02:00", "day", id="day"),
        pytest.param("20240503T154742Z", "2024-05-03T15:47:42+00:00", "second", id="basic format"),
        pytest.param("1714751262", "2024-05-03T15:47:42+00:00", "second", id="epoch"),
        pytest.param("1714751262000", "2024-05-03T15:47:42+00:00", "second", id="epoch in milliseconds"),
        pytest.param("Fri, 03 May 2024 15:47:42 GMT", "2024-05-03T15:47:42+00:00", "second", id="rfc 2822"),
        pytest.param("Fri May 03 15:47:42 CEST 2024", "2024-05-03T15:47:42+02:00", "second", id="unix"),
        pytest.param("3. Mai 2024, 15.47 Uhr", "2024-05-03T15:47:00+02:00", "minute", id="german"),
        pytest.param("May 3, 2024 3:47 p.m.", "2024-05-03T15:47:00+02:00", "minute", id="english"),
        pytest.param("3 de mayo de 202421:25", "2024-05-03T21:25:00+02:00", "minute", id="time glued to the year"),
        pytest.param("2024年5月3日 12:30", "2024-05-03T12:30:00+02:00", "minute", id="chinese"),
        pytest.param("03.05.24", "2024-05-03T00:00:00+02:00", "day", id="two-digit year"),
        pytest.param("3 мая 2024", "2024-05-03T00:00:00+02:00", "day", id="russian"),
        pytest.param("3 พฤษภาคม 2567 เวลา 15.47 น.", "2024-05-03T15:47:00+02:00", "minute", id="buddhist year"),
        pytest.param("3 พฤษภาคม 2024", "2024-05-03T00:00:00+02:00", "day", id="thai"),
    ],
)
def test_a_date_is_read_in_its_forms(raw, expected, precision):
    moment = read_moment(raw, BERLIN)
    assert (moment.text, moment.precision) == (expected, precision)


@pytest.mark.parametrize(
    "raw",
    ["", "today", "2024-13-45", "0000-00-00", "2024-05-03T25:00:00Z", "1970-01-01T00:00:00Z", "12 people", "2024"],
)
def test_what_is_no_date_of_news_is_none(raw):
    assert read_moment(raw, UTC) is None


def test_slashes_are_read_in_the_order_of_the_country():
    assert read_moment("5/3/2024", UTC, day_first=False).text[:10] == "2024-05-03"
    assert read_moment("5/3/2024", UTC, day_first=True).text[:10] == "2024-03-05"
    assert read_moment("25/3/2024", UTC, day_first=False).text[:10] == "2024-03-25"


def test_printed_dates_give_place_and_time():
    (found,) = printed_dates("Stand: 03.05.2024, 18:05 Uhr")
    assert (found.start, found.year, found.month, found.day, found.hour, found.minute) == (7, 2024, 5, 3, 18, 5)


def page(html, url="https://news.example.org/a"):
    segments = segment(read_page(html.encode(), url))
    return segments, read_metadata(segments)


def elected(html, roles=None, url="https://news.example.org/a", latest=None):
    segments, metadata = page(html, url)
    roles = roles or [Role.HEADLINE, *[Role.CHROME] * (len(segments.blocks) - 1)]
    zone = page_zone(metadata)
    found = date_candidates(segments, metadata, roles)
    published = choose_date(found.published, zone, latest=latest)
    modified = choose_date(found.modified, zone, latest=latest)
    return tuple(one.moment.text if one.moment else None for one in (published, modified))


def test_json_ld_wins_and_keeps_change_apart():
    html = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"H",'
        '"datePublished":"2024-05-03T10:00:00Z","dateModified":"2024-05-04T11:00:00Z"}</script><h1>H</h1>'
    )
    assert elected(html) == ("2024-05-03T10:00:00+00:00", "2024-05-04T11:00:00+00:00")


def test_a_date_of_change_is_never_taken_for_one_of_publication():
    html = '<meta property="article:modified_time" content="2024-05-04T11:00:00Z"><h1>H</h1><p>Updated: 4 May 2024</p>'
    assert elected(html) == (None, "2024-05-04T11:00:00+00:00")


def test_a_day_yields_to_a_time_of_the_same_day():
    html = (
        '<script type="application/ld+json">{"@type":"Article","headline":"H","datePublished":"2024-05-03"}</script>'
        "<h1>H</h1><p>Published 3 May 2024, 14:07</p>"
    )
    assert elected(html)[0] == "2024-05-03T14:07:00+00:00"


def test_a_printed_date_that_a_meta_confirms_outvotes_json_ld():
    html = (
        '<meta property="article:published_time" content="2024-05-06T09:00:00Z">'
        '<script type="application/ld+json">{"@type":"Article","headline":"H","datePublished":"2024-05-03T08:00:00Z"}'
        "</script><h1>H</h1><p>6 May 2024</p>"
    )
    assert elected(html)[0] == "2024-05-06T09:00:00+00:00"


def test_dates_of_teasers_and_prose_are_not_the_storys():
    html = "<h1>H</h1><p>3 May 2024: another story</p><p>" + "In the spring of 3 May 2021 nobody knew. " * 8 + "</p>"
    assert elected(html, [Role.HEADLINE, Role.TEASER, Role.BODY]) == (None, None)


def test_a_date_after_the_fetch_is_refused():
    html = '<meta name="date" content="2031-01-01"><h1>H</h1>'
    assert elected(html, latest="2024-05-03T00:00:00+00:00") == (None, None)


def test_utc_is_shown_on_the_clock_of_the_pages_country():
    html = '<meta property="article:published_time" content="2024-05-03T22:30:00Z"><h1>H</h1>'
    assert elected(html, url="https://zeitung.example.de/a")[0] == "2024-05-04T00:30:00+02:00"


def test_the_url_names_the_day_where_nothing_else_does():
    assert elected("<h1>H</h1>", url="https://news.example.org/2024/05/03/h")[0] == "2024-05-03T00:00:00+00:00"


def test_losers_keep_their_reason():
    choice = choose_date([Candidate("soon", "meta", "date"), Candidate("2024-05-03", "url")], UTC)
    assert [(one.value, one.reason) for one in choice.candidates] == [("2024-05-03", None), ("soon", "not a date")]
