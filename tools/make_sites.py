"""Write a site file for each publisher of a list that offers a feed or a sitemap.

What comes in: a JSON file with ``publishers`` (name, domain, country, language, feeds, news_sitemaps, sitemaps).
What goes out: ``newsbot/sites/<registrable domain>.toml``. Run once a list: ``python -m tools.make_sites LIST.json``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsbot.core.urls import registrable_domain
from newsbot.sites.draft import quoted
from newsbot.sites.loader import SHIPPED
from newsbot.sites.model import URL_KEYS, site_from_tables

HEADER = """\
# {publisher}
# Name, domain, feeds and sitemaps are taken over with thanks from the public list of flairNLP/fundus (MIT).
# Not checked live. The language is that list's guess by country: the page's own language wins.
"""
# Countries on one clock, or whose press keeps the capital's; of the others a file says no time zone.
TIME_ZONES = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "ch": "Europe/Zurich", "cn": "Asia/Shanghai", "cz": "Europe/Prague",
    "de": "Europe/Berlin", "dk": "Europe/Copenhagen", "es": "Europe/Madrid", "fr": "Europe/Paris",
    "gb": "Europe/London", "gl": "America/Nuuk", "il": "Asia/Jerusalem", "in": "Asia/Kolkata",
    "is": "Atlantic/Reykjavik", "it": "Europe/Rome", "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "lb": "Asia/Beirut",
    "li": "Europe/Vaduz", "ls": "Africa/Maseru", "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg",
    "my": "Asia/Kuala_Lumpur", "na": "Africa/Windhoek", "no": "Europe/Oslo", "pl": "Europe/Warsaw",
    "pt": "Europe/Lisbon", "py": "America/Asuncion", "se": "Europe/Stockholm", "tr": "Europe/Istanbul",
    "tw": "Asia/Taipei", "tz": "Africa/Dar_es_Salaam", "ua": "Europe/Kyiv", "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg",
}  # fmt: skip


def main(path: Path) -> None:
    """Write the files and say how many."""
    publishers = [p for p in json.loads(path.read_text("utf-8"))["publishers"] if any(p.get(key) for key in URL_KEYS)]
    shared = Counter(_domain(p) for p in publishers)
    for publisher in publishers:
        domain = _domain(publisher)
        name = domain if shared[domain] == 1 else _host(publisher)
        tables = _tables(publisher, name)
        site_from_tables(tables, name)
        (SHIPPED / f"{name}.toml").write_text(HEADER.format(publisher=publisher["name"]) + "\n" + toml(tables), "utf-8")
    print(f"{len(publishers)} site files in {SHIPPED}")


def toml(tables: dict[str, Any]) -> str:
    """*tables* as TOML, one key a line; strings and lists of strings only."""
    lines: list[str] = []
    for key, value in tables.items():
        if isinstance(value, list) and len(value) > 1:
            entries = "".join(f"    {quoted(entry)},\n" for entry in value)
            lines.append(f"{key} = [\n{entries}]\n")
        else:
            only = f"[{quoted(value[0])}]" if isinstance(value, list) else quoted(value)
            lines.append(f"{key} = {only}\n")
    return "".join(lines)


def _tables(publisher: dict[str, Any], name: str) -> dict[str, Any]:
    urls = {key: list(dict.fromkeys(publisher.get(key, ()))) for key in URL_KEYS}
    # A sitemap on another domain lists that domain's pages; a feed elsewhere is a service for feeds.
    own = registrable_domain(name) or name
    elsewhere = {registrable_domain(urlsplit(url).hostname or "") for url in urls["news_sitemaps"] + urls["sitemaps"]}
    tables = {
        "publisher": publisher["name"],
        "domain": name,
        "hosts": sorted(domain for domain in elsewhere if domain and domain != own),
        "country": publisher.get("country"),
        "language": publisher.get("language"),
        "time_zone": TIME_ZONES.get(publisher.get("country", "")),
        **urls,
    }
    return {key: value for key, value in tables.items() if value}


def _domain(publisher: dict[str, Any]) -> str:
    host = _host(publisher)
    return registrable_domain(host) or host


def _host(publisher: dict[str, Any]) -> str:
    return (urlsplit(publisher["domain"]).hostname or "").removeprefix("www.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
