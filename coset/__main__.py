"""How does a process of coset start, and which exit status does each outcome get?

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
from typing import Any

from coset import terminal
from coset.commands import COMMANDS, Command
from normalize.errors import CosetError, OutsideError

_COMPLETES = "_COSET_COMPLETE"
"""What the script sets in the environment that ``coset --show-completion`` prints for a shell."""


def load(command: Command) -> Callable[..., Any]:
    """Import the command's module and return its function."""
    module, function = command.place.split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        argv: the arguments without the program's name; None takes those of the process.
    """
    if _COMPLETES in os.environ:
        from coset.commandline import complete  # noqa: PLC0415 -- typer

        return complete(COMMANDS, os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", ""), load)
    try:
        outcome = _outcome(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()  # a reader that went away must be noticed here, not at the interpreter's end
    except CosetError as error:
        terminal.print_error(error)
        return 3 if isinstance(error, OutsideError) else 2
    except KeyboardInterrupt:
        terminal.print_error(CosetError("interrupted; what was finished before is kept"))
        return 130
    except BrokenPipeError:
        return 141
    return outcome if isinstance(outcome, int) else 0


def _outcome(arguments: list[str]) -> Any:
    for command in COMMANDS:
        words = command.words.split()
        if arguments[: len(words)] == words:
            from coset.plainwords import plain_parameters  # noqa: PLC0415 -- the help does without it

            function = load(command)
            given = plain_parameters(function, arguments[len(words) :])
            if given is not None:
                return function(**given)
    from coset.commandline import called  # noqa: PLC0415 -- typer

    return called(COMMANDS, arguments, load)


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
