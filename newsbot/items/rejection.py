"""A page that stands as rejected.

What comes in: a `Capture` and why. What goes out: the same without story and teasers. Knows no rule of what is wrong:
`newsbot.items.validate` has these, whose tables a start does not need.
"""

from __future__ import annotations

from newsbot.items.model import Capture


def reject(capture: Capture, code: str) -> None:
    """Let the page stand as rejected for *code* first of all, without its story and teasers."""
    capture.story, capture.teasers = None, []
    capture.page.outcome, capture.page.story_id = "rejected", None
    capture.page.reasons.insert(0, code)
