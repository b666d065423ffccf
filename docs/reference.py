"""Which commands has coset, and what do they take? The reference and the man page, from the commands themselves.

Run by ``make docs``; a test compares what is committed with what this writes.
"""

import re
import textwrap
from ast import get_docstring, parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from coset.calling import load
from coset.commandline import for_typer
from coset.commands import COMMANDS, Command

HERE = Path(__file__).parent
ROOMS = ("coset", "report", "nixpkgs", "solver", "crawler", "dataset", "normalize")

STATUSES = (
    ("0", "done"),
    ("1", "a truthful no: no set exists, or a check found something"),
    ("2", "the command line or an input file cannot be meant"),
    ("3", "the outside failed: the index, the disk, another program"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An argument or an option: how it is spelled, and what it means."""

    spelling: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the manual says of one command.

    Attributes:
        words: what the user types after ``coset``.
        paragraphs: what it does; the first is one sentence.
    """

    words: str
    usage: str
    paragraphs: tuple[str, ...]
    arguments: tuple[Choice, ...]
    options: tuple[Choice, ...]
    examples: tuple[str, ...]


def page(command: Command) -> Page:
    """Return the page of a command, from its function's signature and docstring."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command(command.words)(for_typer(load(command)))
    made: Any = typer.main.get_command(app)
    arguments, options = [], []
    for one in made.params:
        if one.param_type_name == "argument":
            arguments.append(Choice(_argument(one), one.help or ""))
        else:
            options.append(Choice(_spelling(one), _meaning(one)))
    usage = " ".join([f"coset {command.words}", *(one.spelling for one in arguments), "[OPTIONS]"])
    text = re.sub(r"\n{3,}", "\n\n", made.help.strip())
    return Page(
        words=command.words,
        usage=usage,
        paragraphs=tuple(" ".join(paragraph.split()) for paragraph in text.split("\n\n")),
        arguments=tuple(arguments),
        options=tuple(options),
        examples=command.examples,
    )


def _argument(one: Any) -> str:
    name = (one.metavar or one.name.upper()).strip("[].") + ("..." if one.nargs == -1 else "")
    return name if one.required else f"[{name}]"


def _spelling(option: Any) -> str:
    value = "" if option.is_flag else f" {option.metavar or 'TEXT'}"
    return ", ".join(option.opts) + value


def _meaning(option: Any) -> str:
    told = option.show_default and not option.is_flag and option.default not in (None, "")
    return f"{option.help} Default: {option.default}." if told else option.help or ""


def commands_markdown(pages: list[Page]) -> str:
    """Return the reference of all commands."""
    lines = ["# Commands", "", "What `coset COMMAND --help` says, in one place.", ""]
    lines += ["| exit status | meaning |", "|---|---|", *(f"| {status} | {text} |" for status, text in STATUSES), ""]
    for one in pages:
        lines += [f"## coset {one.words}", "", f"`{one.usage}`", ""]
        for paragraph in one.paragraphs:
            lines += [*textwrap.wrap(_escaped(paragraph), 120, break_long_words=False, break_on_hyphens=False), ""]
        choices = (*one.arguments, *one.options)
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{_cell(c.spelling)}` | {_cell(_escaped(c.meaning))} |" for c in choices]
        lines += ["", "```console", *(f"$ {example}" for example in one.examples), "```", ""]
    return "\n".join(lines[:-1]) + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"([*_<>\[\]])", r"\\\1", text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def man_page(pages: list[Page]) -> str:
    """Return the man page of coset, section 1, in the macros that every system's man reads."""
    lines = ['.TH COSET 1 "" "coset" "User Commands"', ".SH NAME"]
    lines += [r"coset \- one coherent set of Python packages for nixpkgs", ".SH SYNOPSIS", ".B coset"]
    lines += [r"[\-\-version] [\-\-help] COMMAND [ARGUMENT...]", ".SH COMMANDS"]
    for one in pages:
        lines += [f".SS {_roff(one.usage)}"]
        for paragraph in one.paragraphs:
            lines += [_roff(paragraph), ".PP"]
        for choice in (*one.arguments, *one.options):
            lines += [".TP", f".B {_roff(choice.spelling)}", _roff(choice.meaning)]
        lines += [".PP", "Examples:", *(f".br\n.RS\n{_roff(example)}\n.RE" for example in one.examples)]
    lines += [".SH EXIT STATUS"]
    for status, text in STATUSES:
        lines += [".TP", f".B {status}", _roff(text)]
    lines += [".SH ENVIRONMENT", ".TP", ".B NO_COLOR", "No colour in what is shown.", ".TP", ".B XDG_CACHE_HOME"]
    lines += ["Where the unpacked dataset and the map of names are kept."]
    return "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + escaped if escaped.startswith((".", "'")) else escaped


def modules_markdown(root: Path) -> str:
    """Return the question that each module answers, folder by folder, as its docstring's first line asks it."""
    lines = ["# Modules", "", "Each module answers one question; each folder imports only from those after it.", ""]
    for room in ROOMS:
        lines += [f"## {room}", "", "| module | question |", "|---|---|"]
        for path in sorted((root / room).glob("*.py")):
            if path.name != "__init__.py":
                told = get_docstring(parse(path.read_text(encoding="utf-8"))) or ""
                lines.append(f"| `{path.stem}` | {_cell(_escaped(told.split(chr(10), 1)[0].replace('``', '`')))} |")
        lines.append("")
    return "\n".join(lines[:-1]) + "\n"


def decisions_markdown(folder: Path) -> str:
    """Return the list of decisions, by number, each with its title."""
    lines = ["# Decisions", "", "Choices that surprise, each with its measurement.", ""]
    for path in sorted(folder.glob("0*.md")):
        title = path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# ")
        lines.append(f"- [{_escaped(title)}]({path.name})")
    return "\n".join(lines) + "\n"


def generated() -> Iterator[tuple[Path, str]]:
    """Yield each file that is written from the code, and its text."""
    pages = [page(command) for command in COMMANDS]
    yield HERE / "reference" / "commands.md", commands_markdown(pages)
    yield HERE / "reference" / "modules.md", modules_markdown(HERE.parent)
    yield HERE / "decisions" / "index.md", decisions_markdown(HERE / "decisions")
    yield HERE / "coset.1", man_page(pages)


def main() -> None:
    """Write them."""
    for path, text in generated():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
