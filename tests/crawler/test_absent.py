"""Pages that are not found: what is gone is marked, and an index that is none marks nothing."""

import pytest
from aiohttp import web
from builtfiles import make_wheel
from fakeindex import FakeIndex, run_crawl, status

from crawler.limits import Limits

NAMES = [f"p{i}" for i in range(12)]


def day(number):
    time = f"2026-06-{number:02}T00:00:00Z"
    return {"started": time, "since": time}


@pytest.fixture
def fake():
    fake = FakeIndex(etags=True)
    for name in NAMES:
        fake.add(name, make_wheel(name, "1.0"), advertised=True)
    return fake


def kinds(store):
    return sorted((one.project, one.kind) for one in store.changes())


def held(store):
    """Return all that a crawl could do to what is known of projects."""
    return list(store.releases()), store.pages(NAMES), store.problems(), store.changes()


def not_found(*names):
    return dict.fromkeys([f"/simple/{name}/" for name in names], status(404))


def test_an_index_that_finds_nothing_for_once_changes_nothing(fake, store):
    wanted = {"accepted": {"p0": ("p0",), "p1": ("p1>=1",)}, "forced": False}
    run_crawl(fake, store, ["p0", "p1"], **wanted, **day(1))
    before = held(store)
    fake.always = not_found(*NAMES)
    summary = run_crawl(fake, store, ["p0", "p1"], **wanted, **day(2))
    assert summary.doubts == (f"no project page was found at {fake.url}/simple/",)
    assert (summary.pages, summary.problems, summary.changes) == ({"failed": 2}, {}, {})
    assert held(store) == before
    fake.always = {}
    summary = run_crawl(fake, store, ["p0", "p1"], **wanted, **day(3))
    assert (summary.pages, summary.doubts) == ({"unchanged": 2}, ())


def test_a_wrong_address_changes_nothing(fake, store):
    run_crawl(fake, store, NAMES, **day(1))
    before = held(store)
    summary = run_crawl(fake, store, NAMES, index=f"http://127.0.0.1:{fake.port}/wrong/", **day(2))
    assert (summary.pages, len(summary.doubts)) == ({"failed": 12}, 1)
    assert held(store) == before
    assert run_crawl(fake, store, NAMES, **day(3)).changes == {}


def test_a_wrong_address_is_not_asked_for_everything(fake, store):
    names = [f"n{i}" for i in range(500)]
    fake.always = not_found(*names)
    summary = run_crawl(fake, store, names)
    assert len(summary.doubts) == 1
    assert (summary.pages["failed"] < 30, summary.pages.total()) == (True, 500)
    assert len(fake.log) < 30


def test_many_names_that_an_index_lacks_are_no_doubt(fake, store):
    fake.changed(*NAMES)
    names = [f"n{i}" for i in range(30)]
    summary = run_crawl(fake, store, names)
    assert (summary.pages, summary.doubts, summary.problems) == ({"failed": 30}, (), {"not-found": 30})
    assert store.pages(NAMES) == {}


@pytest.mark.parametrize("connections", [1, 10])
def test_what_is_marked_does_not_depend_on_the_order_of_answers(connections, fake, store):
    run_crawl(fake, store, NAMES, **day(1))
    fake.always = not_found("p3", "p7")
    summary = run_crawl(fake, store, NAMES, connections=connections, **day(2))
    assert (summary.pages, summary.doubts) == ({"failed": 2, "unchanged": 10}, ())
    assert kinds(store) == [("p3", "project-gone"), ("p7", "project-gone")]
    before = held(store)
    fake.always = not_found(*NAMES[1:])
    summary = run_crawl(fake, store, NAMES, connections=connections, **day(3))
    where = f"{fake.url}/simple/"
    assert summary.doubts == (f"9 projects of the dataset were not found at {where}; pages that were: 1",)
    assert held(store)[0] == before[0]
    assert held(store)[2:] == before[2:]


@pytest.mark.parametrize(("lasts", "marked"), [(99, 0), (5, 5)])
def test_an_index_that_breaks_meanwhile_marks_nothing(lasts, marked, fake, store):
    """It is asked again for pages that were there; only where they still are the others are gone."""
    run_crawl(fake, store, NAMES, **day(1))
    before = held(store)
    answers = iter([None] * 7 + [404] * lasts + [None] * 99)

    def fault(_request):
        code = next(answers)
        return None if code is None else web.Response(status=code)

    fake.faults = {f"/simple/{name}/": [fault] * 9 for name in NAMES}
    summary = run_crawl(fake, store, NAMES, connections=1, **day(2))
    assert summary.pages == {"unchanged": 7, "failed": 5}
    assert (len(kinds(store)), len(summary.doubts)) == (marked, 0 if marked else 1)
    assert marked or (held(store)[0], held(store)[3]) == (before[0], before[3])


def test_the_only_project_that_is_asked_for_may_be_gone(fake, store):
    """Other pages show that the index is one: such that were there before, or some of its list."""
    run_crawl(fake, store, ["p1"], **day(1))
    del fake.projects["p1"]
    assert len(run_crawl(fake, store, ["p1"], **day(2)).doubts) == 1
    fake.changed("p2", "p3")
    fake.log.clear()
    assert run_crawl(fake, store, ["p1"], **day(3)).doubts == ()
    assert (fake.paths(), kinds(store)) == (["/simple/p1/", "/simple/", "/simple/p2/"], [("p1", "project-gone")])
    run_crawl(fake, store, ["p5"], **day(4))
    fake.log.clear()
    assert run_crawl(fake, store, ["nothing"], **day(5)).problems == {"not-found": 1}
    assert fake.paths() == ["/simple/nothing/", "/simple/p5/"]


def test_a_page_that_is_no_index_shows_nothing(fake, store):
    """The start page of a server links to its index; that makes it none."""
    links = "<!DOCTYPE html><title>Welcome</title><a href='/simple/'>simple</a> <a href='/packages/'>packages</a>"
    page = lambda _request: web.Response(text=links, content_type="text/html")  # noqa: E731
    fake.always = {"/": page}
    run_crawl(fake, store, ["p1"], **day(1))
    summary = run_crawl(fake, store, ["p1"], index=f"http://127.0.0.1:{fake.port}/", **day(2))
    assert (len(summary.doubts), kinds(store)) == (1, [])


def test_a_limit_leaves_what_is_not_decided(fake, store):
    run_crawl(fake, store, ["p1"], **day(1))
    before = held(store)
    del fake.projects["p1"]
    fake.changed("p2")
    summary = run_crawl(fake, store, ["p1"], limits=Limits(max_requests=1), **day(2))
    assert (summary.stopped.reason, summary.doubts) == ("max-requests", ())
    assert held(store) == before
    run_crawl(fake, store, ["p1"], **day(2))
    assert kinds(store) == [("p1", "project-gone")]


def test_what_a_user_names_is_asked_for_again_and_what_the_closure_finds_in_a_week(fake, store):
    fake.add("p0", make_wheel("p0", "2.0", ["left-out"]), advertised=True)
    names = {"keep": {"p0": frozenset(), "kept": frozenset({"1"})}, "accepted": {"wanted": ("wanted",)}}
    options = {"closure": True, "forced": False, **names}
    run_crawl(fake, store, ["p0", "kept", "wanted"], **options, **day(1))
    assert [one.project for one in store.problems()] == ["kept", "left-out", "wanted"]
    for number, asked in ((2, ["kept", "p0", "wanted"]), (8, ["kept", "left-out", "p0", "wanted"])):
        fake.log.clear()
        run_crawl(fake, store, ["p0", "kept", "wanted"], **options, **day(number))
        assert sorted(fake.paths()) == [f"/simple/{name}/" for name in asked]


def test_what_another_index_had_comes_back(fake, store):
    run_crawl(fake, store, ["p1", "p2"], **day(1))
    other = FakeIndex()
    other.add("p2", make_wheel("p2", "1.0"), advertised=True)
    run_crawl(other, store, ["p1", "p2"], **day(2))
    assert kinds(store) == [("p1", "project-gone")]
    summary = run_crawl(fake, store, ["p1", "p2"], **day(3))
    assert summary.changes == {"project-back": 1}
    assert [one.gone for one in store.releases()] == [None, None]
