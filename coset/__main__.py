"""How does a process of coset start? With a name looked up at once, or else with the command that is called."""

import gc
import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        argv: the arguments without the program's name; None takes those of the process.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:2] == ["names", "show"]:
        from coset.namesquick import answered  # noqa: PLC0415 -- the others do without it

        status = answered(arguments[2:])
        if status is not None:
            return status
    from coset.calling import call  # noqa: PLC0415 -- takes longer than looking a name up

    return call(arguments)


def run() -> None:
    """Run the command of this process and leave with its exit status."""
    gc.set_threshold(100_000)  # imports make many lasting values, which the collector would look at again and again
    missing = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    if missing:  # closed by who called; a file that is opened must not take the place
        if sys.stderr is not None:
            sys.stderr.write("error: the output cannot be written: it is closed\n")
        sys.exit(3)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a narrow locale must not end in a traceback
    status = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # the interpreter flushes once more at its end, and would complain and change the status
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    sys.exit(status)


if __name__ == "__main__":
    run()
