"""Which commands are there, and which exit status does each outcome get?

A command is a function in a module of this folder, which is imported only when the command is called, so that
``coset --help`` answers at once.

Exit status: 0 done; 1 a truthful "no" (a conflict, or a check found something); 2 usage; 3 the outside failed
(index, disk, another program). 130 and 141 are what a shell gives for Ctrl-C and for a reader that went away.
"""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer

from coset import terminal
from normalize.errors import CosetError, OutsideError, UsageError


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        words: what the user types after ``coset``.
        place: its module and function; imported only when the command is called, so that ``coset --help`` is quick.
        summary: what it does, for the list of commands; its own help shows the function's docstring.
        examples: for its help.
    """

    words: str
    place: str
    summary: str
    examples: tuple[str, ...]


_GROUPS = {
    "export": "Write a plan as Nix, or as lock files of other installers.",
    "dataset": "Move what is known of the index in and out of files.",
    "names": "Map projects, attributes and import names to each other.",
}

COMMANDS = (
    Command(
        "crawl",
        "coset.crawl:command",
        "Fill or refresh a dataset from a package index.",
        (
            "coset crawl numpy scipy --closure --db my.sqlite",
            "coset crawl --from nixpkgs.json --closure --newest 8 --contact me@mail.example --db my.sqlite",
            "coset crawl --all --until 06:30 --contact me@mail.example --db whole.sqlite",
        ),
    ),
    Command(
        "snapshot",
        "coset.snapshot:command",
        "Read the current set from a nixpkgs checkout or a channel's list.",
        (
            "coset snapshot ~/nixpkgs --out nixpkgs.json",
            "coset snapshot ~/nixpkgs --by parse --target '3.13 x86_64-linux' --out nixpkgs.json",
            "coset snapshot packages.json.br --out nixpkgs.json",
        ),
    ),
    Command(
        "solve",
        "coset.solve:command",
        "Find the newest coherent set, with every relaxation and every hold justified.",
        ("coset solve --out plan", "coset solve --mode stable --before 2026-07-15 --json"),
    ),
    Command(
        "resolve",
        "coset.resolve:command",
        "Find the newest versions that satisfy an ad hoc list of requirements.",
        ("coset resolve 'scikit-learn>=1.5' pandas", "coset resolve --no-relax --json 'dask[delayed]' 'numpy<2'"),
    ),
    Command(
        "propose",
        "coset.propose:command",
        "Say what an update takes: what moves along, what to relax, what is built again, which branch.",
        (
            "coset propose numpy==2.4.1 'protobuf>=7'",
            "coset propose scikit-learn --ladder minor --markdown",
        ),
    ),
    Command(
        "explain",
        "coset.explain:command",
        "Say why a project has its version in a plan: what holds it, what is relaxed, what does not count.",
        ("coset explain numpy", "coset explain sklearn --plan plan/plan.json"),
    ),
    Command(
        "sweep",
        "coset.sweep:command",
        "Propose every available update by itself, the easiest first, in batches that do not touch each other.",
        (
            "coset sweep --out round",
            "coset sweep --workers 8 --ladder minor",
            "coset sweep --scheduler tcp://10.0.0.5:8786",
        ),
    ),
    Command(
        "distance",
        "coset.distance:command",
        "Compare an application's lock file with the set.",
        ("coset distance uv.lock", "coset distance requirements.txt --plan plan/plan.json --markdown"),
    ),
    Command(
        "vendor",
        "coset.vendor:command",
        "Say what applications cost the set, and what they would need to carry to leave it alone.",
        (
            "coset vendor",
            "coset vendor tensorflow --markdown",
            "coset vendor ceph --out vendored --before 2026-07-15",
        ),
    ),
    Command(
        "verify",
        "coset.verify:command",
        "Check every edge of a plan again, with none of the solver's code.",
        ("coset verify plan/plan.json",),
    ),
    Command(
        "apply",
        "coset.apply:command",
        "Edit a nixpkgs checkout, so that its Python set is a plan's.",
        (
            "coset apply ~/nixpkgs --plan plan/plan.json --dry-run > plan.patch",
            "coset apply ~/nixpkgs --plan plan/plan.json --commit --only h5py --only numpy",
        ),
    ),
    Command(
        "check",
        "coset.check:command",
        "Check the current set as nixpkgs' hooks do: violated bounds, stale and wide relaxations; or the policy.",
        (
            "coset check",
            "coset check --nixpkgs nixpkgs.json --attribute scikit-learn --markdown",
            "coset check --nixpkgs nixpkgs.json --format github",
            "coset check --policy my-policy.toml",
        ),
    ),
    Command(
        "export overlay",
        "coset.export:overlay",
        "Write a plan as an overlay of nixpkgs' Python set.",
        (
            "coset export overlay --plan out/plan.json --out overlay.nix",
            "coset export overlay --plan out/plan.json --from-index --package-overrides",
        ),
    ),
    Command(
        "export pylock",
        "coset.export:pylock",
        "Write a plan as pylock.toml, for pip and uv.",
        (
            "coset export pylock --plan out/plan.json --out pylock.toml",
            "coset export pylock --plan out/plan.json --files-base https://files.example/",
        ),
    ),
    Command(
        "export requirements",
        "coset.export:requirements",
        "Write a plan as requirements.txt with hashes.",
        ("coset export requirements --plan out/plan.json --out requirements.txt",),
    ),
    Command(
        "dataset import",
        "coset.datasetcmd:import_command",
        "Put JSON Lines into a dataset: all of them, or nothing where one is bad.",
        ("coset dataset import data/dataset --db my.sqlite", "coset dataset import private.jsonl --db my.sqlite"),
    ),
    Command(
        "dataset export",
        "coset.datasetcmd:export_command",
        "Write the dataset as JSON Lines, one release per line, with a manifest.",
        ("coset dataset export shards --db my.sqlite",),
    ),
    Command(
        "dataset merge",
        "coset.datasetmerge:command",
        "Make one dataset of several, whatever their order.",
        ("coset dataset merge other.sqlite shards --db my.sqlite",),
    ),
    Command(
        "dataset diff",
        "coset.datasetdiff:command",
        "Say what one dataset says otherwise than another.",
        ("coset dataset diff old.sqlite new.sqlite", "coset dataset diff data/dataset shards --json"),
    ),
    Command(
        "dataset doctor",
        "coset.datasetdoctor:command",
        "Look for damage in a dataset, and mend what can be mended.",
        ("coset dataset doctor --db my.sqlite", "coset dataset doctor --repair --db my.sqlite"),
    ),
    Command(
        "dataset stats",
        "coset.datasetcmd:stats_command",
        "Say how much the dataset holds, what is unknown and why.",
        ("coset dataset stats", "coset dataset stats --json"),
    ),
    Command(
        "dataset replay",
        "coset.replaycmd:command",
        "Read the texts behind the facts again by the rules of today, without the index.",
        ("coset dataset replay --db my.sqlite", "coset dataset replay --dry-run --verbose --db my.sqlite"),
    ),
    Command(
        "dataset serve",
        "coset.serve:command",
        "Serve the dataset as a package index, for pip, uv and other resolvers.",
        (
            "coset dataset serve",
            "coset dataset serve --before 2026-07-15 --port 8080 --db my.sqlite",
        ),
    ),
    Command(
        "names show",
        "coset.names:show",
        "Map any of the three spellings to the other two, with evidence and ambiguity.",
        ("coset names show sklearn", "cut -d, -f1 wanted.csv | coset names show --json -"),
    ),
    Command(
        "names imports",
        "coset.namesimports:command",
        "Map what a source tree imports to projects and attributes.",
        ("coset names imports src", "coset names imports --json setup.py"),
    ),
    Command(
        "names audit",
        "coset.namesaudit:audit",
        "Look for names that break nixpkgs' rules, clash, or lead nowhere, and say how to mend them.",
        ("coset names audit", "coset names audit --nixpkgs nixpkgs.json --format nix"),
    ),
    Command(
        "report",
        "coset.reportcmd:command",
        "Tell a plan as Markdown, made to be pasted into a pull request, or as a page to look at.",
        (
            "coset report out/plan.json",
            "coset report out/plan.json --out plan.md",
            "coset report out/plan.json --html plan.html",
        ),
    ),
    Command(
        "diff",
        "coset.diffcmd:command",
        "Say what differs between two plans, two snapshots, or a snapshot and a plan.",
        ("coset diff old/plan.json new/plan.json", "coset diff nixpkgs.json out/plan.json --markdown"),
    ),
)
"""All commands, in the order in which the help shows them; each new one adds its entry here."""

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
                groups[word] = group(_GROUPS[word])
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
