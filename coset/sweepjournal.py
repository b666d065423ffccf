"""What was finished before? A file that keeps each result of a sweep as soon as it is there."""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from normalize.errors import OutsideError, UsageError

SCHEMA = 1
_KIND = "coset sweep journal"
_BEGINNING = f'{{"kind":"{_KIND}"'.encode()


class Journal:
    """A file of JSON lines: what the results rest on, then one result per line; used within ``with``.

    Attributes:
        kept: the results that were there, by key; of another file's inputs none are.

    Args:
        path: of the file; it is made where it is missing, and begun anew where its inputs are others.
        digest: of everything that the results depend on.
        anew: whether to forget what is there.
    """

    def __init__(self, path: Path, digest: str, *, anew: bool = False) -> None:
        self._path, self._digest, self._anew = path, digest, anew
        self._file: Any = None
        self.kept: dict[str, Any] = {}

    def __enter__(self) -> Self:
        try:
            whole = self._read()
            if whole:
                self._file = self._path.open("r+b")
                self._file.truncate(whole)  # a line that was being written when the process died is cut off
                self._file.seek(whole)
            else:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._path.open("wb")
                self._write({"kind": _KIND, "schema": SCHEMA, "inputs": self._digest})
        except OSError as error:
            raise self._failed(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def keep(self, key: str, result: Any) -> None:
        """Keep a result; what was kept is there even if the process is killed at once."""
        try:
            self._write({"key": key, "result": result})
        except OSError as error:
            raise self._failed(error) from None

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        self._file.flush()

    def _read(self) -> int:
        """Read what is there; return how many bytes of it are whole lines about the same inputs."""
        if not self._path.exists():
            return 0
        data = self._path.read_bytes()
        lines = data.split(b"\n")[:-1]
        head = _decoded(lines[0]) if lines else {}
        torn = not lines and (data.startswith(_BEGINNING) or _BEGINNING.startswith(data))
        if not torn and head.get("kind") != _KIND:
            raise UsageError(f"{str(self._path)!r} is no journal of a sweep", hint="name another file with --journal")
        if not lines or self._anew or head.get("inputs") != self._digest or head.get("schema") != SCHEMA:
            return 0
        whole = len(lines[0]) + 1
        for line in lines[1:]:
            found = _decoded(line)
            if not isinstance(found.get("key"), str) or "result" not in found:
                break
            self.kept[found["key"]] = found["result"]
            whole += len(line) + 1
        return whole

    def _failed(self, error: OSError) -> OutsideError:
        return OutsideError(
            f"the journal {str(self._path)!r} cannot be written: {error.strerror or os.strerror(error.errno or 0)}",
            hint="name another file with --journal FILE",
        )


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
