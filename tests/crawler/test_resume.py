"""Crawls that are killed, stopped or split: whatever happens, the finished dataset is the same."""

import sqlite3

import pytest
from aiohttp import web
from fakeindex import FakeClock, body, run_crawl
from killed import NAMES, small_world

from crawler import commits
from crawler import crawl as crawling
from crawler.limits import Limits
from dataset.manifest import read_manifest
from dataset.shards import from_shards, to_shards
from dataset.store import Store


def exported(store):
    return dict(to_shards(store))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with Store.create(tmp_path_factory.mktemp("whole") / "x.db") as store:
        run_crawl(small_world(), store, NAMES)
        return exported(store)


class Killed(BaseException):
    """The process is no more."""


class Dying:
    """A store that dies with the process at its n-th write: before it is committed, or right after."""

    def __init__(self, store, at):
        self._store = store
        self._left = at

    def __getattr__(self, name):
        found = getattr(self._store, name)
        return self._dying(found) if name in ("put", "touch", "put_serials", "set_setting") else found

    def _dying(self, write):
        def call(*given, **named):
            self._left -= 1
            if self._left < 0:
                raise Killed
            if self._left == 0:
                if self._before:
                    raise Killed
                write(*given, **named)
                raise Killed
            return write(*given, **named)

        return call

    _before = False


class DyingBefore(Dying):
    _before = True


DEATHS = {(Dying, 1): 34, (Dying, 2): 18, (DyingBefore, 1): 38, (DyingBefore, 2): 20}
"""The least number of deaths of each kind, by the size of a batch."""


@pytest.mark.parametrize(("kind", "batch"), DEATHS)
def test_killed_again_and_again_it_ends_the_same(kind, batch, tmp_path, monkeypatch, whole):
    """The runs die more than a hundred times, each in the dataset that the one before left.

    Each death is an exception around a write, in one process: it says where exactly. What a signal does to a process
    in the midst of a write, of that `test_killed.py` tries 19.
    """
    monkeypatch.setattr(commits, "BATCH", batch)
    fake = small_world()
    path = tmp_path / "x.db"
    died = 0
    for attempt in range(400):
        store = Store.create(path)
        try:
            run_crawl(fake, kind(store, 1 + attempt // 4), NAMES)
        except* Killed:
            died += 1
        else:
            break
        finally:
            store._connection.close()  # a process that is killed seals nothing
        with sqlite3.connect(path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()
    else:
        pytest.fail("the crawl never came to its end")
    assert died >= DEATHS[kind, batch]
    with Store.open(path) as store:
        assert exported(store) == whole


def test_together_these_are_more_than_a_hundred_deaths():
    assert sum(DEATHS.values()) > 100


def test_what_was_committed_is_not_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr(commits, "BATCH", 4)
    fake = small_world()
    store = Store.create(tmp_path / "x.db")
    with pytest.raises((Killed, BaseExceptionGroup)):
        run_crawl(fake, Dying(store, 6), NAMES)
    store._connection.close()
    with Store.create(tmp_path / "x.db") as store:
        run_crawl(fake, store, NAMES)
    again = [path for path, count in fake.served.items() if count > 1 and not path.startswith("/simple/")]
    assert len(again) <= 2 * (4 + 4)  # a batch and what was on its way, of each a sidecar and perhaps a tail


@pytest.mark.parametrize("limit", [7, 15, 30])
def test_a_limit_ends_the_crawl_in_order_and_the_rest_is_due(limit, tmp_path, whole):
    fake = small_world()
    with Store.create(tmp_path / "x.db") as store:
        for _ in range(100):
            fake.log.clear()
            summary = run_crawl(fake, store, NAMES, limits=Limits(max_requests=limit))
            assert len(fake.log) <= limit
            if summary.stopped is None:
                break
            assert summary.stopped.reason == "max-requests"
            assert summary.left or summary.pages["left"] or limit > 20
        assert exported(store) == whole


def test_bytes_and_time_are_limits_too(store):
    fake = small_world()
    summary = run_crawl(fake, store, NAMES, limits=Limits(max_bytes=1))
    assert (summary.stopped.reason, summary.requests) == ("max-bytes", 1)
    clock = FakeClock()
    summary = run_crawl(fake, store, NAMES, clock=clock, limits=Limits(until=clock.wall()))
    assert (summary.stopped.reason, summary.requests, summary.pages) == ("until", 0, {"resumed": 1, "left": 8})


def test_the_order_of_names_changes_nothing(tmp_path, monkeypatch, whole):
    monkeypatch.setattr(crawling, "_hash_order", lambda project: project)
    with Store.create(tmp_path / "x.db") as store:
        run_crawl(small_world(), store, NAMES, connections=1)
        assert exported(store) == whole


def test_two_halves_are_one_crawl(tmp_path, whole):
    with Store.create(tmp_path / "merged.db") as merged:
        for half in (NAMES[::2], NAMES[1::2]):
            with Store.create(tmp_path / f"{half[0]}.db") as store:
                run_crawl(small_world(), store, half)
                files = exported(store)
            manifest = read_manifest(files.pop("manifest.json"), "half")
            merged.put(from_shards(manifest, files, files.__getitem__, "half"), problems=manifest.problems)
            merged.keep_crawled(manifest.crawled)
        assert exported(merged) == whole


def test_pages_that_come_while_the_crawl_is_killed_are_compared_once(tmp_path, monkeypatch):
    """What is gone is seen once, also where the crawl that saw it was killed."""
    fake = small_world()
    path = tmp_path / "x.db"
    with Store.create(path) as store:
        run_crawl(fake, store, NAMES)
    fake.projects["n1"].pop(0)
    later = {"started": "2026-06-01T00:00:00Z", "since": "2026-06-01T00:00:00Z"}
    monkeypatch.setattr(commits, "BATCH", 1)
    for at in range(1, 40):
        store = Store.create(path)
        try:
            run_crawl(fake, Dying(store, at), NAMES, **later)
            break
        except (Killed, BaseExceptionGroup):
            continue
        finally:
            store._connection.close()
    with Store.open(path) as store:
        assert [(one.project, one.version, one.kind) for one in store.changes()] == [("n1", "1.0", "release-gone")]


def test_nonsense_in_the_middle_of_a_page_is_told_once(store):
    fake = small_world()
    page = fake.page("n2").replace('"size": ', '"size": -')
    fake.always["/simple/n2/"] = body(page.encode())
    fake.always["/simple/n4/"] = lambda _request: web.Response(body=b'{"meta": {"api-version": "2.0"}, "files": []}')
    run_crawl(fake, store, NAMES)
    found = [(one.project, one.code) for one in store.problems() if not one.version]
    assert found == [("n2", "odd-size"), ("n4", "page-version"), ("n6", "odd-size"), ("n6", "strange-file")]
