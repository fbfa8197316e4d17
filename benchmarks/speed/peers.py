"""newsbot beside its peers: the same pages, one process, one run.

The peers are no dependency of newsbot: this module makes an environment for them (``.venv-peers``: newsbot's
own lock file, then the peers), runs itself in it and reads the figures back.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.speed.measure import Figure, in_turn, ratio
from benchmarks.speed.pages import SavedPage, saved_pages

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv-peers"
_KEPT = "peers.json"
PACKAGES = ("trafilatura==2.3.1", "newspaper4k==0.9.6", "lxml_html_clean")
# (peer, reach, aim): newsbot's cost ÷ the peer's.
GOALS = {
    "trafilatura fast": (1 / 2.5, 1 / 3.3),
    "trafilatura + metadata": (1 / 4.5, 1 / 6),
    "newspaper4k": (1 / 17, 1 / 23),
    "resiliparse main text": (2.8, 2.1),
}


Row = dict[str, Any]  # Any: JSON


def measured(kit: Path | None, limit: int, rounds: int) -> list[Row]:
    """A row a peer, from one run in the peers' environment."""
    command = [_environment(), "-m", "benchmarks.speed.peers", str(kit or ""), str(limit), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    rows: list[Row] = json.loads(done.stdout)
    return rows


def keep(rows: list[Row], folder: Path) -> None:
    """Write *rows* for `kept_ms`."""
    (folder / _KEPT).write_text(json.dumps(rows))


def kept_ms(folder: Path, peer: str) -> float | None:
    """CPU milliseconds a page of *peer* as the rows kept in *folder* tell it; ``None`` when the peers have not run."""
    path = folder / _KEPT
    rows: list[Row] = json.loads(path.read_text()) if path.exists() else []
    return next((float(row["ms"]) for row in rows if row["peer"] == peer), None)


def figures(rows: list[Row]) -> Iterator[Figure]:
    """newsbot's CPU time ÷ each peer's."""
    for row in rows:
        reach, aim = GOALS[row["peer"]]
        yield Figure(
            name=f"extraction whole ÷ {row['peer']}",
            value=row["ratio"],
            spread=row["spread"],
            reach=reach,
            aim=aim,
            note=f"{row['version']}, {row['ms']:.1f} ms a page, {row['pages']} pages, {row['failed']} raised",
        )


def _environment() -> str:
    python = ENVIRONMENT / "bin" / "python"
    ready, lock = ENVIRONMENT / ".ready", ROOT / "requirements.lock"
    wanted = "\n".join([lock.read_text(), *PACKAGES])
    if not ready.exists() or ready.read_text() != wanted:
        print("making the peers' environment, once", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--upgrade", "pip"], check=True)  # older ones fail on the peers' requirements
        subprocess.run([*install, "-r", str(lock)], check=True)
        subprocess.run([*install, *PACKAGES], check=True)
        ready.write_text(wanted)
    return str(python)


def _text(page: SavedPage) -> str:
    return page.body.decode("utf-8", "replace")


def _peers() -> dict[str, tuple[str, Callable[[SavedPage], object]]]:
    import newspaper
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    def fast(page: SavedPage) -> object:
        return trafilatura.extract(page.body, fast=True)

    def with_metadata(page: SavedPage) -> object:
        return trafilatura.extract(page.body, with_metadata=True)

    def newspaper4k(page: SavedPage) -> object:
        article = newspaper.Article(page.url)
        article.download(input_html=_text(page))
        article.parse()
        return article

    def resiliparse(page: SavedPage) -> object:
        return extract_plain_text(_text(page), main_content=True)

    return {
        "trafilatura fast": ("trafilatura", fast),
        "trafilatura + metadata": ("trafilatura", with_metadata),
        "newspaper4k": ("newspaper4k", newspaper4k),
        "resiliparse main text": ("resiliparse", resiliparse),
    }


def _measure(kit: Path | None, limit: int, rounds: int) -> list[Row]:
    from benchmarks.speed.extraction import whole

    pages = saved_pages(kit, limit)
    failed: dict[str, set[str]] = {}

    def counted(name: str, work: Callable[[SavedPage], object]) -> Callable[[SavedPage], object]:
        def run(page: SavedPage) -> object:
            try:
                return work(page)
            except Exception:  # a peer's failure on a page is a figure here, not an error of ours
                failed.setdefault(name, set()).add(page.name)
                return None

        return run

    peers = _peers()
    works = {name: counted(name, work) for name, (_, work) in peers.items()}
    timed = in_turn({"newsbot": whole, **works}, pages, rounds)
    rows: list[Row] = []
    for name, (package, _) in peers.items():
        value, spread = ratio(timed["newsbot"], timed[name])
        rows.append(
            {
                "peer": name,
                "ratio": value,
                "ms": statistics.median(timed[name].rounds) / len(pages) * 1000,
                "spread": spread,
                "version": f"{package} {metadata.version(package)}",
                "pages": len(pages),
                "failed": len(failed.get(name, ())),
            }
        )
    return rows


if __name__ == "__main__":
    folder, limit, rounds = sys.argv[1:4]
    json.dump(_measure(Path(folder) if folder else None, int(limit), int(rounds)), sys.stdout)
