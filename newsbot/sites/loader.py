"""Site files: those that come with newsbot, and those of the operator's own folder.

What comes in: names, and the folder of the setting ``NEWSBOT_SITES`` (a file there wins over a shipped one of the
same name). What goes out: `Site`. A file that cannot be used is a `ConfigError` with its path and key. No network.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path

from newsbot.core.errors import ConfigError
from newsbot.sites.model import Site, site_from_tables

SHIPPED = Path(__file__).parent
# Names of spiders that are no sites.
RESERVED = ("news", "archive")


def site_names(folder: str | Path | None = None) -> list[str]:
    """The names of all sites, sorted. Lists folders only: no file is read."""
    return sorted(_paths(folder))


def load_site(name: str, folder: str | Path | None = None) -> Site:
    """The site *name*. Raises `ConfigError` for an unknown one, with the nearest known."""
    paths = _paths(folder)
    path = paths.get(name)
    if path is None:
        near = difflib.get_close_matches(name, paths, 1, cutoff=0.5)
        hint = f"did you mean {near[0]}?" if near else "`scrapy list` shows all"
        raise ConfigError(f"no site {name!r}; {hint}")
    return read_site(path)


def load_sites(names: Iterable[str] | None = None, folder: str | Path | None = None) -> dict[str, Site]:
    """Name -> site, in the order of *names*; all sites, sorted, where *names* is ``None``."""
    chosen = site_names(folder) if names is None else list(dict.fromkeys(names))
    return {name: load_site(name, folder) for name in chosen}


def read_site(path: Path) -> Site:
    """The site of one file. Raises `ConfigError` with the path, the key and the nearest good key."""
    try:
        return site_from_text(path.read_text("utf-8"), path.stem)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: no TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def site_from_text(text: str, name: str) -> Site:
    """The site *name* that *text* describes: data, whoever wrote it. Raises `ConfigError`."""
    try:
        return site_from_tables(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"no TOML: {error}") from error
    except RecursionError as error:
        raise ConfigError("no TOML: nested too deeply") from error


class SiteIndex:
    """Which site a host belongs to, asked once a page.

    Reads the operator's own files when made; shipped ones are found by their names, which are domains.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        shipped = _paths(None)
        own = {name: path for name, path in _paths(folder).items() if shipped.get(name) != path}
        self._domains = {name: name for name in shipped if name not in own}
        if self._domains.pop("demo", None):
            self._domains["127.0.0.1"] = "demo"
        for name, path in own.items():
            site = read_site(path)
            self._domains |= dict.fromkeys((site.domain, *site.hosts), name)

    def site_of_host(self, host: str) -> str | None:
        """The site with the longest domain that *host* is or is below; ``None`` for an unknown host.

        >>> SiteIndex().site_of_host("www.site.example") is None
        True
        """
        domain = host.lower().rstrip(".").partition(":")[0]
        while domain:
            if domain in self._domains:
                return self._domains[domain]
            domain = domain.partition(".")[2]
        return None


def _paths(folder: str | Path | None) -> dict[str, Path]:
    """Name -> file, shipped ones first, then those of *folder*."""
    paths = {path.stem: path for path in SHIPPED.glob("*.toml")}
    if folder:
        own = Path(folder)
        if not own.is_dir():
            raise ConfigError(f"NEWSBOT_SITES: {own} is no folder")
        paths |= {path.stem: path for path in own.glob("*.toml")}
    for name in RESERVED:
        if name in paths:
            raise ConfigError(f"{paths[name]}: {name!r} is the name of a spider of newsbot; choose another")
    return paths
