"""The report in a browser: it is drawn, in light and dark and on a phone, and the console stays empty.

Needs Chromium from the distribution (apt-get install chromium): ``make test-browser``.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from newsbot.report.figures import read_figures
from newsbot.report.page import report_page
from tests.report.made import make_output
from tests.report.vectors import VECTORS

pytestmark = pytest.mark.browser


def chromium(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert program is not None, "apt-get install chromium"
    fixed = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--v=0")
    return subprocess.run([program, *fixed, *arguments], capture_output=True, text=True, timeout=90, check=True)


def console(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    path = folder / "report.html"
    path.write_text(report_page(read_figures(make_output(folder / "output"))), "utf-8")
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--window-size=1200,2400",), id="desk"),
        pytest.param(("--window-size=500,2400",), id="phone"),
        pytest.param(("--window-size=1200,2400", "--blink-settings=preferredColorScheme=0"), id="dark"),
    ],
)
def test_page_is_drawn_with_an_empty_console(page: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    shot = tmp_path / "report.png"
    done = chromium(*arguments, f"--screenshot={shot}", page.as_uri())
    assert console(done) == []
    assert shot.stat().st_size > 30_000


def test_dom_is_what_the_template_wrote_with_vectors_everywhere(tmp_path: Path) -> None:
    vectors = iter(VECTORS * 1000)
    output = make_output(tmp_path / "output", days=4, text=lambda _: next(vectors))
    path = tmp_path / "report.html"
    path.write_text(report_page(read_figures(output)), "utf-8")
    done = chromium("--dump-dom", path.as_uri())
    assert console(done) == []
    assert [tag for tag in ("<script", "<img", "<iframe", "<object", "<embed", "<form") if tag in done.stdout] == []
