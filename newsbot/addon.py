"""newsbot in another Scrapy project: ``ADDONS = {"newsbot.addon.NewsbotAddon": 500}``.

What comes in: that project's settings. What goes out: the same with newsbot's line, store, network side and limits,
each below what the project sets itself. Its spiders yield `newsbot.items.model.Capture`s (from
`newsbot.extract.extract_page`), or inherit from `newsbot.spiders.news.NewsSpider`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from newsbot import settings as newsbot_settings

# A project's own: where its spiders are, and what it is called.
_NOT_OURS: Final = frozenset(("BOT_NAME", "SPIDER_MODULES"))
# Read before a crawler exists.
_BEFORE: Final = frozenset(("SPIDER_LOADER_CLASS", "COMMANDS_MODULE", "TWISTED_DNS_RESOLVER", "TWISTED_REACTOR"))
_ADDON_PRIORITY: Final = SETTINGS_PRIORITIES["addon"]


class NewsbotAddon:
    """Sets what the project has not set; dictionaries of components are joined, the project's entries winning."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """What is needed to find the spiders of site files.

        Commands are found before add-ons are: for newsbot's, set ``COMMANDS_MODULE = "newsbot.commands"``.
        """
        for name in sorted(_BEFORE - {"COMMANDS_MODULE"}):
            settings.set(name, getattr(newsbot_settings, name), _ADDON_PRIORITY)

    def update_settings(self, settings: BaseSettings) -> None:
        """All the rest."""
        for name, value in _own_settings():
            if isinstance(value, Mapping):
                # At the priority of what is there, or the joined one would be passed over.
                priority = max(settings.getpriority(name) or 0, _ADDON_PRIORITY)
                settings.set(name, {**value, **settings.getdict(name)}, priority)
            else:
                settings.set(name, value, _ADDON_PRIORITY)


def _own_settings() -> list[tuple[str, Any]]:  # Any: as settings hold it
    names = [name for name in dir(newsbot_settings) if name.isupper()]
    return [(name, getattr(newsbot_settings, name)) for name in names if name not in _NOT_OURS | _BEFORE]
