"""Files that are added, removed or replaced: what is stored is what the index has now, and replay says the same."""

from dataclasses import replace
from pathlib import Path

import pytest
from builtfiles import make_sdist, make_wheel, metadata
from fakeindex import FakeIndex, run_crawl, status
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.limits import Limits
from crawler.replay import replayed
from dataset.crawlstate import Problem, SourceText
from dataset.records import File, Release
from dataset.store import Store

WINDOWS = "cp313-cp313-win_amd64"
CLAIM = {"PKG-INFO": metadata("a", "1.0", ["claimed"], metadata_version="2.1")}


@pytest.fixture
def fake():
    return FakeIndex(etags=True)


def refresh(fake, store, number, **options):
    """Crawl again; return what was asked for beside the page, and the summary."""
    time = f"2026-06-{number:02}T00:00:00Z"
    fake.log.clear()
    summary = run_crawl(fake, store, ["a"], **{"started": time, "since": time, **options})
    return [path.rpartition("/")[2] for path in fake.paths() if path != "/simple/a/"], summary


def stored(store):
    """Return what is known of the only release that is there."""
    (one,) = [one for one in store.releases() if one.gone is None]
    return one


def known(store):
    one = stored(store)
    return one.requires, one.source, one.trust, one.unknown


def names(store):
    return [file.name for file in stored(store).files]


def replaced(fake, *requires, advertised=False, sidecar=False):
    """Replace the wheel by one that requires otherwise."""
    fake.projects["a"].clear()
    fake.sidecars = sidecar
    return fake.add("a", make_wheel("a", "1.0", requires), advertised=advertised)


def verified(fake, store):
    fake.add("a", make_wheel("a", "1.0", ["old"]), advertised=True)
    refresh(fake, store, 1)
    assert known(store) == (("old",), "sidecar", "verified", None)


def is_replayed(store):
    one = stored(store)
    texts = tuple(text for text in store.texts("a") if text.version == one.version)
    assert replayed(one, texts)[0] == one
    return texts


def test_what_replaces_a_file_replaces_its_requirements_however_trusted(fake, store):
    verified(fake, store)
    upload = replaced(fake, "new")
    _, summary = refresh(fake, store, 2)
    assert summary.known == {"wheel": 1}
    assert known(store) == (("new",), "wheel", "unverified", None)
    assert {text.kind for text in is_replayed(store)} == {"metadata", "members"}
    assert [problem.code for problem in store.problems()] == ["file-replaced"]
    assert refresh(fake, store, 3)[0] == []
    assert names(store) == [upload.name]


def test_a_replacement_that_cannot_be_read_is_unknown(fake, store):
    verified(fake, store)
    replaced(fake).body = b"this is no wheel" * 100
    _, summary = refresh(fake, store, 2)
    assert summary.unknown == {"wheel-unreadable": 1}
    assert known(store) == (None, "index", "none", "wheel-unreadable")
    assert store.texts("a") == ()
    assert dict(store.counts().unknown) == summary.unknown


def test_a_replacement_that_could_not_be_reached_is_asked_for_again(fake, store):
    verified(fake, store)
    upload = replaced(fake, "new", advertised=True, sidecar=True)
    fake.always = dict.fromkeys((fake.path(upload), fake.path(upload) + ".metadata"), status(503))
    assert refresh(fake, store, 2)[1].unknown == {"unreachable": 1}
    assert known(store) == (None, "index", "none", "unreachable")
    fake.always.clear()
    assert refresh(fake, store, 3)[1].known == {"sidecar": 1}
    assert known(store) == (("new",), "sidecar", "verified", None)
    assert [problem.code for problem in store.problems()] == []
    assert refresh(fake, store, 4)[0] == []


def test_a_limit_between_the_page_and_the_file_leaves_nothing_old(fake, store):
    verified(fake, store)
    upload = replaced(fake, "new", advertised=True, sidecar=True)
    _, summary = refresh(fake, store, 2, limits=Limits(max_requests=1))
    assert (summary.left, summary.known) == (1, {})
    assert known(store) == (None, "index", "none", "listed")
    assert stored(store).files[0].size == len(upload.body)
    assert refresh(fake, store, 2)[1].known == {"sidecar": 1}  # the same crawl goes on
    assert known(store) == (("new",), "sidecar", "verified", None)


def test_one_that_nobody_asks_for_any_more_is_only_listed_when_its_file_is_replaced(fake, store):
    verified(fake, store)
    replaced(fake, "new")
    fake.add("a", make_wheel("a", "2.0"))
    refresh(fake, store, 2, newest=1)
    assert [(one.version, one.unknown) for one in store.releases()] == [("1.0", "listed"), ("2.0", None)]
    assert {text.version for text in store.texts("a")} == {"2.0"}


def test_another_sidecar_of_the_same_wheel_is_read(fake, store):
    verified(fake, store)
    fake.projects["a"][0].sidecar = metadata("a", "1.0", ["new"])
    refresh(fake, store, 2)
    assert known(store) == (("new",), "sidecar", "verified", None)


def test_a_wheel_that_comes_later_is_read(fake, store):
    sdist = fake.add("a", make_sdist("a", "1.0", CLAIM))
    refresh(fake, store, 1)
    assert known(store) == (("claimed",), "pkg-info", "claimed", None)
    wheel = fake.add("a", make_wheel("a", "1.0", ["true"]), advertised=True)
    assert refresh(fake, store, 2)[1].known == {"sidecar": 1}
    assert known(store) == (("true",), "sidecar", "verified", None)
    assert names(store) == [wheel.name, sdist.name]
    assert [(one.kind, one.before, one.after) for one in store.changes()] == [("file-added", "", wheel.name)]
    is_replayed(store)


@pytest.mark.parametrize("limits", [Limits(), Limits(max_requests=1)])
def test_a_wheel_that_cannot_be_had_yet_costs_nothing_that_is_known(fake, store, limits):
    sdist = fake.add("a", make_sdist("a", "1.0", CLAIM))
    refresh(fake, store, 1)
    wheel = fake.add("a", make_wheel("a", "1.0", ["true"]), advertised=True)
    paths = (fake.path(sdist), fake.path(wheel), fake.path(wheel) + ".metadata")
    fake.always = dict.fromkeys(paths, status(503))
    _, summary = refresh(fake, store, 2, limits=limits)
    assert (summary.known["before"], summary.left) in {(1, 0), (0, 1)}
    assert known(store) == (("claimed",), "pkg-info", "claimed", None)
    assert names(store) == [wheel.name, sdist.name]
    is_replayed(store)
    fake.always.clear()
    fake.add("z", make_wheel("z", "1.0"))
    fake.always["/simple/a/"] = status(500)  # and what is to be read is not forgotten
    run_crawl(fake, store, ["a", "z"], started="2026-06-03T00:00:00Z", since="2026-06-03T00:00:00Z")
    store.put([replace(one, gone="2026") for one in store.releases(["z"])])
    fake.always.clear()
    assert refresh(fake, store, 4)[1].known == {"sidecar": 1}
    assert known(store) == (("true",), "sidecar", "verified", None)
    assert [problem.code for problem in store.problems()] == []
    assert refresh(fake, store, 5)[0] == []


def test_what_is_to_be_read_is_remembered_while_nobody_asks_for_it(fake, store):
    fake.add("a", make_sdist("a", "1.0", CLAIM))
    refresh(fake, store, 1)
    fake.add("a", make_wheel("a", "1.0", ["true"]), advertised=True)
    fake.add("a", make_wheel("a", "2.0"), advertised=True)
    refresh(fake, store, 2, newest=1)
    refresh(fake, store, 3, newest=1)
    assert refresh(fake, store, 4)[0] == ["a-1.0-py3-none-any.whl.metadata"]
    assert [one.requires for one in store.releases()] == [("true",), ()]


def test_the_files_of_a_release_follow_the_page(fake, store):
    first = fake.add("a", make_wheel("a", "1.0", ["x"]), advertised=True)
    second = fake.add("a", make_wheel("a", "1.0", ["x"], tag="cp312-cp312-linux_x86_64"), advertised=True)
    refresh(fake, store, 1)
    third = fake.add("a", make_wheel("a", "1.0", ["x"], tag=WINDOWS), advertised=True)
    assert refresh(fake, store, 2)[0] == []  # no reading would ask for it
    assert names(store) == sorted(one.name for one in (first, second, third))
    fake.projects["a"].remove(third)
    assert refresh(fake, store, 3)[0] == []
    assert names(store) == sorted(one.name for one in (first, second))
    assert [one.kind for one in store.changes()] == ["file-added", "file-gone"]
    fake.projects["a"].remove(first)
    assert set(refresh(fake, store, 4)[0]) == {f"{second.name}.metadata", second.name}
    assert names(store) == [second.name]


def test_what_a_file_said_that_is_gone_does_not_stay(fake, store):
    fake.add("a", make_sdist("a", "1.0", {"README": b""}))
    wheel = fake.add("a", make_wheel("a", "1.0", ["x"]), advertised=True)
    refresh(fake, store, 1)
    fake.projects["a"].remove(wheel)
    refresh(fake, store, 2)
    assert known(store) == (None, "index", "none", "sdist-dynamic")


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"source": "import", "trust": "claimed"}, True),
        ({"source": "import", "trust": "claimed", "files": "same"}, True),
        ({"source": "wheel", "trust": "unverified", "files": "same"}, True),
        ({"source": "sidecar", "trust": "verified", "files": "same"}, False),
        ({"source": "sidecar", "trust": "verified", "files": "other"}, True),
        ({"source": "sidecar", "trust": "verified", "files": "gone"}, True),
    ],
)
def test_an_imported_release_is_read_where_the_index_knows_better(fake, store, facts, asked):
    wheel = fake.add("a", make_wheel("a", "1.0", ["true"]), advertised=True)
    sha256 = fake_sha256(fake, wheel)
    files = {
        "same": (File(name=wheel.name, sha256=sha256),),
        "other": (File(name=wheel.name, sha256="a" * 64),),
        "gone": (File(name="a-1.0-py2-none-any.whl"), File(name=wheel.name, sha256=sha256)),
    }.get(facts.get("files"), ())
    store.put([Release(project="a", version="1.0", requires=("imported",), **(facts | {"files": files}))])
    refresh(fake, store, 1)
    assert (known(store)[:3] == (("true",), "sidecar", "verified")) is asked
    assert [(file.name, file.sha256) for file in stored(store).files] == [(wheel.name, sha256)]
    assert refresh(fake, store, 2)[0] == []


def fake_sha256(fake, wheel):
    with Store.create(Path(":memory:")) as other:
        run_crawl(fake, other, ["a"])
        return next(file.sha256 for file in stored(other).files if file.name == wheel.name)


def test_an_import_stays_where_the_index_cannot_tell(fake, store):
    fake.add("a", make_sdist("a", "1.0", {"README": b""}))
    store.put([Release(project="a", version="1.0", requires=("built",), source="import", trust="claimed")])
    _, summary = refresh(fake, store, 1)
    assert summary.known == {"before": 1}
    assert known(store) == (("built",), "import", "claimed", None)
    assert refresh(fake, store, 2)[0] == []


def test_a_release_that_comes_back_with_another_file_is_read(fake, store):
    verified(fake, store)
    fake.add("a", make_wheel("a", "2.0"), advertised=True)
    first = fake.projects["a"].pop(0)
    refresh(fake, store, 2)
    fake.projects["a"].append(first)
    assert refresh(fake, store, 3)[0] == [f"{first.name}.metadata"]
    assert refresh(fake, store, 4)[0] == []
    fake.projects["a"].remove(first)
    refresh(fake, store, 5)
    fake.add("a", make_wheel("a", "1.0", ["new"]))
    refresh(fake, store, 6)
    assert [(one.requires, one.gone) for one in store.releases()] == [(("new",), None), ((), None)]
    assert [problem.code for problem in store.problems()] == ["file-replaced"]


def test_a_project_that_comes_back_with_another_file_is_read(fake, store):
    verified(fake, store)
    fake.add("z", make_wheel("z", "1.0"))
    del fake.projects["a"]
    run_crawl(fake, store, ["a", "z"], started="2026-06-02T00:00:00Z", since="2026-06-02T00:00:00Z")
    assert store.page("a").gone
    fake.add("a", make_wheel("a", "1.0", ["new"]))
    refresh(fake, store, 3)
    assert {one.project: one.requires for one in store.releases()} == {"a": ("new",), "z": ()}
    assert [one.kind for one in store.changes()] == ["project-back", "project-gone"]


def test_another_requires_python_of_the_index_counts_where_metadata_is_silent(fake, store):
    silent = fake.add("a", make_wheel("a", "1.0"), advertised=True, requires_python=">=3.8")
    text = metadata("a", "2.0", extra=["Requires-Python: >=3.7"])
    says = fake.add("a", make_wheel("a", "2.0", text=text), advertised=True, requires_python=">=3.8")
    listed = fake.add("a", make_wheel("a", "3.0.dev1"), advertised=True, requires_python=">=3.8")
    refresh(fake, store, 1)
    silent.requires_python = says.requires_python = ">=3.9"
    listed.requires_python = None
    refresh(fake, store, 2)
    assert [one.requires_python for one in store.releases()] == [">=3.9", ">=3.7", None]
    assert [one.kind for one in store.changes()] == ["requires-python"] * 3


def test_where_no_release_has_a_wheel_the_newest_sdist_tells_import_names(fake, store):
    for version in ("1.0", "2.0"):
        pkg_info = metadata("a", version, ["x"], metadata_version="2.4")
        fake.add("a", make_sdist("a", version, {"PKG-INFO": pkg_info, "a.egg-info/top_level.txt": b"a_module\n"}))
    refresh(fake, store, 1)
    assert [(one.requires, one.source, one.imports) for one in store.releases()] == [
        (("x",), "sdist", ()),
        (("x",), "sdist", ("a_module",)),
    ]


def test_a_release_told_anew_loses_what_was_known_of_it(store):
    one = Release(project="a", version="1.0", requires=("x",), source="sidecar", trust="verified", imports=("a",))
    other = replace(one, version="2.0")
    texts = [
        SourceText(project="a", version=version, file="f", kind="sidecar", content=b"x") for version in ("1.0", "2.0")
    ]
    store.put([one, other], texts=texts, problems=[Problem("a", "1.0", "f", "odd-header")], attempted="2026-06-01")
    told = replace(one, requires=None, unknown="listed", source="index", trust="none", imports=(), uploaded="2026")
    store.put([told], anew=[("a", "1.0")], attempted="2026-06-02")
    assert list(store.releases()) == [told, other]
    assert ([text.version for text in store.texts("a")], store.problems()) == (["2.0"], ())
    assert [one.attempted for one in store.progress("a").values()] == [None, "2026-06-01"]


def test_the_same_files_on_another_index_are_not_read_again(fake, store):
    verified(fake, store)
    other = FakeIndex()
    other.projects = fake.projects
    assert refresh(other, store, 2)[0] == []
    assert known(store) == (("old",), "sidecar", "verified", None)


fewer = settings(max_examples=max(1, settings.default.max_examples // 4))


@st.composite
def uploads(draw):
    """Draw a file, and what the index says of it; files of one name may differ."""
    version = draw(st.sampled_from(["1.0", "2.0"]))
    requires = draw(st.lists(st.sampled_from(["x", "y>=1"]), max_size=2))
    facts = {"requires_python": draw(st.sampled_from([None, ">=3.8"])), "yanked": draw(st.sampled_from([None, "bad"]))}
    kind = draw(st.sampled_from(["2.1", "2.4", "py3-none-any", "cp313-cp313-manylinux_2_17_x86_64", WINDOWS]))
    if "-" not in kind:
        pkg_info = metadata("a", version, requires, metadata_version=kind)
        return make_sdist("a", version, {"PKG-INFO": pkg_info}), facts
    return make_wheel("a", version, requires, tag=kind), facts | {"advertised": kind != WINDOWS}


pages = st.lists(uploads(), max_size=4, unique_by=lambda one: one[0][0])


def told(store):
    """Return what is not gone, without the import names: they are read of one release, once."""
    return [replace(one, imports=(), imports_from="") for one in store.releases() if one.gone is None]


steps = st.tuples(pages, st.sampled_from([None, 1, 2]), st.booleans(), st.booleans())


@fewer
@given(st.lists(steps, min_size=2, max_size=4))
def test_a_refresh_says_what_a_fresh_crawl_says(steps):
    """Whatever becomes of files (added, removed, replaced, yanked), of limits, servers that fail and wishes meanwhile.

    And at any time a replay says what the refresh said.
    """
    fake = FakeIndex(etags=True)
    with Store.create(Path(":memory:")) as store, Store.create(Path(":memory:")) as fresh:
        for number, (files, limit, fails, everything) in enumerate(
            [*steps, (steps[-1][0], None, False, True)], start=1
        ):
            fake.projects["a"], fake.always = [], {}
            for file, facts in files:
                path = fake.path(fake.add("a", file, **facts))
                fake.always |= dict.fromkeys((path, f"{path}.metadata"), status(503)) if fails else {}
            wishes = {"all_releases": True} if everything else {"newest": 1}
            refresh(fake, store, number, limits=Limits(max_requests=limit), **wishes)
            for one in store.releases():
                texts = tuple(text for text in store.texts("a") if text.version == one.version)
                assert replayed(one, texts)[0] == one
        refresh(fake, fresh, number, all_releases=True)
        assert told(store) == told(fresh)
