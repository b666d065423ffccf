"""In which ways can pycosat be asked, and which of them does the user name?"""

from typing import Literal, get_args

from normalize.errors import UsageError

EngineName = Literal["auto", "incremental", "documented"]
"""See :mod:`solver.sat`, which most answers do without: the reductions leave nothing to search."""


def engine_name(text: str) -> EngineName:
    """Return the engine that a user names.

    Raises:
        UsageError: there is no such engine.
    """
    names: tuple[EngineName, ...] = get_args(EngineName)
    for name in names:
        if name == text:
            return name
    raise UsageError(f"there is no engine {text!r}", hint=f"engines: {', '.join(names)}")
