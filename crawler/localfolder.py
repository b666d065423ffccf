"""What does a folder of wheels and sdists hold, told as project pages (PEP 691, 700) of an index?"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion

from normalize.projects import ProjectName

_READ = 1 << 20
_MOST_FILES = 1_000_000
_SDISTS = (".tar.gz", ".tgz", ".tar.bz2", ".zip")

Inside = Callable[[Path], Path | None]
"""Returns where a path really leads, or None where that is outside the folder or not a regular file."""


def listing(folder: Path) -> dict[ProjectName, tuple[str, ...]]:
    """Return the names of the wheels and sdists that lie in the folder itself, by project, sorted.

    Raises:
        OSError: the folder cannot be read.
    """
    found: dict[ProjectName, list[str]] = {}
    for name in sorted(one.name for one in folder.iterdir())[:_MOST_FILES]:
        project = _project(name)
        if project is not None:
            found.setdefault(project, []).append(name)
    return {project: tuple(names) for project, names in found.items()}


def page(folder: Path, project: ProjectName, names: tuple[str, ...], inside: Inside) -> bytes:
    """Return the project's page: its files with size and sha256, and that of the sidecar beside a wheel.

    A file that cannot be read is listed without them: reading it fails, and that is recorded.
    """
    files = [_file(folder, name, inside) for name in names]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": project, "files": files}, sort_keys=True).encode()


def _project(name: str) -> ProjectName | None:
    try:
        if name.endswith(".whl"):
            return ProjectName(parse_wheel_filename(name)[0])
        for ending in _SDISTS:
            if name.endswith(ending):
                return ProjectName(parse_sdist_filename(f"{name.removesuffix(ending)}.tar.gz")[0])
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        pass
    return None


def _file(folder: Path, name: str, inside: Inside) -> dict[str, Any]:
    told: dict[str, Any] = {"filename": name, "url": f"../{quote(os.fsencode(name))}", "hashes": {}}
    measured = _measured(inside(folder / name))
    if measured is not None:
        told["hashes"], told["size"] = {"sha256": measured[0]}, measured[1]
    sidecar = _measured(inside(folder / f"{name}.metadata"))
    if sidecar is not None:
        told["core-metadata"] = {"sha256": sidecar[0]}
    return told


def _measured(path: Path | None) -> tuple[str, int] | None:
    if path is None:
        return None
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_READ):
                digest.update(chunk)
                size += len(chunk)
    except OSError:
        return None
    return digest.hexdigest(), size
