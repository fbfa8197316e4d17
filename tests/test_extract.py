"""The line, whole: bytes in, a capture out, the same for the same bytes."""

from dataclasses import asdict

import pytest

from newsbot.core.errors import EmptyPage, NotHtml
from newsbot.extract import Visit, explain_page, extract_page, read_capture
from newsbot.items.identity import identify

URL = "https://courier.example/harbour/bridge-closes"
VISIT = Visit(fetched_at="2024-05-04T00:00:00+00:00", content_type="text/html; charset=utf-8")
PROSE = [
    "The county will close the harbour bridge in Saltmere for a year from May, it said on Thursday afternoon.",
    "Two of the bridge's pillars stand on wood that has begun to rot, engineers told the county in a report.",
    "Ferries are to carry people across the harbour every ten minutes while the bridge is closed, it said.",
    "The work costs forty million, a third more than was planned when the county asked for offers last year.",
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Bridge closes for a year</title>
<meta property="article:published_time" content="2024-05-03T10:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<main><article><h1>Bridge closes for a year</h1><p class="byline">By Jane Doe</p>
{"".join(f"<p>{text}</p>" for text in PROSE)}</article></main>
<aside><h2>Most read</h2><ul><li><a href="/a-1">Rovers win the cup after forty years of waiting</a></li>
<li><a href="/b-2">Library bus drives on with four thousand fewer books</a></li>
<li><a href="/c-3">Wind farm cable to come ashore at Ness End</a></li></ul></aside>
<footer>© 2024 Courier</footer></body></html>""".encode()


def test_a_page_becomes_a_capture():
    capture = extract_page(PAGE, URL, VISIT)
    story = capture.story
    assert story.headline == "Bridge closes for a year"
    assert story.body.split("\n") == PROSE
    assert [author.name for author in story.authors] == ["Jane Doe"]
    assert story.date_published == "2024-05-03T10:00:00+00:00"
    assert (capture.page.outcome, capture.page.site, capture.page.page_type) == ("story", "courier.example", "article")
    assert capture.page.story_id == story.story_id
    assert [link.url for link in capture.links] == [teaser.target_url for teaser in capture.teasers]


def test_the_roles_hold_every_character_of_the_page():
    explained = explain_page(PAGE, URL, VISIT)
    chars = sum(len(block.text.replace(" ", "")) for block in explained.segments.blocks)
    assert sum(asdict(explained.capture.page.role_chars).values()) == chars


def test_the_same_bytes_give_the_same_capture():
    assert extract_page(PAGE, URL, VISIT) == extract_page(PAGE, URL, VISIT)
    assert explain_page(PAGE, URL, VISIT).capture == extract_page(PAGE, URL, VISIT)


def test_a_page_that_is_known_as_a_section_has_no_story():
    visit = Visit(fetched_at=VISIT.fetched_at, page_type="section")
    capture = extract_page(PAGE, URL, visit)
    assert (capture.story, capture.page.page_type) == (None, "section")


def test_a_shell_that_scripts_fill_is_rejected_with_its_reason():
    shell = (
        b"<html><body><div id='app'></div><noscript>Please turn on JavaScript.</noscript><script src='a.js'></script>"
    )
    page = extract_page(shell, URL, VISIT).page
    assert (page.outcome, page.reasons) == ("rejected", ["needs_javascript"])


def test_a_page_of_plain_text_takes_the_same_line():
    text = "\n\n".join(["Bridge in Saltmere harbour closes for a year", *PROSE, "(Reporting by Ann Lee)"])
    capture = extract_page(text.encode(), URL, Visit(content_type="text/plain"))
    assert capture.story.body.split("\n") == PROSE
    assert [(one.role, one.name) for one in capture.story.credits] == [("reporter", "Ann Lee")]
    assert (capture.story.date_published, capture.story.authors) == (None, [])


@pytest.mark.parametrize(("body", "error"), [(b"", EmptyPage), (b"  \n", EmptyPage), (b"%PDF-1.7 \x00\x01", NotHtml)])
def test_what_is_no_page_raises(body, error):
    with pytest.raises(error):
        extract_page(body, URL, VISIT)


def test_every_cut_of_a_page_is_read_without_error():
    for end in range(60, len(PAGE), 97):
        extract_page(PAGE[:end], URL, VISIT)


def json_ld(text):
    return PAGE.replace(b"</head>", f'<script type="application/ld+json">{text}</script></head>'.encode())


@pytest.mark.parametrize(
    ("modified", "notes"),
    [
        pytest.param("2024-05-01T10:00:00Z", ["modified_before_published"], id="days before"),
        pytest.param("2024-05-03T09:59:30Z", [], id="a moment before"),
        pytest.param("2024-05-03", [], id="the same day"),
        pytest.param("2024-05-04T10:00:00Z", [], id="after"),
    ],
)
def test_a_change_before_publication_is_noted_and_kept(modified, notes):
    page = json_ld(f'{{"@type":"NewsArticle","dateModified":"{modified}"}}')
    capture = extract_page(page, URL, Visit(hints=VISIT.hints))
    assert capture.page.notes == notes
    assert capture.page.counts.notes == len(notes)
    assert capture.story.date_modified_raw == modified


def test_a_page_of_pictures_or_a_film_declares_its_story_too():
    gallery = extract_page(json_ld('{"@type":"ImageGallery","headline":"Bridge","author":{"name":"Ann Lee"}}'), URL)
    assert [author.name for author in gallery.story.authors] == ["Ann Lee"]
    film = extract_page(json_ld('{"@type":"VideoObject","name":"Bridge","contentUrl":"/bridge.mp4"}'), URL)
    assert [video.url for video in film.story.videos] == ["https://courier.example/bridge.mp4"]


def test_a_story_that_stands_in_no_markup_makes_an_article():
    text = " ".join(PROSE)
    shell = f"""<html lang="en"><head><meta property="og:type" content="article"><title>Bridge closes</title>
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Bridge closes","articleBody":"{text}"}}</script>
</head><body><div id="app"></div></body></html>""".encode()
    capture = extract_page(shell, URL, VISIT)
    assert (capture.page.page_type, capture.story.body) == ("article", text)


def test_wishes_of_the_publisher_are_read_from_headers_and_metas():
    headers = {"x-robots-tag": "noai, noimageai", "tdm-reservation": "1", "tdm-policy": "https://courier.example/tdm"}
    page = json_ld('{"@type":"NewsArticle","license":"https://licence.example/by","copyrightNotice":"(c) Courier"}')
    page = page.replace(
        b"</head>", b'<meta name="robots" content="index, max-snippet:50"><link rel="license" href="/l"></head>'
    )
    rights = extract_page(page, URL, Visit(headers=headers)).story.rights
    assert asdict(rights) == {
        "license": "https://licence.example/by",
        "copyright_notice": "(c) Courier",
        "robots": ["index", "max-snippet:50", "noai", "noimageai"],
        "tdm_reservation": "1",
        "tdm_policy": "https://courier.example/tdm",
    }


def test_a_crawl_reads_the_same_capture_and_gives_it_its_ids_once():
    capture = read_capture(PAGE, URL, VISIT)
    assert (capture.page.page_id, capture.story.story_id, capture.teasers[0].teaser_id) == (None, None, None)
    identify(capture)
    assert capture == extract_page(PAGE, URL, VISIT)


def test_canonical_url_of_the_link_header_counts_behind_the_page_s_own() -> None:
    text = "The council voted on Tuesday to open the mill again, and the mayor said that work begins in May. " * 3
    visit = Visit(headers={"link": '<https://paper.test/style.css>; rel=preload, </mill>; rel="canonical"'})
    bare = f"<html lang=en><body><article><h1>Old mill to open again</h1><p>{text}</p></article></body></html>"
    own = bare.replace("<body>", '<head><link rel=canonical href="/own"></head><body>')
    pages = [extract_page(markup.encode(), "https://paper.test/mill?from=feed", visit).page for markup in (bare, own)]
    assert [page.canonical_url for page in pages] == ["https://paper.test/mill", "https://paper.test/own"]


def test_a_link_header_knows_no_base_and_tells_of_this_page_alone() -> None:
    text = "The council voted on Tuesday to open the mill again, and the mayor said that work begins in May. " * 3
    base = '<base href="https://cdn.paper.test/assets/">'
    markup = f"<html lang=en><head>{base}</head><body><article><h1>Mill</h1><p>{text}</p></article></body></html>"
    found = []
    for links in (
        '</mill>; rel="canonical", </terms>; rel=license',
        '</other>; title="a; rel=canonical"; rel=prev',
        '</other>; rel=canonical; anchor="/x"',
    ):
        visit = Visit(headers={"link": links})
        capture = extract_page(markup.encode(), "https://paper.test/town/mill?from=feed", visit)
        found.append((capture.page.canonical_url, capture.story.canonical_url, capture.story.rights.license))
    assert found[0] == ("https://paper.test/mill", "https://paper.test/mill", "https://paper.test/terms")
    assert found[1:] == [(None, None, None)] * 2
