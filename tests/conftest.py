"""Processes that tests start find newsbot compiled, as an installed one is, whatever the shell says.

Compiling the package takes 0.3 s, which is half of the start of a process.
"""

from __future__ import annotations

import os


def pytest_configure() -> None:
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
