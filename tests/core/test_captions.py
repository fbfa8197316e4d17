"""Captions lose the controls around them, portraits and icons are no images of the story."""

import pytest

from newsbot.core.blocks import segment
from newsbot.core.captions import captions
from newsbot.core.page import read_page
from newsbot.core.roles import CaptionRegion, Regions, Role


def found(html, page_type="article", credit_blocks=()):
    segments = segment(read_page(f"<article>{html}</article>".encode(), "https://courier.example/a"))
    indexes = tuple(range(len(segments.blocks)))
    roles = tuple(Role.CREDIT if index in credit_blocks else Role.CAPTION for index in indexes)
    runs = () if page_type == "gallery" else (CaptionRegion("", indexes, None),)
    regions = Regions(roles=roles, page_type=page_type, captions=runs)
    return [
        (one.parts.caption, one.parts.credit, one.image.attrs["src"] if one.image else None)
        for one in captions(segments, regions, ["Jane Doe"])
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            "<figure><img src=a.jpg><button>Open image in gallery</button><figcaption>A dam.</figcaption></figure>",
            [("A dam.", None, "a.jpg")],
            id="control",
        ),
        pytest.param(
            "<figure><img src=a.jpg><figcaption><i>View 3 Images</i> A dam. <b>Close</b></figcaption></figure>",
            [("A dam.", None, "a.jpg")],
            id="controls inside",
        ),
        pytest.param(
            "<figure><img src=a.jpg><figcaption><b>2/4</b> A dam. <i>Photo: Ann Lee</i></figcaption></figure>",
            [("A dam.", "Ann Lee", "a.jpg")],
            id="counter",
        ),
        pytest.param(
            "<figure><img src=a.jpg><p class=credit>SN/APA/Ann Lee</p><p>A dam in spring</p></figure>",
            [("A dam in spring", "SN/APA/Ann Lee", "a.jpg")],
            id="credit first",
        ),
        pytest.param(
            "<figure><img src=a.jpg><figcaption>A dam.<span class=credit>Ann Lee/AP</span><a>Show more</a>"
            "</figcaption></figure>",
            [("A dam.", "Ann Lee/AP", "a.jpg")],
            id="elements that touch",
        ),
        pytest.param(
            "<figure><img src=a.jpg><figcaption>A dam (<span class=credit>Image: PA)</span></figcaption></figure>",
            [("A dam", "PA", "a.jpg")],
            id="open bracket",
        ),
        pytest.param(
            "<figure><img src=icon.svg><img src=a.jpg><figcaption>A dam.</figcaption></figure>",
            [("A dam.", None, "a.jpg")],
            id="an icon beside",
        ),
        pytest.param(
            "<figure><img src=a.jpg><figcaption>A dam in a picture of May. <i class=credit>(Photo: Ann Lee)</i> "
            "A dam in a picture of May. (Photo: Ann Lee)</figcaption></figure>",
            [("A dam in a picture of May.", "Ann Lee", "a.jpg")],
            id="twice",
        ),
        pytest.param("<div><img src=icon.svg><p>Listen to the story</p></div>", [], id="an icon alone"),
        pytest.param("<div><img src=b.jpg width=48><p>Jo Ek and friends</p></div>", [], id="a small image"),
        pytest.param("<figure><img src=b.jpg><figcaption>By Jane Doe, editor</figcaption></figure>", [], id="portrait"),
        pytest.param(
            "<figure><img src=b.jpg><figcaption>Jane Doe at the dam in May.</figcaption></figure>",
            [("Jane Doe at the dam in May.", None, "b.jpg")],
            id="the author in a sentence",
        ),
    ],
)
def test_a_caption_is_what_is_said_of_the_image(html, expected):
    assert found(html) == expected


def test_every_figure_of_a_gallery_has_its_caption():
    html = "".join(f"<li><figure><img src={n}.jpg><figcaption>Slide {n}.</figcaption></figure>" for n in (1, 2, 3))
    assert found(f"<ol>{html}</ol>", "gallery") == [(f"Slide {n}.", None, f"{n}.jpg") for n in (1, 2, 3)]
