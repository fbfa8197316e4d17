"""``scrapy repair``: a new file, the old one untouched."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, folder: Path, given: bytes | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "repair", *arguments],
        capture_output=True,
        input=given,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "SCRAPY_SETTINGS_MODULE": "newsbot.settings", "PYTHONUTF8": "1"},
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


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
    assert done.stderr == "scrapy repair: none.txt: no such file or directory\n"


def test_folder_that_is_missing_is_named_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("town鈥檚\n", encoding="utf-8")
    done = run("old.txt", "--write", "nowhere/new.txt", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "scrapy repair: nowhere is no folder, so nowhere/new.txt cannot be written\n"


def test_language_that_is_no_tag_is_refused(tmp_path: Path) -> None:
    done = run("-", "--language", "klingon", folder=tmp_path, given=b"town\n")
    assert (done.returncode, "klingon is no language tag: en, fr" in done.stderr) == (2, True)


def test_packed_input_is_told_by_its_bytes_and_repaired_to_standard_output(tmp_path: Path) -> None:
    packed = gzip.compress("town鈥檚\n".encode())
    done = run("-", "--write", "-", folder=tmp_path, given=packed)
    assert (done.returncode, done.stdout, done.stderr) == (0, "town’s\n", "1 lines, 1 changed, 1 certain\n")
    (tmp_path / "no-ending").write_bytes(packed)
    assert run("no-ending", "--write", "-", folder=tmp_path).stdout == "town’s\n"


def test_file_in_another_encoding_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Le café\nest fermé\net voilà\n\nla plage\n".encode("latin-1") * 100)
    done = run("old.txt", folder=tmp_path)
    said = done.stderr.splitlines()
    assert (done.returncode, len(said)) == (2, 13)
    assert said[10] == "and 290 more lines that cannot be read"
    assert "convert it first (iconv -f WINDOWS-1252 -t UTF-8 FILE" in said[11]
    assert said[12] == "500 lines, 0 changed, 300 unreadable"


def test_some_bad_lines_of_ascii_are_no_other_encoding(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(b"all is well\n" * 50 + b"\xff\n")
    done = run("old.txt", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "51: not UTF-8 at byte 0\n51 lines, 0 changed, 1 unreadable\n")


def test_certain_changes_alone_are_made_shown_and_counted(tmp_path: Path) -> None:
    lines = "The town鈥檚 hall\nquilts 鈥 not for the town鈥檚 sale\n"
    (tmp_path / "old.txt").write_text(lines, encoding="utf-8")
    done = run("old.txt", "-l", "en", "--certain", "--write", "new.txt", folder=tmp_path)
    assert (tmp_path / "new.txt").read_text(encoding="utf-8") == "The town’s hall\n" + lines.splitlines()[1] + "\n"
    assert done.stdout == "1:text:8 certain gb18030 '鈥檚' -> '’s'\n"
    assert done.stderr == "2 lines, 1 changed, 1 certain, 1 left as they came\n"


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = run("-", "--json-lines", folder=tmp_path, given='{"a": "town鈥檚"}\n'.encode())
    assert (done.returncode, done.stdout) == (0, "1:a:4 certain gb18030 '鈥檚' -> '’s'\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param("the town鈥檚\n".encode("utf-16"), "is in UTF-16", id="utf-16"),
        pytest.param(b"\xff\xfb\x90\n\xc4\xc4\n", "2 unreadable", id="no-line-is-text"),
        pytest.param(b"\x1f\x8b\x07 junk......", "compression method", id="broken-gzip"),
        pytest.param(gzip.compress(b"the town" * 9999)[:-30], "ended before", id="cut-gzip"),
        pytest.param(b"\x28\xb5\x2f\xfd....", "packed by zstd: unpack it first (zstdcat", id="zstd"),
        pytest.param(b"BZh91AY&SY..", "packed by bzip2", id="bzip2"),
    ],
)
def test_file_that_is_no_text_is_a_usage_error(tmp_path: Path, body: bytes, said: str) -> None:
    (tmp_path / "old.txt").write_bytes(body)
    done = run("old.txt", folder=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
