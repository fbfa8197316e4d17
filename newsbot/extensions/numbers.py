"""Settings checked before anything is opened or asked for: those that nobody reads, and those that are no number.

What comes in: Scrapy's settings, in which ``-s NAME=VALUE`` left text. What goes out: values, or a `ConfigError` that
names the setting. Which settings are numbers, the defaults of `newsbot.settings` say by their types.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import fields
from difflib import get_close_matches
from typing import Final

from scrapy.settings import BaseSettings

from newsbot import settings as newsbot_settings
from newsbot.core.errors import ConfigError
from newsbot.storage.base import RecheckPolicy, StoreSettings

OWN: Final = "NEWSBOT_"
# The settings that `newsbot.settings` takes from the environment; every other one is given with -s.
FROM_ENVIRONMENT: Final = frozenset(("NEWSBOT_CONTACT", "NEWSBOT_OUTPUT", "NEWSBOT_SITES"))
# Each field of these is a setting: `NEWSBOT_STORE_SEGMENT_LINES`.
BY_FIELD: Final = {"NEWSBOT_STORE_": StoreSettings, "NEWSBOT_RECHECK_": RecheckPolicy}

_WANTED: Final = {
    bool: "True or False",
    int: "a whole number of at least 0",
    float: "a number of at least 0",
}


def number(settings: BaseSettings, name: str, kind: type[bool | int | float]) -> bool | int | float:
    """The setting *name* as *kind*. Raises `ConfigError`."""
    read = {bool: settings.getbool, int: settings.getint, float: settings.getfloat}[kind]
    try:
        value = read(name)
        if math.isfinite(value) and value >= 0:
            return value
    except (ValueError, TypeError, OverflowError):
        pass
    raise ConfigError(f"{name}={settings.get(name)}: {_WANTED[kind]} is wanted")


def refuse_bad_numbers(settings: BaseSettings) -> None:
    """Raise `ConfigError` for the first of newsbot's settings that is no number, or no switch, where it has to be."""
    for name, default in vars(newsbot_settings).items():
        if name.isupper() and isinstance(default, (bool, int, float)):
            number(settings, name, type(default))


def refuse_unknown_settings(settings: BaseSettings) -> None:
    """Raise `ConfigError` for the first setting with newsbot's prefix that nothing reads: a limit misspelt is none."""
    known = known_settings()
    for name in sorted(settings):
        if isinstance(name, str) and name.startswith(OWN) and name not in known:
            near = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
            hint = f"did you mean {near[0]}?" if near else "newsbot/settings.py has them all"
            raise ConfigError(f"no setting is called {name}: {hint}")


def refuse_unknown_variables(names: Iterable[str] = os.environ) -> None:
    """Raise `ConfigError` for the first of the environment's *names* with newsbot's prefix that nothing reads.

    An output folder misspelt is the default one, and a limit in the environment would be none.
    """
    for name in sorted(names):
        if name.startswith(OWN) and name not in FROM_ENVIRONMENT:
            if name in known_settings():
                raise ConfigError(f"{name} is not read from the environment: give it with -s {name}=VALUE")
            near = get_close_matches(name, sorted(FROM_ENVIRONMENT), n=1, cutoff=0.7)
            hint = f"did you mean {near[0]}?" if near else f"it holds {', '.join(sorted(FROM_ENVIRONMENT))} only"
            raise ConfigError(f"{name} in the environment is read by nobody: {hint}")


def known_settings() -> frozenset[str]:
    """The names of all settings of newsbot's own."""
    listed = {name for name in vars(newsbot_settings) if name.startswith(OWN)}
    of_fields = {prefix + each.name.upper() for prefix, kind in BY_FIELD.items() for each in fields(kind)}
    return frozenset(listed | of_fields)
