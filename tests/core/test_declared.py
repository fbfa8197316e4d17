"""What a page declares of its story in structured data: crumbs."""

from __future__ import annotations

import json

import pytest

from newsbot.core.blocks import segment
from newsbot.core.declared import section_candidates
from newsbot.core.metadata import read_metadata
from newsbot.core.page import read_page

LONG = "The harbour bridge closes for the whole of the winter"


@pytest.mark.parametrize(
    ("crumbs", "section"),
    [
        pytest.param(["Home", "Local", "Bridge closes"], ["Local"], id="the page's own is left out"),
        pytest.param(["Home", "Local"], ["Local"], id="none of the page itself"),
        pytest.param(["Home", "bridge closes"], [], id="only the page itself"),
        pytest.param(["Home", LONG], [], id="a title that goes on with the name of the site"),
        pytest.param(["Home", "Bridge"], ["Bridge"], id="a section with whose name the title begins"),
        pytest.param(["Home"], [], id="the top alone"),
    ],
)
def test_section_is_the_crumb_before_the_pages_own(crumbs: list[str], section: list[str]) -> None:
    title = f"{LONG} | Courier" if LONG in crumbs else "Bridge closes"
    way = [{"@type": "ListItem", "position": at, "name": name} for at, name in enumerate(crumbs, 1)]
    data = json.dumps({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": way})
    html = f'<title>{title}</title><script type="application/ld+json">{data}</script><p>It closes.</p>'
    metadata = read_metadata(segment(read_page(html.encode(), "https://courier.example/bridge")))
    assert [found.value for found in section_candidates(metadata)] == section
