"""How do tests ask real Nix? In a store that holds nothing, with nothing of the user's; missing only outside CI."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest


def nix_program():
    """Return where ``nix-instantiate`` is; where it is missing, skip the test, and in CI fail it."""
    program = shutil.which("nix-instantiate")
    if program is None:
        missing = "nix-instantiate is missing; ./system-packages.sh installs it"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return program


class RealNix:
    """Nix, asked about texts and files."""

    def __init__(self, home: Path):
        self._program = nix_program()
        self._home = home

    def evaluate(self, nix):
        """Return the value of a text or a file, wholly evaluated."""
        return json.loads(self.run(nix, "--eval", "--strict", "--json"))

    def parse(self, nix):
        """Return what Nix reads in a text or a file, as Nix spells it."""
        return self.run(nix, "--parse")

    def run(self, nix, *options):
        """Return what Nix prints of a text or a file; it must succeed."""
        if isinstance(nix, Path):
            path = nix
        else:
            path = self._home / "text.nix"
            path.write_text(nix, encoding="utf-8", newline="")
        done = subprocess.run(
            [self._program, "--store", "dummy://", *options, str(path)],
            env={"PATH": os.environ["PATH"], "HOME": str(self._home), "NIX_STATE_DIR": str(self._home)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def let_coset_ask(monkeypatch, home):
    """Prepare the environment of this process, so that Nix started by coset itself has no store and no user."""
    nix_program()
    monkeypatch.setenv("NIX_REMOTE", "dummy://")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NIX_STATE_DIR", str(home / "state"))
