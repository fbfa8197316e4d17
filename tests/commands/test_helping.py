"""What all commands do alike at the terminal, seen at commands that print much."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.running import environment


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
