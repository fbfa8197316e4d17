"""Enough file descriptors for a run: asked for at its start, refused with words where there are too few.

What comes in: the process's limits. What goes out: a raised soft limit, or a `ConfigError`. Knows no crawl.
"""

from __future__ import annotations

import resource
from typing import Final

from newsbot.core.errors import ConfigError

# Connections, the state with its log, files being published, and the libraries' own; 16 requests at once use 60.
WANTED: Final = 256
# More than any run uses; what is beyond is left to the operator.
_ENOUGH: Final = 4096


def ask_for_descriptors() -> None:
    """Raise the soft limit as far as the hard one allows. Raises `ConfigError` where that is too low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    if soft != resource.RLIM_INFINITY and soft < WANTED:
        raise ConfigError(f"this process may open {soft} files, and {WANTED} are wanted: raise 'ulimit -n'")
