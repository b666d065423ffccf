"""What does typer make of the command line? The help, completion, every spelling of an option, and each mistake.

Asked for what `coset.plainwords` leaves: importing typer takes longer than many commands do.
"""

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Annotated, Any, get_args

import typer

from coset import terminal
from coset.commands import GROUPS, Command
from coset.declarations import Argument, Option
from normalize.errors import UsageError

Load = Callable[[Command], Callable[..., Any]]
"""Imports a command's module and returns its function."""

_USAGE_MISTAKE: type[Exception] = typer.BadParameter.__mro__[1]
"""The base of typer's complaints about the command line, which typer does not export (it is click's ``UsageError``,
or that of the copy of click inside typer)."""


def called(commands: Sequence[Command], arguments: Sequence[str], load: Load) -> Any:
    """Call the command that the arguments name, or show the help that they ask for; return what came of it.

    Raises:
        Exception: what the command raises; mistakes in the arguments are told here.
    """
    try:
        command = typer.main.get_command(_application(commands, arguments, load))
        with command.make_context("coset", list(arguments) or ["--help"]) as context:
            return command.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code if arguments else 2
    except _USAGE_MISTAKE as mistake:
        return _usage_mistake(mistake, _command(commands, _named(arguments)), load)


def complete(commands: Sequence[Command], line: str, load: Load) -> int:
    """Answer the shell that asks what the word under its cursor may become; typer knows what shells say and expect."""
    try:
        typer.main.get_command(_application(commands, line.split()[1:], load))(prog_name="coset")
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else 0
    return 0


def _application(commands: Sequence[Command], arguments: Sequence[str], load: Load) -> typer.Typer:
    def group(text: str, *, completes: bool = False) -> typer.Typer:
        return typer.Typer(help=text, rich_markup_mode=None, add_completion=completes, pretty_exceptions_enable=False)

    root = group("One coherent set of Python packages for nixpkgs: crawl, solve, explain, report.", completes=True)
    root.callback(epilog="Every command explains itself, with examples: coset COMMAND --help")(_root)
    groups: dict[str, typer.Typer] = {}
    named = _named(arguments)
    for command in commands:
        words = command.words.split()
        place = root
        for word in words[:-1]:
            if word not in groups:
                groups[word] = group(GROUPS[word])
                root.add_typer(groups[word], name=word)
            place = groups[word]
        function = for_typer(load(command)) if named[: len(words)] == words else _not_called
        epilog = "\b\nExamples:\n" + "\n".join(f"  {one}" for one in command.examples)
        place.command(words[-1], short_help=command.summary, epilog=epilog)(function)
    return root


def _named(arguments: Sequence[str]) -> list[str]:
    """Return the words without the options; those before a command take no values."""
    return [one for one in arguments if not one.startswith("-")]


def _command(commands: Sequence[Command], named: list[str]) -> Command | None:
    return next((one for one in commands if named[: len(words := one.words.split())] == words), None)


def for_typer(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function of a command with typer's notes in the place of ours."""

    def call(**given: Any) -> Any:
        return function(**given)

    ours = signature(function)
    theirs = [one.replace(annotation=_annotation(one.annotation)) for one in ours.parameters.values()]
    made: Any = call
    made.__doc__ = function.__doc__
    made.__signature__ = ours.replace(parameters=theirs)
    made.__annotations__ = {one.name: one.annotation for one in theirs}
    return call


def _annotation(annotation: Any) -> Any:
    if not get_args(annotation):
        return annotation  # of a test's command, which takes nothing
    kind, note = get_args(annotation)
    told = {"metavar": note.metavar, "help": note.help, "show_default": note.show_default}
    told["readable"] = False  # what cannot be read the command says in its own words
    if isinstance(note, Argument):
        return Annotated[kind, typer.Argument(**told)]
    spellings = [one for one in (note.long, note.short) if one]
    return Annotated[kind, typer.Option(*spellings, **told, min=note.min, max=note.max)]


def _not_called() -> None:
    """Stand in the list of commands for one that this process does not call."""
    raise AssertionError("the called command was not loaded")


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


def _usage_mistake(mistake: Any, command: Command | None, load: Load) -> int:
    """Say what is wrong; typer's parser does not say of which command, nor what the value of an option would be."""
    path = mistake.ctx.command_path if mistake.ctx is not None else f"coset {command.words}" if command else "coset"
    text, hint = mistake.format_message(), f"'{path} --help' shows how"
    option = getattr(mistake, "option_name", None)
    if option is not None and command is not None:
        for name, annotation in load(command).__annotations__.items():
            kind, note = (*get_args(annotation), None, None)[:2]
            if isinstance(note, Option) and option in note.spellings(name) and kind is not bool:
                text = f"option '{option}' needs a value" + (f", {note.metavar}" if note.metavar else "")
                hint = f"{note.help[:1].lower()}{note.help[1:]} {hint}"
    terminal.print_error(UsageError(text[:1].lower() + text[1:].rstrip("."), hint=hint))
    return 2
