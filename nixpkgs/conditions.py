"""Does a condition in a package file hold on a target? Three-valued: yes, no, or not to be known."""

from nixpkgs.symbols import Call, Choice, Condition, Null, Operation, Ref, Unknown, Value
from normalize.targets import Target

_FALSE_BY_DEFAULT = frozenset({"cudaSupport", "rocmSupport", "allowUnfree", "allowAliases"})
"""What nixpkgs' configuration switches on only where someone asks for it."""


def holds(condition: Condition, target: Target) -> bool | None:
    """Return whether a condition holds in a default build on a target; None where that cannot be known."""
    found = truth(condition.value, target)
    return found if found is None else found != condition.negated


def all_hold(conditions: tuple[Condition, ...], target: Target) -> bool | None:
    """Return whether all conditions hold."""
    found = [holds(one, target) for one in conditions]
    return False if False in found else None if None in found else True


def condition_text(conditions: tuple[Condition, ...]) -> str:
    """Return conditions as Nix writes them, with the default of an argument that is one."""
    return " && ".join(_text(one, alone=len(conditions) == 1) for one in conditions)


def _text(one: Condition, *, alone: bool) -> str:
    text = one.text
    if one.negated:
        return f"!{text}" if isinstance(one.value, Ref) else f"!({text})"
    if not alone and isinstance(one.value, Operation) and len(one.value.operands) == 2:
        return f"({text})"
    if isinstance(one.value, Ref) and len(one.value.path) == 1 and one.value.default is not None:
        default = one.value.default()
        if isinstance(default, bool):
            return f"{text} (default {str(default).lower()})"
    return text


def truth(value: Value, target: Target) -> bool | None:
    """Return a value that should be true or false; None where it cannot be known."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Ref):
        return _reference(value, target)
    if isinstance(value, Call):
        return _call(value, target)
    if isinstance(value, Choice):
        chosen = holds(value.condition, target)
        return None if chosen is None else truth(value.yes() if chosen else value.no(), target)
    if isinstance(value, Operation):
        return _operation(value, target)
    return None


def _reference(value: Ref, target: Target) -> bool | None:
    machine, _, system = target.system.partition("-")
    facts = {
        "isLinux": system == "linux",
        "isDarwin": system == "darwin",
        "isx86_64": machine == "x86_64",
        "isAarch64": machine == "aarch64",
        "isAarch32": False,
        "isi686": False,
        "is64bit": True,
        "is32bit": False,
        "isx86": machine == "x86_64",
        "isUnix": True,
        "isWindows": False,
        "isMusl": False,
        "isStatic": False,
        "isFreeBSD": False,
        "isBigEndian": False,
        "isLittleEndian": True,
    }
    name = value.path[-1]
    if name in facts and _is_platform(value.path[:-1]):
        return facts[name]
    if name in ("isPyPy", "isPy27", "isPy2", "isCPython", "isPy3k", "isPy3") and len(value.path) <= 2:
        return name in ("isCPython", "isPy3k", "isPy3")
    if value.path[0] == "config" and name in _FALSE_BY_DEFAULT:
        return False
    return None if value.default is None else truth(value.default(), target)


def _is_platform(path: tuple[str, ...]) -> bool:
    return path in (
        ("stdenv",),
        ("stdenv", "hostPlatform"),
        ("stdenv", "buildPlatform"),
        ("stdenv", "targetPlatform"),
        ("hostPlatform",),
        ("buildPlatform",),
    )


def _call(value: Call, target: Target) -> bool | None:
    name, given = value.function.path[-1], value.arguments
    if name in ("pythonOlder", "pythonAtLeast") and len(given) == 1 and isinstance(given[0], str):
        wanted = _numbers(given[0])
        if wanted is None:
            return None
        mine = (_numbers(target.python) or ())[:2]  # nixpkgs compares with the interpreter's version without patch
        return mine < wanted if name == "pythonOlder" else mine >= wanted
    return None


def _numbers(text: str) -> tuple[int, ...] | None:
    parts = text.split(".")
    return (
        tuple(map(int, parts)) if all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts) else None
    )


def _operation(value: Operation, target: Target) -> bool | None:
    if value.operator == "!":
        found = truth(value.operands[0], target)
        return None if found is None else not found
    if value.operator in ("==", "!="):
        same = _same(*value.operands)
        return None if same is None else same == (value.operator == "==")
    if value.operator not in ("&&", "||", "->"):
        return None
    left, right = (truth(one, target) for one in value.operands)
    if value.operator == "->":
        left = None if left is None else not left
    decisive = value.operator != "&&"
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive


def _same(one: Value, other: Value) -> bool | None:
    one, other = _given(one), _given(other)
    plain = (str, int, Null)
    if isinstance(one, plain) and isinstance(other, plain):
        return type(one) is type(other) and one == other
    return None


def _given(value: Value) -> Value:
    """Return an argument's default, which counts in a default build unless an attribute has the argument's name."""
    if isinstance(value, Ref) and len(value.path) == 1 and value.default is not None:
        default = value.default()
        # where null stands for "not given", an attribute of that name is given
        return Unknown(str(value)) if isinstance(default, Null) else default
    return value
