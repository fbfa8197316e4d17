"""What the commands share that read or change published files: the folder, the lock's error, the report.

What comes in: settings and a function of `newsbot.storage.rewrite`. What goes out: an exit code and one line
on standard output.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from newsbot.core.errors import StorageError
from newsbot.extensions.exitcodes import Exit, exit_of_error

if TYPE_CHECKING:
    from newsbot.storage.rewrite import Rewritten


def published_folder(settings: BaseSettings | None) -> Path:
    """The folder that ``NEWSBOT_OUTPUT`` names. Raises `UsageError` where there is none."""
    assert settings is not None  # set by Scrapy before it runs a command
    folder = Path(str(settings.get("NEWSBOT_OUTPUT") or "output"))
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder; set NEWSBOT_OUTPUT")
    return folder


def output_folder(settings: BaseSettings | None) -> Path:
    """The folder that ``NEWSBOT_OUTPUT`` names. Raises `UsageError` where it holds no state."""
    folder = published_folder(settings)
    if not (folder / ".newsbot" / "state.sqlite").exists():
        raise UsageError(f"{folder} holds no state of newsbot; set NEWSBOT_OUTPUT, or ask scrapy doctor")
    return folder


def rewrite(work: Callable[[], Rewritten | None]) -> int:
    """Do *work*, say what was done, and give the exit code; ``None`` from *work*: it found nothing of that name."""
    try:
        done = work()
    except StorageError as error:
        print(f"error: {error}")
        return int(exit_of_error(error))
    if done is None:
        print("error: no story of that id or URL is known; nothing was changed")
        return int(Exit.USAGE)
    print(f"{done.lines_removed:,} lines taken out; {done.files_before:,} files became {done.files_after:,}")
    return int(Exit.OK)
