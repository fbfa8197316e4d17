"""The newsroom opened for a crawl: an edition on its port, both remembered beside the crawler's state.

What comes in: the state folder and the number of an edition. What goes out: `Newsroom`, a running server.
Knows nothing of Scrapy.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from newsbot.core.errors import ConfigError
from newsbot.demo.editions import edition as edition_of
from newsbot.demo.server import HOST, DemoServer

MEMORY_FILE = "demo.json"


class _Memory(msgspec.Struct, frozen=True):
    """What is kept: the port, chosen once (it is part of every URL), and the edition last shown."""

    port: int = 0
    edition: int = 1


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A newsroom that answers requests until `close`."""

    server: DemoServer
    edition: int

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return self.server.base_url

    @property
    def address(self) -> tuple[str, int]:
        """The only address that a crawl of the demo has to reach."""
        return HOST, self.server.server_address[1]

    def close(self) -> None:
        """Stop answering and free the port."""
        self.server.stop()


def open_newsroom(state_folder: Path, edition: int | None = None) -> Newsroom:
    """Serve *edition* (``None``: the one last shown, at first the first) on the port kept in *state_folder*.

    Raises `ConfigError` for an edition that does not exist and for a port that another program took.
    """
    memory = _read(state_folder / MEMORY_FILE)
    number = memory.edition if edition is None else edition
    edition_of(number)
    server = _bound(memory.port, state_folder)
    server.show(number)
    _write(state_folder / MEMORY_FILE, _Memory(port=server.server_address[1], edition=number))
    server.start()
    return Newsroom(server, number)


def last_shown(state_folder: Path) -> int:
    """The edition that `open_newsroom` shows if none is named. Raises `ConfigError`."""
    return _read(state_folder / MEMORY_FILE).edition


def _bound(port: int, state_folder: Path) -> DemoServer:
    try:
        return DemoServer(port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise ConfigError(
            f"port {port} of the demo newsroom is taken by another program; it is part of every URL crawled so far: "
            f"free it, or start over with another output folder (kept in {state_folder / MEMORY_FILE})"
        ) from error


def _read(path: Path) -> _Memory:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Memory)
    except FileNotFoundError:
        return _Memory()
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: not what the demo newsroom wrote there: {error}") from error


def _write(path: Path, memory: _Memory) -> None:
    """Replace the file whole: a kill leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(msgspec.json.encode(memory))
    os.replace(part, path)
