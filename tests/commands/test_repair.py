"""``scrapy repair``: a new file, the old one untouched."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, folder: Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "repair", *arguments],
        capture_output=True,
        text=True,
        input=given,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "SCRAPY_SETTINGS_MODULE": "newsbot.settings", "PYTHONUTF8": "1"},
        check=False,
    )


def test_text_is_repaired_into_a_new_file(tmp_path: Path) -> None:
    old = "The town鈥檚 hall\r\nquilts 鈥 not for sale\nall is well\n".encode() + b"\xff broken\n"
    (tmp_path / "old.txt").write_bytes(old)
    done = run("old.txt", "--language", "en", "--write", "new.txt", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new.txt").read_bytes() == (
        "The town’s hall\r\nquilts — not for sale\nall is well\n".encode() + b"\xff broken\n"
    )
    assert (tmp_path / "old.txt").read_bytes() == old
    assert done.stdout.splitlines() == [
        "1:text:8 certain gb18030 '鈥檚' -> '’s'",
        "2:text:7 inferred gb18030:gap '鈥' -> '—'",
    ]
    assert done.stderr.splitlines()[-1] == "4 lines, 2 changed, 1 certain, 1 inferred, 1 unreadable"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.txt", "old.txt"]


def test_json_lines_keep_all_but_damaged_strings(tmp_path: Path) -> None:
    record = {"title": "The caf茅", "n": 1e3, "tags": ["ok", "r茅sum茅"], "deep": {"鈥": "fine"}}
    lines = [json.dumps(record, ensure_ascii=False), '{"a":1,  "b":"as it was"}', "{broken"]
    with gzip.open(tmp_path / "old.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    done = run("old.jsonl.gz", "--write", "new.jsonl", "--quiet", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    first, *rest = (tmp_path / "new.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == {"title": "The café", "n": 1e3, "tags": ["ok", "résumé"], "deep": {"鈥": "fine"}}
    assert rest == lines[1:]
    assert done.stdout == ""


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("town鈥檚\n", encoding="utf-8")
    (tmp_path / "new.txt").write_text("mine\n", encoding="utf-8")
    done = run("old.txt", "--write", "new.txt", folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == "" and "new.txt is there already" in done.stderr
    assert (tmp_path / "new.txt").read_text(encoding="utf-8") == "mine\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.txt", "old.txt"]


def test_half_written_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("town鈥檚\n", encoding="utf-8")
    (tmp_path / ".new.txt.part").write_text("theirs\n", encoding="utf-8")
    done = run("old.txt", "--write", "new.txt", folder=tmp_path)
    assert (done.returncode, "another repair is at work, or one was killed" in done.stderr) == (2, True)
    assert (tmp_path / ".new.txt.part").read_text(encoding="utf-8") == "theirs\n"
    assert not (tmp_path / "new.txt").exists()


def test_lines_that_cannot_be_worked_out_do_not_end_the_run(tmp_path: Path) -> None:
    lines = ['{"\\ud800\\u001b[2J":"doesnâ€™t"}', "[" * 100_000 + "]" * 100_000, '{"n":1.10,"t":"isnâ€™t"}']
    (tmp_path / "old.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("old.jsonl", "--write", "new.jsonl", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    new = (tmp_path / "new.jsonl").read_text(encoding="utf-8")
    assert new == "\n".join(lines).replace("â€™", "’")
    assert "\x1b" not in done.stdout and "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == "3 lines, 2 changed, 2 certain, 1 unreadable"


def test_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    done = run("none.txt", folder=tmp_path)
    assert done.returncode == 2
    assert "none.txt" in done.stderr


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = run("-", "--json-lines", folder=tmp_path, given='{"a": "town鈥檚"}\n')
    assert (done.returncode, done.stdout) == (0, "1:a:4 certain gb18030 '鈥檚' -> '’s'\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param("the town鈥檚\n".encode("utf-16"), "is in UTF-16", id="utf-16"),
        pytest.param(b"\xff\xfb\x90\n\xc4\xc4\n", "2 unreadable", id="no-line-is-text"),
        pytest.param(b"\x1f\x8b junk", "not UTF-8 at byte 1", id="not-named-gz"),
    ],
)
def test_file_that_is_no_text_is_a_usage_error(tmp_path: Path, body: bytes, said: str) -> None:
    (tmp_path / "old.txt").write_bytes(body)
    done = run("old.txt", folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
