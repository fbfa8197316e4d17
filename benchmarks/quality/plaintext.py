"""How well pages of plain text come apart: the demo newsroom's pages, rendered to text in the styles of text corpora.

What comes in: nothing; every page is written by us and its truth is known. What goes out: a table, a row a style:
stories with the right headline, precision and recall of body paragraphs and of teaser texts, captions found once.

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
        _score(
            counts, "body", {line for _, line in truth.body}, set((story.body or "").split("\n")) if story else set()
        )
        wanted = {text for card in true_teasers(view, BASE) for text in (card.headline, card.summary) if text}
        found = {text for card in capture.teasers for text in (card.headline, card.summary) if text}
        _score(counts, "teasers", wanted, found)
    return counts


def _score(counts: Counter[str], name: str, wanted: set[str], found: set[str]) -> None:
    counts[f"{name} right"] += len(wanted & found)
    counts[f"{name} wanted"] += len(wanted)
    counts[f"{name} found"] += len(found)


def main() -> None:
    """Print the table."""
    print(f"{'style':<16}{'pages':>6}{'headline':>10}{'body P':>8}{'body R':>8}{'teaser P':>10}{'teaser R':>10}")
    for style in STYLES:
        counts = measure(style)
        shares = [counts["headline"] / counts["pages"]]
        for name in ("body", "teasers"):
            right = counts[f"{name} right"]
            shares += [right / max(1, counts[f"{name} found"]), right / max(1, counts[f"{name} wanted"])]
        print(
            f"{style.__name__:<16}{counts['pages']:>6}"
            + "".join(f"{share:>{w}.2f}" for share, w in zip(shares, (10, 8, 8, 10, 10), strict=True))
        )


if __name__ == "__main__":
    main()
