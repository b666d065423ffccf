"""Crawls as a whole: two forms, one dataset; interruption, refresh, closure, and nothing lost."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from builtfiles import make_sdist, make_wheel
from fakeindex import FakeClock, FakeIndex, reset, run_crawl, status

from crawler.crawl import _hash_order, crawl
from crawler.fetch import Fetcher, Manners
from crawler.order import Options
from crawler.progress import Nobody
from dataset.store import Store
from normalize.errors import OutsideError

LATER = {"started": "2026-06-01T00:00:00Z", "since": "2026-06-01T00:00:00Z"}


def ecosystem(**facts):
    """Return an index with some of everything."""
    fake = FakeIndex(**facts)
    for i in range(12):
        name = f"project-{i}"
        for minor in range(4):
            requires = [f"project-{i + 1}>={minor}"] if i < 9 else ["left-out; extra == 'x'"]
            fake.add(name, make_wheel(name, f"1.{minor}", requires), advertised=bool(minor % 2), requires_python=">=3")
        fake.add(name, make_wheel(name, "2.0b1"), yanked="too early & wrong" if i == 3 else None)
        fake.add(name, make_sdist(name, "0.9", requires=["old"], dynamic=["Requires-Dist"] if i % 2 else []))
    missing = fake.add("project-5", make_wheel("project-5", "1.5", ["project-6"]))
    missing.sidecar = None
    fake.add("project-6", ("project-6-1.6.tar.gz", b"not an archive"))
    return fake


NAMES = [f"project-{i}" for i in range(12)]


def crawled(path, fake, **options):
    with Store.create(path) as store:
        summary = run_crawl(fake, store, NAMES, **options)
        return store.digest(), store.problems(), summary


def test_html_and_json_tell_the_same(tmp_path):
    json_digest, json_problems, _ = crawled(tmp_path / "json.db", ecosystem(form="json", sizes=False))
    html_digest, html_problems, _ = crawled(tmp_path / "html.db", ecosystem(form="html"))
    assert (json_digest, json_problems) == (html_digest, html_problems)


def test_number_of_connections_changes_nothing(tmp_path):
    one = crawled(tmp_path / "one.db", ecosystem(), connections=1, newest=3)
    many = crawled(tmp_path / "many.db", ecosystem(), connections=10, newest=3)
    assert one[:2] == many[:2]
    assert (one[2].planned, one[2].known, one[2].unknown) == (many[2].planned, many[2].known, many[2].unknown)


def test_summary_adds_up(tmp_path):
    _, _, summary = crawled(tmp_path / "x.db", ecosystem())
    assert summary.pages == {"read": 12}
    assert summary.planned == 12 * 5 + 2
    assert summary.known == {"sidecar": 48, "wheel": 1, "sdist": 6}
    assert summary.unknown == {"sdist-dynamic": 6, "bad-archive": 1}


def test_second_crawl_asks_for_pages_only(tmp_path):
    fake = ecosystem(etags=True)
    digest, _, _ = crawled(tmp_path / "x.db", fake)
    before = len(fake.log)
    again, problems, summary = crawled(tmp_path / "x.db", fake, **LATER)
    assert again == digest
    assert summary.pages == {"unchanged": 12}
    asked = fake.log[before:]
    assert all("If-None-Match" in headers for path, headers in asked if path.startswith("/simple/"))
    assert [path for path, _ in asked if not path.startswith("/simple/")] == []  # a broken file stays as it is
    assert [one.code for one in problems] == ["bad-archive"]


def test_body_hash_serves_where_there_is_no_etag(tmp_path):
    fake = ecosystem()
    crawled(tmp_path / "x.db", fake)
    _, _, summary = crawled(tmp_path / "x.db", fake, **LATER)
    assert summary.pages == {"unchanged": 12}


def test_refresh_sees_new_releases_and_yanks(tmp_path):
    fake = ecosystem(etags=True)
    crawled(tmp_path / "x.db", fake)
    fake.add("project-1", make_wheel("project-1", "3.0", ["new"]))
    next(one for one in fake.projects["project-2"] if "1.3" in one.name).yanked = "a mistake"
    _, _, summary = crawled(tmp_path / "x.db", fake, **LATER)
    assert summary.pages == {"unchanged": 10, "read": 2}
    with Store.open(tmp_path / "x.db") as store:
        found = {(one.project, one.version): one for one in store.releases()}
    assert found["project-1", "3.0"].requires == ("new",)
    assert found["project-1", "3.0"].imports == ("project_1",)
    assert found["project-2", "1.3"].yanked == "a mistake"
    assert found["project-2", "1.3"].requires == ("project-3>=3",)


def test_rerun_of_a_finished_part_asks_for_nothing(tmp_path):
    fake = ecosystem()
    digest, problems, _ = crawled(tmp_path / "x.db", fake)
    before = len(fake.log)
    again = crawled(tmp_path / "x.db", fake)
    assert again[:2] == (digest, problems)
    assert again[2].pages == {"resumed": 12}
    assert len(fake.log) == before


@pytest.mark.parametrize("after", [1, 5, 20, 40])
def test_cancelled_and_run_again_is_one_crawl(tmp_path, after):
    fake = ecosystem()
    whole = crawled(tmp_path / "whole.db", ecosystem())
    counted = 0

    async def run(store):
        async with fake.serve() as url:
            stop = asyncio.Event()

            class Watcher(Nobody):
                def release_done(self, project, version, rung):
                    nonlocal counted
                    counted += 1
                    if counted == after:
                        stop.set()

            manners = Manners(agent="coset/test", rates={"index": 1e9, "files": 1e9})
            options = Options(index=url, started="2026-05-01T10:00:00Z", since="2026-05-01T10:00:00Z")
            async with Fetcher(manners, FakeClock()) as fetcher:
                task = asyncio.create_task(crawl(NAMES, options, store, fetcher, Watcher()))
                await stop.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task

    with Store.create(tmp_path / "x.db") as store:
        asyncio.run(run(store))
        assert sum(one.unknown != "listed" for one in store.releases()) >= after
    fake.log.clear()
    again = crawled(tmp_path / "x.db", fake)
    assert again[:2] == whole[:2]
    assert again[2].known["before"] + again[2].unknown.total() >= after - 1


_CHILD = """
import asyncio, sys
from pathlib import Path
from crawler.crawl import crawl
from crawler.fetch import Fetcher, Manners
from crawler.order import Options
from crawler.pace import SystemClock
from crawler.progress import Nobody
from dataset.store import Store

async def main():
    manners = Manners(agent="coset/test", rates={"index": 1e9, "files": 1e9})
    options = Options(index=sys.argv[1], started="2026-05-01T10:00:00Z", since="2026-05-01T10:00:00Z")
    with Store.create(Path(sys.argv[2])) as store:
        async with Fetcher(manners, SystemClock()) as fetcher:
            await crawl([f"project-{i}" for i in range(12)], options, store, fetcher, Nobody())

asyncio.run(main())
"""


def test_killed_again_and_again_is_one_crawl(tmp_path):
    fake = ecosystem()
    whole = crawled(tmp_path / "whole.db", ecosystem())
    root = str(Path(__file__).parents[2])

    async def run():
        async with fake.serve() as url:
            for requests in (3, 15, 40):
                fake.log.clear()
                child = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-c", _CHILD, url, str(tmp_path / "x.db")),
                    env={**os.environ, "PYTHONPATH": root},
                )
                await fake.asked(requests)
                child.send_signal(signal.SIGKILL)
                assert await child.wait() == -signal.SIGKILL

    asyncio.run(run())
    again = crawled(tmp_path / "x.db", fake)
    assert again[:2] == whole[:2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["whole.db", "x.db"]


def test_closure_is_breadth_first_and_bounded(tmp_path):
    fake = ecosystem()
    with Store.create(tmp_path / "x.db") as store:
        summary = run_crawl(fake, store, ["project-0"], closure=True, closure_limit=3)
        assert summary.added == ("old", "project-1", "project-2")
        assert summary.pages == {"read": 3, "failed": 1}
        summary = run_crawl(fake, store, ["project-8"], closure=True)
        assert summary.added == ("old", "project-9")  # `left-out` is only required by an extra
        assert [one.code for one in store.problems() if one.project == "old"] == ["not-found"]


def test_a_closure_that_was_cut_off_says_so_and_goes_on(store):
    fake = FakeIndex()
    names = [f"dep{i}" for i in range(7)]
    fake.add("root", make_wheel("root", "1.0", names))
    for one in names[1:]:
        fake.add(one, make_wheel(one, "1.0", ["root"]))
    fake.add("dep0", make_wheel("dep0", "1.0", ["last"]))
    fake.add("last", make_wheel("last", "1.0"))
    times = [{"started": f"2026-06-0{i}T00:00:00Z", "since": f"2026-06-0{i}T00:00:00Z"} for i in (1, 2, 3)]
    found = [run_crawl(fake, store, ["root"], closure=True, closure_limit=3, **one) for one in times]
    assert [one.added for one in found] == [tuple(names[:3]), tuple(names[:6]), (*names, "last")]
    assert [one.left_out for one in found] == [("dep3", "dep4", "dep5", "dep6", "last"), ("dep6", "last"), ()]


def test_closure_does_not_depend_on_the_order_of_answers(tmp_path):
    added = []
    for connections in (1, 10):
        fake = ecosystem()
        with Store.create(tmp_path / f"{connections}.db") as store:
            summary = run_crawl(
                fake, store, ["project-0", "project-7"], closure=True, closure_limit=4, connections=connections
            )
            added.append((summary.added, store.digest()))
    assert added[0] == added[1]
    assert added[0][0] == ("old", "project-1", "project-2", "project-8")


def test_markers_that_hold_nowhere_are_not_followed(store):
    fake = FakeIndex()
    requires = [
        "a; sys_platform == 'win32'",
        "b; sys_platform == 'darwin'",
        "c; extra == 'x'",
        "d @ https://x.example/d",
    ]
    fake.add("root", make_wheel("root", "1", requires))
    assert run_crawl(fake, store, ["root"], closure=True).added == ("b", "d")


def test_one_broken_project_stops_nobody(store):
    fake = ecosystem()
    fake.always["/simple/project-4/"] = status(500)
    fake.always["/simple/project-7/"] = reset
    summary = run_crawl(fake, store, [*NAMES, "gone"])
    assert summary.pages == {"read": 10, "failed": 3}
    assert [(one.project, one.code) for one in store.problems() if not one.version] == [
        ("gone", "not-found"),
        ("project-4", "unreachable"),
        ("project-7", "unreachable"),
    ]
    fake.always.clear()
    summary = run_crawl(fake, store, [*NAMES, "gone"])
    assert summary.pages == {"read": 2, "resumed": 11}  # a page that does not exist is an answer
    assert [one.project for one in store.problems() if not one.version] == ["gone"]


def test_a_project_that_vanishes_keeps_its_releases(store):
    fake = ecosystem()
    run_crawl(fake, store, NAMES)
    before = list(store.releases())
    del fake.projects["project-3"]
    run_crawl(fake, store, NAMES, **LATER)
    gone = [replace(one, gone=LATER["started"]) if one.project == "project-3" else one for one in before]
    assert list(store.releases()) == gone
    assert [(one.project, one.code) for one in store.problems() if not one.version] == [("project-3", "not-found")]


def test_index_that_is_down(store):
    with pytest.raises(
        OutsideError,
        match=r"the index http://127.0.0.1:9/simple/ does not answer \(no connection: connection refused\), asked",
    ):
        run_crawl(FakeIndex(), store, NAMES, index="http://127.0.0.1:9/simple/")


def test_index_that_is_down_does_not_show_the_password(store):
    with pytest.raises(OutsideError) as caught:
        run_crawl(FakeIndex(), store, ["a"], index="http://user:secret@127.0.0.1:9/simple/")
    assert "secret" not in caught.value.sentence
    assert "secret" not in "".join(store._connection.iterdump())


def test_index_that_answers_nonsense(store):
    fake = FakeIndex()
    for name in NAMES:
        fake.always[f"/simple/{name}/"] = lambda _request: fakepage("<html><title>Log in</title><a href='/in'>in</a>")
    with pytest.raises(OutsideError, match=r"does not answer as a package index does \(the page is HTML, but not"):
        run_crawl(fake, store, NAMES)
    assert len(fake.log) == len(NAMES)  # any of them might have been a page
    for i in range(100):
        fake.always[f"/simple/n{i}/"] = status(403)
    fake.log.clear()
    with pytest.raises(OutsideError, match=r"\(status 403\), asked for 2[0-9] project pages"):
        run_crawl(fake, store, [f"n{i}" for i in range(100)])
    assert len(fake.log) < 30


@pytest.mark.parametrize("fault", [status(403), status(500)])
def test_projects_that_are_stuck_keep_no_others_waiting(fault, store):
    """Whichever is asked for first; where the store knows good pages, one of them shows that the index is one."""
    fake = ecosystem()
    names = sorted(NAMES, key=_hash_order)
    fake.always = {f"/simple/{name}/": fault for name in names[:4]}
    assert run_crawl(fake, store, NAMES).pages == {"read": len(NAMES) - 4, "failed": 4}
    fake.log.clear()
    assert run_crawl(fake, store, names[:4], **LATER).pages == {"failed": 4}
    asked = {path for path in fake.paths() if path.startswith("/simple/")}
    assert len(asked) == 4 + 1  # one page that was good before


def test_an_index_that_breaks_meanwhile_ends_the_crawl(store):
    fake = ecosystem()
    run_crawl(fake, store, NAMES)
    others = [f"n{i}" for i in range(40)]
    fake.always = {f"/simple/{name}/": status(403) for name in [*NAMES, *others]}
    fake.log.clear()
    with pytest.raises(OutsideError, match=r"does not answer as a package index does \(status 403\)"):
        run_crawl(fake, store, others, **LATER)
    assert len(fake.log) < 30


def fakepage(text):
    return web.Response(text=text, content_type="text/html")


def test_nonsense_for_one_project_is_a_problem(store):
    fake = ecosystem()
    fake.always["/simple/project-4/"] = lambda _request: fakepage("<html><title>Log in</title>")
    summary = run_crawl(fake, store, NAMES)
    assert summary.pages == {"read": 11, "failed": 1}
    assert [(one.project, one.code) for one in store.problems() if not one.version] == [("project-4", "bad-page")]


def test_store_that_fails_ends_the_crawl_with_its_sentence(store):
    store._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(OutsideError, match="cannot be written"):
        run_crawl(ecosystem(), store, NAMES)


def test_disk_full_in_the_middle_loses_nothing_stored(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 6}")
        with pytest.raises(OutsideError, match="the disk is full"):
            run_crawl(ecosystem(), store, NAMES)
    assert crawled(tmp_path / "x.db", ecosystem())[:2] == crawled(tmp_path / "whole.db", ecosystem())[:2]


HEARS_CTRL_C = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); import coset.__main__ as m; m.run()"
)


def test_command_is_interrupted_and_goes_on(tmp_path):
    fake = ecosystem()
    root = str(Path(__file__).parents[2])

    def start(url):
        arguments = [*NAMES, "--index", url, "--db", str(tmp_path / "x.db"), "--json", "--rate", "1000"]
        return asyncio.create_subprocess_exec(
            # a shell that starts the tests in the background would let them ignore the signal
            *(sys.executable, "-c", HEARS_CTRL_C, "crawl", *arguments),
            env={**os.environ, "PYTHONPATH": root},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    async def run():
        async with fake.serve() as url:
            fake.held = asyncio.Event()
            first = await start(url)
            await fake.asked(20)
            first.send_signal(signal.SIGINT)
            _, errors = await first.communicate()
            fake.held.set()
            assert first.returncode == 130
            assert errors.decode() == "interrupted; run the same command again and the crawl goes on\n"
            second = await start(url)
            output, errors = await second.communicate()
            assert second.returncode == 0, errors.decode()
            assert '"resumed"' in output.decode()

    asyncio.run(run())
    with Store.open(tmp_path / "x.db") as store:
        assert store.digest() == crawled(tmp_path / "whole.db", ecosystem())[0]


def test_only_hosts_of_the_configuration_are_asked(store):
    """A page may link anywhere; the first file says where files lie, and nothing else is asked."""
    fake, elsewhere = FakeIndex(form="html"), FakeIndex()
    fake.add("a", make_wheel("a", "1"))

    async def run():
        async with elsewhere.serve():
            text = fake.page("a").replace(
                "</body>",
                f"<a href='{elsewhere.url}/a-2-py3-none-any.whl'>a</a><a href='http://169.254.0.1/a-3.tar.gz'>a</a></body>",
            )
            fake.always["/simple/a/"] = lambda _request: fakepage(text)
            async with (
                fake.serve() as url,
                Fetcher(Manners(agent="x", rates={"index": 1e9, "files": 1e9}), FakeClock()) as f,
            ):
                options = Options(index=url, started="2026-05-01T10:00:00Z", since="2026-05-01T10:00:00Z")
                return await crawl(["a"], options, store, f, Nobody())

    asyncio.run(run())
    assert elsewhere.log == []
    assert {one.version: one.unknown for one in store.releases()} == {
        "1": None,
        "2": "wheel-unreadable",
        "3": "foreign-file",
    }
    assert [(one.version, one.code) for one in store.problems()] == [("2", "foreign-file"), ("3", "foreign-file")]
    assert elsewhere.url not in "".join(store._connection.iterdump())
