"""How well pages of plain text come apart: the demo newsroom's pages, rendered to text in the styles of text corpora.

What comes in: nothing; every page is written by us and its truth is known. What goes out: a table, a row a style:
stories with the right headline, precision and recall of body paragraphs and of teaser texts. Fails below its floors.

    python -m benchmarks.quality.plaintext
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable

from newsbot.core.blocks import NOT_DRAWN, segment
from newsbot.core.page import read_page
from newsbot.demo.press import Press
from newsbot.demo.truth import true_story, true_teasers
from newsbot.extract import Visit, extract_page
from newsbot.items.model import Story

BASE = "http://127.0.0.1:8070"
MARGIN = 72


def shown_lines(html: bytes, url: str) -> list[str]:
    """What a reader sees of a page, a line a block."""
    segments = segment(read_page(html, url))
    return [block.text for block in segments.blocks if not block.hidden & NOT_DRAWN]


def one_a_line(lines: list[str]) -> str:
    """As web-text archives have it: a block a line."""
    return "\n".join(lines)


def blank_lines(lines: list[str]) -> str:
    """Paragraphs apart, as most converters write."""
    return "\n\n".join(lines)


def at_a_margin(lines: list[str]) -> str:
    """Broken at a margin, as terminal browsers write."""
    return "\n\n".join("\n".join(textwrap.wrap(line, MARGIN)) for line in lines)


def captions_twice(lines: list[str]) -> str:
    """Captions run together with their alternative text, as converters do that print both."""
    return "\n".join(f"{line} {line}" if line.endswith(")") and "(" in line[20:] else line for line in lines)


# In every style; two points below what is reached, for the demo's pages are rewritten now and then.
FLOORS = {
    "headline": 0.98,
    "body precision": 0.94,
    "body recall": 0.91,
    "teasers precision": 0.92,
    "teasers recall": 0.93,
}
STYLES: tuple[Callable[[list[str]], str], ...] = (one_a_line, blank_lines, at_a_margin, captions_twice)


def measure(style: Callable[[list[str]], str]) -> Counter[str]:
    """Counts over all story pages of the demo's first edition in one style."""
    press = Press(1, BASE)
    counts: Counter[str] = Counter()
    for path, view in press.views.items():
        truth = true_story(press.edition, view, BASE)
        answer = press.answer(path)
        if truth is None or answer.status != 200 or view.next_path is not None or truth.is_truncated:
            continue
        text = style(shown_lines(answer.body, BASE + path))
        capture = extract_page(text.encode(), BASE + path, Visit(content_type="text/plain"))
        counts["pages"] += 1
        story = capture.story
        counts["headline"] += story is not None and story.headline == truth.headline
        _score(counts, "body", {line for _, line in truth.body}, _paragraphs(story))
        wanted = {text for card in true_teasers(view, BASE) for text in (card.headline, card.summary) if text}
        found = {text for card in capture.teasers for text in (card.headline, card.summary) if text}
        _score(counts, "teasers", wanted, found)
    return counts


def _paragraphs(story: Story | None) -> set[str]:
    """The lines of the body without its lead, which the truth has apart."""
    if story is None or story.body is None:
        return set()
    return {story.body[block.start : block.end] for block in story.body_blocks if block.kind != "lead"}


def _score(counts: Counter[str], name: str, wanted: set[str], found: set[str]) -> None:
    counts[f"{name} right"] += len(wanted & found)
    counts[f"{name} wanted"] += len(wanted)
    counts[f"{name} found"] += len(found)


def shares(counts: Counter[str]) -> dict[str, float]:
    """The figures of a style by name."""
    found = {"headline": counts["headline"] / max(1, counts["pages"])}
    for name in ("body", "teasers"):
        right = counts[f"{name} right"]
        found[f"{name} precision"] = right / max(1, counts[f"{name} found"])
        found[f"{name} recall"] = right / max(1, counts[f"{name} wanted"])
    return found


def main() -> int:
    """Print the table; 1 if a figure is below its floor."""
    print(f"{'style':<16}{'pages':>6}" + "".join(f"{name:>18}" for name in FLOORS))
    is_low = False
    for style in STYLES:
        counts = measure(style)
        found = shares(counts)
        print(f"{style.__name__:<16}{counts['pages']:>6}" + "".join(f"{found[name]:>18.2f}" for name in FLOORS))
        is_low |= any(found[name] < floor for name, floor in FLOORS.items())
    print("plain text: below the floor" if is_low else "plain text: all figures hold")
    return int(is_low)


if __name__ == "__main__":
    raise SystemExit(main())
