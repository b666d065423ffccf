"""Answers about names that lie ready: the same bytes as looking up gives, and none of other data."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from platformdirs import user_cache_path

from coset import namesready
from coset.__main__ import main
from coset.calling import call
from coset.locations import cache_path
from coset.namesdata import make_ready, read_name_map
from coset.namesready import FILE, ready_answer
from dataset.records import MANIFEST


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """Return a cache folder in which the answers lie ready, and the names that they are about."""
    known = read_name_map(None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        make_ready(known)
        folder = Path(cache_path())
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()[1:]
        yield folder, [line.partition("\t")[0] for line in lines]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked, and nothing lies ready")
class TestReady:
    def test_all_answers_are_those_of_looking_up(self, ready, capsys):
        _, names = ready
        assert len(names) > 500
        assert {"sklearn", "scikit-learn", "google.protobuf", "PIL", "cv2"} <= set(names)
        for words in (names[::20], [*names[1::20], "--json"]):
            assert call(["names", "show", *words]) == 0
            assert capsys.readouterr().out == ready_answer(words)

    @pytest.mark.parametrize("words", [["sklearn"], ["cv2", "--json"], ["--json", "PIL", "sklearn", "PIL"]])
    def test_few_names_too(self, ready, words, capsys):
        assert ready[1]
        assert main(["names", "show", *words]) == 0
        first = capsys.readouterr()
        assert call(["names", "show", *words]) == 0
        assert capsys.readouterr() == first == (ready_answer(words), "")

    @pytest.mark.parametrize(
        "words",
        [
            [],
            ["--json"],
            ["-"],
            ["--help"],
            ["sklearn", "--db", "x"],
            ["sklearn", "--verbose"],
            ["sklearn", "no-such-name"],
            ["Scikit_Learn"],
            ["sklearn\t"],
            ["sklearn\n"],
            ["sklearn\tsklearn: project"],
            ["\udcff"],
            ["größe"],
            ["", "sklearn"],
            [" sklearn"],
        ],
    )
    def test_all_else_is_looked_up(self, ready, words):
        assert ready[1]
        assert ready_answer(words) is None

    def test_nothing_is_answered_of_other_data(self, ready, monkeypatch, tmp_path):
        folder, _ = ready
        assert ready_answer(["sklearn"])
        elsewhere = tmp_path / "data"
        elsewhere.mkdir()
        with monkeypatch.context() as patch:
            patch.setattr(namesready, "data_path", lambda: str(elsewhere))
            assert ready_answer(["sklearn"]) is None
        found = (folder / FILE).stat()
        os.utime(folder / FILE, ns=(1, 1))
        assert ready_answer(["sklearn"])
        assert (folder / FILE).stat().st_size == found.st_size

    def test_a_reader_that_goes_away_is_nobodys_error(self, ready):
        reading, writing = os.pipe()
        os.close(reading)
        words = [sys.executable, "-m", "coset", "names", "show", *ready[1]]
        try:
            done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
        finally:
            os.close(writing)
        assert (done.returncode, done.stderr) == (141, "")

    def test_a_cache_that_cannot_be_written_stops_nothing(self, ready, monkeypatch, capsys, tmp_path):
        assert ready[1]
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
        assert ready_answer(["sklearn"]) is None
        make_ready(None)
        assert capsys.readouterr().err == ""

    def test_a_terminal_gets_its_lines_bent(self, ready, monkeypatch):
        assert ready[1]

        class Terminal(io.StringIO):
            def isatty(self):
                return True

        monkeypatch.setenv("COLUMNS", "60")
        for words in (["sklearn", "cv2"], ["PIL", "--json"]):
            told = []
            for way in (main, call):
                monkeypatch.setattr("sys.stdout", Terminal())
                assert way(["names", "show", *words]) == 0
                told.append(sys.stdout.getvalue())
            assert told[0] == told[1]
            assert "--json" in words or max(map(len, told[0].splitlines())) <= 60


def test_the_manifest_is_called_so():
    data, _ = namesready.made_of()
    assert Path(data[2]).name == MANIFEST
    assert all(Path(one).is_file() for one in data[:3])


@pytest.mark.parametrize("named", [None, "", "/somewhere", "/some/where/", "relative", " "])
def test_the_cache_lies_where_platformdirs_says(named, monkeypatch):
    if named is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setenv("HOME", "/somebody")
    found = cache_path()
    assert found is None or Path(found) == user_cache_path("coset", appauthor=False)
    if sys.platform == "linux" and named in (None, "", "/somewhere"):
        assert found is not None
