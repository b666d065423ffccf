"""What does a ``pylock.toml`` pin? PEP 751, read and validated by packaging."""

import re
from collections.abc import Mapping
from typing import Any

from packaging.pylock import Package, Pylock, PylockValidationError

from dataset.lock import Lock, Pin, Source, ordered_pins, without_credentials
from normalize.errors import UsageError
from normalize.projects import project_name
from normalize.requirements import absurd

_READ = re.compile(r"1(\.\d{1,9})?")


def pylock(data: Mapping[str, Any], name: str) -> Lock:
    """Return what a ``pylock.toml`` says; it records no bounds.

    Raises:
        UsageError: its version is not known, or it breaks the standard.
    """
    version = data.get("lock-version")
    if not isinstance(version, str) or not _READ.fullmatch(version):
        raise UsageError(f"{name} has lock-version {version!r}; coset reads 1.x", hint="write it with 1.0")
    try:
        found = Pylock.from_dict({**data, "lock-version": "1.0"})  # packaging would log what the note says
    except (PylockValidationError, ValueError, TypeError, RecursionError) as error:
        raise UsageError(f"{name} breaks the standard of lock files: {error}", hint="see PEP 751") from None
    pins = []
    for one in found.packages:
        source, address = _source(one)
        marker = "" if one.marker is None else str(one.marker)
        if absurd(marker):
            raise UsageError(f"{name} has a marker of {one.name} that is made to break its readers")
        pins.append(
            Pin(
                project=project_name(one.name),
                version=None if one.version is None else str(one.version),
                source=source,
                address=without_credentials(address),
                markers=(marker,) if marker else (),
            )
        )
    environments = tuple(map(str, found.environments or ()))
    if any(map(absurd, environments)):
        raise UsageError(f"{name} has an environment that is made to break its readers")
    notes = () if version == "1.0" else (f"lock-version {version} was read as 1.0",)
    return Lock(
        kind="pylock",
        name=name,
        python="" if found.requires_python is None else str(found.requires_python),
        environments=environments,
        pins=ordered_pins(pins),
        notes=notes,
    )


def _source(one: Package) -> tuple[Source, str]:
    if one.vcs is not None:
        return "git" if one.vcs.type == "git" else "url", one.vcs.url or one.vcs.path or ""
    if one.directory is not None:
        return "editable" if one.directory.editable else "path", one.directory.path
    if one.archive is not None:
        return ("url", one.archive.url) if one.archive.url else ("path", one.archive.path or "")
    return "index", ""
