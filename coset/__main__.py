"""How is a command called, and which exit status does each outcome get?

A command is a function in a module of this folder, which is imported only when the command is called, so that
``coset --help`` answers at once.

Exit status: 0 done; 1 a truthful "no" (a conflict, or a check found something); 2 usage; 3 the outside failed
(index, disk, another program). 130 and 141 are what a shell gives for Ctrl-C and for a reader that went away.
"""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from coset import terminal
from coset.commands import COMMANDS, GROUPS, Command
from normalize.errors import CosetError, OutsideError, UsageError

_COMPLETES = "_COSET_COMPLETE"
"""What the script sets in the environment that ``coset --show-completion`` prints for a shell."""

_USAGE_MISTAKE: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of typer's complaints about the command line, which typer does not export (it is click's ``UsageError``,
or that of the copy of click inside typer)."""


def _version(*, value: bool) -> None:
    if value:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

        try:
            terminal.print_line(f"coset {version('coset')}")
        except PackageNotFoundError:
            terminal.print_line("coset, from a checkout that is not installed")
        raise typer.Exit


def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def _application(commands: Sequence[Command], arguments: Sequence[str]) -> typer.Typer:
    def group(text: str, *, completes: bool = False) -> typer.Typer:
        return typer.Typer(help=text, rich_markup_mode=None, add_completion=completes, pretty_exceptions_enable=False)

    root = group("One coherent set of Python packages for nixpkgs: crawl, solve, explain, report.", completes=True)
    root.callback(epilog="Every command explains itself, with examples: coset COMMAND --help")(_root)
    groups: dict[str, typer.Typer] = {}
    called = [one for one in arguments if not one.startswith("-")]  # the options before a command take no values
    for command in commands:
        words = command.words.split()
        place = root
        for word in words[:-1]:
            if word not in groups:
                groups[word] = group(GROUPS[word])
                root.add_typer(groups[word], name=word)
            place = groups[word]
        function = load(command) if called[: len(words)] == words else _not_called
        epilog = "\b\nExamples:\n" + "\n".join(f"  {one}" for one in command.examples)
        place.command(words[-1], short_help=command.summary, epilog=epilog)(function)
    return root


def load(command: Command) -> Callable[..., Any]:
    """Import the command's module and return its function."""
    module, function = command.place.split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def _not_called() -> None:
    """Stand in the list of commands for one that this process does not call."""
    raise AssertionError("the called command was not loaded")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        argv: the arguments without the program's name; None takes those of the process.
    """
    if _COMPLETES in os.environ:
        return _complete()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        command = typer.main.get_command(_application(COMMANDS, arguments))
        with command.make_context("coset", list(arguments) or ["--help"]) as context:
            outcome = command.invoke(context)
        sys.stdout.flush()  # a reader that went away must be noticed here, not at the interpreter's end
    except typer.Exit as leave:
        return leave.exit_code if arguments else 2
    except _USAGE_MISTAKE as mistake:
        return _usage_mistake(mistake)
    except CosetError as error:
        terminal.print_error(error)
        return 3 if isinstance(error, OutsideError) else 2
    except KeyboardInterrupt:
        terminal.print_error(CosetError("interrupted; what was finished before is kept"))
        return 130
    except BrokenPipeError:
        return 141
    return outcome if isinstance(outcome, int) else 0


def _complete() -> int:
    """Answer the shell that asks what the word under its cursor may become; typer knows what shells say and expect."""
    line = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    try:
        typer.main.get_command(_application(COMMANDS, line.split()[1:]))(prog_name="coset")
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 0
    return 0


def _usage_mistake(mistake: Any) -> int:
    path = mistake.ctx.command_path if mistake.ctx is not None else "coset"
    text = mistake.format_message()
    terminal.print_error(UsageError(text[:1].lower() + text[1:].rstrip("."), hint=f"'{path} --help' shows how"))
    return 2


def run() -> None:
    """Run the command of this process and leave with its exit status."""
    gc.set_threshold(100_000)  # imports make many lasting values, which the collector would look at again and again
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a narrow locale must not end in a traceback
    status = main()
    if status == 141:
        # the interpreter flushes once more at its end and would complain about the closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(status)


if __name__ == "__main__":
    run()
