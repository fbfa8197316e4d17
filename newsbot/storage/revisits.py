"""The end of a lease: when the URL is read again, or that it never is.

What comes in: a page that was read or not, its lease, and what its story is to the store. What goes out: rows of the
frontier. Its writes belong to the caller's transaction; the waits are functions of `newsbot.storage.schedule`.
"""

from __future__ import annotations

from newsbot.items.identity import url_key
from newsbot.items.model import Capture, PageVisit
from newsbot.storage.base import PERMANENT_REASONS, Lease, RecheckPolicy
from newsbot.storage.frontier import SOURCE_KINDS, Frontier
from newsbot.storage.placements import Placements
from newsbot.storage.schedule import retry_wait_s, source_wait_s, story_wait_s
from newsbot.storage.stories import Judgement, Stories

_DAY_S = 86_400.0
_GONE_STATUS = 410


class Revisits:
    """Ends leases by the policy of re-checks."""

    def __init__(self, frontier: Frontier, stories: Stories, placements: Placements, policy: RecheckPolicy) -> None:
        self._frontier = frontier
        self._stories = stories
        self._placements = placements
        self._policy = policy

    def end_lease(
        self, capture: Capture, lease: Lease, judgement: Judgement | None, is_still: bool, now: float
    ) -> None:
        """Say when the page is read again; *is_still* when this visit found nothing new."""
        page = capture.page
        if page.outcome in ("failed", "rejected"):
            self._end_failed(page, lease, now)
            return
        for url in dict.fromkeys((*page.redirects, page.url or lease.url)):
            if url != lease.url:
                self._frontier.mark_target(url, now=now)
        past = self._frontier.past(lease)
        unchanged = past.unchanged + 1 if is_still and past.visits else 0
        wait = self._wait_s(page, lease, judgement, unchanged, now)
        if wait is None:
            self._retire(lease, now)
        else:
            validators = None if page.outcome == "not_modified" else capture.validators
            self._frontier.read(lease, due=now + wait, unchanged=unchanged, validators=validators)

    def _wait_s(
        self, page: PageVisit, lease: Lease, judgement: Judgement | None, unchanged: int, now: float
    ) -> float | None:
        policy = self._policy
        if policy.always:
            # The next run asks for no due time; in this one, a link offered again must not make it due.
            return policy.source_max_s
        if lease.kind in SOURCE_KINDS:
            depth = lease.depth if lease.kind == "next_page" else 0
            return source_wait_s(unchanged=unchanged, depth=depth, policy=policy)
        number, since = (judgement.number, judgement.published_at or judgement.first_at) if judgement else (None, None)
        if number is None:
            found = self._stories.by_url(lease.url)
            if found is None:
                return None
            number, since = found[0], self._stories.since(found[0])
        is_promoted = self._placements.is_promoted(number)
        age = max(0.0, now - (since or now))
        return story_wait_s(age_s=age, unchanged=unchanged, is_promoted=is_promoted, policy=policy)

    def _end_failed(self, page: PageVisit, lease: Lease, now: float) -> None:
        """Try again later, or not: a source is never given up, a story that is gone has been judged."""
        failures = lease.tries + 1
        policy = self._policy
        wait = retry_wait_s(failures=failures, policy=policy)
        if lease.kind in SOURCE_KINDS:
            wait = policy.retry_max_s if wait is None else wait
        elif page.status in (404, _GONE_STATUS) or PERMANENT_REASONS.intersection(page.reasons):
            found = self._stories.by_url(lease.url)
            is_waiting = found is not None and self._stories.is_missing_for_now(found[0])
            wait = _DAY_S if is_waiting else None
        if policy.always and wait is not None:
            wait = 0
        if wait is None:
            self._retire(lease, now)
        else:
            past = self._frontier.past(lease)
            self._frontier.read(lease, due=now + wait, unchanged=past.unchanged, validators=None, tries=failures)

    def _retire(self, lease: Lease, now: float) -> None:
        self._frontier.retire(lease, now=now)
        found = self._stories.by_url(lease.url)
        if found is not None:
            self._stories.forget_blocks(found[0])
        self._placements.forget_page(url_key(lease.url))
