"""Which indexes a crawl reads, and what it tells of them, as a user meets it."""

import base64
import io
import json
import subprocess
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from builtfiles import make_wheel
from fakeindex import FakeIndex, served
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coset import crawlindexes, pipindex
from coset.__main__ import main
from crawler.locations import shown
from dataset.store import Store

SECRET = "s3cret"
BASIC = "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()


@pytest.fixture
def pip_reads(monkeypatch, tmp_path):
    """Let pip read only a configuration file with this text, and these variables."""

    def read(text="", **variables):
        for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        (tmp_path / "pip.conf").write_text(text)
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
        monkeypatch.setattr(crawlindexes, "pip_indexes", pipindex.pip_indexes)

    return read


def private():
    fake = FakeIndex()
    fake.add("acme-x", make_wheel("acme-x", "1.0"), advertised=True)
    return fake


def with_user(url):
    return url.replace("://", f"://me:{SECRET}@")


def passwords(fake):
    return {headers.get("Authorization") for _, headers in fake.log}


def test_pips_extra_indexes_lend_their_passwords(pip_reads, tmp_path, capsys):
    fake = private()
    with served(fake) as url, served(FakeIndex()) as other:
        pip_reads(f"[global]\nextra-index-url =\n    {other}\n    {with_user(url)}\n")
        arguments = ["crawl", "acme-x", "--index", other, "--index-for", f"acme-*={url}", "--rate", "10000", "-q"]
        assert main([*arguments, "--db", str(tmp_path / "x.db")]) == 0
    assert passwords(fake) == {BASIC}
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err


def test_pips_index_lends_its_password(pip_reads, tmp_path):
    fake = private()
    with served(fake) as url:
        pip_reads(PIP_INDEX_URL=with_user(url))
        assert main(["crawl", "acme-x", "--index", url, "--db", str(tmp_path / "x.db"), "-q", "--rate", "10000"]) == 0
    assert passwords(fake) == {BASIC}


def test_an_address_with_a_password_needs_no_pip(tmp_path, monkeypatch):
    def pip():
        raise AssertionError

    monkeypatch.setattr(crawlindexes, "pip_indexes", pip)
    fake = private()
    with served(fake) as url:
        arguments = ["crawl", "acme-x", "--index", with_user(url), "--db", str(tmp_path / "x.db"), "--rate", "10000"]
        assert main([*arguments, "-q"]) == 0
    assert passwords(fake) == {BASIC}


@pytest.mark.parametrize("text", [f"[global index-url = https://me:{SECRET}@index.example/", f"https://me:{SECRET}@x/"])
def test_a_broken_configuration_of_pip_is_said(pip_reads, text, tmp_path, capsys):
    pip_reads(text)
    where = ["--db", str(tmp_path / "x.db")]
    assert main(["crawl", "acme-x", "--dry-run", *where]) == 2
    told = capsys.readouterr().err
    assert "pip cannot read its configuration: configuration file could not be loaded (line 1)" in told
    with served(private()) as url:
        assert main(["crawl", "acme-x", "--index", url, "--rate", "10000", *where]) == 0  # pip is not needed
    told += capsys.readouterr().err
    assert "no password is taken from there" in told
    assert SECRET not in told


def test_pip_that_does_not_answer(monkeypatch, tmp_path, capsys):
    def late(*_arguments, timeout, **_options):
        raise subprocess.TimeoutExpired("pip", timeout)

    monkeypatch.setattr(crawlindexes, "pip_indexes", pipindex.pip_indexes)
    monkeypatch.setattr(subprocess, "run", late)
    assert main(["crawl", "acme-x", "--dry-run", "--db", str(tmp_path / "x.db")]) == 3
    assert "pip did not tell its configuration" in capsys.readouterr().err


def test_a_netrc_file_that_is_not_there_is_said_once(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv("NETRC", str(tmp_path / "nowhere"))
    with served(private()) as url:
        assert main(["crawl", "acme-x", "--index", url, "--db", str(tmp_path / "x.db"), "--rate", "10000"]) == 0
    told = capfd.readouterr().err
    assert told.count("nowhere") == 1
    assert "NETRC names" in told


schemes = st.sampled_from(
    ["", "//", "http://", "https://", "HTTPS://", "https:/", "https:", "ftp://", "file://", "file:///"]
)
odd = st.text("/?#@:%= \\[]&", max_size=3)


@st.composite
def spellings(draw):
    """Draw an address with a secret in it, written right or wrong."""
    secret = draw(odd) + SECRET + draw(odd)
    scheme, place = draw(schemes), draw(st.sampled_from(["index.example/simple/", "index.example:8080", "[::1]/", ""]))
    if draw(st.booleans()):
        return f"{scheme}me:{secret}{draw(st.sampled_from(['@', '%40']))}{place}"
    return f"{scheme}{place}?token={secret}"


@given(spellings())
@example(f"https://me:s/{SECRET}@index.example/")
@example(f"https://me:12/{SECRET}@index.example/")
@example(f"https://index.example/?token=a@{SECRET}")
@example(f"https://me:{SECRET}/simple/")
@example(f"me:{SECRET}")
@example(f"//me:{SECRET}@index.example/")
def test_whatever_the_spelling_the_secret_is_not_shown(text):
    assert SECRET not in shown(text)


HOW = {
    "": lambda text, _path: ["--", text],
    "index": lambda text, _path: [f"--index={text}"],
    "index for": lambda text, _path: [f"--index-for={text}"],
    "address for": lambda text, _path: [f"--index-for=acme-*={text}"],
    "pip": lambda _text, _path: [],
    "name": lambda text, _path: [f"--indexes={text}"],
    "key": lambda text, path: written(path, f"[[index]]\n'{text}' = 1\n['{text}']"),
    "url": lambda text, path: written(path, f"[[index]]\nurl = '{text}'\nprojects = ['{text}']"),
    "raw": lambda text, path: written(path, text),
}


def written(path, text):
    path.write_text(text)
    return [f"--indexes={path}"]


@settings(max_examples=25)
@given(spellings(), st.sampled_from(sorted(HOW)))
@example(f"https://me:{SECRET}@index.example/simple/", "index for")
@example(f"https://me:{SECRET}@index.example/simple/", "name")
@example(f"https://me:{SECRET}@index.example/simple/", "key")
@example(f"https://me:s/{SECRET}@index.example/", "index")
@example(f"file://me:{SECRET}@index.example/", "index")
@example(f"file:///me:{SECRET}@index.example/", "index")
@example(f"https://index.example/simple/?token={SECRET}", "index")
@example(f"//me:{SECRET}@index.example/", "pip")
@example(f"https://me:{SECRET}@index.example/", "")
@example(f"?token={SECRET}", "")
def test_whatever_the_spelling_no_output_has_the_secret(text, how):
    told = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as folder,
        redirect_stderr(told),
        redirect_stdout(told),
    ):
        patch.setattr(crawlindexes, "pip_indexes", lambda: pipindex.PipIndexes(text, ()))
        index = [] if how in ("index", "pip") else ["--index=https://index.example/"]
        arguments = ["--db", f"{folder}/x.db", *index, *HOW[how](text, Path(folder) / "x.toml")]
        status = main(["crawl", "h5py", "--dry-run", *arguments])
    assert status in (0, 2, 3)
    assert told.getvalue()
    assert SECRET not in told.getvalue()


def public():
    """Return an index to which somebody has uploaded a project of a private name."""
    fake = FakeIndex()
    fake.add("acme-x", make_wheel("acme-x", "9.0", ["evil"]), advertised=True)
    fake.add("n", make_wheel("n", "1.0", ["acme-x", "acme-y"]), advertised=True)
    fake.add("acme-y", make_wheel("acme-y", "9.0"), advertised=True)
    fake.add("evil", make_wheel("evil", "1.0"), advertised=True)
    return fake


@pytest.fixture
def crawled(tmp_path, capsys):
    """Return a function that crawls into one dataset and returns the status, the summary and what was noted."""

    def run(*arguments):
        status = main(["crawl", *arguments, "--db", str(tmp_path / "x.db"), "--json", "--rate", "10000"])
        captured = capsys.readouterr()
        return status, json.loads(captured.out), captured.err

    return run


def stored(path):
    """Return what a dataset has: live releases, changes, and problems of pages."""
    with Store.open(path) as store:
        releases = [(one.project, one.version) for one in store.releases() if one.gone is None]
        changes = [(one.project, one.kind) for one in store.changes()]
        return releases, changes, [(one.project, one.code) for one in store.problems()]


def test_a_forgotten_option_lets_no_public_project_in(crawled, tmp_path):
    private_one = private()
    with served(public()) as url, served(private_one) as own:
        there = ("n", "--closure", "--index", url)
        named = ("--index-for", f"acme-*={own}")
        status, first, _ = crawled(*there, *named)
        before = stored(tmp_path / "x.db")
        assert (status, first["kept"], first["not_on_index"]) == (0, [], [])
        assert before == ([("acme-x", "1.0"), ("n", "1.0")], [], [("acme-y", "not-found")])
        asked = len(private_one.log)
        for arguments in (there, ("n", "acme-x", "acme-y", "--index", url)):
            status, forgotten, told = crawled(*arguments)
            assert status == int("acme-x" in arguments)  # where it was named, the answer is no
            assert forgotten["kept"] == ["acme-x", "acme-y"]
            assert "acme-x, acme-y" in told
            assert "--index-for 'acme-x=URL'" in told
            assert forgotten["pages"]["kept"] == 2
            assert stored(tmp_path / "x.db") == (
                *before[:2],
                [("acme-x", "own-index"), ("acme-y", "not-found"), ("acme-y", "own-index")],
            )
        assert len(private_one.log) == asked
        status, again, told = crawled(*there, *named)
        assert (status, again["kept"], told.count("own")) == (0, [], 0)
        assert stored(tmp_path / "x.db") == before


def test_a_project_goes_to_the_index_that_an_option_names(crawled, tmp_path):
    with served(public()) as url, served(private()) as own, served(public()) as mirror:
        crawled("acme-x", "--index", url, "--index-for", f"acme-*={own}")
        assert crawled("acme-x", "--index", url, "--index-for", f"acme-x={url}")[0] == 0
        assert stored(tmp_path / "x.db")[0] == [("acme-x", "9.0")]
        assert crawled("acme-x", "--index", mirror)[0] == 0  # it is free again
        assert stored(tmp_path / "x.db")[2] == []


def test_the_default_index_may_change(crawled, tmp_path):
    with served(public()) as url, served(public()) as mirror, served(private()) as own:
        crawled("acme-x", "n", "--index", url)
        status, summary, _ = crawled("acme-x", "n", "--index", mirror)
        assert (status, summary["kept"], stored(tmp_path / "x.db")[2]) == (0, [], [])
        crawled("acme-x", "--index", url, "--index-for", f"acme-x={own}")
        assert crawled("acme-x", "--index", own)[1]["kept"] == []  # that is the same index
        assert crawled("acme-x", "--index", url)[1]["kept"] == ["acme-x"]
        forecast = crawled("acme-x", "n", "--index", url, "--dry-run")[1]
        assert forecast["settled"] == 1


def test_the_whole_index_leaves_projects_of_others(crawled, tmp_path):
    fake = public()
    fake.serials = dict.fromkeys(fake.projects, 1)
    with served(fake) as url, served(private()) as own:
        there = ("--all", "--contact", "me@mail.example", "--index", url)
        crawled(*there, "--index-for", f"acme-x={own}")
        before = stored(tmp_path / "x.db")
        assert crawled(*there)[0] == 0
        assert stored(tmp_path / "x.db") == (*before[:2], [*before[2], ("acme-x", "own-index")])
