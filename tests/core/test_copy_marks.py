"""The marks of copy, told from paragraphs that look like them."""

from __future__ import annotations

import pytest

from newsbot.core.blocks import segment
from newsbot.core.copy_marks import CopyMarks, copy_marks, dateline_of
from newsbot.core.page import read_page
from newsbot.core.regions import split
from newsbot.core.roles import Claims, Role

PROSE = "The province will take over the coast road from the county next year, the premier said on Monday."


def marks_of(*paragraphs: str, body: list[int], teasers: tuple[int, ...] = ()) -> CopyMarks:
    html = "".join(f"<p>{text}</p>" for text in paragraphs)
    segments = segment(read_page(html.encode(), "https://example.org/a"))
    return copy_marks(segments.blocks, body, None, teasers)


def test_wire_credit_closes_the_story() -> None:
    marks = marks_of(PROSE, "(Reporting by Ann Lee; Editing by Cy Day)", body=[0, 1])

    assert marks == CopyMarks({1: Role.WIRE_CREDIT}, None, ["(Reporting by Ann Lee; Editing by Cy Day)"], [])


def test_wire_credit_behind_the_story_is_found() -> None:
    assert marks_of(PROSE, "With files from The Canadian Press", body=[0]).roles == {1: Role.WIRE_CREDIT}


@pytest.mark.parametrize(
    "mark", ["Editor’s note: ", "Anmerkung der Redaktion: ", "Note de la rédaction : ", "編集部注："]
)
def test_a_note_of_the_editors_before_the_story_is_no_lead(mark: str) -> None:
    text = "Updated on 4 March."
    for body in ([0, 1, 2, 3, 4], [1, 2, 3, 4]):
        marks = marks_of(mark + text, *[f"{PROSE} {number}" for number in range(4)], body=body)
        assert (marks.corrections, marks.roles) == (([text], {0: Role.CORRECTION}) if body[0] == 0 else ([], {}))


def test_a_note_stands_between_headline_and_story() -> None:
    html = f"<h1>Pier</h1><p>Editor's note: Updated.</p>{'<p>x</p>' * 2}<p>{PROSE}</p>"
    blocks = segment(read_page(html.encode(), "https://example.org/a")).blocks
    assert copy_marks(blocks, [4], 0).corrections == ["Updated."]


@pytest.mark.parametrize("sign", ["(AP)", "dpa", "AFP/Reuters", "[dpa, AFP]"])
def test_the_sign_of_an_agency_closes_the_story(sign: str) -> None:
    assert marks_of(PROSE, sign, body=[0, 1]) == CopyMarks({1: Role.WIRE_CREDIT}, None, [sign], [])


def test_a_sign_behind_the_last_sentence_leaves_the_paragraph_whole() -> None:
    assert marks_of(PROSE, f"{PROSE} (AP)", body=[0, 1]) == CopyMarks({}, None, ["(AP)"], [])
    assert marks_of(PROSE, f"{PROSE} (of course)", body=[0, 1]) == CopyMarks()


@pytest.mark.parametrize(
    "paragraph",
    [
        pytest.param("Reporting by neighbours led the police to a barn.", id="no-name"),
        pytest.param("Corrections officers went on strike on Monday, for the second time.", id="no-colon"),
        pytest.param("Edited by hand, the film took nine years to make.", id="prose"),
    ],
)
def test_prose_that_begins_like_a_mark_is_prose(paragraph: str) -> None:
    assert marks_of(PROSE, PROSE, paragraph, body=[0, 1, 2]) == CopyMarks()


def test_wire_credit_in_the_middle_is_left_alone() -> None:
    paragraphs = [PROSE, "(Reporting by Ann Lee)", PROSE, PROSE, PROSE, PROSE]

    assert marks_of(*paragraphs, body=[0, 1, 2, 3, 4, 5]).wire_credits == []


def test_correction_is_kept_without_its_name() -> None:
    marks = marks_of(PROSE, "Correction: The plot has 250 square metres.", body=[0])

    assert (marks.roles, marks.corrections) == ({1: Role.CORRECTION}, ["The plot has 250 square metres."])


def test_card_behind_the_story_is_no_mark() -> None:
    assert marks_of(PROSE, "Correction: how we err", body=[0], teasers=(1,)) == CopyMarks()


def test_dateline_of_its_own_leaves_the_body() -> None:
    assert marks_of("OTTAWA -", PROSE, body=[1]).roles == {0: Role.DATELINE}


def test_dateline_in_a_paragraph_leaves_the_paragraph_whole() -> None:
    marks = marks_of("OTTAWA (Reuters) — " + PROSE, PROSE, body=[0, 1])

    assert (marks.roles, marks.dateline) == ({}, "OTTAWA (Reuters) —")


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        pytest.param("PORT ALDER (Northwire) — The", "PORT ALDER (Northwire) —", id="two-words"),
        pytest.param("ST. JOHN'S, N.L. - A woman", "ST. JOHN'S, N.L. -", id="province"),
        pytest.param(
            "PORT ALDER/NORVIK, March 3 (Reuters) - The",
            "PORT ALDER/NORVIK, March 3 (Reuters) -",
            id="two-places-and-day",
        ),
        pytest.param("Paris (AFP) – Le", "Paris (AFP) –", id="agency"),
        pytest.param("Paris (rain) – the week", None, id="brackets"),
        pytest.param("A – and a half", None, id="one-letter"),
        pytest.param("Not yet - he said", None, id="prose"),
        pytest.param("NATO-led troops left", None, id="compound"),
        pytest.param("", None, id="empty"),
    ],
)
def test_dateline_of(text: str, dateline: str | None) -> None:
    assert dateline_of(text) == dateline


def test_roles_and_texts_reach_the_regions() -> None:
    body = "".join(f"<p>{PROSE} {number}</p>" for number in range(5))
    html = (
        f"<h1>Province takes the road</h1><p>OTTAWA -</p>{body}"
        "<p>(Reporting by Ann Lee; Editing by Cy Day)</p><p><b>Correction:</b> It is a road.</p>"
    )
    regions = split(segment(read_page(html.encode(), "https://example.org/news/province-takes-the-road-1234")))

    assert (regions.dateline, regions.wire_credits, regions.corrections) == (
        "OTTAWA -",
        ("(Reporting by Ann Lee; Editing by Cy Day)",),
        ("It is a road.",),
    )
    assert [part.text for part in regions.body] == [f"{PROSE} {number}" for number in range(5)]


def test_title_names_the_headline_where_there_is_no_heading() -> None:
    body = "".join(f"<div>{PROSE} {number}</div>" for number in range(5))
    html = (
        "<title>The Courier - Province takes the coast road</title><div><b>The Courier</b></div>"
        f"<div>Province takes the coast road</div>{body}"
    )
    claims = Claims(headlines=("The Courier - Province takes the coast road",), descriptions=(), article_body=None)

    assert split(segment(read_page(html.encode(), "https://example.org/a")), claims).headline == (
        "Province takes the coast road"
    )


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        pytest.param("By Jack Pemble", False, id="byline"),
        pytest.param("Photographs by Lena Fairholm", False, id="photographer"),
        pytest.param("2 March 2026 12:20", False, id="date"),
        pytest.param("By noon the pier was empty.", True, id="prose"),
        pytest.param("Europe in 2024", True, id="heading-with-a-year"),
        pytest.param("They met on 3 and 4 May.", True, id="sentence-with-dates"),
    ],
)
def test_byline_and_date_are_no_part_of_the_body(line: str, is_kept: bool) -> None:
    body = "".join(f"<div>{PROSE} {number}</div>" for number in range(5))
    html = f"<h1>Province takes the coast road</h1><div>{PROSE}</div><div>{line}</div>{body}"
    segments = segment(read_page(html.encode(), "https://example.org/a"))
    forced = {block.index: Role.BODY for block in segments.blocks if block.text.startswith(PROSE[:20])}

    texts = [part.text for part in split(segments, forced=forced).body]

    assert is_kept or line not in texts
    assert [text for text in texts if text != line] == [PROSE, *(f"{PROSE} {number}" for number in range(5))]
