"""Charts as inline SVG without script, style or outer address; colours come from the page's own style sheet.

What comes in: labels and numbers. What goes out: markup. pygal draws; what it adds for tooltips in a browser of its
own (script, styles, hidden texts) is taken out again, and each value is kept as the `<title>` of its mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree

from newsbot.core.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

SVG = "{http://www.w3.org/2000/svg}"
# The viewBox. Half of a screen, or a whole phone: letters stay readable on both.
_WIDTH, _HEIGHT = 520, 240
_MAX_LABELS = 6
# What may stay of pygal's drawing; everything else is for its script.
_TAGS = frozenset(SVG + tag for tag in ("svg", "g", "rect", "path", "circle", "line", "text", "title"))
_ATTRIBUTES = frozenset("viewBox class x y x1 x2 y1 y2 width height rx ry cx cy r d transform role aria-label".split())

Series = Sequence[tuple[str, Sequence[float | None]]]


def stacked_bars(title: str, labels: Sequence[str], series: Series) -> str:
    """A bar a label, made of one part a series."""
    import pygal

    return _drawn(pygal.StackedBar(**_options(labels)), title, labels, series, "{:g}")


def lines(title: str, labels: Sequence[str], series: Series, *, percent: bool = False) -> str:
    """A line a series; where a value is missing the line has a gap."""
    import pygal

    shown = "{:.0%}" if percent else "{:g}"
    span = {"range": (0, 1)} if percent else {}
    chart = pygal.Line(
        **_options(labels), **span, show_dots=True, dots_size=2, value_formatter=lambda value: shown.format(value)
    )
    return _drawn(chart, title, labels, series, shown)


def flat_bars(title: str, values: Sequence[tuple[str, float]]) -> str:
    """A horizontal bar a name, the first on top."""
    import pygal

    rows = list(reversed(values))
    chart = pygal.HorizontalBar(**{**_options([]), "height": 60 + 24 * len(rows), "show_minor_x_labels": True})
    names = [printable(name, 34) for name, _ in rows]
    return _drawn(chart, title, names, [("", [value for _, value in rows])], "{:g}")


def _options(labels: Sequence[str]) -> Mapping[str, Any]:  # Any: pygal's options
    every = max(1, -(-len(labels) // _MAX_LABELS))
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "js": [],
        "show_legend": False,
        "disable_xml_declaration": True,
        "x_labels_major_every": every,
        "show_minor_x_labels": False,
        "truncate_label": 40,
        "max_scale": 5,
        "margin": 6,
        "margin_left": 12,
        "spacing": 6,
    }


def _drawn(chart: Any, title: str, labels: Sequence[str], series: Series, shown: str) -> str:  # Any: a pygal chart
    chart.x_labels = [printable(label) for label in labels]
    for name, values in series:
        chart.add(printable(name), list(values))
    # Read back from its text: pygal may build its tree with another library than ours.
    root = etree.fromstring(chart.render(), etree.XMLParser(resolve_entities=False, no_network=True))
    marks = root.iterfind(f".//{SVG}g[@class='series serie-0 color-0']/..")
    for plot in list(marks):
        _name_marks(plot, labels, series, shown)
    _pruned(root)
    root.set("role", "img")
    root.set("aria-label", printable(title))
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode", with_tail=False)


def _name_marks(plot: etree._Element, labels: Sequence[str], series: Series, shown: str) -> None:
    """Give each bar or dot a title: what a pointer over it shows, and a screen reader reads."""
    for group in plot.findall(f"{SVG}g"):
        classes = group.get("class", "").split()
        number = next((int(name[6:]) for name in classes if name.startswith("serie-")), None)
        if number is None or number >= len(series):
            continue
        name, values = series[number]
        found = [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]
        marks = [mark for mark in group.iter(f"{SVG}rect", f"{SVG}circle") if "reactive" in mark.get("class", "")]
        for mark, (label, value) in zip(marks, found, strict=False):
            text = etree.SubElement(mark, f"{SVG}title")
            text.text = printable(" ".join(filter(None, (name, label, shown.format(value)))))


def _is_for_script(element: etree._Element) -> bool:
    return bool({"tooltip", "tooltip-overlay", "text-overlay"} & set(element.get("class", "").split()))


def _pruned(element: etree._Element) -> None:
    """Take out, in place, all that is no drawing."""
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag not in _TAGS or _is_for_script(child):
            element.remove(child)
            continue
        if child.tag == f"{SVG}title" and element.tag in (f"{SVG}svg", f"{SVG}g"):
            element.remove(child)
            continue
        _pruned(child)
    for name in list(element.attrib):
        if name not in _ATTRIBUTES:
            del element.attrib[name]
