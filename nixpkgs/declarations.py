"""Which attributes does ``python-packages.nix`` declare, and what does each stand for? Its ten forms."""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nixpkgs.conditions import all_hold, condition_text
from nixpkgs.packagefacts import When
from nixpkgs.places import PYTHON_PACKAGES
from nixpkgs.scopes import Scope
from nixpkgs.symbolic import evaluate
from nixpkgs.symbols import (
    Call,
    Choice,
    Condition,
    FilePath,
    NixSet,
    Null,
    Ref,
    Selection,
    Surroundings,
    Unknown,
    Value,
)
from nixpkgs.syntax import Node, attribute_of, attribute_path, parse_nix
from normalize.targets import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One attribute of the Python set.

    Attributes:
        name: the attribute.
        line: where it stands in ``python-packages.nix``, counted from 1.
        file: the package file that is called, relative to the checkout; None where none is.
        given: what the call gives the file besides what it asks for by name.
        within: what is selected from what the file makes.
        other: the attribute that this one stands for (``protobuf = protobuf7;``), and what is selected from it.
        when: the condition under which the attribute is not null; None where there is none.
        problem: why nothing more can be known; "" where it can.
    """

    name: str
    line: int
    file: str | None = None
    given: Mapping[str, Value] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    when: When | None = None
    problem: str = ""


def read_declarations(
    data: bytes, targets: Sequence[Target], path: str = PYTHON_PACKAGES
) -> tuple[tuple[Declaration, ...], tuple[str, ...]]:
    """Return what the file declares, sorted by name, and what in it is not understood, one sentence each.

    Args:
        data: the file.
        targets: where conditions are to be judged.
        path: where the file lies in the checkout; package files are named relative to it.

    Raises:
        NixSyntaxError: it does not parse.
    """
    body, scope = _set_of(parse_nix(data))
    found: dict[str, Declaration] = {}
    problems: list[str] = []
    for group in () if body is None else body.children():
        for one in group.children():
            _read_binding(one, scope, _Reading(targets, posixpath.dirname(path), found, problems))
    if body is None or not found:
        problems.append("the file does not hold a set of attributes")
    return tuple(found[name] for name in sorted(found)), tuple(problems)


@dataclass(frozen=True, slots=True)
class _Reading:
    targets: Sequence[Target]
    folder: str
    found: dict[str, Declaration]
    problems: list[str]


def _set_of(root: Node) -> tuple[Node | None, Scope]:
    """Return the set inside of ``self: super: with self; { ... }``, and the names that it sees."""
    scope, node = Scope({}), root
    while True:
        if node.kind == "function_expression":
            whole = node.get("universal")
            name = whole.text if whole is not None else ""
            # the set's own argument comes first; whatever is called, its attributes are those of the set
            value = Ref(("super",)) if scope.outer is not None else Surroundings({})
            names = {name: (lambda value=value: value)} if name else {}
            scope, node = Scope(names, scope), node["body"]
        elif node.kind == "with_expression":
            environment = node["environment"]
            opened = evaluate(environment, scope)
            scope, node = Scope({}, scope, lambda opened=opened: opened), node["body"]  # type: ignore[misc]
        elif node.kind == "let_expression":
            names = {
                path[0]: (lambda text=one.brief: Unknown(text))
                for group in node.children()
                if group.kind == "binding_set"
                for one in group.children()
                if one.kind == "binding" and (path := attribute_path(one["attrpath"]))[0] is not None
            }
            scope, node = Scope({name: value for name, value in names.items() if name}, scope), node["body"]
        elif node.kind == "parenthesized_expression":
            node = node["expression"]
        else:
            return (node if node.kind in ("attrset_expression", "rec_attrset_expression") else None), scope


def _read_binding(one: Node, scope: Scope, reading: _Reading) -> None:
    if one.kind == "binding":
        path = attribute_path(one["attrpath"])
        if len(path) != 1 or path[0] is None:
            reading.problems.append(f"line {one.line}: {one['attrpath'].brief!r} is not a plain attribute")
            return
        _add(reading, _declaration(path[0], one.line, evaluate(one["expression"], scope), reading))
    elif one.kind == "inherit_from":
        source = evaluate(one["expression"], scope)
        for child in one["attrs"].children():
            name = attribute_of(child)
            if name is None:
                reading.problems.append(f"line {child.line}: an inherited name is computed")
                continue
            _add(reading, _selected(name, child.line, source, (name,), reading))
    elif one.kind == "inherit":
        for child in one["attrs"].children():
            if (name := attribute_of(child)) is not None:
                _add(reading, Declaration(name=name, line=child.line, problem="inherited from outside of the set"))


def _add(reading: _Reading, found: Declaration) -> None:
    if found.name in reading.found:
        reading.problems.append(f"line {found.line}: '{found.name}' is declared a second time")
    else:
        reading.found[found.name] = found


def _declaration(name: str, line: int, value: Value, reading: _Reading) -> Declaration:
    conditions: list[Condition] = []
    while isinstance(value, Choice):
        yes, no = value.yes(), value.no()
        other = Condition(value.condition.value, value.condition.text, negated=not value.condition.negated)
        if isinstance(yes, Null):
            conditions.append(other)
            value = no
        elif isinstance(no, Null):
            conditions.append(value.condition)
            value = yes
        else:
            found = {all_hold((value.condition,), target) for target in reading.targets}
            if found not in ({True}, {False}):
                return Declaration(name=name, line=line, problem=f"depends on '{value.condition.text}'")
            value = yes if found == {True} else no
    made = _selected(name, line, value, (), reading)
    if not conditions:
        return made
    text = condition_text(tuple(conditions))
    when = When(text, tuple(all_hold(tuple(conditions), target) for target in reading.targets))
    return replace(made, when=when)


def _selected(name: str, line: int, found: Value, within: tuple[str, ...], reading: _Reading) -> Declaration:
    value = found
    if isinstance(found, Selection):
        value, within = found.call, (*found.path, *within)
    if isinstance(value, Null):
        return Declaration(name=name, line=line, when=When("false", (False,) * len(reading.targets)))
    if isinstance(value, Call) and value.function.path == ("callPackage",) and len(value.arguments) == 2:
        path, given = value.arguments
        if isinstance(path, FilePath) and isinstance(given, NixSet) and not given.more:
            return Declaration(
                name=name,
                line=line,
                file=_file(path.text, reading.folder),
                given={one: _argument(make()) for one, make in given.names.items()},
                within=within,
            )
        return Declaration(name=name, line=line, problem="the file or the arguments of callPackage are computed")
    if isinstance(value, Ref) and value.path[0] not in ("super", "pkgs", "lib", "builtins"):
        return Declaration(name=name, line=line, other=(*value.path, *within))
    if isinstance(value, Ref):
        return Declaration(name=name, line=line, problem=f"a native package, '{value}'")
    if isinstance(value, Call):
        function = value.function.path[-1]
        if function in ("toPythonModule", "toPythonApplication"):
            return Declaration(name=name, line=line, problem="a native package")
        if function.startswith("override"):
            return Declaration(name=name, line=line, problem=f"'{value.function}' in python-packages.nix")
        return Declaration(name=name, line=line, problem=f"made by '{value.function}' in python-packages.nix")
    why = value.why if isinstance(value, Unknown) else f"a {type(value).__name__.lower()}"
    return Declaration(name=name, line=line, problem=f"not a form that is known: {why}")


def _file(text: str, folder: str) -> str:
    """Return the package file that a path means; a folder stands for its ``default.nix``."""
    path = posixpath.normpath(posixpath.join(folder, text))
    return path if path.endswith(".nix") else f"{path}/default.nix"


def _argument(value: Value) -> Value:
    """Return an argument without anything that is evaluated later, so that it can be given to another process."""
    if isinstance(value, Ref):
        return Ref(value.path)
    return value if isinstance(value, str | bool | Null | Unknown) else Unknown("an argument of callPackage")
