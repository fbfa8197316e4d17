"""The loader resolves each field's candidates in order of trust and says where the winner stood."""

import json
from dataclasses import asdict

import pytest

from newsbot.core.blocks import segment
from newsbot.core.metadata import read_metadata
from newsbot.core.page import read_page
from newsbot.core.roles import BodyPart, CaptionRegion, Regions, Role
from newsbot.loaders.story import StorySources, count_words, load_story

HEAD = """
<html lang="en_GB"><head><title>Bridge closes | Courier</title>
<meta property="og:site_name" content="Courier"><meta property="og:title" content="Bridge closes">
<meta name="description" content="The county mends its pillars."><meta name="robots" content="index, NoAI">
<meta name="tdm-reservation" content="1"><meta name="news_keywords" content="bridge, harbour,bridge">
<link rel="canonical" href="/bridge"><link rel="license" href="https://licence.example/by">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
 {"@type":"NewsArticle","headline":"Bridge closes","articleSection":"Local","isAccessibleForFree":"False",
  "datePublished":"2024-05-03T10:00:00Z","dateModified":"2024-05-03T11:30:00Z",
  "author":{"@id":"#jane"},"publisher":{"@type":"Organization","name":"Courier"},
  "image":{"@type":"ImageObject","url":"/bridge.jpg","caption":"The bridge. (AP/Ann Lee)"},
  "copyrightNotice":"Courier 2024"},
 {"@type":"Person","@id":"#jane","name":"Jane Doe","url":"https://courier.example/jane"}]}</script></head>
"""
PARAGRAPHS = ["The county will close the bridge in May, it said.", "Ferries will run, and cost nothing."]


def sources(html=HEAD, body=PARAGRAPHS, **regions):
    markup = html + "<h1>Bridge closes</h1>" + "".join(f"<p>{text}</p>" for text in body)
    segments = segment(read_page(markup.encode(), "https://courier.example/bridge?x=1"))
    roles = [Role.HEADLINE] + [Role.BODY] * (len(segments.blocks) - 1)
    parts = tuple(BodyPart("paragraph", text, number + 1) for number, text in enumerate(body))
    return StorySources(
        segments=segments,
        metadata=read_metadata(segments),
        regions=Regions(roles=tuple(roles), page_type="article", headline="Bridge closes", body=parts, **regions),
        site="courier.example",
        fetched_at="2024-05-04T00:00:00+00:00",
    )


def test_every_field_of_a_full_page():
    story = asdict(load_story(sources()).story)
    expected = {
        "headline": "Bridge closes",
        "description": "The county mends its pillars.",
        "body": "\n".join(PARAGRAPHS),
        "word_count": 16,
        "completeness": "truncated",
        "date_published": "2024-05-03T10:00:00+00:00",
        "date_published_raw": "2024-05-03T10:00:00Z",
        "date_modified": "2024-05-03T11:30:00+00:00",
        "date_precision": "second",
        "authors": [{"name": "Jane Doe", "url": "https://courier.example/jane", "type": "person"}],
        "publisher": "Courier",
        "section": "Local",
        "keywords": ["bridge", "harbour"],
        "language": "en-GB",
        "language_detected": "en",
        "canonical_url": "https://courier.example/bridge",
        "url": "https://courier.example/bridge?x=1",
        "article_type": "news",
        "access": {"declared_free": False, "observed": "truncated"},
        "rights": {
            "license": "https://licence.example/by",
            "copyright_notice": "Courier 2024",
            "robots": ["index", "noai"],
            "tdm_reservation": "1",
            "tdm_policy": None,
        },
    }
    assert {name: story[name] for name in expected} == expected
    assert [image["photographer"] for image in story["images"]] == ["Ann Lee"]


def test_offsets_point_at_the_blocks_of_the_body():
    story = load_story(sources()).story
    assert [story.body[block.start : block.end] for block in story.body_blocks] == PARAGRAPHS


def test_the_winners_sources_are_told_and_the_losers_kept_for_those_who_ask():
    loaded = load_story(sources())
    provenance = {one.field: (one.source, one.locator) for one in loaded.story.provenance}
    assert provenance["headline"] == ("visible", "h1")
    assert provenance["date_published"] == ("jsonld", "datePublished")
    assert provenance["authors"] == ("jsonld", "author")
    assert provenance["language"] == ("html", "lang")
    choice = next(one for one in loaded.choices if one.field == "headline")
    assert [one.source for one in choice.candidates] == ["visible", "jsonld", "meta", "title"]


def test_a_field_of_several_values_has_several_winners():
    choices = {one.field: one for one in load_story(sources()).choices}
    assert [one.value for one in choices["keywords"].candidates[: choices["keywords"].won]] == ["bridge", "harbour"]
    headline = choices["headline"]
    assert {one.value for one in headline.candidates[: headline.won]} == {"Bridge closes"}
    assert "Bridge closes" not in {one.value for one in headline.candidates[headline.won :]}


@pytest.mark.parametrize(
    ("lead", "second", "description"),
    [
        pytest.param(None, None, "The county mends its pillars.", id="no lead"),
        pytest.param("Ferries will run.", None, "Ferries will run.", id="a sentence"),
        pytest.param("Ferries from May", "Ferries from May", "The county mends its pillars.", id="a line"),
    ],
)
def test_a_lead_is_the_description_or_a_second_headline(lead, second, description):
    story = load_story(sources(lead=lead)).story
    assert (story.alternative_headline, story.description) == (second, description)


def test_a_declared_second_headline_is_kept_if_it_is_another_one():
    def second(text):
        html = HEAD.replace('"headline"', f'"alternativeHeadline":"{text}","headline"', 1)
        return load_story(sources(html=html)).story.alternative_headline

    assert second("Pillars are worn") == "Pillars are worn"
    assert second("Bridge closes!") is None
    assert second("The county mends its pillars.") is None


def test_what_a_site_file_and_a_feed_say_comes_last():
    bare = sources(html="")
    told = StorySources(
        segments=bare.segments,
        metadata=bare.metadata,
        regions=bare.regions,
        publisher="The Courier",
        language="fr",
        offered_title="Another title",
        offered_date="2024-05-03T10:00:00Z",
        offered_by="feed",
    )
    story = load_story(told).story
    assert (story.publisher, story.language, story.date_published) == ("The Courier", "fr", "2024-05-03T10:00:00+00:00")
    assert (story.headline, story.headline_variants) == ("Bridge closes", ["Another title"])
    assert load_story(bare).story.date_published is None


def test_credits_and_captions_are_taken_apart():
    story = load_story(
        sources(
            dateline="SALTMERE (Reuters) -",
            wire_credits=("(Reporting by Ann Lee; Editing by Bo Ek)", "With files from AP"),
            corrections=("Correction: it is May, not June.",),
            captions=(CaptionRegion("A dam. (dpa) A dam. (dpa)", (), None),),
        )
    ).story
    assert asdict(story.dateline) == {"text": "SALTMERE (Reuters) -", "place": "SALTMERE", "agency": "Reuters"}
    assert [(one.role, one.name) for one in story.credits] == [("reporter", "Ann Lee"), ("editor", "Bo Ek")]
    assert story.agencies == ["Reuters", "AP"]
    assert story.corrections == ["Correction: it is May, not June."]
    assert (story.images[0].caption, story.images[0].agency) == ("A dam.", "dpa")


def test_a_page_without_a_body_has_no_story():
    assert load_story(sources(html="", body=[])) is None


PROSE = [f"Sentence number {number} tells a bit more of the story than the one before it did." for number in range(8)]


IN_JSON_LD = json.dumps({"@type": "NewsArticle", "headline": "H", "articleBody": "\n".join(PROSE)})
IN_STATE = json.dumps({"props": {"blocks": [{"type": "p", "text": f"<b>{text}</b>"} for text in PROSE]}})


@pytest.mark.parametrize(
    ("script", "source"),
    [
        pytest.param(f'<script type="application/ld+json">{IN_JSON_LD}</script>', "jsonld", id="articleBody"),
        pytest.param(
            '<meta property="og:type" content="article">'
            f'<script id="__NEXT_DATA__" type="application/json">{IN_STATE}</script>',
            "state",
            id="state",
        ),
    ],
)
def test_text_that_stands_in_scripts_alone_is_read_from_there(script, source):
    story = load_story(sources(html=script, body=[])).story
    assert story.body.split("\n") == PROSE
    assert [one.source for one in story.provenance if one.field == "body"] == [source]


def test_words_are_counted_and_signs_where_there_are_no_words():
    assert [count_words(text) for text in ("one two", "日本語です", "서울 시", "naïve café")] == [2, 5, 2, 2]
