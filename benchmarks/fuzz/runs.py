"""A fuzz run: a worker that tries inputs one after the other, and a parent that survives what the worker does not.

What comes in: a target, a number of inputs, a seed. What goes out: a `Tally`, and each find as a file. A worker that
crashes or hangs in C takes nothing with it: the number of its input stands in shared memory, the parent makes the
input again, keeps it, and goes on behind it.
"""

from __future__ import annotations

import multiprocessing as mp
import sys
import sysconfig
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.seeds import TOKENS, seeds_of
from benchmarks.fuzz.targets import BadLine, Target

HANG_S = 2.0
# The parent ends a worker that is busy with one input for this long.
STUCK_S = 30.0
# So many finds of a target end it; further ones are most likely the same.
MAX_FINDS = 20
KINDS = ("crash", "hang", "bad line")
_ROOT = Path(__file__).parents[2]
_READABLE = tuple(map(str, (_ROOT, sys.prefix, sys.base_prefix, sysconfig.get_path("stdlib"), *sys.path[1:])))
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.remove", "os.rename", "shutil.")


@dataclass
class Tally:
    """What came of one target; *finds* are the files of the inputs that broke a promise, by `KINDS`."""

    name: str
    inputs: int = 0
    seconds: float = 0.0
    slowest_ms: float = 0.0
    finds: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    @property
    def total(self) -> int:
        """How many inputs broke a promise."""
        return sum(map(len, self.finds.values()))


class Fuzzing:
    """The run of one target: ``tally`` grows while `run` works."""

    def __init__(self, target: Target, inputs: int, *, seed: int, folder: Path) -> None:
        self.target = target
        self.inputs = inputs
        self.seed = seed
        self.folder = folder
        self.tally = Tally(target.name)
        self._context = mp.get_context("fork")
        # The input that is being tried; the worker writes it, and the parent reads it when the worker is gone.
        self._number = self._context.Value("q", 0, lock=False)

    def run(self) -> Tally:
        """Try all inputs; the tally. One worker at a time: a new one begins behind the input that ended the last."""
        begun = time.perf_counter()
        while self._number.value < self.inputs and self.tally.total < MAX_FINDS:
            receiver, sender = self._context.Pipe(duplex=False)
            worker = self._context.Process(target=_work, args=(self, sender))
            worker.start()
            sender.close()
            lost = self._follow(receiver)
            if lost is not None:
                worker.kill()
                self._keep(lost, self._number.value, "the worker was lost")
                self._number.value += 1
            worker.join()
        self.tally.inputs = self._number.value
        self.tally.seconds = time.perf_counter() - begun
        return self.tally

    def input(self, number: int) -> bytes:
        """The input *number*: the same in every run with the same seed."""
        name = self.target.name
        return mutated(number, seed=self.seed, target=name, seeds=seeds_of(name), tokens=TOKENS[name])

    def _follow(self, receiver: Any) -> str | None:  # Any: a connection, which is not generic over what it carries
        """Take in what the worker tells until it is done; ``crash`` if it died, ``hang`` if it is stuck."""
        last, since = self._number.value, time.monotonic()
        while True:
            try:
                if receiver.poll(1.0):
                    kind, number, told = receiver.recv()
                    if kind == "done":
                        self.tally.slowest_ms = max(self.tally.slowest_ms, told)
                        return None
                    self._keep(kind, number, told)
            except EOFError:
                return "crash"
            if self._number.value != last:
                last, since = self._number.value, time.monotonic()
            elif time.monotonic() - since > STUCK_S:
                return "hang"

    def _keep(self, kind: str, number: int, why: str) -> None:
        """Write the input *number* and why it was kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.target.name}-{self.seed}-{number}"
        path.write_bytes(self.input(number))
        path.with_name(path.name + ".why").write_text(f"{kind}\n{why}\n", "utf-8")
        self.tally.finds[kind].append(path.name)


def _work(fuzzing: Fuzzing, sender: Any) -> None:  # Any: a connection
    """Try inputs to the end; tells each find, then the slowest input."""
    fuzzing.target.check(fuzzing.input(0))  # what is imported late is imported before files are forbidden
    sys.addaudithook(_forbid)
    number = fuzzing._number
    finds, slowest_s = 0, 0.0
    while number.value < fuzzing.inputs and finds < MAX_FINDS:
        data = fuzzing.input(number.value)
        start = time.process_time()  # of this process: what others do on the machine is no hang
        kind, why = _outcome(fuzzing.target.check, data)
        seconds = time.process_time() - start
        slowest_s = max(slowest_s, seconds)
        if kind is None and seconds > HANG_S:
            kind, why = "hang", f"{seconds:.1f} s"
        if kind is not None:
            finds += 1
            sender.send((kind, number.value, why))
        number.value += 1
    sender.send(("done", 0, slowest_s * 1000))


def _outcome(check: Callable[[bytes], None], data: bytes) -> tuple[str | None, str]:
    try:
        check(data)
    except BadLine as error:
        return "bad line", str(error)
    except Exception:  # the boundary of one input: whatever it raises is a find, kept with its traceback
        return "crash", traceback.format_exc()
    return None, ""


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:  # Any: what the event brings
    """Bytes of strangers open no socket and start no program; files are read from the installation only."""
    if event.startswith(_FORBIDDEN) and event != "socket.__new__":
        raise AssertionError(f"forbidden: {event} {arguments!r:.200}")
    if event == "open":
        path, mode = str(arguments[0]), arguments[1] or "r"
        if set(str(mode)) & set("wax+") or not path.startswith(_READABLE):
            raise AssertionError(f"forbidden: open {path!r:.200} {mode}")
