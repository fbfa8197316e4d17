"""Pages as HTML, feeds and sitemaps as XML.

What comes in: views, an edition, the base address. What goes out: text. Templates hold the markup; this file
holds what they share. Knows nothing of HTTP.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from newsbot.demo.editions import Edition
from newsbot.demo.stories import DemoStory, linked_parts, without_links
from newsbot.demo.views import FRONTS, View

SITE_NAME = "The Saltmere Courier"


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "prose": prose,
        "plain": without_links,
        "iso": lambda at: at.isoformat(),
        "day": lambda at: f"{at.day} {at:%B %Y}",
        "clock": lambda at: f"{at:%H:%M}",
        "american": lambda at: f"{at:%b} {at.day}, {at.year} {at:%I:%M %p}".replace(" 0", " "),
        "japanese": lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
        "names": names,
        "initials": lambda name: "".join(word[0] for word in name.split()),
        "slug": lambda name: name.lower().replace(" ", "-").replace("'", "").replace("’", ""),
    }
    return environment


def prose(text: str) -> Markup:
    """*text* as markup, its ``[words](address)`` as links."""
    return Markup("").join(
        escape(words) if address is None else Markup('<a href="{}">{}</a>').format(address, words)
        for words, address in linked_parts(text)
    )


def names(people: tuple[str, ...]) -> str:
    """Names as a byline joins them.

    >>> names(("A", "B", "C"))
    'A, B and C'
    """
    return " and ".join(filter(None, (", ".join(people[:-1]), people[-1] if people else "")))


def page(view: View, edition: Edition, base: str) -> str:
    """The HTML of *view*."""
    return (
        _environment()
        .get_template(f"{view.layout}.html")
        .render(
            view=view,
            story=view.story,
            edition=edition,
            base=base,
            site=SITE_NAME,
            fronts=FRONTS,
            structured=structured(view.story, base) if view.story else "",
        )
    )


def file(name: str, **values: object) -> str:
    """Any other file of the site, from the template of that name."""
    return _environment().get_template(name).render(site=SITE_NAME, fronts=FRONTS, **values)


def structured(story: DemoStory, base: str) -> Markup:
    """JSON-LD of *story*, safe inside a script element."""
    types = {
        "gallery": ["NewsArticle", "ImageGallery"],
        "opinion": ["OpinionNewsArticle"],
        "live_blog": ["LiveBlogPosting"],
        "video": ["VideoObject"],
    }.get(story.kind, ["NewsArticle"])
    article: dict[str, object] = {
        "@type": types[0] if len(types) == 1 else types,
        "@id": base + story.path + "#story",
        "mainEntityOfPage": base + story.path,
        "headline": story.headline,
        "description": story.lead or story.summary,
        "datePublished": _iso(story.published),
        "dateModified": _iso(story.modified or story.published),
        "inLanguage": story.language,
        "articleSection": FRONTS[story.section].name,
        "keywords": list(story.keywords),
        "isAccessibleForFree": story.free,
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": SITE_NAME, "url": base + "/"},
        "image": [
            {"@type": "ImageObject", "url": f"{base}/images/{p.file}.jpg", "caption": p.caption, "creditText": p.credit}
            for p in story.pictures
        ],
    }
    if story.kind == "video":
        article["name"] = article.pop("headline")
        article["uploadDate"] = article["datePublished"]
        article["contentUrl"] = f"{base}/clips/{story.video}.mp4"
    crumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Home", "item": base + "/"},
            {
                "@type": "ListItem",
                "position": 2,
                "name": FRONTS[story.section].name,
                "item": f"{base}/{story.section}/",
            },
        ],
    }
    graph = {"@context": "https://schema.org", "@graph": [article, crumbs]}
    return Markup(json.dumps(graph, ensure_ascii=False, indent=1).replace("<", "\\u003c"))


def _iso(at: datetime) -> str:
    return at.isoformat()
