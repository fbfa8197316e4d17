"""What kind of page it is, from what it says of itself and what is on it."""

import pytest

from newsbot.core.blocks import segment
from newsbot.core.page import Page
from newsbot.core.pagetype import page_type
from newsbot.core.roles import Claims, TeaserBlock, TeaserRegion

SENTENCE = "The council decided on Tuesday to close the oldest pier of the harbour to cars. "


def kind(url: str, types: tuple[str, ...], sentences: int, n_teasers: int) -> str:
    html = f"<p>{SENTENCE * sentences}</p>".encode() if sentences else b"<p></p>"
    segments = segment(Page(url=url, html=html, size_bytes=len(html)))
    cards = tuple(TeaserRegion(block=0, href=f"/s/{n}", headline=f"Story {n}") for n in range(n_teasers))
    teasers = (TeaserBlock(heading=None, kind="other", teasers=cards),) if cards else ()
    return page_type(segments, Claims(types=types), segments.blocks, teasers)


@pytest.mark.parametrize(
    ("url", "types", "sentences", "n_teasers", "expected"),
    [
        pytest.param("https://a.example/x/story-1", ("NewsArticle",), 10, 0, "article", id="article"),
        pytest.param("https://a.example/x/story-1", (), 10, 60, "article", id="long text among many cards"),
        pytest.param("https://a.example/x/story-1", ("NewsArticle",), 2, 60, "article", id="short but claimed"),
        pytest.param("https://a.example/x/", (), 1, 60, "section", id="little text, many cards"),
        pytest.param("https://a.example/x/", ("CollectionPage",), 0, 2, "section", id="claimed section"),
        pytest.param("https://a.example/", (), 0, 30, "home", id="home"),
        pytest.param("https://a.example/", (), 30, 5, "article", id="a whole story at the root"),
        pytest.param("https://a.example/live/1", ("LiveBlogPosting",), 10, 5, "live_blog", id="live blog"),
        pytest.param("https://a.example/g/1", ("ImageGallery",), 3, 0, "gallery", id="gallery"),
        pytest.param("https://a.example/v/1", ("VideoObject",), 3, 0, "video", id="video"),
        pytest.param("https://a.example/v/1", ("VideoObject", "NewsArticle"), 3, 0, "article", id="story with video"),
        pytest.param("https://a.example/404", (), 0, 0, "other", id="nothing"),
    ],
)
def test_page_type(url: str, types: tuple[str, ...], sentences: int, n_teasers: int, expected: str) -> None:
    assert kind(url, types, sentences, n_teasers) == expected


def test_a_lone_paragraph_among_many_teasers_is_a_story_where_the_page_says_that_it_is_one() -> None:
    html = f'<meta property="og:type" content="article"><p>{SENTENCE}</p>'.encode()
    segments = segment(Page(url="https://a.example/x/", html=html, size_bytes=len(html)))
    cards = tuple(TeaserRegion(block=0, href=f"/s/{n}", headline=f"Story {n}") for n in range(60))
    teasers = (TeaserBlock(heading=None, kind="other", teasers=cards),)
    assert page_type(segments, Claims(), segments.blocks, teasers) == "article"
    assert page_type(segments, Claims(), [], teasers) == "section"
    assert page_type(segments, Claims(types=("CollectionPage",)), segments.blocks, teasers) == "section"
