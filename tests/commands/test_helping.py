"""What all commands do alike at the terminal, seen at commands that print much."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT, environment


def first_line_only(*arguments: str, folder: Path) -> tuple[int | None, str, str]:
    """(exit code, first line, standard error) of a command whose reader leaves after a line, as ``head -1`` does."""
    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=folder,
        env=environment(SCRAPY_SETTINGS_MODULE="newsbot.settings"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        return process.wait(timeout=60), line, said


def refused(command: str, *arguments: str) -> str:
    """What standard error says of a command that ends with code 2."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", command, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("extract p1.html --bogus", "--bogus is no option", id="option-of-extract"),
        pytest.param("crawl demo --bogus=1", "--bogus=1 is no option", id="option-of-crawl"),
        pytest.param("extract p1.html --url notaurl", "--url notaurl: an address is wanted", id="no-address"),
        pytest.param("export stories x.xlsx", "x.xlsx ends neither in .csv nor in .parquet", id="ending"),
        pytest.param("export articles x.csv", "articles is no kind of lines; they are stories", id="kind"),
        pytest.param("export stories x.csv --since yesterday", "yesterday is no day; 2026-03-01", id="day"),
        pytest.param("compact output", "no argument is wanted, and output is one", id="argument"),
        pytest.param("export stories x.csv -s NEWSBOT_OUTPUT=no/such", "no/such is no folder", id="export-nowhere"),
        pytest.param("history s:a:1 -s NEWSBOT_OUTPUT=no/such", "no/such is no folder", id="history-nowhere"),
        pytest.param("report -s NEWSBOT_OUTPUT=no/such", "no/such is no folder", id="report-nowhere"),
    ],
)
def test_what_is_not_understood_is_named(line: str, said: str) -> None:
    assert said in refused(*line.split())


def test_reader_that_leaves_ends_a_command_in_silence(tmp_path: Path) -> None:
    paragraph = "<p>The harbour of the town was quiet on Monday, said the council, and nobody asked why.</p>"
    page = f"<html><head><title>Quiet harbour</title></head><body><h1>Quiet</h1>{paragraph * 3000}</body></html>"
    (tmp_path / "long.html").write_text(page, encoding="utf-8")
    ended = first_line_only("extract", "long.html", "--url", "https://wharf.test/a-1", folder=tmp_path)
    assert ended == (0, "{\n", "")


def test_reader_that_leaves_does_not_cost_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_text("the town鈥檚 hall\n" * 5000, encoding="utf-8")
    code, line, said = first_line_only("repair", "old.txt", "--write", "new.txt", folder=tmp_path)
    assert (code, line) == (0, "1:text:8 certain gb18030 '鈥檚' -> '’s'\n")
    assert said.splitlines() == ["5000 lines, 5000 changed, 5000 certain"]
    assert (tmp_path / "new.txt").read_text(encoding="utf-8") == "the town’s hall\n" * 5000
