"""Does a plain call give a command what typer would give it? Every command, with words put together at random."""

import shlex
from functools import cache
from pathlib import Path
from typing import Annotated, get_args

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from coset.calling import load
from coset.commandline import for_typer
from coset.commands import COMMANDS
from coset.declarations import Argument, Option
from coset.plainwords import plain_parameters

VALUES = (
    "text",
    "nix",
    "auto",
    "numpy",
    "a b",
    "",
    "-",
    "0",
    "3",
    "007",
    "65535",
    "65536",
    "4_0",
    " 3",
    "+3",
    "²",
    "1.5",
    "-1",
    "x=1",
    "é",
)
OTHERS = ("--", "--help", "-h", "--json=1", "--db=x", "-qv", "--nope", "-vq", "--no-json", "--d")


@cache
def by_typer_with(function):
    """Return a typer command that takes what the function takes, and the place where it notes the parameters."""
    seen = {}
    note = for_typer(function)

    def noting(**given):
        seen.update(given)

    noting.__signature__ = note.__signature__
    noting.__annotations__ = note.__annotations__
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(noting)
    return typer.main.get_command(app), seen


def by_typer(function, words):
    """Return the parameters with which typer would call the function; None where it would not."""
    made, seen = by_typer_with(function)
    seen.clear()
    try:
        with made.make_context("coset", list(words)) as context:
            made.invoke(context)
    except (typer.Exit, typer.BadParameter.__mro__[1]):
        return None
    return dict(seen)


@cache
def spellings(function):
    notes = {name: get_args(kind)[1] for name, kind in function.__annotations__.items() if name != "return"}
    return [one for name, note in notes.items() if isinstance(note, Option) for one in note.spellings(name)]


@settings(max_examples=150)
@given(command=st.sampled_from(COMMANDS), data=st.data())
def test_typer_gives_the_same(command, data):
    function = load(command)
    known = st.sampled_from(spellings(function))
    words = data.draw(st.lists(st.sampled_from(VALUES) | known | known | st.sampled_from(OTHERS), max_size=7))
    plain = plain_parameters(function, words)
    if plain is not None:
        theirs = by_typer(function, words)
        assert theirs is not None
        kinds = {name: type(value) for name, value in plain.items()}
        assert (plain, kinds) == (theirs, {name: type(value) for name, value in theirs.items()})


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.words)
def test_examples_of_the_help_are_plain(command):
    """Else the command would always wait for typer, and nothing else would tell."""
    for line in command.examples:
        words = shlex.split(line)
        start = words.index("coset") + 1 + len(command.words.split())
        end = words.index(">") if ">" in words else len(words)
        assert plain_parameters(load(command), words[start:end]) is not None


def example(
    old: Annotated[Path, Argument(metavar="OLD", help="One.")],
    new: Annotated[Path | None, Argument(metavar="NEW", help="Another.")] = None,
    *,
    names: Annotated[list[str] | None, Option("--name", "-n", help="May be repeated.")] = None,
    some_number: Annotated[int, Option(min=1, max=9, help="A number.")] = 4,
    json: Annotated[bool, Option("--json", help="A flag.")] = False,
) -> int:
    """Do nothing."""
    return len([old, new, names, some_number, json])


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (["a"], {}),
        (["a", "b", "--json"], {"new": Path("b"), "json": True}),
        (["--json", "a", "-n", "x", "--name", "y"], {"names": ["x", "y"], "json": True}),
        (["a", "--some-number", "3", "--some-number", "9"], {"some_number": 9}),
    ],
)
def test_plain_words(words, changed):
    usual = {"old": Path("a"), "new": None, "names": None, "some_number": 4, "json": False}
    assert plain_parameters(example, words) == {**usual, **changed} == by_typer(example, words)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["a", "b", "c"],
        ["a", "--name"],
        ["a", "--name", "-x"],
        ["a", "--name=x"],
        ["a", "--some-number", "0"],
        ["a", "--some-number", "10"],
        ["a", "--some-number", "two"],
        ["a", "--some-number", " 3"],
        ["a", "--nam", "x"],
        ["a", "--help"],
        ["--", "a"],
    ],
)
def test_typer_is_asked_for_everything_else(words):
    assert plain_parameters(example, words) is None
