"""What does ``make`` say on a machine that lacks something? One sentence, tried with a PATH of our own making."""

import shutil
import subprocess
from pathlib import Path

import pytest

SET_UP = Path(__file__).parents[2] / ".ci" / "set-up"

NEEDED = ("bash", "cat", "grep", "env", "mkdir", "chmod")

# An interpreter that answers what set-up asks, and whose environments hold a copy of itself.
FAKE_PYTHON = """#!{bash}
case "$*" in
    *version_info*) exit {too_old} ;;
    *python_version*) echo 3.9.2 ;;
    *ensurepip*) exit {no_venv} ;;
    *"-m venv"*) mkdir -p "${{@: -1}}/bin"; cat "$0" >"${{@: -1}}/bin/python"; chmod +x "${{@: -1}}/bin/python" ;;
    *get_config_var*) echo {compiler} ;;
    *get_path*) echo {include} ;;
    *"-m pip"*) echo "{log}"; exit {pip} ;;
    *) exit 0 ;;
esac
"""


@pytest.fixture
def set_up(tmp_path):
    """Return a way to run set-up with a fake interpreter and nothing else than it needs."""
    path = tmp_path / "bin"
    path.mkdir()
    for program in NEEDED:
        (path / program).symlink_to(shutil.which(program))

    def run(requirement=".", *, python=True, **answers):
        values = {"too_old": 0, "no_venv": 0, "compiler": "bash", "include": tmp_path, "log": "", "pip": 0, **answers}
        if python:
            fake = path / "python3"
            fake.write_text(FAKE_PYTHON.format(bash=path / "bash", **values))
            fake.chmod(0o755)
        return subprocess.run(
            [path / "bash", SET_UP, "venv", requirement],
            cwd=tmp_path,
            env={"PATH": str(path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def error_of(done):
    """Return the sentence, after the one line that says what is being done."""
    assert done.returncode == 3
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    if lines[0].startswith("installing coset into venv"):
        del lines[0]
    return lines[-1] if len(lines) == 1 else lines


def test_nothing_is_said_where_nothing_is_missing(set_up, tmp_path):
    done = set_up()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "installing coset into venv ...\n")
    assert (tmp_path / "venv" / "bin" / "python").exists()


def test_no_python(set_up):
    assert error_of(set_up(python=False)) == (
        "error: coset needs Python 3.11 or later, but python3 is not on PATH;"
        " install one, or name it: make PYTHON=python3.13"
    )


def test_an_old_python(set_up):
    assert error_of(set_up(too_old=1)) == (
        "error: coset needs Python 3.11 or later, but 'python3' is 3.9.2;"
        " install one, or name it: make PYTHON=python3.13"
    )


def test_a_python_without_venv(set_up):
    assert error_of(set_up(no_venv=1)) == (
        "error: 'python3' cannot make virtual environments;"
        " install what is missing (Debian: apt install python3-venv), then run make again"
    )


def test_no_compiler(set_up):
    done = set_up(compiler="gcc-that-is-not-there", log="Failed to build pycosat", pip=1)
    assert error_of(done) == (
        "error: pycosat is built from C, but there is no C compiler 'gcc-that-is-not-there';"
        " install one (Debian: apt install gcc), then run make again"
    )


def test_no_headers(set_up, tmp_path):
    assert error_of(set_up(log="Failed to build pycosat", pip=1)) == (
        f"error: pycosat is built from C, but the headers of this Python are missing ('{tmp_path}/Python.h');"
        " install them (Debian: apt install python3-dev), then run make again"
    )


@pytest.mark.parametrize("log", ["the index is down", "Failed to build pycosat"])
def test_whatever_else_pip_says_is_shown(set_up, tmp_path, log):
    (tmp_path / "Python.h").write_text("")
    assert error_of(set_up(log=log, pip=1)) == [log, "error: pip could not install coset; its words are above"]
