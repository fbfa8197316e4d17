"""Files of others, line by line: what is damaged is repaired where it stands, and nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from newsbot.items.corpora import Line, repair_lines


def repaired(*lines: bytes, as_json: bool = True) -> list[Line]:
    return list(repair_lines(lines, "en", as_json=as_json))


def test_a_file_is_read_a_line_at_a_time() -> None:
    taken: list[bytes] = []

    def lines() -> Iterator[bytes]:
        for line in ("The town鈥檚 hall\n".encode(), b"never asked for\n"):
            taken.append(line)
            yield line

    first = next(repair_lines(lines(), "en", as_json=False))
    assert (first.after.decode(), len(taken)) == ("The town’s hall", 1)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(
            '{"a":"first","t":"doesnâ€™t","a":"last","n":1.10,"k":12345678901234567890.123}',
            '{"a":"first","t":"doesn’t","a":"last","n":1.10,"k":12345678901234567890.123}',
            id="key-that-comes-twice-and-long-numbers",
        ),
        pytest.param(
            '{"x":1e999, "y" : -0,"t":"doesnâ€™t" }', '{"x":1e999, "y" : -0,"t":"doesn’t" }', id="numbers-and-spaces"
        ),
        pytest.param(r'{"\ud800":"doesnâ€™t"}', r'{"\ud800":"doesn’t"}', id="half-a-pair-in-a-key"),
        pytest.param('{"n":%s,"t":"doesnâ€™t"}' % ("7" * 5000), '{"n":%s,"t":"doesn’t"}' % ("7" * 5000), id="digits"),
        pytest.param("[" * 800 + '"doesnâ€™t"' + "]" * 800, "[" * 800 + '"doesn’t"' + "]" * 800, id="deep"),
        pytest.param(
            r'{"t":"it doesnâ€™t \/ \"so\" \u00e9 \ud83d\ude00 isnâ€™t\n"}',
            r'{"t":"it doesn’t \/ \"so\" \u00e9 \ud83d\ude00 isn’t\n"}',
            id="escapes-beside-the-damage",
        ),
        pytest.param(r'{"t":"doesn\u00e2\u20ac\u2122t"}', r'{"t":"doesn\u2019t"}', id="ascii-stays-ascii"),
        pytest.param('{"â€™":"ok","t":["â€™","doesnâ€™t"]}', '{"â€™":"ok","t":["’","doesn’t"]}', id="key-stays"),
        pytest.param('"doesnâ€™t"', '"doesn’t"', id="a-string-alone"),
        pytest.param(r'{"t":"so \ud83d it goes"}', '{"t":"so \\ufffd it goes"}', id="half-a-pair-in-a-text"),
        pytest.param('[{}, [], {"a": []}, "doesnâ€™t"]', '[{}, [], {"a": []}, "doesn’t"]', id="empty-ones"),
    ],
)
def test_json_changes_where_the_damage_is_and_nowhere_else(written: str, expected: str) -> None:
    (line,) = repaired(written.encode())
    assert (line.fault, line.after.decode()) == (None, expected)
    assert repaired(line.after)[0].after == line.after


def test_paths_name_the_damaged_strings() -> None:
    record = {"x": {"y": 1}, "tags": ["ok", {"name": "doesnâ€™t"}, "isnâ€™t"], "last": "wasnâ€™t"}
    (line,) = repaired(json.dumps(record).encode())
    assert [repair.field for repair in line.repairs] == ["tags[1].name", "tags[2]", "last"]


def test_a_line_with_marks_only_stays_byte_for_byte() -> None:
    written = '{"v":1.50 , "u":"\\u00e9", "t":"Gar\ufffdxon" }'.encode()
    (line,) = repaired(written + b"\r\n")
    assert [repair.certainty for repair in line.repairs] == ["marked"]
    assert (line.after, line.end) == (written, b"\r\n")


@pytest.mark.parametrize("as_json", [pytest.param(True, id="json"), pytest.param(False, id="text")])
def test_a_byte_order_mark_stays(as_json: bool) -> None:
    (line,) = repaired(b'\xef\xbb\xbf{"t":"doesn\xc3\xa2\xe2\x82\xac\xe2\x84\xa2t"}\n', as_json=as_json)
    assert (line.fault, line.after) == (None, '\ufeff{"t":"doesn’t"}'.encode())


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        pytest.param(b"{broken", "not JSON: ", id="no-json"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "not JSON: nested too deeply", id="too-deep"),
        pytest.param(b'\xef\xbb\xbf"\xff"', "not UTF-8 at byte 4", id="not-utf-8"),
    ],
)
def test_a_line_that_cannot_be_read_stays_and_ends_nothing(written: bytes, fault: str) -> None:
    first, second = repaired(written + b"\n", '"doesnâ€™t"\n'.encode())
    assert first.fault is not None and first.fault.startswith(fault)
    assert (first.after, second.after) == (written, '"doesn’t"'.encode())
