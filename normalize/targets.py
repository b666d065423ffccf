"""Which interpreter on which system? Targets, and the marker environment of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from normalize.errors import UsageError

_SYSTEMS: dict[str, dict[str, str]] = {
    "x86_64-linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    "aarch64-linux": {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "aarch64"},
    "aarch64-darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    "x86_64-darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "x86_64"},
}

_LATEST_PATCH = 99
"""nixpkgs always carries the latest patch release of an interpreter, so ``3.13`` stands for "a late 3.13": every
``>=3.13.1`` holds and no early-release bug workaround applies."""

_TARGET = re.compile(r"(3\.\d{1,3})(?:\.(\d{1,3}))? ([a-z0-9_]+-[a-z0-9]+)")


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One interpreter version on one system.

    Attributes:
        python: ``3.13``, or ``3.13.5`` where a patch release is meant.
        system: a nixpkgs system such as ``x86_64-linux``.
    """

    python: str
    system: str

    def __str__(self) -> str:
        """Return the spelling that the command line takes: ``3.13 x86_64-linux``."""
        return f"{self.python} {self.system}"

    @property
    def full_version(self) -> str:
        """The interpreter's full version, for ``requires-python`` and ``python_full_version``."""
        return full_version(self.python)

    def environment(self) -> Mapping[str, str]:
        """Return the marker environment of PEP 508, with an empty ``extra``."""
        return _environment(self)


@cache
def _environment(target: Target) -> Mapping[str, str]:
    system = _SYSTEMS[target.system]
    return MappingProxyType(
        {
            "implementation_name": "cpython",
            "implementation_version": target.full_version,
            "os_name": "posix",
            "platform_machine": system["platform_machine"],
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": system["platform_system"],
            "platform_version": "",
            "python_full_version": target.full_version,
            "python_version": ".".join(target.python.split(".")[:2]),
            "sys_platform": system["sys_platform"],
            "extra": "",
        }
    )


def full_version(python: str) -> str:
    """Return the full version that an interpreter stands for.

    >>> full_version("3.13"), full_version("3.13.5")
    ('3.13.99', '3.13.5')
    """
    return python if python.count(".") == 2 else f"{python}.{_LATEST_PATCH}"


def parse_target(text: str) -> Target:
    """Parse ``3.13 x86_64-linux``.

    Raises:
        UsageError: no such target.
    """
    match = _TARGET.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"{text!r} is not a target", hint="write an interpreter and a system, for example '3.13 x86_64-linux'"
        )
    minor, patch, system = match.groups()
    if system not in _SYSTEMS:
        raise UsageError(
            f"target {text!r} names the unknown system {system!r}", hint=f"known systems: {', '.join(sorted(_SYSTEMS))}"
        )
    return Target(f"{minor}.{int(patch)}" if patch else minor, system)


MARKER_VARIABLES = tuple(Target("3.13", "x86_64-linux").environment())
"""The names of PEP 508's marker variables."""

DEFAULT_TARGETS = tuple(
    Target(python, system)
    for python in ("3.13", "3.14")
    for system in ("x86_64-linux", "aarch64-linux", "aarch64-darwin")
)
"""The two interpreters that nixpkgs builds, on its three well-supported systems."""
