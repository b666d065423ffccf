"""What do shells get when the user presses the tab key? The words that fit, in each shell's own form."""

import shutil
import subprocess
import sys

import pytest

from coset.__main__ import main
from coset.commands import COMMANDS


@pytest.fixture
def pressed(monkeypatch, capsys):
    """Return a way to ask what the last word of a line may become, as a shell asks."""

    def press(shell, *words):
        monkeypatch.setenv("_COSET_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        if shell == "bash":
            monkeypatch.setenv("COMP_WORDS", " ".join(words))
            monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        else:
            monkeypatch.setenv("_TYPER_COMPLETE_ARGS", " ".join(words))
        assert main(["ignored"]) == 0
        return capsys.readouterr().out.splitlines()

    return press


def test_commands(pressed):
    assert pressed("bash", "coset", "sol") == ["solve"]
    assert set(pressed("bash", "coset", "")) == {one.words.split()[0] for one in COMMANDS}
    assert pressed("bash", "coset", "dataset", "im") == ["import"]


def test_options_of_the_command_that_is_being_typed(pressed):
    assert pressed("bash", "coset", "solve", "--mo") == ["--mode"]
    assert "--repair" in pressed("bash", "coset", "dataset", "doctor", "--")


def test_other_shells_get_what_they_can_show(pressed):
    assert pressed("fish", "coset", "sol") == [f"solve\t{next(o for o in COMMANDS if o.words == 'solve').summary}"]
    assert pressed("zsh", "coset", "solve", "--mo")[0].startswith('_arguments \'*: :(("--mode"')


@pytest.mark.parametrize("line", ["coset 'sol", 'coset "', "coset \x1b[2J", "coset $(touch gone) `x`"])
def test_half_a_line_does_no_harm(line, monkeypatch, capsys):
    monkeypatch.setenv("_COSET_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", "1")
    assert main([]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is missing")
def test_real_bash(tmp_path):
    # which shell asks is seen by its process; bash would give its own to the last command of a line
    ask = f"{sys.executable} -m coset --show-completion; exit $?"
    shown = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=True).stdout
    program = tmp_path / "coset"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m coset "$@"\n')
    program.chmod(0o755)
    pressed = f'COMP_WORDS=(coset names au); COMP_CWORD=2; _coset_completion {program}; echo "${{COMPREPLY[*]}}"'
    done = subprocess.run(["bash", "-c", f"{shown}\n{pressed}"], capture_output=True, text=True, check=True)
    assert done.stdout == "audit\n"
