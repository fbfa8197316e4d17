"""What ``scrapy demo`` shows: the desk's changes, and the lines that are new in an output folder."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from newsbot.demo.tour import Written, desk_news, files_of, written_since


def write(path: Path, *lines: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_desk_news_names_each_change() -> None:
    news = desk_news(3)

    assert (news.number, news.clock) == (3, "Tuesday 3 March 2026, 16:30")
    assert Counter(what for what, _ in news.changes) == Counter(
        new=4, live=1, correction=1, text=1, typography=1, headline=1, withdrawn=1
    )
    assert ("withdrawn", "Stolen anchor turns up at an auction 300 kilometres away") in news.changes


def test_desk_news_of_the_first_edition_is_a_number() -> None:
    assert desk_news(1).changes == (("new", "46 stories"),)


def test_written_since_reads_new_files_only(tmp_path: Path) -> None:
    write(tmp_path / "stories" / "a-1.jsonl", {"revision": 1, "headline": "old"})
    known = files_of(tmp_path)
    story = write(tmp_path / "stories" / "a-2.jsonl", {"revision": 2, "headline": "new"})
    teasers = write(tmp_path / "teasers" / "a-3.jsonl", {}, {})
    events = write(tmp_path / "events" / "a-4.jsonl", {"kind": "resolved"}, {"kind": "resolved"})
    pages = write(tmp_path / "pages" / "a-5.jsonl", {"outcome": "story"})

    assert written_since(tmp_path, known) == Written(
        versions=((2, "new"),),
        teasers=2,
        events=Counter(resolved=2),
        pages=Counter(story=1),
        files=((events, 2), (pages, 1), (story, 1), (teasers, 2)),
    )


def test_written_since_of_an_empty_folder_is_nothing(tmp_path: Path) -> None:
    assert written_since(tmp_path, files_of(tmp_path)) == Written()
