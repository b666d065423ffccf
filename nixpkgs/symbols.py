"""What can be known of a Nix expression without evaluating nixpkgs? Values, references, and the unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that a single file does not tell.

    Attributes:
        why: what stands there, or what is missing.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Null:
    """``null``."""


@dataclass(frozen=True, slots=True)
class FilePath:
    """A path as it is written: ``../development/python-modules/foo``."""

    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A name that comes from outside of the file, and what is selected from it.

    Attributes:
        path: ``("dask", "optional-dependencies", "complete")``.
        default: what stands for it where it is not given (``withQt ? false``, ``config.cudaSupport or false``).
    """

    path: tuple[str, ...]
    default: Callable[[], "Value"] | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        """Return it as Nix spells it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Call:
    """A function that is not in the file, and what it is applied to.

    Attributes:
        line: where the call begins, counted from 1.
    """

    function: Ref
    arguments: tuple["Value", ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected from the result of a call: ``(callPackage ./x { }).y``."""

    call: Call
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """``if condition then yes else no``; the branches are evaluated when they are asked for."""

    condition: "Condition"
    yes: Callable[[], "Value"] = field(compare=False, repr=False)
    no: Callable[[], "Value"] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a condition is, and how it is written."""

    value: "Value"
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator whose operands are not both known: ``!``, ``&&``, ``||``, ``->``, ``==``, ``<``, ``?``."""

    operator: str
    operands: tuple["Value", ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One element of a list.

    Attributes:
        conditions: when it is there; all must hold.
        spread: whether the value is a list whose elements are meant.
        text: as it is written.
    """

    value: "Value"
    conditions: tuple[Condition, ...] = ()
    spread: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    items: tuple[Item, ...]


@dataclass(slots=True)
class NixSet:
    """An attribute set whose values are evaluated when they are asked for.

    Attributes:
        names: what is known to be in it, in the order of the file.
        more: whether it may hold other names too (computed ones, or ``//`` with something unknown).
    """

    names: dict[str, Callable[[], "Value"]]
    more: bool = False

    def get(self, name: str) -> "Value | None":
        """Return the value of a name; None where the set does not have it."""
        found = self.names.get(name)
        if found is not None:
            return found()
        return Unknown(f"'{name}' may be among computed names") if self.more else None


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the file, to be applied to a value that is evaluated when it is asked for."""

    apply: Callable[[Callable[[], "Value"]], "Value"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What ``callPackage`` gives a file: these values, and by name whatever else it asks for."""

    given: "Mapping[str, Value]"


Value = (
    str
    | int
    | bool
    | Null
    | Unknown
    | FilePath
    | Ref
    | Call
    | Choice
    | Operation
    | Listing
    | NixSet
    | Function
    | Surroundings
    | Selection
)
