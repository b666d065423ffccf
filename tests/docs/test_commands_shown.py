"""Can every command that the documents show be called like that? Each is read as the command line reads it."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
import typer

from coset.calling import load
from coset.commandline import for_typer
from coset.commands import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if path.name != "commands.md"  # made from the commands themselves
]
GROUPS = {one.words.split()[0] for one in COMMANDS if " " in one.words}
OTHERS = {"COMMAND", "--help", "--version", "--show-completion", "--install-completion"}


@cache
def made(one):
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(one.words)(for_typer(load(one)))
    return typer.main.get_command(app)


def called(line):
    """Return the command of a line, and the words behind it up to a pipe or a redirection."""
    words = shlex.split(line[line.index("coset ") :], comments=True)[1:]
    ends = [i for i, word in enumerate(words) if word in {"|", ">", "<", "||", "&&", ";"}]
    words = words[: ends[0]] if ends else words
    for one in sorted(COMMANDS, key=lambda one: -len(one.words)):
        name = one.words.split()
        if words[: len(name)] == name:
            return one, words[len(name) :]
    assert words[0] in GROUPS | OTHERS, line
    return None, words


def is_callable(line):
    one, words = called(line)
    if one is not None:
        try:
            made(one).make_context(one.words, words)
        except typer.Exit:
            assert "--help" in words


def names_options(line):
    """Prose may leave out what an option takes; the command and its options must be there."""
    one, words = called(line)
    if one is not None:
        known = {option for parameter in made(one).params for option in parameter.opts} | {"--help"}
        assert {word for word in words if word.startswith("-") and len(word) > 1} <= known, line


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.words)
def test_examples_of_the_help(one):
    for example in one.examples:
        is_callable(example)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documents(document):
    text = re.sub(r"\\\n\s*", " ", (ROOT / document).read_text(encoding="utf-8"))
    for line in re.findall(r"(?m)^\$ (coset .*)$", text):
        is_callable(line)
    for line in re.findall(r"`(coset [^`\n|]*)`", text):
        names_options(line)
