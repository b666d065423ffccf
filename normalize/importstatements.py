"""What does a Python file import? Its import statements, read by syntax and never executed."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from normalize.errors import UsageError

_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""The fields of statements that hold statements."""

_ABSENCE = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Imported:
    """One module that a file imports by its absolute name.

    Attributes:
        module: the dotted name, which may have letters outside of ASCII; of ``from a import b`` it is ``a.b``, for
            ``b`` may be a part of the namespace ``a``.
        line: where.
        optional: whether the file goes on without it: it stands in a ``try`` that expects its absence, or is for the
            type checker alone.
    """

    module: str
    line: int
    optional: bool = False


def imported(source: bytes) -> tuple[Imported, ...]:
    """Return what a file imports, in the order of its lines; imports relative to the file are left out.

    Names given to ``importlib.import_module`` and ``__import__`` as plain text are among them.

    Raises:
        UsageError: the file cannot be read as Python; the sentence says why, without the file's text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of the file's escapes and literals is its author's
            tree = ast.parse(source)
            return tuple(sorted(set(_of(tree, source)), key=lambda one: (one.line, one)))
    except SyntaxError as error:
        raise UsageError(f"it is no Python that this interpreter reads: line {error.lineno}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        # null bytes, bytes that are no text, absurdly nested expressions
        raise UsageError(f"it is no Python that this interpreter reads: {type(error).__name__}") from None


def _of(tree: ast.Module, source: bytes) -> Iterator[Imported]:
    yield from _statements(tree)
    if b"import_module" in source or b"__import__" in source:  # few files; looking at every expression takes long
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (name := _by_call(node)):
                yield Imported(module=name, line=node.lineno)


def _statements(tree: ast.Module) -> Iterator[Imported]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:  # no recursion: the depth of the file's nesting is its author's choice
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            for one in node.names:
                yield Imported(module=one.name, line=node.lineno, optional=optional)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0 and node.module is not None:
                for one in node.names:
                    name = node.module if one.name == "*" else f"{node.module}.{one.name}"
                    yield Imported(module=name, line=node.lineno, optional=optional)
        else:
            spared = (isinstance(node, ast.Try | ast.TryStar) and any(map(_expects_absence, node.handlers))) or (
                isinstance(node, ast.If) and _for_types(node.test)
            )
            for field in _BLOCKS:
                inside = optional or (spared and field == "body")
                waiting += [(child, inside) for child in getattr(node, field, ())]


def _expects_absence(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or (isinstance(one, ast.Name) and one.id in _ABSENCE) for one in caught)


def _for_types(test: ast.expr) -> bool:
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _by_call(call: ast.Call) -> str | None:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name not in {"import_module", "__import__"} or not call.args:
        return None
    first = call.args[0]
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return None
    return first.value if all(part.isidentifier() for part in first.value.split(".")) else None
