"""What is installed: the wheel holds all data files, and the lock file pins what the project asks for."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("newsbot-*.whl")
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_wheel_holds_every_file_of_the_package(wheel: set[str]) -> None:
    left_out = {"__pycache__", ".mypy_cache", ".ruff_cache"}
    files = (path for path in (ROOT / "newsbot").rglob("*") if path.is_file() and not left_out & set(path.parts))
    missing = [name for path in files if (name := path.relative_to(ROOT).as_posix()) not in wheel]
    assert missing == []


def test_wheel_holds_sites_models_templates_and_schemas(wheel: set[str]) -> None:
    kinds = {
        "site files": r"newsbot/sites/[^/]+\.toml",
        "models": r"newsbot/core/data/.+\.(npz|json)",
        "demo": r"newsbot/demo/.+\.(html|toml|css)",
        "report": r"newsbot/report/templates/report\.(html|css)",
        "schemas": r"newsbot/items/schemas/.+\.json",
    }
    counts = {kind: sum(re.fullmatch(pattern, name) is not None for name in wheel) for kind, pattern in kinds.items()}
    assert [kind for kind, count in counts.items() if count == 0] == []
    assert counts["site files"] >= 171
    assert counts["schemas"] == 5


def test_wheel_holds_nothing_else(wheel: set[str]) -> None:
    assert [name for name in wheel if not name.startswith(("newsbot/", "newsbot-"))] == []


def locked() -> list[str]:
    return [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if not line.startswith("#")]


def test_lock_file_is_names_and_versions_only() -> None:
    assert [line for line in locked() if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[0-9][0-9A-Za-z.+!-]*", line)] == []


def test_lock_file_pins_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(entry for name in extras if name != "train" for entry in extras[name])]
    names = {re.split(r"[\[>=<; ]", entry)[0].lower().replace("_", "-") for entry in wanted} - {"newsbot"}
    assert sorted(names - {line.split("==")[0] for line in locked()}) == []


def test_makefile_targets_that_the_readme_names_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        name for page in pages for name in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert sorted(named - targets) == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
