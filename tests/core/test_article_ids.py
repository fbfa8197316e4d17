"""Article ids by template: what fits, what does not, what is no template."""

from __future__ import annotations

import time

import pytest

from newsbot.core.article_ids import article_id
from newsbot.core.errors import ConfigError


@pytest.mark.parametrize(
    ("pattern", "url", "found"),
    [
        ("/{slug}-{id:digits}", "https://a.org/new-bridge-opens-4711", "4711"),
        ("/{slug}-{id:digits}", "https://a.org/new-bridge-opens-4711/?utm=1#x", "4711"),
        ("/{slug}-{id:digits}", "https://a.org/news/new-bridge-opens-4711", None),
        ("/{slug}-{id:digits}", "https://a.org/new-bridge-opens", None),
        ("/{section}/{slug}-{id:digits}.html", "https://a.org/uk/bridge-1-2-3.html", "3"),
        ("/{*}/{id:hex}.html", "https://a.org/2026/05/01/0a1f-77.html", "0a1f-77"),
        ("/{*}/{id:hex}.html", "https://a.org/cafe.html", "cafe"),
        ("/story/{id:digits}/{*}", "https://a.org/story/12/any/thing", "12"),
        ("/story?id={id:digits}", "https://a.org/story?lang=en&id=99", "99"),
        ("/story?id={id:digits}", "https://a.org/story?id=x", None),
        ("/{id}", "https://a.org/%C3%BCber", "über"),
        ("/{id}", "https://[bad", None),
    ],
)
def test_article_id(pattern: str, url: str, found: str | None) -> None:
    assert article_id(pattern, url) == found


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{id}",
        "/{slug}",
        "/{id}/{id}",
        "/{*}/{*}/{id}",
        "/{a}{id}",
        "/{a}-{b}-{id}",
        "/{id:float}",
        "/x{id",
        "/{ID}",
    ],
)
def test_bad_template_is_a_config_error(pattern: str) -> None:
    with pytest.raises(ConfigError, match="id_pattern"):
        article_id(pattern, "https://a.org/1")


def test_long_urls_cost_linear_time() -> None:
    def cost(chars: int) -> float:
        url = "https://a.org/" + "-1" * (chars // 2) + "x"
        start = time.process_time()
        for _ in range(20):
            article_id("/{slug}-{id:digits}", url)
        return time.process_time() - start

    cost(1000)
    assert cost(64000) < 0.02 + 40 * cost(4000)
