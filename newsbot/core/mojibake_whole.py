"""Runs of UTF-8 that an East Asian decoder read to the last byte, turned back through up to three layers.

What comes in: a line and its `Context`. What goes out: certain `Edit`s of it. Knows nothing of lost bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from newsbot.core.edits import Edit
from newsbot.core.mojibake_likely import Context, is_likely
from newsbot.core.mojibake_signs import CODECS, EAST_ASIAN_RUN, KIND, MAX_LAYERS, SUSPECT, suspect_runs


def whole_runs(line: str, context: Context) -> Iterator[Edit]:
    """Edits for the runs that are UTF-8 to the last byte."""
    for start, end in suspect_runs(line):
        run = line[start:end]
        if "\ufffd" in run:
            continue
        key = (line[max(start - 1, 0) : start], run, line[end : end + 1])
        if key not in context.seen:
            context.seen[key] = _whole_reading(run, key[0], key[2], context)
        found = context.seen[key]
        if found is not None:
            yield Edit(start, end, found[1], KIND, found[0])


def _whole_reading(run: str, before: str, after: str, context: Context) -> tuple[str, str] | None:
    """(rule, text) of the likeliest reading of *run* that has no gap, through up to three layers."""
    layer = [("", run)]
    for _ in range(MAX_LAYERS - 1):
        readings = [
            (f"{rule}+{name}".lstrip("+"), text)
            for rule, shown in layer
            for name, text in decoded(shown, context)
            if text != shown
        ]
        for rule, text in readings:
            if is_likely(run, text, before, after, rule, context):
                return rule, text
        layer = [(rule, text) for rule, text in readings if SUSPECT.search(text)][:4]
        if not layer:
            return None
    return None


def decoded(shown: str, context: Context) -> Iterator[tuple[str, str]]:
    """(codec, text) for each codec in which *shown* turns back to whole UTF-8; proven ones first."""
    for name in sorted(CODECS, key=lambda name: name not in context.codecs):
        try:
            yield name, shown.encode(CODECS[name]).decode("utf-8")
        except UnicodeError:
            continue


def reads_as_utf8(line: str) -> bool:
    """Whether most of an East Asian line is UTF-8 when it is turned back: good text has a fifth of it by chance."""
    shown = "".join(EAST_ASIAN_RUN.findall(line))
    for codec in CODECS.values():
        data = shown.encode(codec, "ignore")
        good = data.decode("utf-8", "ignore")
        if 4 * len(good) > len(data) > len(shown) and len(good.encode()) > 0.6 * len(data):
            return True
    return False
