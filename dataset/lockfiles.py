"""Which lock file is this, and what does it pin? Its content decides, not its name."""

import json
import re
import tomllib
from typing import Any

from dataset.lock import Lock
from dataset.poetrylock import poetry_lock
from dataset.pylock import pylock
from dataset.requirementsfile import requirements_file
from dataset.uvlock import uv_lock
from normalize.errors import UsageError

FORMATS = "pylock.toml, requirements.txt, uv.lock and poetry.lock"
_HINT = f"coset reads {FORMATS}"
_PDM = "export it with 'pdm export -f pylock' or '-f requirements'"
_PIPENV = "export it with 'pipenv requirements'"
_KEY = re.compile(r"\w+:(\s|$)")


def read_lock(text: str, name: str) -> Lock:
    """Return what a lock file says.

    Args:
        text: of the file.
        name: of the file, for messages; a last resort where the text fits several formats.

    Raises:
        UsageError: it is none of the four formats, of a version that is not known, or damaged.
    """
    text = text.removeprefix("\ufeff")
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib lets Python's own limit on numbers through
        return _not_toml(text, name, error)
    if not data:
        if not text.strip() or name.endswith((".toml", ".lock")):
            raise UsageError(f"{name} pins nothing: it is empty", hint=_HINT)
        return requirements_file(text, name)
    if "lock-version" in data and ("packages" in data or "created-by" in data):
        return pylock(data, name)
    if _is_uv(data):
        return uv_lock(data, name)
    metadata = data.get("metadata")
    if isinstance(metadata, dict) and ("lock-version" in metadata or "content-hash" in metadata):
        return poetry_lock(data, name)
    raise UsageError(f"{name} is no lock file of a Python application: {_looks_like(data)}", hint=_other(data))


def _is_uv(data: dict[str, Any]) -> bool:
    packages = data.get("package")
    several = packages if isinstance(packages, list) else []
    tables = any(isinstance(one, dict) and isinstance(one.get("source"), dict) for one in several)
    return "version" in data and ("requires-python" in data or "revision" in data or tables)


def _looks_like(data: dict[str, Any]) -> str:
    metadata = data.get("metadata")
    if isinstance(metadata, dict) and "lock_version" in metadata:
        return "it looks like pdm.lock"
    if "project" in data or "build-system" in data or "tool" in data:
        return "it looks like pyproject.toml, which has bounds and no pins"
    if "package" in data and "version" in data:
        return "it looks like Cargo.lock"
    return "none of the keys that lock files have is there"


def _is_yaml(text: str) -> bool:
    """Return whether a text begins with a key of YAML, behind comments and blank lines; no requirement looks so."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith(("#", "---")))
    return _KEY.match(next(lines, "")) is not None


def _other(data: dict[str, Any]) -> str:
    return _PDM if "pdm.lock" in _looks_like(data) else _HINT


def _not_toml(text: str, name: str, error: Exception) -> Lock:
    if text.lstrip().startswith("{"):
        try:
            keys = json.loads(text)
        except (ValueError, RecursionError):
            keys = {}
        pipenv = isinstance(keys, dict) and "_meta" in keys
        looks = "it looks like Pipfile.lock" if pipenv else "it is JSON"
        raise UsageError(
            f"{name} is no lock file that coset reads: {looks}", hint=_PIPENV if pipenv else _HINT
        ) from None
    if _is_yaml(text):
        looks = "it looks like pixi.lock" if re.search(r"(?m)^environments:", text) else "it looks like YAML"
        raise UsageError(f"{name} is no lock file that coset reads: {looks}", hint=_HINT) from None
    if name.endswith((".toml", ".lock")) or any(line.startswith("[[package") for line in text.splitlines()):
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        hint = "a merge is unfinished" if "<<<<<<<" in text else _HINT
        raise UsageError(f"{name} is not TOML: {reason}", hint=hint) from None
    return requirements_file(text, name)
