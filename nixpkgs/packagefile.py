"""What does one package file say? Version, source, dependencies and the rest, read from its syntax tree."""

from collections.abc import Mapping, Sequence

from nixpkgs.conditions import all_hold, truth
from nixpkgs.metaaddresses import meta_address
from nixpkgs.namelists import names_in
from nixpkgs.packagefacts import Names, PackageFacts, Part, Source, When
from nixpkgs.scopes import EXPOSED, Lazy, Scope, select
from nixpkgs.symbolic import evaluate, spread
from nixpkgs.symbols import (
    Call,
    Choice,
    Function,
    NixSet,
    Null,
    Ref,
    Surroundings,
    Unknown,
    Value,
)
from nixpkgs.syntax import NixSyntaxError, parse_nix
from nixpkgs.valuewords import told, written
from normalize.targets import Target

_BUILDERS = frozenset({"buildPythonPackage", "buildPythonApplication"})
_WRAPPERS = frozenset({"toPythonModule", "toPythonApplication"})
_FLAGS = (
    "doCheck",
    "dontCheckRuntimeDeps",
    "dontCheckPythonMetadata",
    "dontUsePythonImportsCheck",
    "catchConflicts",
    "disabled",
)
_TOO_DEEP = PackageFacts(problem="the file is nested too deeply")
_LONGEST_TEXT = 10_000
_WANTED = ("pname", "version", "src")


def read_packages(
    data: bytes, calls: Sequence[tuple[Mapping[str, Value], Sequence[str]]], targets: Sequence[Target]
) -> tuple[PackageFacts, ...]:
    """Return what a package file says, for each way in which it is called.

    Args:
        data: the file.
        calls: the arguments of ``callPackage``, and what is selected from what the file makes (``arro3-core``).
        targets: where conditions are to be judged.
    """
    try:
        value = evaluate(parse_nix(data), Scope({}))
    except NixSyntaxError as error:
        return (PackageFacts(problem=f"the file does not parse: {error}"),) * len(calls)
    except RecursionError:
        return (_TOO_DEEP,) * len(calls)
    made: list[tuple[Mapping[str, Value], Value]] = []
    found = []
    for given, within in calls:
        try:
            package = next((one for before, one in made if before == given), None)  # a family's members share theirs
            if package is None:
                package = _called(value, given)
                made.append((given, package))
            for name in within:
                package = select(package, name)
            found.append(_package(package, tuple(targets)))
        except NixSyntaxError as error:
            found.append(PackageFacts(problem=f"the file does not parse: {error}"))
        except RecursionError:
            found.append(_TOO_DEEP)
    return tuple(found)


def _called(value: Value, given: Mapping[str, Value]) -> Value:
    surroundings = Surroundings(given)
    return value.apply(lambda: surroundings) if isinstance(value, Function) else value


def _package(value: Value, targets: tuple[Target, ...]) -> PackageFacts:
    python = True
    while True:
        if isinstance(value, Choice):
            chosen = {all_hold((value.condition,), target) for target in targets}
            if chosen == {True}:
                value = value.yes()
            elif chosen == {False}:
                value = value.no()
            else:
                return PackageFacts(problem=f"the package depends on '{value.condition.text}'")
        elif isinstance(value, Call) and value.function.path[-1] in _WRAPPERS and value.arguments:
            value = value.arguments[0]
        else:
            break
    if not isinstance(value, Call):
        what = str(value) if isinstance(value, Ref) else value.why if isinstance(value, Unknown) else "something else"
        return PackageFacts(problem=f"the file makes no Python package that can be read, but {what!r}")
    name = value.function.path[-1]
    python = name in _BUILDERS
    if not python and name != "mkDerivation":
        return PackageFacts(problem=f"the package is made by '{value.function}'")
    given = value.arguments[-1]
    if isinstance(given, Function):
        given = _fixed(given)
    if not isinstance(given, NixSet):
        return PackageFacts(problem=f"the arguments of '{value.function}' are computed")
    return _Reader(given, targets).facts(python=python, line=value.line)


def _fixed(function: Function) -> Value:
    """Return the arguments of ``buildPythonPackage (finalAttrs: { ... })``, which may refer to themselves."""
    made: Lazy

    def final() -> Value:
        found = made()
        if not isinstance(found, NixSet):
            return found
        passed = found.get("passthru")
        exposed = {name: found.names[name] for name in EXPOSED if name in found.names}
        if passed is None or isinstance(passed, NixSet):
            exposed |= passed.names if isinstance(passed, NixSet) else {}
            return NixSet(found.names | {"passthru": lambda: NixSet(exposed)}, found.more)
        return found

    made = Lazy(lambda: function.apply(final))
    return made()


class _Reader:
    """The arguments of one builder.

    Args:
        given: the arguments.
        targets: where conditions are judged.
    """

    def __init__(self, given: NixSet, targets: tuple[Target, ...]) -> None:
        self._given = given
        self._targets = targets
        passed = given.get("passthru")
        self._passed = passed if isinstance(passed, NixSet) else None
        meta = given.get("meta")
        self._meta = meta if isinstance(meta, NixSet) else None

    def facts(self, *, python: bool, line: int) -> PackageFacts:
        optional, optional_unknown = self._optional()
        inherited = tuple(
            (name, value.path[0])
            for name in _WANTED
            if isinstance(value := self._given.get(name), Ref) and value.path[1:] == (name,)
        )
        return PackageFacts(
            pname=self._text("pname"),
            version=self._text("version"),
            format=self._format() if python else "other",
            source=self._source(),
            dependencies=self._names(["dependencies", "propagatedBuildInputs"]),
            optional=optional,
            optional_unknown=optional_unknown,
            build_system=self._names(["build-system"]),
            relaxed=self._names(["pythonRelaxDeps"], texts=True),
            removed=self._names(["pythonRemoveDeps"], texts=True),
            imports=self._names(["pythonImportsCheck"], texts=True),
            maintainers=self._maintainers(),
            flags=self._flags(),
            disabled=self._when(self._given.get("disabled"), "disabled"),
            broken=self._when(None if self._meta is None else self._meta.get("broken"), "broken"),
            changelog=self._address("changelog"),
            homepage=self._address("homepage"),
            inherited=inherited,
            line=line,
        )

    def _address(self, name: str) -> str | None:
        return meta_address(self._settled(None if self._meta is None else self._meta.get(name)))

    def _settled(self, value: Value | None) -> Value | None:
        """Return the value that all targets share, where it depends on a condition."""
        while isinstance(value, Choice):
            found = {all_hold((value.condition,), target) for target in self._targets}
            if len(found) != 1 or None in found:
                return Unknown(f"depends on '{value.condition.text}'")
            value = value.yes() if found == {True} else value.no()
        return value

    def _text(self, name: str) -> str | Unknown | None:
        value = self._settled(self._given.get(name))
        if value is None or isinstance(value, Null):
            return None
        if isinstance(value, str):
            return value if len(value) <= _LONGEST_TEXT else Unknown("too long")
        return Unknown(told(value))

    def _format(self) -> str | Unknown:
        pyproject, other = (self._settled(self._given.get(name)) for name in ("pyproject", "format"))
        if isinstance(pyproject, bool):
            return "pyproject" if pyproject else "other"
        if isinstance(other, str):
            return other
        if pyproject is None and other is None:
            return Unknown("the file sets neither 'pyproject' nor 'format'")
        return Unknown("computed")

    def _source(self) -> Source:
        value = self._settled(self._given.get("src"))
        if value is None or isinstance(value, Null):
            return Source(None, None)
        if not (isinstance(value, Call) and value.function.path[-1].startswith("fetch")):
            unknown = Unknown(told(value))
            return Source(unknown, unknown)
        given = value.arguments[-1]
        if not isinstance(given, NixSet):
            return Source(value.function.path[-1], Unknown("computed"))
        texts = {name: found for name in given.names if isinstance(found := self._settled(given.get(name)), str)}
        hashes = [name for name in ("hash", "sha256", "sha512", "sha1") if name in given.names]
        found_hash: str | Unknown | None = None
        if hashes:
            found_hash = texts.get(hashes[0], Unknown("computed"))
        elif given.more:
            found_hash = Unknown("computed")
        others = tuple(sorted((name, text) for name, text in texts.items() if name not in hashes))
        return Source(value.function.path[-1], found_hash, others)

    def _names(self, fields: Sequence[str], *, texts: bool = False) -> Names:
        parts: list[Part] = []
        unknown: list[str] = []
        for name in fields:
            value = self._given.get(name)
            if value is None or isinstance(value, Null):
                continue
            if texts and isinstance(value, bool):
                parts.extend([Part(("*",))] if value else [])
                continue
            found = names_in(spread(value, told(value)), self._targets, texts=texts)
            parts.extend(found.parts)
            unknown.extend(found.unknown)
        return Names(tuple(dict.fromkeys(parts)), tuple(dict.fromkeys(unknown)))

    def _when(self, value: Value | None, name: str) -> When | None:
        if value is None or isinstance(value, Null):
            return None
        return When(written(value, name), tuple(truth(value, target) for target in self._targets))

    def _optional(self) -> tuple[tuple[tuple[str, Names], ...], str]:
        value = self._given.get("optional-dependencies")
        if value is None and self._passed is not None:
            value = self._passed.get("optional-dependencies")
        if value is None:
            return (), (
                "'passthru' is computed" if self._given.get("passthru") is not None and self._passed is None else ""
            )
        value = self._settled(value)
        if not isinstance(value, NixSet):
            return (), told(value)
        found = tuple(
            (extra, names_in(spread(made := value.names[extra](), told(made)), self._targets))
            for extra in sorted(value.names)
        )
        return found, "some extras have computed names" if value.more else ""

    def _maintainers(self) -> Names:
        value = None if self._meta is None else self._meta.get("maintainers")
        if value is None:
            return Names()
        parts, unknown = [], []
        for item in spread(value, told(value)):
            path = item.value.path if isinstance(item.value, Ref) else ()
            if path[:2] in (("lib", "maintainers"), ("maintainers",)) and len(path) == 3 and not item.conditions:
                parts.append(Part((path[2],)))
            elif path[:2] == ("lib", "teams") and len(path) == 4 and path[3] == "members":
                parts.append(Part((f"team {path[2]}",)))
            else:
                unknown.append(item.text)
        return Names(tuple(parts), tuple(unknown))

    def _flags(self) -> tuple[tuple[str, str], ...]:
        found = [(name, written(value, name)) for name in _FLAGS if (value := self._given.get(name)) is not None]
        skipped = None if self._passed is None else self._passed.get("skipBulkUpdate")
        if skipped is not None:
            found.append(("skipBulkUpdate", written(skipped, "skipBulkUpdate")))
        return tuple(sorted(found))
