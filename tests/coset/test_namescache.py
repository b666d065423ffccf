"""The kept name map: it answers like the one it was made of, never from other data, and never from half a file."""

import os
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from namemaps import name_map

from coset.__main__ import main
from coset.namescache import read_index, write_index
from coset.namesdata import read_name_map
from coset.namesstate import LAYOUT, file_name, state
from dataset.store import Store
from normalize.errors import OutsideError
from normalize.nameanswers import Standing
from normalize.namemap import NameMap
from normalize.names import Link
from normalize.projects import ProjectName


def link(project, kind, name, **told):
    told = {"strength": "certain", "source": "index", "because": "a fact"} | told
    return Link(project=None if project is None else ProjectName(project), kind=kind, name=name, **told)


LINKS = [
    link("scikit-learn", "import", "sklearn"),
    link("scikit-learn", "attribute", "scikit-learn"),
    link("protobuf", "import", "google.protobuf"),
    link("google-auth", "top-level", "google"),
    link("google-auth", "import", "google.auth"),
    link(None, "attribute", "xen", of="xen"),
    link("tab", "attribute", 'a\tb\n"ü\\', because="an attribute that nobody would write\n"),
    link("tab", "import", "größe", because="\x1e\x1f\udcff \\t"),
]
FIRST = LAYOUT + b"of today\n"
PROJECTS = ["scikit-learn", "bare", "zz"]
STANDINGS = {"scikit-learn": Standing(dependents=3, since="2010-01-01")}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("kept") / "names.lines")
    made = name_map(LINKS, PROJECTS, STANDINGS)
    write_index(made.index, path, FIRST)
    return made, NameMap(read_index(path, FIRST))


QUERIES = ["sklearn", "Scikit_Learn", "google", "google.protobuf.x", "xen", "bare", "zz", "bere", "nothing", "sklearm"]


@pytest.mark.parametrize("query", QUERIES)
def test_the_kept_map_answers_like_the_one_that_was_made(both, query):
    made, kept = both
    assert kept.lookup(query) == made.lookup(query)
    assert kept.providers(query) == made.providers(query)


@given(st.text(string.ascii_lowercase + "-.", max_size=12).filter(lambda one: any(letter.isalpha() for letter in one)))
def test_it_answers_alike_for_any_name(both, query):
    made, kept = both
    assert kept.providers(query) == made.providers(query)
    if query[0] not in "-." and query[-1] not in "-.":
        assert kept.lookup(query) == made.lookup(query)


def test_it_holds_the_same(both):
    made, kept = both
    assert dict(kept.index.spelled) == dict(made.index.spelled)
    assert dict(kept.index.told) == dict(made.index.told)
    assert {key: list(found) for key, found in kept.index.routes.items()} == dict(made.index.routes)
    assert kept.index.standings["scikit-learn"] == STANDINGS["scikit-learn"]
    assert kept.index.standings.get("bare") is None
    assert set(kept.index.projects) == set(PROJECTS)
    assert kept.projects == made.projects
    assert (len(kept.index.told), len(kept.index.projects)) == (len(made.index.told), 3)


def test_names_that_are_there_are_found_at_once(tmp_path):
    path = str(tmp_path / "names.lines")
    known = {f"{a}{b}{c}" for a in "abcdé" for b in "xyz" for c in ("", "-1", "-12", "ab")}
    write_index(name_map([], known).index, path, FIRST)
    projects = read_index(path, FIRST).projects
    asked = {f"{a}{b}{c}" for a in "aeé" for b in "xw" for c in ("", "-1", "-2", "-3", "-4", "-5", "a", "ab", "\n")}
    assert projects & asked == known & asked != set()
    assert set(projects) == known


def test_an_index_of_nothing_can_be_kept(tmp_path):
    path = str(tmp_path / "names.lines")
    write_index(name_map([]).index, path, FIRST)
    assert NameMap(read_index(path, FIRST)).lookup("numpy").matches == ()
    assert read_index(path, LAYOUT + b"of another day\n") is None


@pytest.mark.parametrize("content", [None, b"", b"something else\n", FIRST[:-1], FIRST + b"khalf a line"])
def test_what_is_no_whole_file_is_made_anew(tmp_path, content):
    path = tmp_path / "names.lines"
    if content is not None:
        path.write_bytes(content)
    assert read_index(str(path), FIRST) is None


@pytest.mark.parametrize("line", [b"rnumpy\tnonsense", b"rnumpy\t\xff", b"onumpy\tnonsense\npnumpy\t"])
def test_damage_within_is_said(tmp_path, line):
    path = tmp_path / "names.lines"
    path.write_bytes(FIRST + line + b"\n")
    with pytest.raises(OutsideError, match="is damaged"):
        NameMap(read_index(str(path), FIRST)).lookup("numpy")


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "names.lines"
    path.write_text("x")
    write_index(name_map(LINKS).index, str(path), FIRST)
    assert [one.name for one in tmp_path.iterdir()] == ["names.lines"]
    assert path.read_bytes().startswith(FIRST)


def test_the_state_stands_for_the_content(tmp_path):
    path = tmp_path / "da\nta"
    missing = state([str(path)])
    path.write_text("a")
    os.utime(path, ns=(1, 1))
    first = state([str(path)])
    path.write_text("b")
    os.utime(path, ns=(2, 2))
    found = {missing, first, state([str(path)])}
    assert len(found) == 3
    assert all(one.count(b"\n") == 1 for one in found)


def test_a_changed_dataset_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "small.sqlite"
    Store.create(path).close()
    assert "numpy" in read_name_map(path).projects
    (kept,) = (tmp_path / "cache" / "coset").glob("names-*.lines")
    monkeypatch.setattr("coset.namesdata._made", lambda _db: pytest.fail("the kept map was not used"))
    assert read_name_map(path).lookup("numpy").matches
    os.utime(path, ns=(5, 5))
    with pytest.raises(pytest.fail.Exception):
        read_name_map(path)
    assert kept.is_file()


def test_only_the_newest_maps_are_kept_and_nothing_else_is_removed(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "coset"
    folder.mkdir(parents=True)
    for i in range(10):
        old = folder / f"names-{i:08x}.lines"
        old.write_text("x")
        os.utime(old, ns=(i, i))
    others = ["names-0000000.lines", "names-00000000.lines.7", "names.toml", "x-names-00000000.lines"]
    for name in (*others, "names-ready.txt"):
        (folder / name).write_text("x")
        os.utime(folder / name, ns=(0, 0))
    monkeypatch.setattr("coset.namesdata._made", lambda _db: name_map([]).index)
    path = tmp_path / "small.sqlite"
    read_name_map(path)
    kept = {file_name(str(path)), *(f"names-{i:08x}.lines" for i in range(3, 10))}
    assert {one.name for one in folder.iterdir()} == {*others, *kept}


def test_where_nothing_can_be_kept_the_map_is_made_each_time(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    path = tmp_path / "small.sqlite"
    Store.create(path).close()
    assert main(["names", "show", "numpy", "--db", str(path)]) == 0
    assert "project numpy" in capsys.readouterr().out
