"""What do plainly written arguments give a command? Its parameters, without asking typer.

Most calls spell options as the help does, each in a word of its own. What is spelled otherwise (``--out=plan``,
``-qv``, ``--``), the help and every mistake are left to typer; where this module gives an answer, typer gives the same.
"""

from collections.abc import Callable, Sequence
from enum import EnumType
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

from coset.declarations import Option


class _NotPlain(Exception):  # noqa: N818 -- no error: typer is asked
    """The words are not plain."""


def plain_parameters(function: Callable[..., Any], words: Sequence[str]) -> dict[str, Any] | None:
    """Return the parameters with which the words call the function; None where typer must be asked.

    Args:
        function: a command; its parameters are annotated with `coset.declarations`.
        words: the arguments behind the command's name.
    """
    declared = {name: get_args(kind) for name, kind in function.__annotations__.items() if name != "return"}
    options = {
        spelling: (name, kind)
        for name, (kind, note) in declared.items()
        if isinstance(note, Option)
        for spelling in note.spellings(name)
    }
    given: dict[str, Any] = {}
    rest: list[str] = []
    left = iter(words)
    try:
        for word in left:
            if not word.startswith("-") or word == "-":
                rest.append(word)
                continue
            name, kind = options[word]
            if kind is bool:
                given[name] = True
                continue
            value = _value(kind, next(left), declared[name][1])
            given[name] = [*given.get(name, ()), value] if _repeated(kind) else value
        _take(rest, {name: kind for name, (kind, note) in declared.items() if not isinstance(note, Option)}, given)
    except (KeyError, StopIteration, _NotPlain):
        return None
    defaults = _defaults(function)
    return None if declared.keys() - given.keys() - defaults.keys() else {**defaults, **given}


def _defaults(function: Any) -> dict[str, Any]:
    last = function.__defaults__ or ()
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return {**dict(zip(names[len(names) - len(last) :], last, strict=True)), **(function.__kwdefaults__ or {})}


def _take(words: list[str], arguments: dict[str, Any], given: dict[str, Any]) -> None:
    """Give the words to the arguments in turn; one that may be repeated takes all, and is the only one."""
    for name, kind in arguments.items():
        if _repeated(kind):
            if words:
                given[name] = [_value(kind, word) for word in words]
            return
    if len(words) > len(arguments):
        raise _NotPlain
    given.update((name, _value(kind, word)) for (name, kind), word in zip(arguments.items(), words, strict=False))


def _required(kind: Any) -> Any:
    """Return what is meant by a kind that may be None."""
    if get_origin(kind) is UnionType:
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
    return kind


def _repeated(kind: Any) -> bool:
    return get_origin(_required(kind)) is list


def _one_of(kind: Any, word: str) -> Any:
    choices: Any = kind if isinstance(kind, EnumType) else get_args(kind)
    return next(one for one in choices if one == word)


def _value(kind: Any, word: str, note: Option | None = None) -> Any:
    kind = _required(kind)
    if get_origin(kind) is list:
        (kind,) = get_args(kind)
    if word.startswith("-") and word != "-":
        raise _NotPlain
    if kind in (str, Path):
        return kind(word)
    if isinstance(kind, EnumType) or get_origin(kind) is Literal:
        return _one_of(kind, word)
    if kind is not int or not (word.isascii() and word.isdecimal()) or len(word) > 9:
        raise _NotPlain
    number = int(word)
    if note is not None and not (note.min or 0) <= number <= (number if note.max is None else note.max):
        raise _NotPlain
    return number
