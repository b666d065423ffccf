"""Refreshing: who is asked again, what is seen to have changed, and that nothing is forgotten."""

import pytest
from aiohttp import web
from builtfiles import make_sdist, make_wheel
from fakeindex import FakeIndex, body, run_crawl, status

from crawler import discover, rootlist
from crawler.due import after_failures, after_stale
from dataset.store import Store
from normalize.errors import OutsideError


def day(number):
    time = f"2026-06-{number:02}T00:00:00Z"
    return {"started": time, "since": time}


@pytest.fixture
def fake(monkeypatch):
    """Return an index of eight projects, for which its list is worth asking for."""
    monkeypatch.setattr(discover, "PAYS_FROM", 2)
    monkeypatch.setattr(rootlist, "SHRUNK", 0.2)
    fake = FakeIndex(etags=True)
    for i in range(8):
        fake.add(f"p{i}", make_wheel(f"p{i}", "1.0", ["p1"]), advertised=True)
    fake.changed(*fake.projects)
    return fake


def refresh(fake, store, number, names=None, **options):
    """Crawl again; return what was asked for and the summary."""
    fake.log.clear()
    summary = run_crawl(fake, store, fake.projects if names is None else names, **day(number), **options)
    return fake.paths(), summary


def changes(store):
    return [(one.project, one.version, one.kind) for one in store.changes()]


def page_problems(store):
    return [(one.project, one.code) for one in store.problems() if not one.version]


def test_where_nothing_changed_one_request_tells(fake, store):
    refresh(fake, store, 1)
    before = store.digest(), store.setting("digest")
    asked, summary = refresh(fake, store, 2)
    assert asked == ["/simple/"]
    assert "If-None-Match" not in fake.log[0][1]
    assert (summary.pages, summary.known) == ({"settled": 8}, {"before": 8})
    asked, summary = refresh(fake, store, 3)
    assert asked == ["/simple/"]
    assert "If-None-Match" in fake.log[0][1]  # answered with 304: the stored serials count
    assert summary.pages == {"settled": 8}
    assert (store.digest(), store.setting("digest")) == before
    assert store.crawled().last == "2026-06-03T00:00:00Z"


def test_only_what_changed_is_asked_for(fake, store):
    refresh(fake, store, 1)
    refresh(fake, store, 2)
    fake.add("p7", make_wheel("p7", "2.0", ["new"]), advertised=True)
    fake.changed("p7")
    asked, summary = refresh(fake, store, 3)
    assert [path for path in asked if path.startswith("/simple/")] == ["/simple/", "/simple/p7/"]
    assert summary.pages == {"settled": 7, "read": 1}
    assert summary.known == {"before": 8, "sidecar": 1}
    asked, summary = refresh(fake, store, 4)
    assert asked == ["/simple/"]


def test_a_few_projects_are_asked_for_one_by_one(fake, store):
    refresh(fake, store, 1)
    asked, summary = refresh(fake, store, 2, ["p1", "p2"])
    assert sorted(asked) == ["/simple/p1/", "/simple/p2/"]
    assert summary.pages == {"unchanged": 2}


def test_an_index_without_serials_is_asked_for_its_list_once_a_day(fake, store):
    fake.serials.clear()
    refresh(fake, store, 1)
    asked, summary = refresh(fake, store, 2)
    assert asked.count("/simple/") == 1
    assert summary.pages == {"unchanged": 8}
    fake.log.clear()
    late = {"started": "2026-06-02T20:00:00Z", "since": "2026-06-02T20:00:00Z"}
    run_crawl(fake, store, fake.projects, **late)
    assert "/simple/" not in fake.paths()
    assert "/simple/" in refresh(fake, store, 3)[0]


def test_a_deeper_crawl_asks_for_files_but_not_for_pages(fake, store):
    for i in range(8):
        fake.add(f"p{i}", make_wheel(f"p{i}", "0.9"), advertised=True)
    assert refresh(fake, store, 1, newest=1)[1].skipped == {"older": 8}
    refresh(fake, store, 2, newest=1)
    asked, summary = refresh(fake, store, 3, newest=2)
    assert [path for path in asked if path.startswith("/simple/")] == ["/simple/"]
    assert (summary.pages, summary.known) == ({"settled": 8}, {"before": 8, "sidecar": 8})
    assert refresh(fake, store, 4, newest=2)[0] == ["/simple/"]


def test_the_closure_of_settled_projects_needs_no_page(fake, store):
    assert refresh(fake, store, 1, ["p0"], closure=True)[1].added == ("p1",)
    names = [f"p{i}" for i in range(2, 8)]
    refresh(fake, store, 1, names, closure=True)
    asked, summary = refresh(fake, store, 2, names, closure=True)
    assert (asked, summary.added) == (["/simple/"], ("p1",))


def test_one_that_is_stuck_is_left_alone_for_longer_each_time(fake, store):
    fake.always["/simple/p3/"] = status(500)
    options = {"forced": False}
    refresh(fake, store, 1, **options)
    refresh(fake, store, 2, **options)
    fake.changed("p4")
    _, summary = refresh(fake, store, 3, **options)
    assert summary.pages == {"settled": 6, "read": 1, "failed": 1}
    assert store.page("p3").fails == 3
    assert store.page("p3").due_at == "2026-06-04T00:00:00Z"
    fake.changed("p3")
    fake.log.clear()
    soon = {"started": "2026-06-03T01:00:00Z", "since": "2026-06-03T01:00:00Z"}
    assert run_crawl(fake, store, fake.projects, forced=False, **soon).pages == {"settled": 7, "later": 1}
    assert run_crawl(fake, store, ["p1", "p3"], **soon).pages == {
        "unchanged": 1,
        "failed": 1,
    }  # named, it is asked for anyway
    fake.always.clear()
    assert refresh(fake, store, 20, **options)[1].pages == {"settled": 7, "read": 1}
    assert (store.page("p3").fails, store.page("p3").due_at, page_problems(store)) == (0, None, [])


@pytest.mark.parametrize(("fails", "hours"), [(1, 6), (2, 12), (3, 24), (4, 48), (5, 96), (6, 168), (60, 168)])
def test_backing_off(fails, hours):
    found = after_failures("2026-06-01T00:00:00Z", fails)
    assert found == f"2026-06-{1 + hours // 24:02}T{hours % 24:02}:00:00Z"


def test_a_release_that_could_not_be_reached_is_due_again(fake, store):
    broken = fake.projects["p5"][0]
    fake.always[fake.path(broken) + ".metadata"] = status(503)
    fake.always[fake.path(broken)] = status(503)
    assert refresh(fake, store, 1)[1].unknown == {"unreachable": 1}
    assert store.page("p5").due_at == "2026-06-01T06:00:00Z"
    fake.always.clear()
    _, summary = refresh(fake, store, 2)
    assert (summary.pages, summary.known["sidecar"], summary.unknown) == ({"settled": 8}, 1, {})
    assert refresh(fake, store, 3)[0] == ["/simple/"]


def test_a_page_older_than_the_list_says_is_stored_and_due_again(fake, store):
    refresh(fake, store, 1)
    refresh(fake, store, 2)
    stale = fake.page("p2")
    fake.add("p2", make_wheel("p2", "3.0"), advertised=True)
    fake.changed("p2")
    fake.always["/simple/p2/"] = body(stale.encode())
    _, summary = refresh(fake, store, 3, forced=False)
    assert (summary.pages["unchanged"], page_problems(store)) == (1, [("p2", "stale-page")])
    assert store.page("p2").due_at == "2026-06-03T00:10:00Z"
    soon = {"started": "2026-06-03T00:05:00Z", "since": "2026-06-03T00:05:00Z"}
    assert run_crawl(fake, store, fake.projects, forced=False, **soon).pages == {"settled": 7, "later": 1}
    fake.always.clear()
    _, summary = refresh(fake, store, 4, forced=False)
    assert (summary.pages, page_problems(store)) == ({"settled": 7, "read": 1}, [])
    assert after_stale("2026-06-01T00:00:00Z", 9) == "2026-06-02T00:00:00Z"


def test_a_list_that_lost_projects_is_not_believed(fake, store):
    refresh(fake, store, 1)
    refresh(fake, store, 2)
    whole, lost = dict(fake.serials), fake.projects.pop("p5")
    for name in ("p5", "p6", "p7"):
        del fake.serials[name]
    _, summary = refresh(fake, store, 3, [*fake.projects, "p5"])
    assert summary.notes == ["the root list lost 3 of 8 projects; nothing is marked as gone in this crawl"]
    assert summary.problems["index-regression"] == 1
    assert changes(store) == []
    assert store.page("p5").gone is None
    fake.serials, fake.projects["p5"] = whole, lost
    assert refresh(fake, store, 4)[1].problems == {}
    del fake.projects["p5"], fake.serials["p5"]
    refresh(fake, store, 5, [*fake.projects, "p5"])  # a few may well be gone
    assert changes(store) == [("p5", "", "project-gone")]


def test_a_list_whose_serials_went_back_is_not_believed_for_a_week(fake, store):
    refresh(fake, store, 1)
    refresh(fake, store, 2)
    fake.serials["p4"] = 0
    _, summary = refresh(fake, store, 3)
    assert summary.notes[0].startswith("the serials of 1 projects went back, of 'p4' among them")
    assert page_problems(store) == [("p4", "index-regression")]
    assert summary.pages == {"settled": 8}
    assert refresh(fake, store, 9)[1].notes != []
    assert refresh(fake, store, 11)[1].notes == []


def test_a_page_whose_serial_went_back_marks_nothing_as_gone(fake, store):
    fake.add("p4", make_wheel("p4", "2.0"))
    fake.serials["p4"] = 7
    refresh(fake, store, 1, ["p4"])
    fake.projects["p4"].pop()
    fake.serials["p4"] = 5
    refresh(fake, store, 2, ["p4"])
    assert (changes(store), page_problems(store)) == ([], [("p4", "index-regression")])
    fake.serials["p4"] = 8
    fake.projects["p4"][0].yanked = "oh"
    refresh(fake, store, 3, ["p4"])


def test_what_is_gone_is_marked_and_comes_back(fake, store):
    second = fake.add("p1", make_sdist("p1", "2.0", requires=["x"]))
    refresh(fake, store, 1, ["p1"])
    fake.projects["p1"].remove(second)
    refresh(fake, store, 2, ["p1"])
    assert changes(store) == [("p1", "2.0", "release-gone")]
    gone = {one.version: one for one in store.releases(["p1"])}["2.0"]
    assert (gone.gone, gone.requires) == ("2026-06-02T00:00:00Z", ("x",))
    refresh(fake, store, 3, ["p1"])
    fake.projects["p1"].append(second)
    refresh(fake, store, 4, ["p1"])
    assert [one.kind for one in store.changes()] == ["release-back", "release-gone"]
    assert [one.gone for one in store.releases(["p1"])] == [None, None]


def test_a_project_that_is_gone_and_comes_back(fake, store):
    refresh(fake, store, 1, ["p1"])
    uploads = fake.projects.pop("p1")
    _, summary = refresh(fake, store, 2, ["p1"])
    assert summary.pages == {"failed": 1}
    assert store.page("p1").gone == "2026-06-02T00:00:00Z"
    assert [one.gone for one in store.releases(["p1"])] == ["2026-06-02T00:00:00Z"]
    refresh(fake, store, 3, ["p1"])
    assert store.page("p1").gone == "2026-06-02T00:00:00Z"
    assert refresh(fake, store, 4, ["p1"], forced=False)[1].pages == {"later": 1}
    fake.projects["p1"] = uploads
    refresh(fake, store, 5, ["p1"])
    assert [(one.kind, one.seen[:10]) for one in store.changes()] == [
        ("project-back", "2026-06-05"),
        ("project-gone", "2026-06-02"),
    ]
    assert (store.page("p1").gone, [one.gone for one in store.releases(["p1"])]) == (None, [None])


def test_a_project_that_never_was_is_not_gone(fake, store):
    refresh(fake, store, 1, ["nothing"])
    assert (store.page("nothing").gone, changes(store)) == (None, [])


def test_yanks_bounds_and_replaced_files_are_seen(fake, store):
    one = fake.projects["p1"][0]
    other = fake.add("p1", make_sdist("p1", "1.0"))
    refresh(fake, store, 1, ["p1"])
    one.requires_python = ">=3.12"
    one.yanked = other.yanked = "broken"
    refresh(fake, store, 2, ["p1"])
    one.yanked = other.yanked = None
    old = one.sha256 = "a" * 64
    refresh(fake, store, 3, ["p1"])
    one.body = make_wheel("p1", "1.0", ["replaced"])[1]
    one.sidecar, one.sha256 = None, None
    one.advertised = False
    refresh(fake, store, 4, ["p1"])
    assert ("file-replaced", one.name) in [(found.code, found.file) for found in store.problems()]
    fake.projects["p1"].remove(other)
    refresh(fake, store, 5, ["p1"])
    assert [(found.kind, found.seen[8:10]) for found in sorted(store.changes(), key=lambda one: one.seen)] == [
        ("requires-python", "02"),
        ("yanked", "02"),
        ("file-replaced", "03"),
        ("unyanked", "03"),
        ("file-replaced", "04"),
        ("file-gone", "05"),
    ]
    replaced = [found for found in store.changes() if found.kind == "file-replaced"]
    assert any(found.before == f"{one.name} {old}" for found in replaced)
    (release,) = store.releases(["p1"])
    assert (release.requires, release.requires_python) == (("replaced",), ">=3.12")


def test_releases_of_an_import_that_the_index_lacks_are_gone(tmp_path, fake):
    with Store.create(tmp_path / "a.db") as first:
        fake.add("p1", make_wheel("p1", "9.0"))
        run_crawl(fake, first, ["p1"])
        imported = list(first.releases())
    fake.projects["p1"].pop()
    with Store.create(tmp_path / "b.db") as store:
        store.put(imported)
        refresh(fake, store, 1, ["p1"])
        assert changes(store) == [("p1", "9.0", "release-gone")]


def test_another_index_is_another_index(fake, store, monkeypatch):
    refresh(fake, store, 1, ["p1"])
    other = FakeIndex(etags=True)
    other.add("p1", make_wheel("p1", "5.0"))
    assert run_crawl(other, store, ["p1"], **day(2)).pages == {"read": 1}
    assert "If-None-Match" not in other.log[0][1]


def test_the_whole_index(fake, store):
    _, summary = refresh(fake, store, 1, [], whole=True)
    assert summary.pages == {"read": 8}
    del fake.projects["p6"], fake.serials["p6"]
    asked, summary = refresh(fake, store, 2, [], whole=True)
    assert (asked, summary.pages) == (["/simple/", "/simple/p6/"], {"settled": 7, "failed": 1})
    assert changes(store) == [("p6", "", "project-gone")]
    assert refresh(fake, store, 3, [], whole=True, forced=False)[1].pages == {"settled": 7, "later": 1}


@pytest.mark.parametrize(
    "answer", [status(404), body(b"{}"), body(b'{"meta": {"api-version": "1.0"}, "projects": []}')]
)
def test_an_index_that_lists_nothing_cannot_be_crawled_whole(answer, fake, store):
    fake.always["/simple/"] = answer
    with pytest.raises(OutsideError, match="the index does not list its projects"):
        refresh(fake, store, 1, [], whole=True)
    assert refresh(fake, store, 2)[1].pages == {"read": 8}
    assert refresh(fake, store, 3)[1].pages == {"unchanged": 8}


def test_a_list_in_html(fake, store):
    links = "".join(f"<a href='/simple/{name}/'>{name.upper()}</a>" for name in fake.projects)
    page = f"<!DOCTYPE html><title>Simple index</title>{links}"
    fake.always["/simple/"] = lambda _request: web.Response(text=page, content_type="text/html")
    assert refresh(fake, store, 1, [], whole=True)[1].pages == {"read": 8}
    assert store.setting(discover._UNNUMBERED) == "2026-06-01T00:00:00Z"
