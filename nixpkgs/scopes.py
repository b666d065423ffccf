"""Which value does a name stand for? Scopes, values that are evaluated once, and what is selected from a value."""

from collections.abc import Callable, Mapping, Sequence

from nixpkgs.symbols import Call, NixSet, Null, Ref, Selection, Surroundings, Unknown, Value

_CONSTANTS: Mapping[str, Value] = {"true": True, "false": False, "null": Null()}
_PEOPLE = (Ref(("lib", "maintainers")), Ref(("lib", "teams")))

EXPOSED = ("pname", "version", "src", "meta", "dependencies", "optional-dependencies", "build-system")
"""The arguments of a builder that its package has as attributes, unchanged."""

_GLOBAL = frozenset({"builtins", "map", "toString", "throw", "abort", "import", "removeAttrs", "baseNameOf", "isNull"})


class Lazy:
    """A value that is evaluated once, when it is first asked for."""

    __slots__ = ("_busy", "_make", "_value")

    def __init__(self, make: Callable[[], Value]) -> None:
        self._make: Callable[[], Value] | None = make
        self._value: Value = Null()
        self._busy = False

    def __call__(self) -> Value:
        """Return the value."""
        if self._make is not None:
            if self._busy:
                return Unknown("defined by itself")
            self._busy = True
            self._value = self._make()
            self._make = None
        return self._value


class Asked:
    """The arguments that a function takes out of a set by their names.

    Args:
        names: of the arguments.
        argument: the set.
    """

    __slots__ = ("_argument", "_made", "_names")

    def __init__(self, names: Sequence[str], argument: Callable[[], Value]) -> None:
        self._names = names
        self._argument = argument
        self._made: dict[str, Callable[[], Value]] = {}

    def get(self, name: str) -> Callable[[], Value] | None:
        """Return the argument of a name, to be evaluated; None where the function does not ask for it."""
        found = self._made.get(name)
        if found is None and name in self._names:
            value = select(self._argument(), name)  # whoever asks for it evaluates it at once
            found = self._made[name] = lambda: value
        return found


class Scope:
    """The names that an expression sees.

    Args:
        names: those of the innermost binding.
        outer: what lies around it.
        opened: the set of a ``with``; its names count only where no binding has them.
    """

    __slots__ = ("names", "opened", "outer")

    def __init__(
        self,
        names: Mapping[str, Callable[[], Value]] | Asked,
        outer: "Scope | None" = None,
        opened: Callable[[], Value] | None = None,
    ) -> None:
        self.names = names
        self.outer = outer
        self.opened = opened

    def look_up(self, name: str) -> Value:
        """Return what a name stands for."""
        opened = []
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found()
            if scope.opened is not None:
                opened.append(scope.opened)
            scope = scope.outer
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in _GLOBAL:
            return Ref(("builtins",)) if name == "builtins" else Ref(("builtins", name))
        innermost = opened[0]() if opened else None
        # `with lib; ... with maintainers;`: nobody lists a function of lib among the maintainers
        if innermost is not None and (len(opened) == 1 or innermost in _PEOPLE):
            return select(innermost, name)
        return Unknown(f"'{name}' comes from one of several 'with'" if opened else f"'{name}' is not defined")


def select(value: Value, name: str, otherwise: Callable[[], Value] | None = None) -> Value:
    """Return an attribute of a value.

    Args:
        value: what it is selected from.
        name: the attribute.
        otherwise: what ``or`` gives.
    """
    if isinstance(value, NixSet):
        found = value.get(name)
        if found is None:
            return Unknown(f"there is no '{name}'") if otherwise is None else otherwise()
        return Unknown(name) if isinstance(found, Unknown) and otherwise is not None else found
    if isinstance(value, Surroundings):
        given = value.given.get(name)
        return Ref((name,), otherwise) if given is None else given
    if isinstance(value, Ref):
        return Ref((*value.path, name), otherwise)
    if isinstance(value, Call):
        found = _of_derivation(value, name)
        return Selection(value, (name,)) if found is None else found
    if isinstance(value, Selection):
        return Selection(value.call, (*value.path, name))
    return Unknown(f"'{name}' of something computed")


def _of_derivation(value: Call, name: str) -> Value | None:
    """Return an attribute of what a builder or a fetcher makes, where its arguments tell it."""
    given = value.arguments[-1] if value.arguments else None
    if not isinstance(given, NixSet) or given.more:
        return None
    function = value.function.path[-1]
    if function.startswith("buildPython"):
        passed = given.get("passthru")
        found = passed.get(name) if isinstance(passed, NixSet) else None
        return given.get(name) if found is None and name in EXPOSED else found
    if function.startswith("fetch") and name in ("owner", "repo", "tag", "rev"):
        return given.get(name)
    return None


def select_path(path: str, scope: Scope) -> Value:
    """Return what a name stands for, or what is selected from it."""
    if "." not in path:
        return scope.look_up(path)
    first, *names = path.split(".")
    value = scope.look_up(first)
    for name in names:
        value = select(value, name)
        if isinstance(value, Unknown):
            return Unknown(path)
    return value


def both(one: Callable[[], Value], other: Callable[[], Value]) -> Lazy:
    """Return what a name stands for that is bound twice: ``{ a.b = 1; a = { c = 2; }; }``."""
    return Lazy(lambda: _joined(one(), other()))


def _joined(one: Value, other: Value) -> Value:
    if not (isinstance(one, NixSet) and isinstance(other, NixSet)):
        return Unknown("defined twice")
    names = dict(one.names)
    for name, value in other.names.items():
        before = names.get(name)
        names[name] = value if before is None else both(before, value)
    return NixSet(names, one.more or other.more)
