"""The measure of fields tells right from wrong and names the class of an error; it runs on a kit of one page."""

import gzip
import json

import pytest

from benchmarks.quality.fields import half_of, main, measure, table

SCORER = """
from datetime import datetime


def norm_title(text):
    return " ".join((text or "").split())


def folded(text):
    return "".join(char if char.isalnum() else " " for char in (text or "").casefold()).split()


def norm_author(name):
    return name.casefold()


def author_f1(wanted, given):
    return float(sorted(map(norm_author, wanted)) == sorted(map(norm_author, given)))


def has_time(value):
    return "T" in value


def compare_dates(wanted, given):
    return (given or "")[:10] == wanted[:10], (given or "")[:16] == wanted[:16]
"""
PAGE = """<html lang="en"><title>Harbour bridge closes | Courier</title>
<meta property="article:published_time" content="2026-03-02T10:00:00Z">
<h1>Harbour bridge closes</h1><p>By Jane Doe</p>
<p>The harbour bridge will close in the spring, the town council said on Monday, and it will stay closed for a year.</p>
<p>Ferries will take its place, the council said, and nobody will have to pay for them until the work is done.</p>"""


@pytest.fixture
def kit(tmp_path):
    truth = {
        "dataset": "own",
        "id": "one",
        "file": "one.html.gz",
        "url": "https://www.courier.example/a",
        "title": "Harbour Bridge closes",
        "authors": ["Jane Doe"],
        "published": "2026-03-03T10:00",
    }
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "one.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (pages / "truth.jsonl").write_text(json.dumps(truth) + "\n")
    (tmp_path / "score.py").write_text(SCORER)
    return tmp_path


def test_right_fields_have_no_error_and_wrong_ones_a_class(kit):
    found = [(one.field, one.score, one.error) for one in measure(kit)]
    assert found == [
        ("title", 0.0, "case"),
        ("authors", 1.0, ""),
        ("day", 0.0, "no candidate of that form"),
        ("minute", 0.0, "time"),
    ]


def test_the_table_counts_errors_by_class(kit):
    lines = table(measure(kit)).splitlines()
    assert lines[1].split() == [
        "own",
        "0.000",
        "(of",
        "1)",
        "1.000",
        "(of",
        "1)",
        "-",
        "0.000",
        "(of",
        "1)",
        "0.000",
        "(of",
        "1)",
    ]
    assert lines[3:5] == ["own title", "     1  case"]


def test_errors_of_a_field_are_listed(kit, capsys):
    assert main(["--kit", str(kit), "--errors", "title"]) == 0
    assert "given  Harbour bridge closes\n  wanted Harbour Bridge closes" in capsys.readouterr().out


def test_a_publisher_is_in_one_half_only(kit):
    half = half_of("https://www.courier.example/a")
    assert half == half_of("https://news.courier.example/b?c=d")
    assert [len(measure(kit, other)) for other in sorted("ab", key=half.__ne__)] == [4, 0]
