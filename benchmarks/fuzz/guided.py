"""The same targets under atheris, which looks for inputs that reach new code.

What comes in: a target and seconds. What goes out: an exit code, and libFuzzer's report on stderr. atheris is not
among the locked dependencies (35 MB, Linux only): ``pip install atheris``. Its corpus stays in the finds' folder, so
that each run goes on where the last one ended.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.fuzz.seeds import seeds_of

_MAX_LENGTH = 4_096


def guided_run(name: str, seconds: int, folder: Path) -> int:
    """Fuzz the target *name* in a process of its own, as libFuzzer ends its process; 0 if nothing was found."""
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds_of(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    options = (f"-max_total_time={seconds}", f"-max_len={_MAX_LENGTH}", "-timeout=2", "-print_final_stats=1")
    artifacts = f"-artifact_prefix={folder}/{name}-"
    command = [sys.executable, "-m", "benchmarks.fuzz.guided", name, str(corpus), artifacts, *options]
    return subprocess.run(command, check=False).returncode


def main() -> None:
    """Fuzz the target that the command line names; libFuzzer reads the other arguments."""
    try:
        import atheris
    except ImportError:
        sys.exit("--guided needs atheris: pip install atheris")
    with atheris.instrument_imports(include=["newsbot"]):  # what is imported here for the first time
        from benchmarks.fuzz.targets import TARGETS
    check = TARGETS[sys.argv[1]].check
    atheris.Setup([sys.argv[0], *sys.argv[2:]], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
