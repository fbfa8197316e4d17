"""What ``scrapy demo`` shows: the desk's changes, and the lines that are new in an output folder."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path

from rich.console import Console

from newsbot.commands.demo import show
from newsbot.demo.tour import (
    Change,
    DeskNews,
    Row,
    Version,
    Written,
    desk_news,
    files_of,
    paired,
    written_since,
)


def write(path: Path, *lines: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_desk_news_names_each_change() -> None:
    news = desk_news(3)

    assert (news.number, news.clock) == (3, "Tuesday 3 March 2026, 16:30")
    assert Counter(change.what for change in news.changes) == Counter(
        new=4, live=1, correction=1, text=1, typography=1, headline=1, withdrawn=1
    )
    gone = Change("withdrawn", "s:demo:40107", "Stolen anchor turns up at an auction 300 kilometres away")
    assert gone in news.changes


def test_desk_news_of_the_first_edition_is_a_number() -> None:
    assert desk_news(1).changes == (Change("new", None, "46 stories, one behind a consent wall"),)


def test_written_since_reads_new_files_only(tmp_path: Path) -> None:
    write(tmp_path / "stories" / "a-1.jsonl", {"story_id": "s:demo:1", "revision": 1, "headline": "old"})
    known = files_of(tmp_path)
    story = write(tmp_path / "stories" / "a-2.jsonl", {"story_id": "s:demo:1", "revision": 2, "headline": "new"})
    teasers = write(tmp_path / "teasers" / "a-3.jsonl", {}, {})
    events = write(tmp_path / "events" / "a-4.jsonl", {"kind": "resolved"}, {"kind": "resolved"})
    pages = write(tmp_path / "pages" / "a-5.jsonl", {"outcome": "story"})

    assert written_since(tmp_path, known) == Written(
        versions=(Version("s:demo:1", 2, "new"),),
        teasers=2,
        events=Counter(resolved=2),
        pages=Counter(story=1),
        files=((events, 2), (pages, 1), (story, 1), (teasers, 2)),
    )


def test_written_since_of_an_empty_folder_is_nothing(tmp_path: Path) -> None:
    assert written_since(tmp_path, files_of(tmp_path)) == Written()


NEWS = DeskNews(
    3,
    "Tuesday",
    (
        Change("new", "s:demo:1", "First"),
        Change("text", "s:demo:2", "Second"),
        Change("typography", "s:demo:3", "Third"),
        Change("withdrawn", "s:demo:4", "Fourth"),
    ),
)
WRITTEN = Written(
    versions=(Version("s:demo:2", 3, "Second"), Version("s:demo:1", 1, "First"), Version("s:demo:9", 2, "Ninth")),
    withdrawn=frozenset({"s:demo:4"}),
    teasers=1234,
    events=Counter(resolved=150, teaser_gone=99, headline_changed=3, corrected=2, withdrawn=1, clustered=1, moved=1),
    pages=Counter(unchanged=43, listing=33, story=8, rejected=2, failed=1),
)


def test_each_change_stands_beside_what_was_written_of_it() -> None:
    assert paired(NEWS, WRITTEN) == [
        Row("new", "First", "new"),
        Row("text", "Second", "revision 3"),
        Row("typography", "Third", "nothing"),
        Row("withdrawn", "Fourth", "withdrawn"),
        Row("-", "Ninth", "revision 2"),
    ]


def test_shown_in_80_columns_a_change_is_one_line() -> None:
    long = "A headline that is far longer than a terminal of eighty columns is wide, and then some more words"
    news = DeskNews(2, "Tuesday 3 March 2026, 11:00", (Change("new", "s:demo:2", long), *NEWS.changes[2:]))
    console = Console(file=io.StringIO(), width=80)

    show(console, news, WRITTEN, 12.3)

    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines[2:6]] == ["new", "typography", "withdrawn", "-"]
    assert [line.rstrip().rpartition("  ")[2].strip() for line in lines[2:4]] == ["revision 3", "nothing"]
    assert "…" in lines[2]
    assert [line.strip() for line in lines[9:11]] == [
        "events      150 resolved, 99 teaser_gone, 3 headline_changed, 2 corrected,",
        "1 withdrawn, 1 clustered, 1 moved",
    ]
