"""``coset crawl`` in all its modes: what is asked for, where it ends, and what it says before and after."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from builtfiles import make_sdist, make_wheel
from fakeindex import FakeIndex, served

from coset import crawl as coset_crawl
from coset import crawlrun
from coset.__main__ import main
from coset.crawlprogress import Shown, Tally
from coset.until import amount, since, until
from coset.wishes import wanted_requirements
from coset.writelock import only_writer
from crawler import discover
from dataset.crawlstate import Problem
from dataset.store import Store
from normalize.errors import UsageError


def world():
    fake = FakeIndex(etags=True)
    for i in range(4):
        for minor in range(6):
            uploaded = f"202{minor}-01-01T00:00:00Z"
            fake.add(f"p{i}", make_wheel(f"p{i}", f"1.{minor}", ["p0"]), advertised=True, uploaded=uploaded)
    fake.changed(*fake.projects)
    return fake


@pytest.fixture
def crawl(tmp_path, capsys):
    """Return a function that crawls and returns the status, the summary or the sentence, and what was asked for."""

    def run(fake, *arguments, index=True):
        with served(fake) as url:
            fake.log.clear()
            where = ["--index", url] if index else []
            rate = [] if "--rate" in arguments else ["--rate", "100000"]
            status = main(["crawl", *arguments, *where, *rate, "--db", str(tmp_path / "x.db"), "--json", "--quiet"])
        captured = capsys.readouterr()
        return status, json.loads(captured.out) if captured.out else captured.err, fake.paths()

    return run


def test_the_newest_that_requirements_accept(crawl, tmp_path, capsys):
    want = tmp_path / "want.txt"
    want.write_text(
        '# what a solve missed\np1<1.3\n\n"p2==1.0"\n{"requirement": "P0>=1.5"}\n{"project": "p3", "specifier": ">9"}\n'
    )
    status, summary, _ = crawl(world(), "--want", str(want), "--newest", "2")
    assert (summary["planned"], summary["problems"].get("nothing-accepted")) == (4, 1)
    assert (status, summary["unmet"]) == (1, ["p3>9"])
    assert summary["notes"] == ["the index has no release that meets p3>9"]
    want.write_text("".join(f"p3>{i}\n" for i in range(9, 39)))
    with served(world()) as url:
        assert (
            main(["crawl", "--want", str(want), "--index", url, "--db", str(tmp_path / "y.db"), "--rate", "1e5"]) == 1
        )
    captured = capsys.readouterr()
    assert captured.err.splitlines()[20:] == ["note: the index has none for 10 further requirements; --json names them"]
    assert f"{'requirements that no release meets':<44}{30:>14}" in captured.out.splitlines()
    with Store.open(tmp_path / "x.db") as store:
        read = {(one.project, one.version) for one in store.releases() if one.requires is not None}
    assert read == {("p0", "1.5"), ("p1", "1.1"), ("p1", "1.2"), ("p2", "1.0")}


def test_wishes_that_cannot_be_read_are_named_together(tmp_path):
    want = tmp_path / "want.txt"
    want.write_text("numpy>=\nscipy\n{\n[1]\n")
    with pytest.raises(UsageError) as caught:
        wanted_requirements(want)
    assert [line.partition(":")[0] for line in caught.value.sentence.split("\n")] == [
        f"{want} line {number}" for number in (1, 3, 4)
    ]


def test_depth_by_day_and_all(crawl):
    fake = world()
    assert crawl(fake, "p1", "--newest", "1", "--since", "2023-06-01")[1]["planned"] == 2
    _, summary, asked = crawl(fake, "p1", "--all-releases")
    assert (summary["planned"], summary["known"]) == (6, {"before": 2, "sidecar": 4})
    assert summary["listed"] == summary["planned"] + sum(summary["skipped"].values())
    assert len(asked) == 1 + 4


def test_the_whole_index_needs_a_contact(crawl):
    status, sentence, asked = crawl(world(), "--all")
    assert (status, asked) == (2, [])
    assert "a crawl of a whole index should say who asks" in sentence
    status, summary, _ = crawl(world(), "--all", "--contact", "me@mail.example", "--newest", "1")
    assert (status, summary["pages"], summary["known"]) == (0, {"read": 4}, {"sidecar": 4})


def test_a_limit_ends_in_order_and_the_next_run_goes_on(crawl, tmp_path, capsys):
    fake = world()
    status, summary, asked = crawl(fake, "p0", "p1", "p2", "p3", "--max-requests", "9")
    assert (status, len(asked)) == (0, 9)
    assert summary["stopped"] == "the crawl may send 9 requests, and has"
    assert summary["left"] + summary["pages"].get("left", 0) > 0
    status, summary, _ = crawl(fake, "p0", "p1", "p2", "p3")
    assert summary["stopped"] is None
    assert sum(summary["known"].values()) == 24
    with served(fake) as url:
        arguments = ["crawl", "p1", "--index", url, "--db", str(tmp_path / "y.db"), "--max-bytes", "1", "--quiet"]
        assert main(arguments) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "stopped: the crawl may receive 1 bytes, and has; run the same command again to go on"


def test_a_crawl_that_says_nobody_ends_at_a_thousand_requests(crawl, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(crawlrun, "MOST_WITHOUT_CONTACT", 9)
    fake = world()
    names = ["p0", "p1", "p2", "--newest", "1"]
    with served(fake) as url:
        arguments = ["crawl", *names, "--index", url, "--db", str(tmp_path / "x.db"), "--rate", "1e5"]
        assert main([*arguments, "--since", "2020-01-01"]) == 2
        captured = capsys.readouterr()
        assert len(fake.log) == 9
        said = "the crawl may send 9 requests without saying who asks, and has"
        assert captured.out.splitlines()[-1] == f"stopped: {said}; run the same command again with --contact to go on"
        assert captured.err.startswith(f"error: {said}; what it has read is kept")
        assert main([*arguments, "--since", "2020-01-01", "--contact", "me@mail.example"]) == 0
    with Store.open(tmp_path / "x.db") as store:
        assert sum(one.requires is not None for one in store.releases()) == 18
    capsys.readouterr()
    (tmp_path / "x.db").unlink()
    for most, outcome in (("8", (0, 8, False)), ("10", (2, 9, True))):
        status, summary, asked = crawl(fake, *fake.projects, "--all-releases", "--max-requests", most)
        assert (status, len(asked), summary["needs_contact"]) == outcome


def test_every_specifier_counts_before_anything_is_asked_for(crawl, tmp_path):
    want = tmp_path / "want.txt"
    want.write_text("".join(f"p1<1.{i}\n" for i in range(130)))
    status, sentence, asked = crawl(world(), "--want", str(want))
    assert (status, asked) == (2, [])
    assert sentence.startswith("error: a crawl of up to 1,041 requests should say who asks")


def test_a_closure_has_no_end_but_the_one_that_is_given(crawl, tmp_path, capsys):
    fake = FakeIndex()
    fake.add("root", make_wheel("root", "1.0", [f"dep{i}" for i in range(60)]), advertised=True)
    for i in range(60):
        fake.add(f"dep{i}", make_wheel(f"dep{i}", "1.0"), advertised=True)
    _, summary, _ = crawl(fake, "root", "--closure", "--closure-limit", "40")
    assert (len(summary["added"]), len(summary["left_out"]), len(summary["notes"])) == (40, 20, 1)
    with served(fake) as url:
        arguments = ["crawl", "root", "--closure", "--index", url, "--db", str(tmp_path / "x.db"), "--rate", "1e5"]
        assert main([*arguments, "--closure-limit", "10"]) == 0
        captured = capsys.readouterr()
        assert captured.err == (
            "note: 10 projects that are required were left out by --closure-limit; "
            "run the same command again to go on, or raise it\n"
        )
        assert f"{'  left out by --closure-limit':<44}{10:>14}\n" in captured.out
        assert main(arguments) == 0
    captured = capsys.readouterr()
    assert (captured.err, f"{'projects added by the closure':<44}{60:>14}\n" in captured.out) == ("", True)


def test_a_dry_run_asks_for_nothing(crawl, tmp_path, capsys):
    fake = world()
    status, forecast, asked = crawl(fake, "p0", "p1", "--dry-run", "--newest", "4", "--rate", "2")
    assert (status, asked, forecast["asked"]) == (0, [], 0)
    assert (forecast["pages"], forecast["guessed"], forecast["requests"], forecast["seconds"]) == (2, 8, 12, 6.0)
    assert (forecast["unread"], forecast["unknown"]) == (2, [])
    assert not (tmp_path / "x.db").exists()
    crawl(fake, "p0", "p1", "--newest", "4")
    _, forecast, asked = crawl(fake, "p0", "p1", "--newest", "4", "--dry-run")
    assert (asked, forecast["pages"], forecast["unread"], forecast["guessed"]) == ([], 2, 0, 0)
    assert main(["crawl", "p0", "--dry-run", "--index", "http://127.0.0.1:9/", "--db", str(tmp_path / "x.db")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "the index was asked for nothing so far"


@pytest.mark.parametrize(
    "depth",
    [
        ["--newest", "9"],
        ["--all-releases"],
        ["--since", "2022-06-01"],
        ["--audit", "--newest", "3"],
        ["--all-releases", "--build-requirements"],
        ["--closure", "--newest", "2"],
    ],
)
def test_a_dry_run_of_pages_that_are_known_counts_what_a_crawl_asks_for(depth, crawl):
    fake = FakeIndex(etags=True)
    for i in range(2):
        for minor in range(6):
            facts = {"advertised": True, "uploaded": f"202{minor}-01-01T00:00:00Z"}
            for tag in ("py3-none-any", "cp311-cp311-linux_x86_64", "cp312-cp312-linux_x86_64"):
                fake.add(f"p{i}", make_wheel(f"p{i}", f"1.{minor}", ["p1"], tag=tag), **facts)
            fake.add(f"p{i}", make_sdist(f"p{i}", f"1.{minor}", requires=["p1"]), uploaded=facts["uploaded"])
    crawl(fake, "p0", "--newest", "1")
    crawl(fake, "p0", "p1", "--newest", "1")
    _, forecast, asked = crawl(fake, "p0", *depth, "--dry-run")
    assert asked == []
    assert crawl(fake, "p0", *depth)[1]["requests"] == forecast["requests"]


def test_a_dry_run_says_what_only_the_index_knows(tmp_path, capsys):
    arguments = ["crawl", "p0", "--dry-run", "--index", "http://127.0.0.1:9/", "--db", str(tmp_path / "x.db")]
    assert main([*arguments, "--all-releases", "--audit", "--closure"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"{'requests, at least about':<44}{10:>14}" in lines
    assert f"{'time at these rates, at least about':<44}{'0:00:01':>14}" in lines
    assert [one for one in lines if one.startswith("not known")] == [
        "not known: how many releases are on the pages of 1 project, which were never read",
        "not known: how many wheels are on the pages of 1 project, which were never read",
        "not known: what the unread releases of 1 project require",
    ]


def test_an_audit_says_where_it_has_not_compared_all(crawl):
    fake = FakeIndex()
    for i in range(18):
        fake.add("a", make_wheel("a", "1.0", tag=f"cp3{i}-cp3{i}-any"), advertised=True)
    fake.add("b", make_wheel("b", "1.0"), advertised=True)
    _, summary, asked = crawl(fake, "a", "b", "--audit")
    assert summary["notes"] == ["1 release has more wheels than the 16 that --audit compares; the others were not read"]
    assert len([path for path in asked if path.endswith(".metadata")]) == 17
    assert crawl(fake, "b", "--audit")[1]["notes"] == []


def test_a_dry_run_follows_the_closure_as_far_as_it_is_known(crawl):
    fake = world()
    crawl(fake, "p1", "--closure", "--newest", "1")
    _, forecast, _ = crawl(fake, "p1", "--closure", "--newest", "1", "--dry-run")
    assert (forecast["projects"], forecast["further"], forecast["pages"], forecast["unknown"]) == (1, 1, 2, [])


def test_a_dry_run_says_that_a_contact_will_be_needed(crawl, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(crawlrun, "MOST_WITHOUT_CONTACT", 5)
    fake = world()
    crawl(fake, "p1", "--newest", "1")
    arguments = ["crawl", "p1", "--dry-run", "--newest", "1", "--all-releases", "--db", str(tmp_path / "x.db")]
    with served(fake) as url:
        for more, said in (([], "note: without --contact the crawl ends at 5 requests\n"), (["--contact", "me"], "")):
            assert main([*arguments, "--index", url, *more]) == 0
            assert capsys.readouterr().err == said


def test_a_dry_run_reads_beside_a_crawl_and_where_nothing_can_be_written(crawl, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(discover, "PAYS_FROM", 2)
    fake = world()
    names = ["p0", "p1", "p2", "p3", "--newest", "1"]
    crawl(fake, *names)
    db = tmp_path / "x.db"
    before = db.read_bytes()
    fake.changed("p2")
    with only_writer(db, "a crawl"):
        assert crawl(fake, *names, "--dry-run")[1]["pages"] == 1
        assert main(["dataset", "replay", "--dry-run", "--db", str(db)]) == 0
    assert db.read_bytes() == before
    capsys.readouterr()
    db.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert crawl(fake, *names, "--dry-run")[1]["pages"] == 1
        assert main(["dataset", "replay", "--dry-run", "--db", str(db)]) == 0
        assert sorted(path.name for path in tmp_path.iterdir()) == ["x.db"]
    finally:
        tmp_path.chmod(0o755)


def test_a_dry_run_with_the_root_list_counts_what_changed(crawl, monkeypatch):
    monkeypatch.setattr(discover, "PAYS_FROM", 2)
    fake = world()
    names = ["p0", "p1", "p2", "p3", "--newest", "1"]
    crawl(fake, *names)
    fake.changed("p2")
    _, forecast, asked = crawl(fake, *names, "--dry-run")
    assert (asked, forecast["pages"], forecast["settled"], forecast["requests"]) == (["/simple/"], 1, 3, 2)
    _, forecast, _ = crawl(fake, *names[:-1], "3", "--dry-run")
    assert (forecast["pages"], forecast["settled"], forecast["releases"]) == (1, 0, 8)


def test_several_indexes_without_confusion(crawl, tmp_path):
    fake, private = world(), FakeIndex()
    private.add("p1", make_wheel("p1", "7.0", ["secret"]))
    with served(private) as url:
        table = tmp_path / "indexes.toml"
        table.write_text(f'[[index]]\nurl = "{url}"\nprojects = ["p1"]\n')
        for number, option in enumerate((["--index-for", f"p[1]={url}"], ["--indexes", str(table)])):
            _, summary, asked = crawl(fake, "p1", "p2", "nothing", "--newest", "1", *option)
            assert summary["not_on_index"] == ["nothing"]
            assert [path for path in asked if "p1" in path] == []
            assert summary["known"] == ({"sidecar": 2} if not number else {"before": 2})
        assert [path for path in private.paths() if not path.startswith("/simple/p1/") and "p1-7.0" not in path] == []
    with Store.open(tmp_path / "x.db") as store:
        assert [one.version for one in store.releases(["p1"])] == ["7.0"]
        assert url not in "".join(store._connection.iterdump())


def test_a_folder_as_an_index_needs_no_network(tmp_path, capsys):
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, content in (make_wheel("a", "1.0", ["b"]), make_sdist("b", "2.0", requires=["a"])):
        (folder / name).write_bytes(content)
    arguments = ["crawl", "a", "--closure", "--index", str(folder), "--db", str(tmp_path / "x.db"), "--json"]
    assert main([*arguments, "--newest", "5000"]) == 0
    assert json.loads(capsys.readouterr().out)["known"] == {"wheel": 1, "sdist": 1}
    with Store.open(tmp_path / "x.db") as store:
        assert {one.project: [file.path for file in one.files] for one in store.releases()} == {
            "a": ["a-1.0-py3-none-any.whl"],
            "b": ["b-2.0.tar.gz"],
        }


@pytest.mark.parametrize("listed", [None, "index.html", "index.v1_json"])
def test_a_whole_mirror(listed, tmp_path, capsys):
    fake = world()
    for name, uploads in fake.projects.items():
        page = tmp_path / "web" / "simple" / name / "index.v1_json"
        page.parent.mkdir(parents=True)
        page.write_text(fake.page(name))
        for one in uploads:
            file = tmp_path / "web" / fake.path(one).lstrip("/")
            file.parent.mkdir(parents=True)
            file.write_bytes(one.body)
            file.with_name(one.name + ".metadata").write_bytes(one.sidecar)
    if listed is not None:
        projects = [{"name": name, "_last-serial": serial} for name, serial in fake.serials.items()]
        links = "".join(f"<a href='/simple/{name}/'>{name}</a>" for name in fake.projects)
        html = f"<!DOCTYPE html><title>Simple Index</title>{links}"
        as_json = json.dumps({"meta": {"api-version": "1.0"}, "projects": projects})
        (tmp_path / "web" / "simple" / listed).write_text(html if listed == "index.html" else as_json)
    arguments = ["crawl", "--all", "--index", str(tmp_path), "--db", str(tmp_path / "x.db"), "--json", "--quiet"]
    for pages in ({"read": 4}, {"unchanged": 4} if listed != "index.v1_json" else {"settled": 4}):
        assert main([*arguments, "--newest", "2"]) == 0
        summary = json.loads(capsys.readouterr().out)
        assert (summary["pages"], summary["planned"]) == (pages, 8)


def test_a_folder_beside_a_host(crawl, tmp_path):
    folder = tmp_path / "wheels"
    folder.mkdir()
    name, content = make_wheel("p1", "8.0")
    (folder / name).write_bytes(content)
    _, summary, asked = crawl(world(), "p1", "p2", "--newest", "1", "--index-for", f"p1={folder.as_uri()}")
    assert (summary["pages"], [path for path in asked if "p1" in path]) == ({"read": 2}, [])


_LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
from coset.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


def test_a_full_disk_is_said_and_nothing_stored_is_lost(tmp_path, capsys):
    fake = world()
    db = str(tmp_path / "x.db")
    root = str(Path(coset_crawl.__file__).parents[1])
    with served(fake) as url:
        arguments = ["crawl", *fake.projects, "--index", url, "--rate", "100000", "--db", db, "--quiet"]
        assert main(["crawl", "p0", *arguments[5:]]) == 0
        capsys.readouterr()
        size = Path(db).stat().st_size
        done = subprocess.run(
            [sys.executable, "-c", _LIMITED, str(size // 4096 * 4096 + 4096), *arguments],
            env={**os.environ, "PYTHONPATH": root},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 3, done.stderr
        assert done.stderr.startswith(f"error: the dataset '{db}' cannot ")
        with Store.open(Path(db)) as store:
            assert "p0" in store.projects()
        assert main(arguments) == 0
    with Store.open(Path(db)) as store:
        assert store.projects() == ("p0", "p1", "p2", "p3")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--connections", "11", "p0"], "11 connections at once to one host cannot be meant"),
        (["--rate", "0", "p0"], "0 requests a second for files cannot be meant"),
        (["--rate", "1e-320", "p0", "--dry-run"], "e-321 requests a second for files cannot be meant"),
        (["--rate", "0", "p0", "--dry-run", "--index", "."], "0 requests a second for files cannot be meant"),
        (["--until", "25:00", "p0"], "'25:00' is not a time"),
        (["--until", "2020-01-01", "p0"], "'2020-01-01' has passed"),
        (["--max-bytes", "much", "p0"], "'much' is not a number of bytes"),
        (["--since", "yesterday", "p0"], "'yesterday' is not a day"),
        (["--index-for", "p1", "p0"], "which index has which project cannot be read"),
        (["--indexes", "none.toml", "p0"], "there is no file 'none.toml'"),
        (["--want", "none.txt"], "there is no file 'none.txt'"),
    ],
)
def test_usage_of_the_modes(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["crawl", "--db", "x.db", "--index", "https://index.example/", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_times_and_amounts():
    now = dt.datetime(2026, 5, 1, 12, 0, tzinfo=dt.UTC)
    tonight = until("23:59", now)
    assert 0 < tonight - now.timestamp() <= 86_400
    assert until("2026-05-02T00:00:00Z", now) == now.timestamp() + 12 * 3600
    assert since("2026-05-01") == "2026-05-01T00:00:00Z"
    assert [amount(one) for one in ("7", "2k", "3 MB".replace(" ", ""), "1G")] == [7, 2_000, 3_000_000, 10**9]


def test_what_a_person_is_told(capsys):
    time = [0.0]
    tally = Tally(lambda: time[0])
    assert tally.seconds_left() is None
    tally.pages_due, tally.pages, tally.releases_due, tally.releases, tally.problems = 1000, 100, 500, 400, 7
    time[0] = 50.0
    assert tally.sentence() == "100 of 1,000 projects, 400 of 500 releases, 10.0 a second, 7 problems, about 9 min left"
    with Shown(verbose=True, clock=lambda: time[0]) as shown:
        shown.pages_planned(2)
        shown.releases_planned(1)
        time[0] += 11
        shown.page_done("a")
        shown.problem(Problem("a", "1", "f\x1b", "odd", "why"))
        shown.release_done("a", "1", "sidecar")
    captured = capsys.readouterr().err.splitlines()
    assert captured[0].startswith("1 of 2 projects, 0 of 1 releases")
    assert captured[1] == "a 1 f\\x1b: odd (why)"


def test_the_version_without_an_installation(monkeypatch):
    def missing(_name):
        raise crawlrun.PackageNotFoundError

    monkeypatch.setattr(crawlrun, "version", missing)
    assert crawlrun._version() == "0"
