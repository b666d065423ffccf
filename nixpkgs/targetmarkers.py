"""Which marker holds on some targets and not on the others? PEP 508, for lock files."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from normalize.targets import Target


def environment_marker(target: Target) -> str:
    """Return the marker of one target's environment.

    >>> environment_marker(Target("3.13", "aarch64-darwin"))
    "python_version == '3.13' and sys_platform == 'darwin' and platform_machine == 'arm64'"
    """
    known = target.environment()
    names = ("python_version", "sys_platform", "platform_machine")
    return " and ".join(f"{name} == '{known[name]}'" for name in names)


def marker_of(those: Iterable[Target], targets: Sequence[Target]) -> str | None:
    """Return the marker that holds on those targets and on none of the others; None where it is all of them.

    What all targets have in common is not asked for, so that the marker reads as a person would write it.

    >>> linux, mac = Target("3.13", "x86_64-linux"), Target("3.13", "aarch64-darwin")
    >>> marker_of([linux], [linux, mac]), marker_of([mac, linux], [linux, mac])
    ("sys_platform == 'linux'", None)
    """
    wanted = set(those)
    if wanted >= set(targets):
        return None
    systems: dict[str, set[str]] = defaultdict(set)
    pythons: dict[frozenset[str], list[str]] = defaultdict(list)
    for target in targets:
        systems[_python(target)].add(target.system)
    for python in systems:
        pythons[frozenset(one.system for one in wanted if _python(one) == python)].append(python)
    every = sorted({one.system for one in targets})
    parts = []
    for some, those_pythons in pythons.items():
        if not some:
            continue
        of_python = [] if len(those_pythons) == len(systems) else [_any("python_version", those_pythons)]
        parts.append([*of_python, *_of_systems(some, every)])
    if len(parts) == 1:
        return " and ".join(parts[0])
    return " or ".join(_together(part) for part in sorted(parts))


def _python(target: Target) -> str:
    return target.environment()["python_version"]


def _of_systems(some: frozenset[str], every: Sequence[str]) -> list[str]:
    """Return what is to be asked of the system: nothing, its kernel, its machine, or both."""
    if some >= set(every):
        return []
    for name in ("sys_platform", "platform_machine"):
        values = {_value(system, name) for system in some}
        if {one for one in every if _value(one, name) in values} == set(some):
            return [_any(name, values)]
    each = [[f"{name} == '{_value(one, name)}'" for name in ("sys_platform", "platform_machine")] for one in some]
    return [f"({' or '.join(sorted(_together(one) for one in each))})"] if len(each) > 1 else each[0]


def _value(system: str, name: str) -> str:
    return Target("3.13", system).environment()[name]


def _any(name: str, values: Iterable[str]) -> str:
    asked = [f"{name} == '{value}'" for value in sorted(values)]
    return asked[0] if len(asked) == 1 else f"({' or '.join(asked)})"


def _together(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' and '.join(parts)})"
