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
    *"-c import pip"*) exit {no_pip} ;;
    *"--version"*) exit {old_pip} ;;
    *ensurepip*) exit {no_ensurepip} ;;
    *"-m venv"*)
        [ {no_venv} = 0 ] || exit 1
        mkdir -p "${{@: -1}}/bin"
        cat "$0" >"${{@: -1}}/bin/python"
        chmod +x "${{@: -1}}/bin/python"
        ;;
    *get_config_var*) echo {compiler} ;;
    *get_path*) echo {include} ;;
    *"-m pip"*) echo "${{0##*/bin/}} $*" >ran; echo "{log}"; exit {pip} ;;
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
        nothing = dict.fromkeys(["too_old", "no_venv", "no_pip", "old_pip", "no_ensurepip", "pip"], 0)
        values = {**nothing, "compiler": "bash", "include": tmp_path, "log": "", **answers}
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


PROGRESS = [
    "making the virtual environment venv ...",
    "installing coset and what it requires (a minute or two; pycosat is compiled from C) ...",
]


def error_of(done):
    """Return the sentence, after the lines that say what is being done."""
    assert done.returncode == 3
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if line not in PROGRESS]
    return lines[-1] if len(lines) == 1 else lines


def test_where_nothing_is_missing_only_what_is_being_done_is_said(set_up, tmp_path):
    done = set_up(".[dev]")
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (0, "", PROGRESS)
    assert (tmp_path / "venv" / "bin" / "python").exists()
    assert (tmp_path / "ran").read_text().split()[-2:] == ["-e", ".[dev]"]


def test_a_second_time_nothing_is_made_anew(set_up):
    set_up()
    assert set_up().stderr.splitlines() == PROGRESS[1:]


def test_an_environment_that_was_left_without_pip_is_made_anew(set_up):
    set_up(no_pip=1)
    assert set_up(no_pip=1).stderr.splitlines() == PROGRESS


@pytest.mark.parametrize(
    ("old_pip", "runs"), [(0, "python3 -m pip --python venv/bin/python install"), (1, "python -m pip install")]
)
def test_the_interpreter_s_pip_fills_the_environment_where_it_can(set_up, tmp_path, old_pip, runs):
    assert set_up(old_pip=old_pip).returncode == 0
    assert (tmp_path / "ran").read_text().startswith(f"{runs} ")


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


@pytest.mark.parametrize("lacking", [{"no_venv": 1}, {"old_pip": 1, "no_ensurepip": 1}])
def test_a_python_without_venv(set_up, lacking):
    assert error_of(set_up(**lacking)) == (
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
