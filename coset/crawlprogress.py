"""How does a person follow a crawl? A bar on a terminal, a line now and then elsewhere; always on stderr."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from coset import terminal
from crawler.progress import Nobody
from dataset.crawlstate import Problem
from normalize.projects import ProjectName

_EVERY = 100


class Shown(Nobody):
    """Shows pages and releases as they come in; use it with ``with``."""

    def __init__(self, *, verbose: bool) -> None:
        console = Console(stderr=True, no_color=not terminal.coloured(sys.stderr))
        self._verbose = verbose
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[problems]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._plain = not console.is_terminal
        self._pages = self._bars.add_task("project pages", total=0, problems="")
        self._releases = self._bars.add_task("releases", total=0, problems="")
        self._planned = [0, 0]
        self._done = [0, 0]
        self._problems = 0

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def pages_planned(self, count: int) -> None:
        """Make the first bar longer."""
        self._planned[0] += count
        self._bars.update(self._pages, total=self._planned[0])

    def page_done(self, project: ProjectName) -> None:  # noqa: ARG002
        """Move the first bar."""
        self._done[0] += 1
        self._bars.advance(self._pages)

    def releases_planned(self, count: int) -> None:
        """Make the second bar longer."""
        self._planned[1] += count
        self._bars.update(self._releases, total=self._planned[1])

    def release_done(self, project: ProjectName, version: str, rung: str) -> None:  # noqa: ARG002
        """Move the second bar, or print a line now and then."""
        self._done[1] += 1
        self._bars.advance(self._releases)
        if self._plain and self._done[1] % _EVERY == 0:
            pages, releases = self._done
            line = f"{pages} of {self._planned[0]} project pages, {releases} of {self._planned[1]} releases"
            terminal.note(f"{line}, {self._problems} problems")

    def problem(self, problem: Problem) -> None:
        """Count it; show it where the user asked for more."""
        self._problems += 1
        self._bars.update(self._releases, problems=f"{self._problems} problems")
        if self._verbose:
            where = " ".join(one for one in (problem.project, problem.version, problem.file) if one)
            text = f"{where}: {problem.code} ({problem.detail})"
            self._bars.console.print(terminal.harmless(text), markup=False, highlight=False, soft_wrap=True)
