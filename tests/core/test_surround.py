"""What stands around the story: captions, credits, bylines and dates, and none of those of teasers."""

from newsbot.core.blocks import Segments, segment
from newsbot.core.page import Page
from newsbot.core.roles import NO_CLAIMS, Claims, Role
from newsbot.core.surround import captions_of, surrounding_roles

HTML = """<h1>Pier closes</h1><address>By Marit Eide</address><time>3 March 2026</time>
<figure><img src=a.jpg><figcaption>The pier in February. <small>© Jon Vik</small></figcaption></figure>
<p>First paragraph.</p>
<figure><img src=d.jpg><figcaption>© Jon Vik</figcaption></figure>
<div class=photo-caption><img src=b.jpg>Walkers at noon</div>
<p>Second paragraph.</p>
<figure><img src=c.jpg><figcaption>A card's picture</figcaption></figure>"""


def segments_of(html: str) -> Segments:
    data = html.encode()
    return segment(Page(url="https://example.org/a", html=data, size_bytes=len(data)))


def told(html: str, body: set[str], headline: str, claims: Claims = NO_CLAIMS) -> dict[str, Role]:
    segments = segments_of(html)
    numbers = {block.text: block.index for block in segments.blocks}
    roles = surrounding_roles(segments, claims, sorted(numbers[text] for text in body), numbers[headline])
    return {segments.blocks[index].text: role for index, role in sorted(roles.items())}


def test_roles_at_the_story() -> None:
    assert told(HTML, {"First paragraph.", "Second paragraph."}, "Pier closes") == {
        "By Marit Eide": Role.BYLINE,
        "3 March 2026": Role.DATE,
        "The pier in February. © Jon Vik": Role.CAPTION,
        "© Jon Vik": Role.CREDIT,
        "Walkers at noon": Role.CAPTION,
    }


def test_author_of_the_claims_is_a_byline() -> None:
    html = "<h1>Pier closes</h1><div>Marit Eide, Norvik</div><p>First paragraph.</p><p>Second.</p>"
    claims = Claims(authors=("Marit Eide",))
    assert told(html, {"First paragraph.", "Second."}, "Pier closes", claims) == {"Marit Eide, Norvik": Role.BYLINE}


def test_no_story_no_roles() -> None:
    assert surrounding_roles(segments_of(HTML), NO_CLAIMS, [], None) == {}


def test_captions_go_with_the_image_before_them() -> None:
    html = "<img src=a><p>One</p><p>Credit one</p><img src=b><p>Two</p><p>text</p>"
    segments = segments_of(html)
    roles = [Role.CAPTION, Role.CREDIT, Role.CAPTION, Role.BODY]
    assert [(caption.text, caption.blocks, caption.image) for caption in captions_of(segments, roles)] == [
        ("One Credit one", (0, 1), 0),
        ("Two", (2,), 1),
    ]
