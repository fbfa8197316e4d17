"""Each figure of speed beside its goal.

    python -m benchmarks.speed [--kit FOLDER] [--only WORD,WORD] [--full] [--no-peers] [--json FILE]

Ratios of CPU time, measured in turn in one run. Without a kit the demo newsroom's pages are taken, which are
smaller and simpler than real ones: figures that go into documents come from a kit of real pages. ``--full`` takes all
pages and more rounds, and adds the rows that take an hour: long crawls, and the state with ten million URLs.

The table goes to standard output, what is being done to standard error. Each group of rows runs in a process of its
own, which is ended at its time limit; one that fails does not keep the others from running.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from benchmarks.speed.groups import GROUPS, Plan
from benchmarks.speed.measure import Figure, line

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ("scrapy", "twisted", "lxml", "numpy", "msgspec", "parsel", "resiliparse")


class GroupFailed(Exception):
    """A group did not come to its end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 0: every figure with a goal reaches it, 3: some do not, 1: a group failed."""
    args = _arguments(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    chosen = _chosen(args)
    found: list[Figure] = []
    failed: dict[str, str] = {}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="newsbot-speed-") as folder:
        size = "tiny" if args.tiny else "full" if args.full else "usual"
        kit = str(args.kit.resolve()) if args.kit else None
        plan = Plan(size=size, kit=kit, folder=folder, pages=args.limit, rounds=args.rounds)
        for at, name in enumerate(chosen):
            limit_min = args.minutes or (GROUPS[name].long_limit_min if args.full else GROUPS[name].limit_min)
            then = ", ".join(chosen[at + 1 :]) or "nothing"
            _tell(began, f"{name}: {GROUPS[name].about}; at most {limit_min:g} min; then {then}")
            try:
                for figure in _measured(name, plan, limit_min * 60):
                    found.append(figure)
                    print(line(figure), flush=True)
                    _write(args.json, found, failed)
            except GroupFailed as error:
                failed[name] = str(error)
                print(f"{name:52} {'FAILED':>9} {error}", flush=True)
                _write(args.json, found, failed)
    _tell(began, _summary(found, failed, args.json))
    return 1 if failed else 3 if any(figure.is_reached is False for figure in found) else 0


def _chosen(args: argparse.Namespace) -> list[str]:
    """The groups asked for. Ends with a word on how to ask if a word names none, or one that is not measured so."""
    words = args.only.split(",") if args.only else [""]
    left_out = {name: "--full" for name, group in GROUPS.items() if group.is_long and not (args.full or args.tiny)}
    if args.no_peers:
        left_out["peers"] = "no --no-peers"
    for word in words if args.only else ():
        named = [name for name in GROUPS if word in name]
        if not named:
            raise SystemExit(f"--only {word}: no such group; there are {', '.join(GROUPS)}")
        if all(name in left_out for name in named):
            raise SystemExit(f"--only {word}: {', '.join(named)} needs {left_out[named[0]]}")
    return [name for name in GROUPS if name not in left_out and any(word in name for word in words)]


def _measured(name: str, plan: Plan, limit_s: float) -> Iterator[Figure]:
    """The figures of a group, as its process says them. Raises `GroupFailed`."""
    command = [sys.executable, "-m", "benchmarks.speed.groups", name, json.dumps(asdict(plan))]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit_s, end)
    timer.start()
    try:
        yield from (_figure(told) for told in process.stdout)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    finally:
        timer.cancel()
        # The servers that it may have left: its number stands for the group of processes until it is waited for.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    if is_late.is_set():
        raise GroupFailed(f"ended at its limit of {limit_s / 60:g} min")
    if code:
        raise GroupFailed(f"its process ended with {code}; what it said stands above")


def _figure(told: str) -> Figure:
    """The figure in a line of a group's output. Raises `GroupFailed`: a group says figures there, and nothing else."""
    try:
        return Figure(**json.loads(told))
    except (ValueError, TypeError) as error:
        raise GroupFailed(f"it said something that is no figure: {told.strip()[:120]!r}") from error


def _tell(began: float, what: str) -> None:
    seconds = round(time.monotonic() - began)
    print(f"[{seconds // 60:3}:{seconds % 60:02}] {what}", file=sys.stderr, flush=True)


def _summary(found: list[Figure], failed: dict[str, str], path: Path | None) -> str:
    reached, missed = (sum(figure.is_reached is verdict for figure in found) for verdict in (True, False))
    said = f"{len(found)} figures: {reached} reached, {missed} missed, {len(found) - reached - missed} without a goal"
    if failed:
        said += f"; FAILED: {', '.join(failed)}"
    return f"{said}; written to {path}" if path else said


def _write(path: Path | None, found: list[Figure], failed: dict[str, str]) -> None:
    """Write what there is so far to *path*, whole."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    figures = [{**asdict(figure), "is_reached": figure.is_reached} for figure in found]
    part.write_text(json.dumps({**machine(), "figures": figures, "failed": failed}, indent=1) + "\n")
    part.replace(path)


def machine() -> dict[str, object]:
    """When, where and with what the figures were made."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in VERSIONS}},
    }


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kit", type=Path, help="folder with *.html.gz below it; default: the demo newsroom's pages")
    parser.add_argument("--only", help="only the groups whose names have one of these words in them")
    parser.add_argument("--limit", type=int, help="at most so many pages, evenly taken (default 100; with --full all)")
    parser.add_argument("--rounds", type=int, help="rounds in turn (default 3; with --full 5)")
    parser.add_argument("--minutes", type=float, help="end each group after so long (default: each has its own limit)")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--full", action="store_true", help="all pages of the kit, more rounds, long crawls")
    size.add_argument("--tiny", action="store_true", help="every group on next to nothing: whether all of it runs")
    parser.add_argument("--no-peers", action="store_true", help="without the peers, which need a package index once")
    parser.add_argument("--json", type=Path, help="write all figures and versions to this file, as they come")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
