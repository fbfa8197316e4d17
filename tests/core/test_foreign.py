"""Foreign lines at the ends of a page, and lines that only look foreign."""

from __future__ import annotations

import pytest

from newsbot.core.blocks import segment
from newsbot.core.foreign import foreign_blocks
from newsbot.core.page import read_page
from newsbot.core.roles import Role

PROSE = "The province will take over the coast road from the county next year. " * 5


@pytest.mark.parametrize(
    ("first", "prose", "found"),
    [
        pytest.param("蜜桃影院", PROSE, [0], id="mirror"),
        pytest.param("蜜桃影院", PROSE + "蜜桃影院" * 5, [], id="the-prose-has-the-script"),
        pytest.param("Saltmere Courier", PROSE, [], id="own-script"),
        pytest.param("日本語", PROSE, [], id="menu-of-languages"),
        pytest.param("<a href='/zh'>蜜桃影院</a>", PROSE, [], id="link"),
        pytest.param("蜜桃影院" * 11, PROSE, [], id="long"),
        pytest.param("蜜桃影院", "Short.", [], id="too-little-prose-to-tell"),
        pytest.param("4 – 7", PROSE, [], id="no-letters"),
    ],
)
def test_foreign_blocks(first: str, prose: str, found: list[int]) -> None:
    html = f"<div>{first}</div><p>{prose}</p><p>{prose}</p><div>All rights reserved</div>"
    blocks = segment(read_page(html.encode(), "https://example.org/a")).blocks
    roles = [Role.CHROME, Role.BODY, Role.BODY, Role.CHROME]

    assert foreign_blocks(blocks, roles, prose) == found
