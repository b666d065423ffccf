"""What does the command line promise to people and scripts? Help, exit statuses, errors in one sentence."""

import io
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from coset import terminal
from coset.__main__ import main
from coset.calling import load
from coset.commands import COMMANDS, Command
from normalize.errors import OutsideError, UsageError

cli = import_module("coset.calling")


@pytest.fixture
def command(monkeypatch):
    """Return a way to make ``coset try`` call a function."""

    def become(function):
        monkeypatch.setattr(cli, "COMMANDS", (Command("try", "nowhere:nothing", "Try.", ("coset try",)),))
        monkeypatch.setattr(cli, "load", lambda _: function)

    return become


def test_help_lists_the_commands(capsys):
    assert main(["--help"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for word in {one.words.split()[0] for one in COMMANDS}:
        assert f"\n  {word} " in out


def test_no_arguments_show_the_help_but_are_no_success(capsys):
    assert main([]) == 2
    assert capsys.readouterr().out.startswith("Usage: coset [OPTIONS] COMMAND")


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.words)
def test_every_command_teaches(one, capsys):
    assert main([*one.words.split(), "--help"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert load(one).__doc__.splitlines()[0] in out
    assert one.summary.endswith(".")
    for example in one.examples:
        assert f"coset {one.words}" in example
        assert " ".join(example.split()) in out
    for option in ("--db", "--json", "--quiet", "--verbose"):
        if (one.words, option) != ("snapshot", "--db"):  # it asks nixpkgs alone
            assert option in out


def test_help_imports_nothing_heavy():
    code = "import sys, coset.__main__ as m; m.main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "aiohttp",
        "networkx",
        "rich",
        "jinja2",
        "sqlite3",
        "packaging",
        "pkginfo",
        "pycosat",
        "asyncio",
        "hashlib",
    }
    assert not heavy & set(done.stderr.split())
    assert "typer" in done.stderr.split()


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("coset")


@pytest.mark.parametrize(("outcome", "status"), [(None, 0), (0, 0), (1, 1)])
@pytest.mark.parametrize("arguments", [["try"], ["try", "--"]], ids=["plain", "by typer"])
def test_a_command_returns_its_exit_status(command, outcome, status, arguments):
    command(lambda: outcome)
    assert main(arguments) == status


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (
            UsageError("there is no project 'nunpy'", hint="did you mean numpy?"),
            2,
            "error: there is no project 'nunpy'\n  hint: did you mean numpy?\n",
        ),
        (OutsideError("the disk is full"), 3, "error: the disk is full\n"),
        (UsageError("2 problems\na: x\nb: y"), 2, "error: 2 problems\n  a: x\n  b: y\n"),
        (
            UsageError("no \x1b[2Jproject\r \u202egnp", hint="\x07ring"),
            2,
            "error: no \\x1b[2Jproject\\r \\u202egnp\n  hint: \\x07ring\n",
        ),
        (KeyboardInterrupt(), 130, "error: interrupted; what was finished before is kept\n"),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_errors_get_their_status_and_their_words(command, capsys, error, status, text):
    def function():
        raise error

    command(function)
    assert main(["try"]) == status
    assert capsys.readouterr() == ("", text)


def test_a_bug_shows_its_traceback(command):
    def function():
        raise ZeroDivisionError

    command(function)
    with pytest.raises(ZeroDivisionError):
        main(["try"])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["nope"], "error: no such command 'nope'\n  hint: 'coset --help' shows how\n"),
        (["dataset"], "error: missing command\n  hint: 'coset dataset --help' shows how\n"),
        (
            ["dataset", "stats", "--nope"],
            "error: no such option: --nope\n  hint: 'coset dataset stats --help' shows how\n",
        ),
        (
            ["explain", "numpy", "--force"],
            (
                "error: option '--force' needs a value, VERSION\n"
                "  hint: say what this version of the project would take: a candidate's, or the word 'newest' for its "
                "newest candidate. Solves twice. 'coset explain --help' shows how\n"
            ),
        ),
        (
            ["solve", "--quiet=yes"],
            "error: option '--quiet' does not take a value\n  hint: 'coset solve --help' shows how\n",
        ),
        (["no\x1b[2Jpe\n"], "error: no such command 'no\\x1b[2Jpe\\n'\n  hint: 'coset --help' shows how\n"),
    ],
)
def test_usage_mistakes_are_errors_like_all_others(arguments, text, capsys):
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == text


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("environment", "colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_only_where_it_is_wanted(monkeypatch, environment, colour):
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setattr("sys.stderr", Terminal())
    terminal.print_error(UsageError("no"))
    assert sys.stderr.getvalue() == ("\x1b[31merror:\x1b[0m no\n" if colour else "error: no\n")
    assert not terminal.coloured(io.StringIO())


def test_progress_shows_on_a_terminal_and_nowhere_else(monkeypatch, capsys):
    with terminal.progress(quiet=False) as show:
        show("reading", 1, 2)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr", Terminal())
    with terminal.progress(quiet=True) as show:
        show("reading", 1, 2)
    assert sys.stderr.getvalue() == ""
    with terminal.progress(quiet=False) as show:
        show("reading [bold] \x07", 1, 2)
    assert "reading [bold] \\x07" in sys.stderr.getvalue()


def test_json_is_plain_ascii(capsys):
    terminal.print_json({"b": "\x9b\u202eé", "a": [1]})
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"b": "\x9b\u202eé", "a": [1]}
    assert out.index('"b"') < out.index('"a"')


@pytest.mark.parametrize("text", ["numpy", "größe 🐍", ""])
def test_printable_text_stays(text):
    assert terminal.harmless(text) == text


@pytest.mark.parametrize("one", ["\n", "\x1b", "\x7f", "\x9b", "\u2028", "\u202e", "\u200b", "\ud800", "\U000e0041"])
def test_what_steers_a_terminal_becomes_visible(one):
    assert terminal.harmless(f"a{one}b").isprintable()
    assert terminal.harmless(f"a{one}b") != "ab"


def test_a_reader_that_goes_away_is_nobodys_error(tmp_path):
    line = '{"project": "a", "version": "1", "requires": []}\n'
    (tmp_path / "a.jsonl").write_text(line)
    arguments = ["dataset", "import", str(tmp_path / "a.jsonl"), "--db", str(tmp_path / "db"), "--json"]
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "coset", *arguments], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


FULL = Path("/dev/full")


@pytest.mark.parametrize("arguments", [["dataset", "stats"], ["names", "show", "sklearn"], ["--help"]])
@pytest.mark.skipif(not FULL.exists(), reason="Linux has it")
def test_an_output_that_cannot_be_written_is_said_in_one_sentence(arguments):
    with FULL.open("w") as full:
        command = [sys.executable, "-m", "coset", *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert (done.returncode, done.stderr) == (3, "error: the output cannot be written: No space left on device\n")
        deaf = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, text=True, check=False)
    assert deaf.returncode == 0
    assert deaf.stdout


@pytest.mark.skipif(not FULL.exists(), reason="Linux has it")
def test_an_error_that_nobody_hears_keeps_its_status():
    with FULL.open("w") as full:
        done = subprocess.run([sys.executable, "-m", "coset", "nope"], stderr=full, check=False)
    assert done.returncode == 2
    shell = 'exec "$0" -m coset --help >&-'
    done = subprocess.run(["sh", "-c", shell, sys.executable], stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (3, b"error: the output cannot be written: it is closed\n")


def test_an_error_of_the_system_that_means_nothing_to_users_shows_its_traceback(command):
    def function():
        raise ConnectionResetError(104, "reset")

    command(function)
    with pytest.raises(ConnectionResetError):
        main(["try"])
