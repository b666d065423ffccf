"""How is a file read that the user names, and is it what it should be? A plan and a snapshot are told apart."""

import json
from pathlib import Path
from typing import Any, Literal

from dataset.currentset import CurrentSet, current_set_from_json
from normalize.errors import OutsideError, UsageError

PLAN = "plan.json"
A_PLAN = "a plan is the plan.json of 'coset solve --out DIR'"
A_SNAPSHOT = "a snapshot (a current set) is the nixpkgs.json of 'coset snapshot'"


def read_given(path: Path, hint: str, *, what: str = "file", most: int | None = None) -> str:
    """Return the text of a file.

    Args:
        path: as the user spells it.
        hint: what to say where it is no such file, such as who writes one.
        what: what is looked for.
        most: larger files are refused (bytes); None where any size will do.

    Raises:
        UsageError: there is no such file, it is a folder, too large, or no text.
        OutsideError: it cannot be read.
    """
    try:
        size = 0 if most is None else path.stat().st_size
        if most is not None and size > most:
            raise UsageError(f"{str(path)!r} has {size:,} bytes; no more than {most:,} are read", hint=hint)
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"there is no {what} {str(path)!r}", hint=hint) from None
    except IsADirectoryError:
        raise UsageError(f"{str(path)!r} is a folder, not a file", hint=hint) from None
    except UnicodeDecodeError:
        raise UsageError(f"{str(path)!r} is not UTF-8 text", hint=hint) from None
    except OSError as error:
        raise OutsideError(f"{str(path)!r} cannot be read: {error.strerror}") from None


def plan_in(path: Path) -> Path:
    """Return the plan of a folder that ``coset solve --out`` wrote, and any other path as it is."""
    inside = path / PLAN
    try:
        return inside if inside.is_file() else path
    except OSError:  # what is wrong with the path, its reader tells
        return path


def kind_of(data: Any) -> Literal["plan", "snapshot"] | None:
    """Return what decoded JSON is, whatever its file is called.

    >>> kind_of({"attributes": {}, "revision": "abc"}), kind_of({"packages": {}, "status": "optimal"}), kind_of([])
    ('snapshot', 'plan', None)
    """
    if isinstance(data, dict) and "packages" in data and "status" in data:
        return "plan"
    return "snapshot" if isinstance(data, dict) and "attributes" in data and "revision" in data else None


def read_snapshot(path: Path, *, where: str) -> CurrentSet:
    """Read a current set; errors in it begin with ``where``.

    Raises:
        UsageError: there is no such file, or it is no snapshot.
        OutsideError: it cannot be read.
    """
    text = read_given(path, A_SNAPSHOT)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{str(path)!r} is not JSON: {error}", hint="write one with 'coset snapshot'") from None
    if kind_of(data) == "plan":
        raise UsageError(f"{str(path)!r} is a plan, not a snapshot (a current set)", hint=A_SNAPSHOT)
    try:
        return current_set_from_json(data, where=where)
    except UsageError as error:
        raise UsageError(error.sentence, hint=error.hint or A_SNAPSHOT) from None
