"""Pages read from their bytes: what is broken in the text and whole in the metadata, and names of other sites."""

from __future__ import annotations

import json

import pytest

from newsbot.extract import extract_page
from newsbot.items.repair import undo

HEADLINE = "The island’s ferry — back in spring"
BODY = (
    (
        "The ferry to Marrow Island will run again from Friday, the harbour office said — after two years of repairs"
        " that kept the island’s 300 people waiting."
    ),
    (
        "“We had counted on the spring,” said the harbour master, Ann Tolley, “but the new engine came late, and the"
        " crew’s training took longer.”"
    ),
    "Tickets cost the same as before; the café on deck opens at noon, and the résumé of the works hangs on the pier.",
)
SITE = "青石新闻网"


def _damaged(text: str) -> str:
    return text.encode().decode("gb18030", "ignore")


def _page(headline: str, body: tuple[str, ...], *, head: str = "", title: str = "", after: str = "") -> bytes:
    paragraphs = "".join(f"<p>{text}</p>" for text in body)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline}{title}</title>{head}</head>'
        f"<body><main><article><h1>{headline}</h1>{paragraphs}{after}</article></main></body></html>"
    ).encode()


def test_metadata_that_are_whole_mend_a_broken_headline_and_body() -> None:
    said = {"@type": "NewsArticle", "headline": HEADLINE, "articleBody": "\n".join(BODY)}
    head = f'<script type="application/ld+json">{json.dumps(said)}</script>'
    page = _page(_damaged(HEADLINE), tuple(map(_damaged, BODY)), head=head)
    story = extract_page(page, "https://marrow-news.test/ferry").story
    assert story is not None and story.body is not None
    assert story.headline == HEADLINE
    assert story.body.split("\n") == list(BODY)
    of_body = [record for record in story.repairs if record.field == "body"]
    assert undo(story.body, of_body) == "\n".join(map(_damaged, BODY))
    assert ("elsewhere", "inferred") in {(record.rule, record.certainty) for record in of_body}


@pytest.mark.parametrize(
    "injected",
    [
        {"title": f"_{SITE}"},
        {"title": f" - {SITE}"},
        {"head": f'<meta property="og:title" content="The island’s ferry | {SITE}">'},
        {"head": f'<meta property="og:site_name" content="{SITE}">'},
        {"head": f'<meta name="author" content="{SITE}">'},
        {"head": f'<meta name="keywords" content="{SITE},ferry">'},
        {"after": f"<p>{SITE}</p>"},
    ],
)
def test_the_name_of_a_foreign_site_is_in_no_field_and_recorded(injected: dict[str, str]) -> None:
    page = extract_page(_page(HEADLINE, BODY, **injected), "https://marrow-news.test/ferry")  # type: ignore[arg-type]
    story = page.story
    assert story is not None and story.body is not None
    fields = (story.headline, story.body, story.publisher, story.description, story.keywords, story.authors)
    assert SITE not in str(fields)
    assert SITE in [entry.text for entry in story.contamination]
