"""What does an application's lock file say? Its pins, and the bounds that it records."""

import re
from dataclasses import dataclass
from typing import Literal

from normalize.projects import ProjectName

Kind = Literal["pylock", "requirements", "uv", "poetry"]
Source = Literal["index", "git", "url", "path", "editable"]

_USERINFO = re.compile(r"//[^/@\s]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One release that the lock installs, or the source that stands for one.

    Attributes:
        version: as the lock writes it; None where it names a source alone.
        source: where it comes from; ``path`` is a folder or file beside the lock.
        address: of the source, without credentials; "" for an index.
        markers: it is installed where one of them holds; none means everywhere.
    """

    project: ProjectName
    version: str | None
    source: Source = "index"
    address: str = ""
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedBound:
    """A requirement with its bound, as the lock records it.

    Attributes:
        depender: a pinned project; None for the application itself.
        version: the depender's pinned version.
        text: the bound as the lock writes it.
        accepted: specifiers of which one must hold: those of PEP 440, whatever the lock writes.
        marker: where it applies; "" for everywhere.
        part: the extra or group of the application that asks, "" for none.
    """

    depender: ProjectName | None
    version: str | None
    dependency: ProjectName
    text: str
    accepted: tuple[str, ...]
    marker: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A pinned release that brings another one, where the marker holds; the versions tell forks apart."""

    depender: ProjectName
    version: str | None
    dependency: ProjectName
    chosen: str | None
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock file.

    Attributes:
        kind: its format.
        name: of the file.
        python: the interpreters that it is for, as it writes them; "" where it does not say.
        environments: markers of which one holds wherever it may be installed; none means everywhere.
        pins: sorted by project and version.
        members: the application's own projects, which are no pins.
        bounds: those that it records, sorted.
        recorded: the pins whose bounds are all in ``bounds``; of others only their METADATA tells.
        links: which member or pin brings which pin; empty where the lock does not say.
        notes: what was not read or not followed, one sentence each.
    """

    kind: Kind
    name: str
    python: str = ""
    environments: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    members: tuple[ProjectName, ...] = ()
    bounds: tuple[LockedBound, ...] = ()
    recorded: frozenset[tuple[ProjectName, str | None]] = frozenset()
    links: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()


def ordered_pins(pins: list[Pin]) -> tuple[Pin, ...]:
    """Return the pins in their order, equal ones once."""
    return tuple(sorted(set(pins), key=lambda one: (one.project, one.version or "", one.address, one.markers)))


def ordered_bounds(bounds: list[LockedBound]) -> tuple[LockedBound, ...]:
    """Return the bounds in their order, equal ones once."""
    return tuple(
        sorted(
            set(bounds),
            key=lambda one: (
                *(one.depender or "", one.version or "", one.dependency),
                *(one.text, one.accepted, one.marker, one.part),
            ),
        )
    )


def without_credentials(address: str) -> str:
    """Return an address without the user and password in it.

    >>> without_credentials("git+https://user:secret@host.example/x.git@v1")
    'git+https://host.example/x.git@v1'
    """
    return _USERINFO.sub("//", address, count=1)
