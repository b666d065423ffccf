"""What does Nix say of nixpkgs' Python set? One batched evaluation; the only subprocess that runs Nix."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from normalize.errors import OutsideError, UsageError
from normalize.targets import Target

PROGRAM = "nix-instantiate"
_FORMAT = "coset snapshot 1"
_MOST_SKIPPED = 50
_CULPRIT = re.compile(r"while coset reads '([^']*)' of '")
_ERROR = re.compile(r"^\s*error: *(.*)$")
_SHOWN = 300
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

_LEFT_OUT_ENVIRONMENT = ("NIX_PATH", "NIXPKGS_CONFIG")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What Nix answered.

    Attributes:
        targets: one table for each target, in their order: ``attributes`` and ``maintainers``.
        skipped: attributes whose failure Nix cannot catch -> what it said, sorted.
    """

    targets: tuple[Mapping[str, Any], ...]
    skipped: tuple[tuple[str, str], ...]


def nix_program() -> str | None:
    """Return where Nix is, or None where it is not installed."""
    return shutil.which(PROGRAM)


def set_of(target: Target) -> str:
    """Return the attribute of nixpkgs that is the Python set of a target.

    >>> set_of(Target("3.13", "x86_64-linux"))
    'python313Packages'
    """
    return f"python{''.join(target.python.split('.')[:2])}Packages"


def evaluate_set(nixpkgs: str, targets: Sequence[Target]) -> Evaluated:
    """Evaluate the Python sets of all targets at once.

    An attribute that fails in a way that Nix cannot catch (a missing attribute, a wrong type) ends the evaluation;
    its name is then in Nix's trace, and everything is evaluated again without it.

    Args:
        nixpkgs: the absolute path of the checkout.
        targets: interpreters on systems.

    Raises:
        UsageError: Nix is not installed.
        OutsideError: Nix fails, or prints something else than was asked for.
    """
    program = nix_program()
    if program is None:
        raise UsageError(
            f"{PROGRAM} is not installed, so {nixpkgs!r} cannot be evaluated",
            hint="install Nix, or read the files alone with '--by parse'",
        )
    skipped: dict[str, str] = {}
    while True:
        status, out, complaint = _run(program, nixpkgs, targets, sorted(skipped))
        if status == 0:
            return Evaluated(_decoded(out, len(targets)), tuple(sorted(skipped.items())))
        culprits = _CULPRIT.findall(complaint)
        message = shortened(complaint)
        if not culprits or culprits[-1] in skipped or len(skipped) >= _MOST_SKIPPED:
            raise OutsideError(
                f"Nix cannot evaluate {nixpkgs!r}: {message}", hint="read the files alone with '--by parse'"
            )
        skipped[culprits[-1]] = message


def _run(program: str, nixpkgs: str, targets: Sequence[Target], skip: Sequence[str]) -> tuple[int, bytes, str]:
    request = {"targets": [{"system": one.system, "set": set_of(one)} for one in targets], "skip": list(skip)}
    environment = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT_ENVIRONMENT}
    environment = {name: value for name, value in environment.items() if not name.startswith("NIXPKGS_ALLOW")}
    with as_file(files("nixpkgs") / "snapshot.nix") as expression:
        command = [
            program,
            *("--eval", "--strict", "--json", "--show-trace"),
            *("--option", "allow-import-from-derivation", "false"),
            str(expression),
            *("--argstr", "nixpkgs", nixpkgs),
            *("--argstr", "request", json.dumps(request)),
        ]
        try:
            done = subprocess.run(  # noqa: S603 -- no shell, and the checkout is what the user wants evaluated
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False, env=environment
            )
        except OSError as error:
            raise OutsideError(f"{program!r} cannot be started: {error.strerror}") from None
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def _decoded(out: bytes, count: int) -> tuple[Mapping[str, Any], ...]:
    try:
        data = json.loads(out)
    except (ValueError, RecursionError):
        data = None
    targets = data.get("targets") if isinstance(data, dict) and data.get("format") == _FORMAT else None
    if not (isinstance(targets, list) and len(targets) == count and all(isinstance(one, dict) for one in targets)):
        start = out[:60].decode("utf-8", "replace")
        raise OutsideError(
            f"Nix printed something else than the set: {start!r}", hint=f"is '{PROGRAM}' in your PATH really Nix?"
        )
    return tuple(targets)


def shortened(complaint: str) -> str:
    r"""Return the sentence that counts in what Nix complains about, on one line.

    >>> shortened("warning: x\nerror: attribute 'a' missing\n\n       at /x.nix:1:2:\n")
    "attribute 'a' missing"
    """
    lines = [_COLOUR.sub("", line).rstrip() for line in complaint.splitlines()]
    found = [(i, match[1]) for i, line in enumerate(lines) if (match := _ERROR.match(line))]
    said = [text or next((line.strip() for line in lines[i + 1 :] if line.strip()), "") for i, text in found]
    said = [one for one in said if one and not one.startswith("while ")] or [
        line.strip() for line in lines if line.strip()
    ]
    text = said[-1] if said else "it said nothing"
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
