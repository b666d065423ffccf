"""How does git keep what was edited? One commit for each attribute, of its files alone."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from coset.checkout import Checkout
from normalize.errors import OutsideError, UsageError

_LONGEST = 300

_ELSEWHERE = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX"}
)
"""What would lead git to another repository than the checkout's; who commits may come from the environment."""


class Git:
    """The git of a checkout.

    Args:
        checkout: the checkout.

    Raises:
        UsageError: it is in no repository.
        OutsideError: there is no git.
    """

    def __init__(self, checkout: Checkout) -> None:
        program = shutil.which("git")
        if program is None:
            raise OutsideError("git is missing, and --commit needs it", hint="leave --commit out, and commit yourself")
        self._program = program
        self._root = str(checkout.root)
        if self._run("rev-parse", "--is-inside-work-tree").returncode:
            raise UsageError(f"{self._root!r} is in no git repository", hint="leave --commit out")

    def changed(self) -> frozenset[str]:
        """Return the files of the checkout's packages that have changes which are not committed.

        Raises:
            OutsideError: git fails.
        """
        done = self._run("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--", "pkgs")
        self._check(done, "say what is committed")
        prefix = self._prefix()
        return frozenset(one[3:].removeprefix(prefix) for one in done.stdout.split("\0") if len(one) > 3)

    def commit(self, paths: Sequence[str], message: str) -> None:
        """Commit these files, as they are on the disk.

        Raises:
            OutsideError: git fails, for example because it does not know who commits.
        """
        done = self._run("commit", "--quiet", "--cleanup=whitespace", "--file=-", "--only", "--", *paths, text=message)
        self._check(done, f"commit {', '.join(paths)}")

    def _prefix(self) -> str:
        return self._run("rev-parse", "--show-prefix").stdout.removesuffix("\n")

    def _check(self, done: "subprocess.CompletedProcess[str]", what: str) -> None:
        if done.returncode:
            told = " ".join((done.stderr.strip() or done.stdout.strip()).split())
            raise OutsideError(f"git cannot {what}: {told[:_LONGEST]}", hint="what was committed before stays")

    def _run(self, *words: str, text: str = "") -> "subprocess.CompletedProcess[str]":
        environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        return subprocess.run(  # noqa: S603 -- no shell
            [self._program, "--literal-pathspecs", "-C", self._root, *words],
            input=text,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            env=environment,
        )
