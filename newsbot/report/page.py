"""The report as one HTML file: no script, nothing loaded from anywhere, and a policy that forbids both.

What comes in: `Figures`. What goes out: the page. Every text of it was written by somebody else: it is escaped by the
template, made printable, and becomes a link only where it is an address of the web.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsbot import __version__
from newsbot.core.printable import printable
from newsbot.report import charts
from newsbot.report.figures import COVERED_FIELDS, Figures, top_series

MOST_SERIES = 7


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: its markup, and the names of its series in the order of their colours."""

    title: str
    svg: str
    legend: tuple[str, ...] = ()
    note: str = ""


def report_page(figures: Figures) -> str:
    """The whole page. The same figures give the same page."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("newsbot.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    environment.filters |= {"moment": moment, "web": web_address, "share": "{:.0%}".format, "number": "{:,}".format}
    style = environment.get_template("report.css").render()
    return environment.get_template("report.html").render(
        figures=figures,
        charts=[(chart, Markup(chart.svg)) for chart in drawn(figures)],  # our own drawing, pruned
        style=Markup(style),  # our own file
        style_hash="sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        version=__version__,
    )


def drawn(figures: Figures) -> list[Chart]:
    """The charts that there is something to show in."""
    days = figures.days
    if not days:
        return []
    found: list[Chart] = []
    short = [day[5:] for day in days]  # the year stands in the heading
    by_site = top_series(figures.stories_by_site, days, MOST_SERIES)
    by_section = top_series(figures.stories_by_section, days, MOST_SERIES)
    for title, series in (("New stories a day by site", by_site), ("New stories a day by section", by_section)):
        if series:
            found.append(Chart(title, charts.stacked_bars(title, short, series), tuple(name for name, _ in series)))
    if figures.versions_by_day:
        coverage = [(name, [figures.coverage(name, day) for day in days]) for name in COVERED_FIELDS]
        title = "Share of stories that have the field"
        found.append(Chart(title, charts.lines(title, short, coverage, percent=True), COVERED_FIELDS))
    changes = [
        ("revisions", [figures.revisions_by_day[day] for day in days]),
        ("headline changes", [figures.headline_changes_by_day[day] for day in days]),
    ]
    if any(sum(values) for _, values in changes):
        title = "Revisions and headline changes a day"
        found.append(Chart(title, charts.stacked_bars(title, short, changes), tuple(name for name, _ in changes)))
    if figures.reasons:
        title = "Pages rejected or failed, by reason"
        most = [(f"{reason} ({outcome})", float(count)) for (outcome, reason), count in figures.reasons.most_common(10)]
        found.append(Chart(title, charts.flat_bars(title, most)))
    return found


def moment(text: str | None) -> str:
    """A date and time for reading, in the offset that it was written with.

    >>> moment("2026-05-01T06:30:12+02:00")
    '2026-05-01 06:30'
    """
    return (text or "")[:16].replace("T", " ")


def web_address(url: str | None) -> str | None:
    """*url* where it may become a link: http or https, and a host; else ``None``."""
    if url is None or printable(url) != url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
