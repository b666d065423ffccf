"""`coset snapshot`: what it writes, and what it says of what cannot be read."""

import json
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from coset.__main__ import main

TARGET = ("--target", "3.13 x86_64-linux", "--by", "parse")
PACKAGE = (
    "{ buildPythonPackage }: buildPythonPackage rec {\n"
    '  pname = "a"; version = "1"; pyproject = true;\n  pythonRelaxDeps = [ "b" ];\n}\n'
)
DECLARED = "self: super: with self; {\n  a = callPackage ../development/python-modules/a { };\n}\n"
FILE = "pkgs/development/python-modules/a/default.nix"
SET = "pkgs/top-level/python-packages.nix"


@pytest.fixture
def checkout(tmp_path):
    """Return a checkout with one package."""
    return write(tmp_path / "nixpkgs", {SET: DECLARED, FILE: PACKAGE})


def write(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def run(capsys, *words):
    status = main(["snapshot", *map(str, words)])
    out, err = capsys.readouterr()
    return status, out, err


def test_it_writes_what_solve_reads(capsys, checkout, tmp_path):
    out = tmp_path / "nixpkgs.json"
    status, told, _ = run(capsys, checkout, *TARGET, "--out", out, "--revision", "abc", "--date", "2026-07-15")
    assert status == 0
    assert told.splitlines() == [
        "1 attribute of 1 project, read by parse",
        "revision abc, 2026-07-15",
        "partly unknown: 0 of them; left out: 0",
    ]
    data = json.loads(out.read_text(encoding="utf-8"))
    assert data["attributes"]["a"] == {
        "project": "a",
        "version": "1",
        "evidence": ["pname 'a' equals the attribute"],
        "confidence": "certain",
        "relaxed": ["b"],
        "position": FILE,
        "recipe": {"line": 1},
    }
    assert main(["solve", "--nixpkgs", str(out), "--json"]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["schema"] >= 1


def test_stdout_has_the_set_itself(capsys, checkout):
    status, out, err = run(capsys, checkout, *TARGET)
    assert status == 0
    assert json.loads(out)["attributes"].keys() == {"a"}
    assert "1 attribute of 1 project" in err
    assert run(capsys, checkout, *TARGET, "--quiet")[2] == ""


def test_a_package_without_a_version_has_a_reason(capsys, checkout, tmp_path):
    (checkout / FILE).write_text(PACKAGE.replace('version = "1";', ""), encoding="utf-8")
    out = tmp_path / "nixpkgs.json"
    told = run(capsys, checkout, *TARGET, "--out", out)[1]
    found = json.loads(out.read_text(encoding="utf-8"))["attributes"]["a"]
    assert (found["version"], found["unknown"]) == (None, {"version": "the package has no version"})
    assert "partly unknown: 1 of them; left out: 0" in told
    main(["check", "--nixpkgs", str(out)])
    assert "which version a has is not known: the package has no version" in capsys.readouterr().out


def test_a_day_that_no_commit_tells_is_said_to_be_a_file_s(capsys, checkout, tmp_path):
    place = tmp_path / "packages.json"
    place.write_text(json.dumps(CHANNEL), encoding="utf-8")
    for file, words in ((checkout / SET, (checkout, *TARGET)), (place, (place,))):
        os.utime(file, (1_700_000_000, 1_700_000_000))
        status, out, err = run(capsys, *words)
        assert (status, json.loads(out)["date"]) == (0, "2023-11-14")
        assert f"2023-11-14 is when '{file.name}' was last changed here: say --date DAY" in err
        assert "last changed" not in run(capsys, *words, "--date", "2023-11-14")[2]


def test_the_same_tree_gives_the_same_bytes_whatever_its_line_ends(capsys, checkout):
    one = run(capsys, checkout, *TARGET, "--date", "2026-01-01")[1]
    for path in (SET, FILE):
        place = checkout / path
        place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    assert run(capsys, checkout, *TARGET, "--date", "2026-01-01")[1] == one


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{ buildPythonPackage }: buildPythonPackage {",
        b"\xff\xfe",
        b"<<<<<<< HEAD\n",
        b"\0",
        b"(" * 20_000,
        b"(" * 3_000 + b"1" + b")" * 3_000,
    ],
)
def test_a_package_file_that_cannot_be_read_is_unknown_and_named(capsys, checkout, data):
    (checkout / FILE).write_bytes(data)
    status, out, err = run(capsys, checkout, *TARGET)
    assert status == 0
    found = json.loads(out)["attributes"]["a"]
    assert found["version"] is None
    assert found["unknown"]["dependencies"]
    assert f"note: {FILE}: a: " in err


def test_a_package_file_that_is_missing_or_a_folder(capsys, checkout):
    (checkout / FILE).unlink()
    assert "there is no file" in run(capsys, checkout, *TARGET)[2]
    (checkout / FILE).mkdir()
    assert "there is no file" in run(capsys, checkout, *TARGET)[2]


def test_nothing_outside_of_the_checkout_is_read(capsys, checkout):
    (checkout.parent / "outside.nix").write_text(PACKAGE, encoding="utf-8")
    text = "self: super: with self; { a = callPackage ../../../outside.nix { }; b = callPackage /etc/passwd.nix { }; }"
    (checkout / SET).write_text(text, encoding="utf-8")
    _, out, _ = run(capsys, checkout, *TARGET)
    assert all(one["version"] is None for one in json.loads(out)["attributes"].values())


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"self: super: with self; { a = callPackage", "does not parse: line 1"),
        (b"self: super: with self; {\n\n<<<<<<< HEAD\n", "does not parse: line"),
        (b"{ }", "declares no attribute"),
        (b"1", "declares no attribute"),
        (b"\xff", "does not parse"),
    ],
)
def test_a_set_that_cannot_be_read_is_refused(capsys, checkout, tmp_path, data, told):
    (checkout / SET).write_bytes(data)
    out = tmp_path / "out.json"
    status, _, err = run(capsys, checkout, *TARGET, "--out", out)
    assert status == 2
    assert told in err
    assert not out.exists()


def test_no_checkout_and_a_checkout_without_python(capsys, tmp_path):
    status, _, err = run(capsys, tmp_path / "gone")
    assert (status, "there is no" in err) == (2, True)
    status, _, err = run(capsys, tmp_path)
    assert (status, "is no checkout of nixpkgs" in err) == (2, True)
    (tmp_path / "pkgs").mkdir()
    status, _, err = run(capsys, tmp_path)
    assert (status, "has no Python set: there is no pkgs/top-level/python-packages.nix" in err) == (2, True)


def test_a_target_that_cannot_be_written(capsys, checkout, tmp_path):
    status, _, err = run(capsys, checkout, *TARGET, "--out", tmp_path / "no" / "such.json")
    assert (status, "cannot be written" in err) == (3, True)
    status, _, err = run(capsys, checkout, *TARGET, "--out", tmp_path)
    assert (status, "is a folder" in err) == (2, True)


def test_a_failed_write_leaves_the_file_as_it_was(capsys, checkout, tmp_path, monkeypatch):
    out = tmp_path / "nixpkgs.json"
    out.write_text("before", encoding="utf-8")

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    status, _, err = run(capsys, checkout, *TARGET, "--out", out)
    assert status == 3
    assert "Read-only file system" in err
    assert out.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_without_nix_the_files_are_parsed(capsys, checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    status, _, err = run(capsys, checkout)
    assert status == 0
    assert "read by parse" in err
    status, _, err = run(capsys, checkout, "--by", "evaluation")
    assert (status, "nix-instantiate is not installed" in err) == (2, True)


def test_the_summary_as_json(capsys, checkout, tmp_path):
    status, out, _ = run(capsys, checkout, *TARGET, "--out", tmp_path / "n.json", "--json", "--date", "2026-01-01")
    assert status == 0
    assert json.loads(out) == {
        "way": "parse",
        "revision": "unknown",
        "date": "2026-01-01",
        "attributes": 1,
        "projects": 1,
        "partly_unknown": 0,
        "left_out": {},
        "problems": [],
        "differences": [],
    }


LINKS = {"homepage": ["https://a.example/", "x"], "changelog": "data:x"}
CHANNEL = {
    "version": "2",
    "packages": {
        "python313Packages.a": {
            "pname": "a",
            "version": "1",
            "meta": {"position": f"{FILE}:12", "maintainers": [{"github": "me"}, {"name": "You"}, 3], **LINKS},
        },
        "python313Packages.b": {"pname": "b", "version": "1", "meta": {"broken": True}},
        "python313Packages.c": {"pname": "c"},
        "python314Packages.d": {"pname": "d", "version": "2", "meta": {}},
        "hello": {"pname": "hello", "version": "2", "meta": {}},
    },
}


def test_a_channel_s_list(capsys, tmp_path):
    place = tmp_path / "packages.json"
    place.write_text(json.dumps(CHANNEL), encoding="utf-8")
    status, out, err = run(capsys, place)
    data = json.loads(out)
    assert status == 0
    assert data["attributes"].keys() == {"a", "d"}
    one = data["attributes"]["a"]
    assert (one["version"], one["position"]) == ("1", FILE)
    assert one["recipe"] == {"line": 12, "maintainers": ["You", "me"], "homepage": "https://a.example/"}
    assert one["unknown"]["dependencies"] == "a channel's list does not say it"
    assert data["left_out"] == {"b": "broken on every target", "c": "its entry in the channel's list cannot be read"}
    assert "note: c: its entry has no pname, version or meta" in err


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{", "is not JSON"),
        (b"[]", "no list of a channel's packages"),
        (b'{"packages": {"hello": {}}}', "has no set python313Packages"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_a_list_that_is_none(capsys, tmp_path, data, told):
    place = tmp_path / "packages.json"
    place.write_bytes(data)
    status, _, err = run(capsys, place)
    assert (status, told in err) == (2, True)


class DamagedError(Exception):
    """What a damaged file raises."""


def brotli(*, damaged=False, factor=1):
    """Return a library in the place of brotli's, which unpacks by turning bytes around."""
    module = ModuleType("brotli")

    class Decompressor:
        def process(self, data):
            if damaged:
                raise DamagedError("bad header")
            return data[::-1] * factor

    module.Decompressor, module.error = Decompressor, DamagedError
    return module


def test_a_compressed_list(capsys, tmp_path, monkeypatch):
    place = tmp_path / "packages.json.br"
    place.write_bytes(json.dumps(CHANNEL).encode()[::-1])
    monkeypatch.setitem(sys.modules, "brotli", brotli())
    assert json.loads(run(capsys, place)[1])["attributes"].keys() == {"a", "d"}
    monkeypatch.setitem(sys.modules, "brotli", brotli(damaged=True))
    status, _, err = run(capsys, place)
    assert (status, "is damaged: bad header" in err) == (2, True)
    monkeypatch.setattr("nixpkgs.channel._LARGEST", 100)
    monkeypatch.setitem(sys.modules, "brotli", brotli(factor=100))
    assert "unpacks to more than" in run(capsys, place)[2]
    monkeypatch.setitem(sys.modules, "brotli", None)
    monkeypatch.setitem(sys.modules, "brotlicffi", None)
    status, _, err = run(capsys, place)
    assert (status, "no library for it is installed" in err) == (2, True)
