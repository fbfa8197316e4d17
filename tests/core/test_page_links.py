"""The next page of a listing or story is found by what its link says, in time linear in the links of a block."""

import time

import pytest

from newsbot.core.blocks import segment
from newsbot.core.links import next_page
from newsbot.core.page import read_page

URL = "https://courier.example/politics"


def following(html):
    offer = next_page(segment(read_page(html.encode(), URL)), URL)
    return (offer.url, offer.reason) if offer is not None else None


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param('<link rel="next" href="?page=2"><p>Text', (f"{URL}?page=2", "rel_next"), id="rel in the head"),
        pytest.param('<a rel="next" href="?page=2"><img alt=""></a>', (f"{URL}?page=2", "next_link"), id="rel"),
        pytest.param('<p><a href="?page=2">Next »</a>', (f"{URL}?page=2", "next_link"), id="word and arrow"),
        pytest.param(
            '<p><a href="?page=1">1</a> <a href="?page=2"><b>Next</b> <i>page</i></a>',
            (f"{URL}?page=2", "next_link"),
            id="pieces of one link",
        ),
        pytest.param('<p><a href="?page=2">Next time the harbour closes for good</a>', None, id="a headline"),
        pytest.param('<p><a href="https://other.example/?page=2">Next</a>', None, id="another site"),
    ],
)
def test_the_next_page_is_the_one_that_says_so(html, expected):
    assert following(html) == expected


def test_a_block_of_many_links_costs_linear_time():
    def seconds(links):
        segments = segment(read_page(("<p>" + '<a href="/a">one</a> ' * links).encode(), URL))
        started = time.process_time()
        assert next_page(segments, URL) is None
        return time.process_time() - started

    assert seconds(16_000) < 20 * max(seconds(2_000), 0.002)
