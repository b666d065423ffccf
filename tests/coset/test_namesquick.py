"""Names looked up before anything heavy is imported: the same bytes as the ordinary way gives, or nothing at all."""

import io
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import user_cache_path

from coset import namesstate
from coset.__main__ import main
from coset.calling import call
from coset.locations import cache_path
from coset.namesdata import read_name_map
from coset.namesquick import answered, json_text
from coset.namesstate import file_name, made_of
from dataset.records import MANIFEST
from dataset.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked where the cache is")

SHOW = ["names", "show"]


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    """Return names as they are known, while the map is kept in a cache folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        index = read_name_map(None).index
        yield sorted({*index.spelled.values(), *index.projects})


def spelled_otherwise(names):
    """Return many spellings of names, known and unknown ones, the same in every run."""
    draw = random.Random(20)
    changes = [
        str.upper,
        lambda one: one.replace("-", draw.choice("_.")).title(),
        lambda one: one + draw.choice([".part", "._in.Side", "_3", "_1_2", "5"]),
        lambda one: draw.choice(["python3Packages.", "pkgs.python313.pkgs.", " "]) + one,
        lambda one: f'"{one}"',
        lambda one: one[: len(one) // 2] + draw.choice("abx-_.") + one[len(one) // 2 :],
        lambda one: one[1:] + draw.choice("yz"),
    ]
    return [name for one in names if (name := draw.choice(changes)(one))[0] != "-" and name.strip("-._ \"'") == name]


def both(words, capsys):
    """Return what both ways print, with their exit status."""
    quick = answered(words)
    first = capsys.readouterr()
    assert quick is not None, words
    status = call([*SHOW, *words])
    assert (quick, first) == (status, capsys.readouterr())
    return quick, first.out


def test_known_names_are_answered_alike(names, capsys):
    assert len(names) > 500
    assert {"sklearn", "scikit-learn", "google.protobuf", "PIL", "cv2"} <= set(names)
    assert both(names[::20], capsys)[0] == 0
    assert both([*names[1::20], "--json"], capsys)[0] == 0


def test_other_spellings_and_unknown_names_are_answered_alike(names, capsys):
    words = spelled_otherwise(names)[::12]
    assert len(words) > 50
    status, printed = both(words, capsys)
    assert status == 1
    assert ": unknown; near: " in printed
    assert "; near: " not in both(["Scikit_Learn"], capsys)[1]
    both(["--json", *words[::4]], capsys)


def test_the_standard_library_s_modules_are_told_alike(names, capsys):
    assert names
    status, printed = both(["json", "__future__", "os.path"], capsys)
    assert status == 1
    assert printed.splitlines()[::2] == [
        f"{one}: a module of Python's standard library, and of no project" for one in ("json", "__future__", "os.path")
    ]
    status, printed = both(["json", "jsonn", "--json"], capsys)
    assert [(one["near"] == [], one.get("standard_library")) for one in json.loads(printed)] == [
        (True, True),
        (False, None),
    ]


@given(query=st.text("ABabcdehilnoprsty0123._-\"' ", min_size=1, max_size=14).filter(lambda one: one[0] != "-"))
def test_drawn_names_are_answered_alike_or_refused_by_the_ordinary_way(names, query):
    assert names
    told = []
    for way in (answered, lambda words: call([*SHOW, *words])):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdout", io.StringIO())
            patch.setattr("sys.stderr", io.StringIO())
            told.append((way([query]), sys.stdout.getvalue()))
    assert told[0] in (told[1], (None, ""))
    assert (told[0][0] is None) == (told[1][0] == 2)


@pytest.mark.parametrize("words", [["sklearn"], ["cv2", "--json"], ["--json", "PIL", "No-Such", "PIL"], ["2to3"]])
def test_the_process_gives_what_the_ordinary_way_gives(names, words, capsys):
    assert names
    status, printed = both(words, capsys)
    assert main([*SHOW, *words]) == status
    assert capsys.readouterr() == (printed, "")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--json"],
        ["-"],
        ["sklearn", "-"],
        ["--help"],
        ["sklearn", "--db", "no such file"],
        ["sklearn", "--db"],
        ["sklearn", "--db", "--json"],
        ["sklearn", "--db=x"],
        ["sklearn", "--verbose"],
        ["sklearn", "--nixpkgs", "snapshot.json"],
        ["--", "sklearn"],
        ["sklearn", "a\tb"],
        ["sklearn\n"],
        ["\x1b[2J"],
        ["\udcff"],
        ["größe"],
        ["a" * 10_000],
        ["", "sklearn"],
        ["sklearn", " "],
        ["a/b"],
    ],
)
def test_all_else_is_left_to_the_ordinary_way(names, words, capsys):
    assert names
    assert answered(words) is None
    assert capsys.readouterr() == ("", "")


def test_another_dataset_has_its_own_map(names, capsys, tmp_path, monkeypatch):
    assert names
    file = tmp_path / "small.sqlite"
    Store.create(file).close()
    words = ["Scikit_Learn", "nump", "--db", str(file)]
    assert answered(words) is None
    assert call([*SHOW, *words]) == 1
    capsys.readouterr()
    assert "on the index" not in both(words, capsys)[1]
    monkeypatch.chdir(tmp_path)
    assert both(["numpy", "--db", "small.sqlite"], capsys)[0] == 0
    os.utime(file, ns=(5, 5))
    assert answered(words) is None


def test_nothing_is_answered_of_other_data(names, monkeypatch, tmp_path, capsys):
    assert names
    assert answered(["sklearn"]) == 0
    with monkeypatch.context() as patch:
        patch.setattr(namesstate, "data_path", lambda: str(tmp_path))
        assert answered(["sklearn"]) is None
    with monkeypatch.context() as patch:
        patch.setattr(namesstate, "code_path", lambda: str(tmp_path))
        for folder in ("coset", "normalize", "dataset"):
            (tmp_path / folder).mkdir()
        assert answered(["sklearn"]) is None
    assert answered(["sklearn"]) == 0
    capsys.readouterr()


def test_nothing_is_answered_where_what_makes_or_reads_the_map_changed(tmp_path, monkeypatch):
    for name in ("coset/namesdata.py", "coset/namescache.py", "dataset/facts.py", "normalize/names.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("")
    monkeypatch.setattr(namesstate, "code_path", lambda: str(tmp_path))
    before = namesstate.first_line(None)
    for file in tmp_path.glob("*/*.py"):
        file.write_text("# changed")
        now = namesstate.first_line(None)
        assert now != before
        before = now


def test_all_code_that_the_map_is_made_of_is_there():
    assert all(Path(one).is_file() for one in made_of() if one.endswith(".py"))


def test_a_damaged_map_is_left_to_the_ordinary_way(names, monkeypatch, tmp_path, capsys):
    assert names
    (tmp_path / "coset").mkdir()
    kept = Path(cache_path(), file_name(None)).read_bytes()
    (tmp_path / "coset" / file_name(None)).write_bytes(kept.replace(b"\x1e", b"\x1d"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert answered(["sklearn"]) is None
    assert main([*SHOW, "sklearn"]) == 3
    assert "is damaged" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_nobodys_error(names):
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "coset", *SHOW, *names[::5]]
    try:
        done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_cache_that_cannot_be_read_stops_nothing(names, monkeypatch, tmp_path, capsys):
    assert names
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert answered(["sklearn"]) is None
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_its_lines_bent(names, monkeypatch):
    assert names

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setenv("COLUMNS", "60")
    for words in (["sklearn", "cv2"], ["PIL", "--json"]):
        told = []
        for way in (main, call):
            monkeypatch.setattr("sys.stdout", Terminal())
            assert way([*SHOW, *words]) == 0
            told.append(sys.stdout.getvalue())
        assert told[0] == told[1]
        assert "--json" in words or max(map(len, told[0].splitlines())) <= 60


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_json_is_written_as_the_library_writes_it(data):
    assert json_text(data) == json.dumps(data, indent=2)


def test_the_manifest_is_called_so():
    data = made_of()[:3]
    assert Path(data[2]).name == MANIFEST
    assert all(Path(one).is_file() for one in data)


@pytest.mark.parametrize("named", [None, "", "/somewhere", "/some/where/", "relative", " "])
def test_the_cache_lies_where_platformdirs_says(named, monkeypatch):
    if named is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setenv("HOME", "/somebody")
    found = cache_path()
    assert found is None or Path(found) == user_cache_path("coset", appauthor=False)
    if named in (None, "", "/somewhere"):
        assert found is not None
