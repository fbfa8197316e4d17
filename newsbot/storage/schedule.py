"""When a page is read again.

What comes in: what is known of a page's past. What goes out: seconds until the next visit, or ``None`` for never.
Pure functions of `RecheckPolicy`; knows no clock and no database.

News is edited most in its first hours, and what was edited once is edited again (Fetterly et al., "A large-scale
study of the evolution of web pages", 2003: past change is the best predictor). So the wait grows with age and with
each unchanged visit, shrinks after a change, and is short while a front page promotes the story.
"""

from __future__ import annotations

from newsbot.storage.base import RecheckPolicy


def story_wait_s(*, age_s: float, unchanged: int, is_promoted: bool, policy: RecheckPolicy) -> float | None:
    """Seconds until a story is read again; ``None`` when it is old enough to be left alone.

    *age_s* since it was published (or first seen), *unchanged* visits in a row without a new version.

    >>> policy = RecheckPolicy()
    >>> [story_wait_s(age_s=0, unchanged=n, is_promoted=False, policy=policy) / 3600 for n in range(4)]
    [0.5, 1.0, 2.0, 4.0]
    """
    if age_s > policy.story_until_s:
        return None
    wait = policy.story_first_s * 2.0 ** min(unchanged, 30)
    # A sixth of its age: a story of two days waits at least eight hours, one of a month five days.
    wait = min(max(wait, age_s / 6), policy.story_max_s)
    return min(wait, max(policy.story_first_s, wait / 4)) if is_promoted else wait


def source_wait_s(*, unchanged: int, depth: int, policy: RecheckPolicy) -> float:
    """Seconds until a feed, sitemap or section is read again, between the policy's bounds.

    The first two unchanged visits cost nothing; then the wait doubles from ten minutes. A later page of a
    section (*depth* of pagination) changes only because what stands before it does: it waits an hour a page.
    """
    wait = policy.source_min_s if unchanged < 2 else policy.retry_first_s * 2.0 ** min(unchanged - 2, 30)
    return min(max(wait, policy.source_min_s, 3600.0 * depth), policy.source_max_s)


def retry_wait_s(*, failures: int, policy: RecheckPolicy) -> float | None:
    """Seconds until a page that failed is tried again; ``None`` after the last failure that is borne."""
    if failures >= policy.max_failures:
        return None
    return min(policy.retry_first_s * 2.0 ** (failures - 1), policy.retry_max_s)
