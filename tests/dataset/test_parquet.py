"""Do tables of Parquet hold what was in the dataset, the same bytes for the same content, and is damage seen?"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("pyarrow")

from hypothesis import given, settings
from hypothesis import strategies as st

from dataset import parquet
from dataset.aboutlines import ABOUT
from dataset.crawlstate import Crawled, Problem
from dataset.jsonl import all_or_errors
from dataset.manifest import read_manifest
from dataset.parquet import FACTS, FILE, RELEASE, read_tables, write_tables
from dataset.records import MANIFEST, About, File, Release
from dataset.store import Store
from normalize.errors import UsageError

texts = st.text(st.sampled_from('aZ0.-_ "\\/\n\r\x00\x1b\x85\u2028\ufeffé\U0001f40d'), max_size=5)
some = st.frozensets(texts, max_size=2).map(lambda found: tuple(sorted(found)))
requirements = st.sampled_from([(), ("six",), ("numpy>=1.19.3", "x @ https://files.example/x.whl")])
SHA256 = "0a" * 32
TOLD = About(licence="caf\u00e9", licence_from="field", changelog="https://a.example/?a=b#c")
KNOWN = Release(
    project="a",
    version="1.0",
    requires=("b",),
    source="wheel",
    trust="verified",
    files=(File(name="a.tar.gz", path="ab/a.tar.gz", sha256=SHA256, size=7), File(name="a.whl")),
)


@st.composite
def releases(draw):
    requires = draw(st.none() | requirements)
    return Release(
        project=draw(st.sampled_from(["a", "b-c", "numpy"])),
        version=draw(texts.filter(str.strip) | st.sampled_from(["1.0", "2.0"])),
        uploaded=draw(st.sampled_from([None, "2026-05-01T10:00:00Z"])),
        yanked=draw(st.none() | texts),
        gone=draw(st.sampled_from([None, "2026-05-01T10:00:00Z"])),
        requires_python=draw(st.none() | texts),
        requires=requires,
        unusable=draw(some) if requires is None else (),
        unknown="listed" if requires is None else None,
        extras=draw(some),
        imports=draw(some),
        trust="none" if requires is None else "claimed",
        repaired=draw(some),
        builds=draw(st.none() | requirements),
        imports_from=draw(st.sampled_from(["", "members"])),
        about=draw(st.sampled_from([None, TOLD, About(homepage="http://a.example")])),
        files=draw(st.sampled_from([(), KNOWN.files])),
    )


def stored(dataset):
    store = Store.create(Path(":memory:"))
    store.put(dataset, problems=[Problem("a", "", "", "not-found", "é")])
    store.keep_crawled(Crawled("2026-05-01T10:00:00Z", "2026-05-02T10:00:00Z"))
    return store


def read(folder):
    manifest = read_manifest((folder / MANIFEST).read_bytes(), "m")
    return list(read_tables(manifest, folder))


@settings(max_examples=settings.default.max_examples // 6)
@given(st.lists(releases(), max_size=5, unique_by=lambda one: (one.project, one.version)))
def test_tables_read_back_as_what_was_written(tmp_path_factory, dataset):
    folder, again = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    store = stored(dataset)
    sizes = write_tables(store, folder)
    assert sizes == {path.name: path.stat().st_size for path in folder.iterdir()}
    found = list(all_or_errors(read(folder)))
    assert sorted(map(repr, found)) == sorted(map(repr, store.releases()))
    write_tables(stored(reversed(dataset)), again)
    assert all((again / name).read_bytes() == (folder / name).read_bytes() for name in sizes)


def test_large_datasets_are_written_in_parts_and_say_facts_once(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_ROWS", 3)
    dataset = [replace(KNOWN, project=f"p{i}", version=str(j)) for i in range(5) for j in range(2)]
    write_tables(stored(dataset), tmp_path)
    assert sorted(map(repr, read(tmp_path))) == sorted(map(repr, dataset))
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    assert {name: table["rows"] for name, table in manifest["tables"].items()} == {FACTS: 1, FILE: 20, RELEASE: 10}
    assert manifest["totals"]["releases"] == read_manifest((tmp_path / MANIFEST).read_bytes(), "m").releases == 10


def test_an_empty_dataset_is_one_too(tmp_path):
    write_tables(stored([]), tmp_path)
    assert read(tmp_path) == []


@pytest.mark.parametrize("name", [RELEASE, FACTS, FILE])
def test_tables_that_do_not_fit_the_manifest_are_named(tmp_path, name):
    write_tables(stored([KNOWN]), tmp_path)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[:-1])
    (error,) = read(tmp_path)
    assert error.sentence.startswith(f"{tmp_path / name}: differs from the manifest: expected sha256 ")
    (tmp_path / name).unlink()
    (error,) = read(tmp_path)
    assert error.sentence == f"{tmp_path / name}: is missing"


def with_hashes(folder):
    """Make the manifest fit whatever the tables hold now."""
    manifest = json.loads((folder / MANIFEST).read_text())
    for name, table in manifest["tables"].items():
        table["sha256"] = parquet._sha256(folder / name)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_tables_of_an_older_coset_tell_people_nothing_and_are_read(tmp_path):
    write_tables(stored([KNOWN]), tmp_path)
    tables = parquet._library()[2]
    old = tables.read_table(tmp_path / FACTS).drop_columns(list(ABOUT))
    tables.write_table(old, tmp_path / FACTS)
    with_hashes(tmp_path)
    assert read(tmp_path) == [KNOWN]


def test_what_is_no_table_of_ours_is_refused_although_its_hash_is_right(tmp_path):
    write_tables(stored([KNOWN]), tmp_path)
    (tmp_path / RELEASE).write_bytes(b"PAR1 or so")
    (tmp_path / FILE).write_bytes((tmp_path / FACTS).read_bytes())
    with_hashes(tmp_path)
    first, second = read(tmp_path)
    assert first.sentence.startswith(f"{tmp_path / RELEASE}: not Parquet: ")
    assert second.sentence == f"{tmp_path / FILE}: has other columns or rows than the manifest says"


def test_rows_go_through_the_door_of_lines(tmp_path):
    (tmp_path / "bad").mkdir()
    write_tables(stored([replace(KNOWN, files=(File(name="../a"),))]), tmp_path / "bad")
    (error,) = read(tmp_path / "bad")
    assert error.sentence.startswith(f"{tmp_path / 'bad' / RELEASE} row 1: files[0].name: expected a file's name")


def test_files_of_no_release_are_an_error(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    write_tables(stored([KNOWN]), tmp_path)
    write_tables(stored([replace(KNOWN, version="9")]), other)
    (tmp_path / FILE).write_bytes((other / FILE).read_bytes())
    with_hashes(tmp_path)
    release, error = read(tmp_path)
    assert release == replace(KNOWN, files=())
    assert error.sentence == f"{tmp_path / FILE}: a 9 is no release"


def test_facts_that_are_not_there_are_an_error(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    write_tables(stored([KNOWN, Release(project="a", version="2", unknown="listed")]), tmp_path)
    write_tables(stored([replace(KNOWN, project="x")]), other)
    (tmp_path / FACTS).write_bytes((other / FACTS).read_bytes())
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    manifest["tables"][FACTS]["rows"] = 1
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    with_hashes(tmp_path)
    (error,) = read(tmp_path)
    assert error.sentence == f"{tmp_path / RELEASE}: names facts that {FACTS} does not have"


def test_without_the_library_a_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="Parquet needs the library pyarrow") as caught:
        write_tables(stored([]), tmp_path)
    assert "coset[parquet]" in caught.value.hint
