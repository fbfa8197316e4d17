"""Settings that are numbers or switches, checked before anything is opened or asked for.

What comes in: Scrapy's settings, in which ``-s NAME=VALUE`` left text. What goes out: values, or a `ConfigError` that
names the setting. Which settings are numbers, the defaults of `newsbot.settings` say by their types.
"""

from __future__ import annotations

import math
from typing import Final

from scrapy.settings import BaseSettings

from newsbot import settings as newsbot_settings
from newsbot.core.errors import ConfigError

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
