"""Which command is called, and which exit status does each outcome get?

A command is a function in a module of this folder, which is imported only when the command is called, so that
``coset --help`` answers at once.

Exit status: 0 done; 1 a truthful "no" (a conflict, or a check found something); 2 usage; 3 the outside failed
(index, disk, another program). 130 and 141 are what a shell gives for Ctrl-C and for a reader that went away.
"""

import errno
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from coset import terminal
from coset.commands import COMMANDS, Command
from normalize.errors import CosetError, OutsideError

_COMPLETES = "_COSET_COMPLETE"
"""What the script sets in the environment that ``coset --show-completion`` prints for a shell."""

_OUTPUT = frozenset({errno.EBADF, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC})
"""What stdout says that cannot be written. It has no file name; files do, or their commands have words for it."""


def load(command: Command) -> Callable[..., Any]:
    """Import the command's module and return its function."""
    module, function = command.place.split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def call(arguments: list[str]) -> int:
    """Run the command that the arguments name and return the exit status."""
    if _COMPLETES in os.environ:
        from coset.commandline import complete  # noqa: PLC0415 -- typer

        return complete(COMMANDS, os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", ""), load)
    try:
        outcome = _outcome(arguments)
        sys.stdout.flush()  # a reader that went away must be noticed here, not at the interpreter's end
    except CosetError as error:
        terminal.print_error(error)
        return 3 if isinstance(error, OutsideError) else 2
    except KeyboardInterrupt:
        terminal.print_error(CosetError("interrupted; what was finished before is kept"))
        return 130
    except BrokenPipeError:
        return 141
    except OSError as error:
        return refused(error)
    return outcome if isinstance(outcome, int) else 0


def refused(error: OSError) -> int:
    """Say what an error of the system means for which no command has words, and return the exit status.

    Raises:
        OSError: it means nothing that a user could act on.
    """
    if (
        error.filename is not None
    ):  # pathlib's questions, as is_file(), raise it: of a name that is too long, for example
        terminal.print_error(OutsideError(f"{str(error.filename)!r} cannot be used: {error.strerror}"))
        return 3
    if error.errno not in _OUTPUT:
        raise error
    terminal.print_error(OutsideError(f"the output cannot be written: {os.strerror(error.errno)}"))
    return 3


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
