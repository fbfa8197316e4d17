"""What is remembered for the life of the process: nothing whose size a page decides."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import lru_cache

from newsbot.extract import extract_page

MARK = "zqxj"
LONG = MARK * 1_000
KEPT_CHARS = 2_000
_Cache = type(lru_cache(len))

PAGE = f"""<html lang=en><head><title>Old mill to open again</title>
<link rel=canonical href="https://paper.test/{LONG}"><meta property="og:url" content="https://{LONG}.test/mill"></head>
<body><nav class="{LONG} nav" id="{LONG}"><a href="https://{LONG}.test/town">{LONG}</a></nav>
<article class="{LONG} story"><h1 class="{LONG}">Old mill to open again</h1>
<p class="byline {LONG}" id="{LONG}">By <a rel=author class="{LONG}" href="https://{LONG}.test/author/x">Ann Lee</a></p>
<p class="{LONG}">{"The council voted on Tuesday to open the mill again, and work begins in May. " * 9}</p>
<figure class="{LONG}"><img src="https://{LONG}.test/mill.jpg"><figcaption class="{LONG}">The mill</figcaption></figure>
</article><section class="{LONG}">
""" + "".join(
    f'<div class="card {LONG}" id="{LONG}{number}"><span class="kicker {LONG}">Town</span>'
    f'<h3 class="{LONG}"><a href="https://{LONG}{number}.test/town/story-{number}-{LONG}">Ferry {number} sails on to'
    f' the other side</a></h3><p class="{LONG}">It was late again on day {number} of the strike.</p></div>'
    for number in range(12)
)


def _caches() -> Iterator[object]:
    gc.unfreeze()  # another test may have let the collector forget what the imports made
    for each in gc.get_objects():
        if isinstance(each, _Cache) and str(getattr(each, "__module__", "")).startswith("newsbot."):
            yield each


def _remembered(cache: object) -> Iterator[str]:
    """The texts in the keys and values of *cache*, as far as tuples and lists hold them."""
    seen: set[int] = set()
    waiting = gc.get_referents(cache)  # keys and values stand there themselves
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif id(each) not in seen and isinstance(each, (tuple, list)):
            seen.add(id(each))
            waiting.extend(gc.get_referents(each))


def test_a_hostile_page_leaves_no_long_text_behind() -> None:
    capture = extract_page(PAGE.encode(), "https://paper.test/mill")
    assert capture.story is not None and capture.story.headline == "Old mill to open again" and capture.teasers
    names = {cache.__name__ for cache in _caches()}  # type: ignore[attr-defined]
    assert len(names) > 10
    kept = {
        cache.__name__: len(text)  # type: ignore[attr-defined]
        for cache in _caches()
        for text in _remembered(cache)
        if len(text) > KEPT_CHARS and MARK in text.lower()
    }
    assert kept == {}
