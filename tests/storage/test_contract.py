"""The contract of `newsbot.storage.base.Store`: what every implementation does, seen through its methods and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.core.errors import LockHeld
from newsbot.items.model import Run, Validators
from newsbot.storage import frontier
from newsbot.storage.base import Added, Committed, Entry, KeptRobots, RecheckPolicy, Store, StoreSettings
from newsbot.storage.check import findings
from newsbot.storage.sqlite import open_store
from tests.storage.samples import HOME, SITE, T0, capture, end, entry, lines, open_at, story, story_url, teaser

DAY = 86_400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "output"


def test_the_sqlite_store_offers_the_protocol(folder: Path) -> None:
    store: Store = open_store(folder, StoreSettings(), now=T0)
    protocol = {name for name in vars(Store) if not name.startswith("_")}
    assert {name for name in protocol if not hasattr(store, name)} == set()
    store.close()


def test_a_page_is_one_transaction_with_story_teasers_links_and_lease(folder: Path) -> None:
    store = open_at(folder)
    assert store.add([entry(HOME)], now=T0) == Added(new=1)
    home = store.lease(now=T0)
    assert home is not None
    page = capture(HOME, teasers=[teaser(1), teaser(2, rank=2)], links=[story_url(1), story_url(2)])
    assert store.commit(page, home, now=T0) == Committed("none", 2, 0, Added(new=2))
    first = store.lease(now=T0)
    assert first is not None
    assert store.commit(capture(first.url, story=story(1)), first, now=T0) == Committed("new", 0, 1, Added())
    end(store)
    assert [line["story_id"] for line in lines(folder, "stories")] == ["s:harbour.test:1"]
    assert [line["headline"] for line in lines(folder, "teasers")] == ["Ferry 1 sails on", "Ferry 2 sails on"]
    assert [line["outcome"] for line in lines(folder, "pages")] == ["listing", "story"]
    assert [(line["kind"], line["story_id"]) for line in lines(folder, "events")] == [("resolved", "s:harbour.test:1")]
    assert [line["exit_name"] for line in lines(folder, "runs")] == ["ok"]
    assert findings(folder) == []


def test_a_second_run_finds_only_what_is_due(folder: Path) -> None:
    store = open_at(folder)
    store.add([entry(HOME)], now=T0)
    for url, story_of in ((HOME, None), (story_url(1), story(1))):
        lease = store.lease(now=T0)
        assert lease is not None and lease.url == url
        store.commit(capture(url, story=story_of, links=[] if story_of else [story_url(1)]), lease, now=T0)
    end(store)
    store = open_at(folder, T0 + 60)
    assert store.add([entry(HOME), entry(story_url(1), kind="story")], now=T0 + 60) == Added(known=1, waiting=1)
    lease = store.lease(now=T0 + 60)
    assert lease is not None and lease.url == HOME
    assert store.lease(now=T0 + 60) is None


def test_always_makes_every_known_page_due(folder: Path) -> None:
    settings = StoreSettings(recheck=RecheckPolicy(always=True))
    store = open_at(folder, settings=settings)
    store.add([entry(story_url(1), kind="story")], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None
    store.commit(capture(lease.url, story=story(1, date_published="1999-01-01T00:00:00Z")), lease, now=T0)
    end(store)
    store = open_at(folder, T0 + 1, settings)
    assert store.lease(now=T0 + 1) is not None


@pytest.mark.parametrize("always", [False, True])
def test_a_url_is_read_once_a_run_however_often_it_is_offered(folder: Path, always: bool) -> None:
    store = open_at(folder, settings=StoreSettings(recheck=RecheckPolicy(always=always, source_min_s=0)))
    store.add([entry(HOME)], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None
    store.commit(capture(HOME), lease, now=T0)
    assert store.add([entry(HOME)], now=T0 + 9_999_999) == Added(known=1)
    offering = capture(story_url(1), at=T0 + 1, links=[HOME])
    assert store.commit(offering, None, now=T0 + 9_999_999).added == Added(known=1)
    assert store.pending(now=T0 + 9_999_999) == 0


def test_a_page_without_lease_is_written_once(folder: Path) -> None:
    store = open_at(folder)
    page = capture(story_url(1), story=story(1))
    assert not store.is_committed(page.page.page_id or "")
    assert store.commit(page, None, now=T0).story == "new"
    assert store.is_committed(page.page.page_id or "")
    assert store.commit(capture(story_url(1), story=story(1)), None, now=T0).repeated
    end(store)
    assert len(lines(folder, "pages")) == len(lines(folder, "stories")) == 1


def test_hosts_take_turns_and_none_goes_beyond_its_limit(folder: Path) -> None:
    store = open_at(folder, settings=StoreSettings(per_host=2, host_limits={"slow.test": 1}))
    urls = [f"https://{host}/{number}" for host in ("slow.test", "fast.test") for number in range(4)]
    store.add([Entry(url=url, kind="story", site=SITE) for url in urls], now=T0)
    leased = []
    while (lease := store.lease(now=T0)) is not None:
        leased.append(lease)
    assert [lease.host for lease in leased] == ["slow.test", "fast.test", "fast.test"]
    assert store.pending(now=T0) == 5
    store.put_back(leased[0], now=T0)
    again = store.lease(now=T0)
    assert again is not None and again.url == leased[0].url
    store.limit_host("slow.test", 3)
    assert [lease.host for lease in iter(lambda: store.lease(now=T0), None)] == ["slow.test", "slow.test"]


def test_a_higher_priority_is_leased_first_within_its_host(folder: Path) -> None:
    store = open_at(folder)
    store.add([entry(story_url(1), kind="story", priority=1), entry(HOME, priority=9)], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None and lease.url == HOME


def test_what_is_put_back_comes_again_in_this_run_but_not_before_its_time(folder: Path) -> None:
    store = open_at(folder)
    store.add([entry(HOME)], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None
    store.put_back(lease, now=T0, not_before=T0 + 30)
    assert (store.lease(now=T0 + 29), store.pending(now=T0), store.next_ready_at()) == (None, 1, T0 + 30)
    assert store.lease(now=T0 + 30) == lease


def test_what_is_postponed_comes_in_a_later_run(folder: Path) -> None:
    store = open_at(folder)
    store.add([entry(HOME), entry(story_url(1), kind="story"), entry(story_url(2), kind="story")], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None
    store.postpone(lease, now=T0, not_before=T0 + 3600)
    assert store.postpone_host("harbour.test", not_before=T0 + 3600) == 2
    assert (store.pending(now=T0), store.lease(now=T0 + 7200)) == (0, None)
    end(store)
    assert open_at(folder, T0 + 3600).pending(now=T0 + 3600) == 3


def test_what_is_found_on_a_host_that_has_been_left_waits_for_a_later_run_too(folder: Path) -> None:
    store = open_at(folder, settings=StoreSettings(recheck=RecheckPolicy(source_min_s=0)))
    store.add([entry(HOME)], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None
    assert store.postpone_host("harbour.test", not_before=T0 + 60) == 0
    elsewhere = Entry(url="https://other.test/", kind="section", site=SITE)
    assert store.add([entry(story_url(1), kind="story"), elsewhere], now=T0) == Added(new=2, left=1)
    assert store.add([entry(story_url(1), kind="story")], now=T0 + 90) == Added(waiting=1)
    store.put_back(lease, now=T0, not_before=T0 + 30)
    assert [lease.host for lease in iter(lambda: store.lease(now=T0 + 90), None)] == ["other.test"]
    assert (store.pending(now=T0 + 90), store.counts().waiting) == (0, 2)
    end(store)
    store = open_at(folder, T0 + 90)
    assert store.pending(now=T0 + 90) == 3
    assert store.add([entry(story_url(2), kind="story")], now=T0 + 90) == Added(new=1)


def test_of_too_many_hosts_left_the_first_is_met_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontier, "MAX_LEFT_HOSTS", 2)
    store = open_at(folder)
    for name in "abc":
        store.postpone_host(f"{name}.test", not_before=T0 + 60)
    store.add([Entry(url=f"https://{name}.test/", kind="story", site=SITE) for name in "abc"], now=T0)
    assert [lease.host for lease in iter(lambda: store.lease(now=T0), None)] == ["a.test"]


def test_a_paused_host_waits_while_the_others_go_on(folder: Path) -> None:
    store = open_at(folder)
    store.add([entry(HOME), Entry(url="https://other.test/", kind="section", site=SITE)], now=T0)
    store.pause_host("harbour.test", until=T0 + 60)
    assert [lease.host for lease in iter(lambda: store.lease(now=T0), None)] == ["other.test"]
    assert store.next_ready_at() == T0 + 60
    lease = store.lease(now=T0 + 60)
    assert lease is not None and lease.url == HOME


def test_a_run_leases_only_urls_of_its_sites(folder: Path) -> None:
    store = open_store(folder, StoreSettings(), now=T0)
    store.begin_run(Run(run_id="r1"), sites=["harbour.test"], now=T0)
    store.add([Entry(url="https://other.test/", kind="section", site="other.test")], now=T0)
    assert (store.pending(now=T0), store.lease(now=T0)) == (0, None)
    store.begin_run(Run(run_id="r2"), sites=[], now=T0)
    assert store.lease(now=T0) is None
    store.begin_run(Run(run_id="r3"), sites=None, now=T0)
    assert store.lease(now=T0) is not None


def test_n27_validators_are_stored_in_the_pages_own_transaction(folder: Path) -> None:
    store = open_at(folder)
    store.add([entry(HOME)], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None
    store.commit(capture(HOME, validators=Validators(etag='"a"', last_modified="Sun")), lease, now=T0)
    end(store)
    store = open_at(folder, T0 + 1)
    lease = store.lease(now=T0 + 1)
    assert lease is not None and (lease.etag, lease.last_modified) == ('"a"', "Sun")
    store.commit(capture(HOME, at=T0 + 1, outcome="not_modified", status=304), lease, now=T0 + 1)
    end(store, T0 + 1)
    lease = open_at(folder, T0 + 2).lease(now=T0 + 2)
    assert lease is not None and lease.etag == '"a"'


def test_a_redirect_marks_its_target_as_read(folder: Path) -> None:
    store = open_at(folder)
    short = "https://harbour.test/s/1"
    store.add([entry(short, kind="story", priority=1), entry(story_url(1), kind="story")], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None and lease.url == short
    store.commit(capture(story_url(1), story=story(1), requested_url=short), lease, now=T0)
    assert (store.pending(now=T0), store.lease(now=T0)) == (0, None)


def test_a_redirect_onto_a_source_leaves_the_source_to_be_read(folder: Path) -> None:
    store = open_at(folder)
    gone = story_url(1)
    store.add([entry(gone, kind="story", priority=1), entry(HOME)], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None and lease.url == gone
    store.commit(capture(HOME, requested_url=gone), lease, now=T0)
    source = store.lease(now=T0)
    assert source is not None and (source.url, source.kind) == (HOME, "section")


@pytest.mark.parametrize(
    ("page", "again_after"),
    [
        pytest.param({"outcome": "failed", "reasons": ["timeout"]}, 600, id="failed"),
        pytest.param({"outcome": "rejected", "reasons": ["blocked"]}, 600, id="blocked"),
        pytest.param({"outcome": "rejected", "reasons": ["not_html"]}, None, id="permanent"),
        pytest.param({"outcome": "failed", "status": 404, "reasons": ["http_404"]}, None, id="unknown-404"),
    ],
)
def test_a_failed_story_is_tried_again_later_or_given_up(
    folder: Path, page: dict[str, object], again_after: float | None
) -> None:
    store = open_at(folder)
    store.add([entry(story_url(1), kind="story")], now=T0)
    lease = store.lease(now=T0)
    assert lease is not None
    store.commit(capture(story_url(1), **page), lease, now=T0)  # type: ignore[arg-type]
    end(store)
    if again_after is None:
        assert open_at(folder, T0 + 365 * DAY).counts().done == 1
        return
    early = open_at(folder, T0 + again_after - 1)
    assert early.lease(now=T0 + again_after - 1) is None
    end(early)
    lease = open_at(folder, T0 + again_after).lease(now=T0 + again_after)
    assert lease is not None and lease.tries == 1


def test_a_source_that_fails_is_never_given_up(folder: Path) -> None:
    now = T0
    for _ in range(12):
        store = open_at(folder, now)
        store.add([entry(HOME)], now=now)
        lease = store.lease(now=now)
        assert lease is not None
        store.commit(capture(HOME, at=now, outcome="failed", reasons=["dns"]), lease, now=now)
        end(store, now)
        now += DAY
    assert lines(folder, "pages")[-1]["reasons"] == ["dns"]


def test_segments_close_when_they_are_full_large_or_old(folder: Path) -> None:
    settings = StoreSettings(segment_lines=3, segment_bytes=100_000, segment_age_s=300)
    store = open_at(folder, settings=settings)
    for number in range(1, 4):
        assert store.publish(now=T0) == 0
        store.commit(capture(story_url(number), story=story(number)), None, now=T0)
    assert store.publish(now=T0) == 2  # three stories, three pages
    store.commit(capture(story_url(4), story=story(4, "x" * 200_000)), None, now=T0)
    assert store.publish(now=T0) == 1
    assert store.publish(now=T0 + 299) == 0
    assert store.publish(now=T0 + 300) == 1
    assert [len(path.read_bytes().splitlines()) for path in sorted((folder / "stories").iterdir())] == [3, 1]
    end(store)
    assert findings(folder) == []


def test_names_of_segments_grow_so_that_the_last_name_read_is_a_cursor(folder: Path) -> None:
    read: list[str] = []
    cursor = ""
    for hour in range(3):
        store = open_at(folder, T0 + 3600 * hour)
        for number in range(hour * 7, hour * 7 + 7):
            store.commit(capture(story_url(number), story=story(number)), None, now=T0)
        end(store, T0 + 3600 * hour)
        for path in sorted((folder / "stories").iterdir()):
            if path.name > cursor:
                cursor = path.name
                read += [line.split('"story_id":"')[1].split('"')[0] for line in path.open()]
    assert read == [f"s:harbour.test:{number}" for number in range(21)]


def test_c05_the_second_opener_is_told_at_once(folder: Path) -> None:
    store = open_at(folder)
    with pytest.raises(LockHeld, match="another run holds"):
        open_store(folder, StoreSettings(), now=T0)
    store.close()
    open_store(folder, StoreSettings(), now=T0).close()


def test_health_gives_the_values_of_earlier_runs_latest_first(folder: Path) -> None:
    for day in range(16):
        store = open_at(folder, T0 + day * DAY)
        store.record_health(SITE, "links:home", day, now=T0 + day * DAY)
        end(store, T0 + day * DAY)
    store = open_at(folder, T0 + 16 * DAY)
    store.record_health(SITE, "links:home", 99, now=T0 + 16 * DAY)
    assert store.health(SITE, "links:home") == [float(day) for day in range(15, 1, -1)]
    assert store.health(SITE, "links:feed") == []


def test_robots_txt_is_kept_for_a_week(folder: Path) -> None:
    rules, none, day = "https://harbour.test", "https://quay.test:8443", 86_400
    store = open_at(folder)
    store.keep_robots(rules, b"Disallow: /x", now=T0 - day)
    store.keep_robots(rules, b"Disallow: /y", now=T0)
    store.keep_robots(none, None, now=T0)
    end(store)
    store = open_at(folder, T0 + day)
    assert store.robots(rules, now=T0 + 6 * day) == KeptRobots(b"Disallow: /y", T0)
    assert store.robots(rules, now=T0 + 8 * day) is None
    assert store.robots(none, now=T0) == KeptRobots(None, T0)
    assert store.robots("http://harbour.test", now=T0) is None
    store.keep_robots(none, None, now=T0 + 8 * day)
    later = T0 + 8 * day
    assert (store.robots(rules, now=later), store.robots(none, now=later)) == (None, KeptRobots(None, later))
    store.close()


def test_a_line_beyond_its_limit_rejects_the_page_which_is_stored(folder: Path) -> None:
    store = open_at(folder, settings=StoreSettings(max_line_bytes=10_000))
    page = capture(story_url(1), story=story(1, "x" * 20_000))
    assert store.commit(page, None, now=T0).story == "none"
    end(store)
    assert [(line["outcome"], line["reasons"]) for line in lines(folder, "pages")] == [("rejected", ["line_too_long"])]
    assert lines(folder, "stories") == []
