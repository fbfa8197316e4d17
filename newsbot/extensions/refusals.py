"""The line in ``runs/`` of a start that was refused, so that who reads only these learns of it too.

What comes in: settings and the error. What goes out: a run without pages, published, where the state can be had. A
start that may not touch the state (another run has it, it is damaged, the disk is full), or does not know whose it is
(a name is misspelt, perhaps the folder's), has its last line on stderr and its exit code alone.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from newsbot.core.errors import ConfigError, StorageError
from newsbot.extensions.exitcodes import Exit
from newsbot.extensions.numbers import refuse_unknown_settings, refuse_unknown_variables
from newsbot.extensions.run import new_run_id
from newsbot.items.model import Run
from newsbot.storage.base import StoreSettings
from newsbot.storage.lines import rfc3339
from newsbot.storage.sqlite import open_store

# The errors of these codes are of the state and its folder themselves.
_NOT_OURS = frozenset({Exit.OUTPUT, Exit.STATE, Exit.BUSY})


def note_refusal(settings: BaseSettings, spider: str, code: Exit, message: str) -> None:
    """Write the line; nothing is made where no run has ever been, and nothing is raised: the exit code stands."""
    folder = Path(settings.get("NEWSBOT_OUTPUT") or "")
    if code in _NOT_OURS or not _is_meant(settings):
        return
    if not os.path.exists(folder / ".newsbot" / "state.sqlite"):  # False where it may not look
        return
    now = time.time()
    run = Run(run_id=new_run_id(now), spider=spider, started_at=rfc3339(now), ended_at=rfc3339(now), elapsed_ms=0)
    run.exit_code, run.exit_name, run.reasons = int(code), code.name.lower(), [message]
    with contextlib.suppress(StorageError), contextlib.closing(open_store(folder, StoreSettings(), now=now)) as store:
        store.begin_run(run, sites=[], now=now)
        store.end_run(run, now=now)


def _is_meant(settings: BaseSettings) -> bool:
    """Whether the output folder is the one that was meant: where a name is misspelt, it may have been this folder's."""
    try:
        refuse_unknown_settings(settings)
        refuse_unknown_variables()
    except ConfigError:
        is_given = (settings.getpriority("NEWSBOT_OUTPUT") or 0) >= SETTINGS_PRIORITIES["cmdline"]
        return is_given or "NEWSBOT_OUTPUT" in os.environ
    return True
