"""The store: what is put comes back, in order, whatever happened in between."""

import sqlite3
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset.crawlstate import PageState, Problem
from dataset.merge import merged
from dataset.records import LISTED, About, File, Release, Timestamp
from dataset.store import Store
from normalize.errors import OutsideError, UsageError
from normalize.projects import ProjectName

NOW = Timestamp("2026-05-01T10:00:00Z")
LATER = Timestamp("2026-05-02T10:00:00Z")


def release(project="h5py", version="3.14.0", **facts):
    facts.setdefault("unknown", None if "requires" in facts else LISTED)
    return Release(project=ProjectName(project), version=version, **facts)


KNOWN = release(
    uploaded=NOW,
    requires=("numpy>=1.19.3",),
    unusable=("numpy>==1",),
    extras=("test",),
    imports=("h5py",),
    source="sidecar",
    trust="verified",
    requires_python=">=3.10",
    files=(File(name="h5py-3.14.0.tar.gz", path="packages/aa/h5py-3.14.0.tar.gz", sha256="ab" * 32, size=412345),),
)


def test_what_is_put_comes_back(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        store.put([KNOWN])
    with Store.open(tmp_path / "x.db") as store:
        assert list(store.releases()) == [KNOWN]
        assert store.projects() == ("h5py",)


def test_known_without_requirements_is_not_unknown(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        store.put([release(requires=()), release(version="1")])
        assert [one.requires for one in store.releases()] == [None, ()]


def test_listed_releases_may_be_left_out(tmp_path):
    more = [release("h5py", "3.0", unknown="sdist-dynamic"), release("zope", "1", requires=())]
    with Store.create(tmp_path / "x.db") as store:
        store.put([KNOWN, *more, release("h5py", "2.0"), release("listed", "1")])
        assert list(store.releases(listed=False)) == [more[0], KNOWN, more[1]]
        some = list(store.releases([ProjectName("h5py"), ProjectName("listed")], files=False, listed=False))
        assert [(one.version, one.files) for one in some] == [("3.0", ()), ("3.14.0", ())]


def test_order_is_by_project_then_pep_440_with_other_versions_first(tmp_path):
    versions = ["1.10", "1.9", "2004d", "1.0.dev1", "1.0", "0.1-final-b"]
    with Store.create(tmp_path / "x.db") as store:
        store.put([release("zope", "1"), *(release("abc", version) for version in versions)])
        assert [(one.project, one.version) for one in store.releases()] == [
            *(("abc", version) for version in ("0.1-final-b", "2004d", "1.0.dev1", "1.0", "1.9", "1.10")),
            ("zope", "1"),
        ]


def test_only_the_projects_asked_for(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        store.put([release(name, files=(File(name=f"{name}.whl"),)) for name in ("a", "b", "c")])
        assert [one.project for one in store.releases({ProjectName("c"), ProjectName("a"), ProjectName("x")})] == [
            "a",
            "c",
        ]
        assert [one.files[0].name for one in store.releases([ProjectName("b")])] == ["b.whl"]
        assert list(store.releases([])) == []


def test_listed_keeps_requirements_and_brings_index_facts(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        store.put([KNOWN])
        store.put([release(yanked="broken", uploaded=LATER)])
        (found,) = store.releases()
    assert (found.requires, found.yanked, found.uploaded, found.files) == (
        KNOWN.requires,
        "broken",
        LATER,
        KNOWN.files,
    )


def test_less_trusted_requirements_never_replace_better_ones():
    claimed = release(requires=("a",), trust="claimed", source="sdist")
    assert merged(KNOWN, claimed).requires == KNOWN.requires
    assert merged(claimed, KNOWN).requires == KNOWN.requires
    failed = release(unknown="unreachable")
    assert merged(KNOWN, failed).requires == KNOWN.requires
    assert merged(failed, release()).unknown == "unreachable"
    assert merged(release(), failed).unknown == "unreachable"


facts = st.sampled_from(
    [
        release(),
        release(unknown="sdist-dynamic"),
        release(requires=("a",), trust="claimed", source="sdist"),
        release(requires=("b",), trust="unverified", source="wheel"),
        release(requires=("c",), trust="verified", source="sidecar"),
    ]
)


@given(st.permutations(range(5)))
def test_law_order_of_telling_does_not_matter_for_requirements(order):
    told = [
        release(),
        release(unknown="sdist-dynamic"),
        release(requires=("a",), trust="claimed", source="sdist"),
        release(requires=("b",), trust="unverified", source="wheel"),
        release(requires=("c",), trust="verified", source="sidecar"),
    ]
    known = told[order[0]]
    for i in order[1:]:
        known = merged(known, told[i])
    assert known.requires == ("c",)


@given(facts)
def test_law_merging_is_idempotent(one):
    assert merged(one, one) == one


def test_digest_depends_on_content_only(tmp_path):
    several = [KNOWN, release("a"), release("b", "2", requires=("x", "y")), release("b", "10")]
    with Store.create(tmp_path / "one.db") as one, Store.create(tmp_path / "two.db") as two:
        one.put(several)
        for each in reversed(several):
            two.put([each], pages=[PageState(project=each.project, fetched_at=NOW)])
        assert one.digest() == two.digest()
        before = one.digest()
        one.put([release("a", yanked="")])
        assert one.digest() != before


def test_nothing_is_stored_of_a_transaction_that_fails(tmp_path):
    def broken():
        yield release("a", requires=("x",))
        raise RuntimeError

    with Store.create(tmp_path / "x.db") as store:
        with pytest.raises(RuntimeError):
            store.put(broken())
        assert list(store.releases()) == []
        store.put([release("a", requires=("x",))])
        assert [one.requires for one in store.releases()] == [("x",)]


def test_pages_problems_and_progress(tmp_path):
    page = PageState(project=ProjectName("a"), fetched_at=NOW, etag='"1"', sha256="00", content=b"[]")
    gone = Problem(ProjectName("a"), "", "", "not-found")
    bad = Problem(ProjectName("a"), "1", "a-1.whl", "hash-mismatch", "it is what it is")
    with Store.create(tmp_path / "x.db") as store:
        store.put([], pages=[page], problems=[gone, bad])
        assert store.page(ProjectName("a")) == page
        assert store.page(ProjectName("b")) is None
        assert store.problems() == (gone, bad)
        store.put([release("a", "1", unknown="hash-mismatch")], problems=[bad], attempted=NOW)
        store.put([release("a", "1"), release("a", "2")], pages=[page], attempted=LATER)
        assert store.problems() == (bad,)  # the page was read again; the release was only listed again
        assert store.progress(ProjectName("a"))["1"].attempted == NOW
        assert store.progress(ProjectName("a"))["1"].unknown == "hash-mismatch"
        assert store.progress(ProjectName("a"))["2"].attempted is None
        store.put([release("a", "1", requires=())], attempted=LATER)
        assert store.problems() == ()
        assert store.progress(ProjectName("a"))["1"].unknown is None


def test_counts(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        store.put(
            [
                release("a", "1", requires=("x", "y"), about=About(licence="MIT", homepage="https://a.example/")),
                release("a", "2", requires=("x",), extras=("licence",), about=About(homepage="https://a.example/")),
                release("b", "1"),
                release("b", "2", unknown="sdist-dynamic"),
            ],
            problems=[Problem(ProjectName("b"), "2", "", "odd")],
        )
        counts, details = store.counts(), store.details()
    assert (counts.projects, counts.releases, counts.known, counts.listed) == (2, 4, 2, 1)
    assert (details.requirements, counts.unknown, counts.problems) == (2, (("sdist-dynamic", 1),), (("odd", 1),))
    assert details.about == (("licence", 1), ("homepage", 2))


def test_settings(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        assert store.setting("files_base") is None
        store.set_setting("files_base", "https://files.example/")
    with Store.create(tmp_path / "x.db") as store:
        assert store.setting("files_base") == "https://files.example/"
        store.set_setting("files_base", None)
        assert store.setting("files_base") is None


def test_missing_file(tmp_path):
    with pytest.raises(UsageError, match="there is no dataset at"):
        Store.open(tmp_path / "x.db")


@pytest.mark.parametrize("opened", [Store.open, Store.create])
def test_not_a_dataset(tmp_path, opened):
    text = tmp_path / "text.db"
    text.write_text("this is not SQLite at all, not even a little bit\n" * 9)
    with pytest.raises(UsageError, match="is not a coset dataset"):
        opened(text)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(UsageError, match="is not a coset dataset"):
        opened(other)


@pytest.mark.parametrize("opened", [Store.open, Store.create])
def test_other_schema_version(tmp_path, opened):
    path = tmp_path / "x.db"
    Store.create(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(UsageError, match="has schema version 99, which is newer than this coset"):
        opened(path)


def test_locked(tmp_path, monkeypatch):
    path = tmp_path / "x.db"
    with Store.create(path) as store:
        store._connection.execute("PRAGMA busy_timeout = 0")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutsideError, match="is locked by another process"):
            store.put([KNOWN])
        other.execute("ROLLBACK")
        other.close()
        store.put([KNOWN])
        assert list(store.releases()) == [KNOWN]


def test_disk_full_loses_nothing(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        store.put([KNOWN])
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(OutsideError, match="the disk is full"):
            store.put([release("a", str(i), requires=("x" * 2000 + str(i),)) for i in range(100)])
        assert list(store.releases()) == [KNOWN]


def test_folder_that_does_not_exist(tmp_path):
    with pytest.raises(OutsideError, match="cannot be opened"):
        Store.create(tmp_path / "no" / "x.db")


def test_reading_refuses_writing(tmp_path):
    Store.create(tmp_path / "x.db").close()
    with Store.open(tmp_path / "x.db") as store, pytest.raises(OutsideError, match="cannot be written"):
        store.put([KNOWN])


def test_a_folder_that_cannot_be_written_can_be_read(tmp_path: Path):
    path = tmp_path / "x.db"
    with Store.create(path) as store:
        store.put([KNOWN])
    path.chmod(stat.S_IRUSR)
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        with Store.open(path) as store:
            assert list(store.releases()) == [KNOWN]
    finally:
        tmp_path.chmod(stat.S_IRWXU)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_closed_dataset_is_one_file_that_readers_leave_alone(tmp_path):
    path = tmp_path / "x.db"
    with Store.create(path) as store:
        store.put([KNOWN])
        assert names(tmp_path) == ["x.db", "x.db-shm", "x.db-wal"]  # what keeps it whole when it is killed
    with Store.create(path) as store:
        store.put([release("a")])
    before = path.read_bytes()
    assert names(tmp_path) == ["x.db"]
    with Store.open(path) as store:
        assert len(list(store.releases())) == 2
        assert names(tmp_path) == ["x.db"]
    assert path.read_bytes() == before


def test_closing_while_somebody_reads_loses_nothing(tmp_path):
    path = tmp_path / "x.db"
    store = Store.create(path)
    store.put([KNOWN])
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM release").fetchone() == (1,)
    store.put([release("a")])
    store.close()
    assert reader.execute("SELECT count(*) FROM release").fetchone() == (1,)
    reader.close()
    with Store.open(path) as found:
        assert len(list(found.releases())) == 2
    Store.create(path).close()
    assert names(tmp_path) == ["x.db"]


def test_a_release_told_twice_at_once_is_merged(tmp_path):
    with Store.create(tmp_path / "x.db") as store:
        store.put([release(), release("a"), KNOWN, release(yanked="broken"), release("a", "2")])
        found = {(one.project, one.version): one for one in store.releases()}
    assert found["h5py", "3.14.0"].requires == KNOWN.requires
    assert found["h5py", "3.14.0"].yanked == "broken"
    assert found["h5py", "3.14.0"].files == KNOWN.files
    assert found.keys() == {("h5py", "3.14.0"), ("a", "3.14.0"), ("a", "2")}


def test_a_reader_follows_a_writer(tmp_path):
    path = tmp_path / "x.db"
    with Store.create(path) as writer, Store.open(path) as reader:
        for i in range(3):
            writer.put([release("a", str(i), requires=(f"b>={i}",))])
            assert [one.requires for one in reader.releases()] == [(f"b>={j}",) for j in range(i + 1)]


@pytest.mark.parametrize("facts", [{"requires": ("\ud800",)}, {"files": (File(name="\ud800"),)}, {"yanked": "\ud800"}])
def test_text_that_is_not_unicode(tmp_path, facts):
    with Store.create(tmp_path / "x.db") as store, pytest.raises(UsageError, match="is not Unicode"):
        store.put([release("a", **facts)])
