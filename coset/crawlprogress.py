"""How does a person follow a crawl? A bar on a terminal, a line now and then elsewhere; always on stderr."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from coset import terminal
from crawler.progress import Nobody
from dataset.crawlstate import Problem
from normalize.projects import ProjectName

_SECONDS = 10.0
"""Between two lines where there is no terminal."""


class Tally:
    """How far a crawl has come, and how fast."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = clock()
        self.pages = self.releases = self.problems = 0
        self.pages_due = self.releases_due = 0

    def rate(self) -> float:
        """Return how many pages and releases were done in a second, from the beginning on."""
        return (self.pages + self.releases) / max(self._clock() - self._begun, 0.001)

    def seconds_left(self) -> float | None:
        """Return how long the rest takes if it goes on like this, with as many releases to a page as until now."""
        if not self.pages:
            return None
        pages = self.pages_due - self.pages
        coming = pages * self.releases_due / self.pages
        return (pages + self.releases_due - self.releases + coming) / max(self.rate(), 0.001)

    def sentence(self) -> str:
        """Return all of it in one line."""
        left = self.seconds_left()
        end = "" if left is None else f", about {_spoken(left)} left"
        return (
            f"{self.pages:,} of {self.pages_due:,} projects, {self.releases:,} of {self.releases_due:,} releases, "
            f"{self.rate():.1f} a second, {self.problems:,} problems{end}"
        )


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Shown(Nobody):
    """Shows pages and releases as they come in; use it with ``with``."""

    def __init__(self, *, verbose: bool, clock: Callable[[], float] = time.monotonic) -> None:
        console = Console(stderr=True, no_color=not terminal.coloured(sys.stderr))
        self._verbose = verbose
        self._clock = clock
        self._told = clock()
        self._tally = Tally(clock)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._plain = not console.is_terminal
        self._pages = self._bars.add_task("projects", total=0, note="")
        self._releases = self._bars.add_task("releases", total=0, note="")

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def pages_planned(self, count: int) -> None:
        """Make the first bar longer."""
        self._tally.pages_due += count
        self._show()

    def page_done(self, project: ProjectName) -> None:  # noqa: ARG002
        """Move the first bar."""
        self._tally.pages += 1
        self._show()

    def releases_planned(self, count: int) -> None:
        """Make the second bar longer."""
        self._tally.releases_due += count

    def release_done(self, project: ProjectName, version: str, rung: str) -> None:  # noqa: ARG002
        """Move the second bar."""
        self._tally.releases += 1
        self._show()

    def problem(self, problem: Problem) -> None:
        """Count it; show it where the user asked for more."""
        self._tally.problems += 1
        if self._verbose:
            where = " ".join(one for one in (problem.project, problem.version, problem.file) if one)
            text = f"{where}: {problem.code} ({problem.detail})"
            self._bars.console.print(terminal.harmless(text), markup=False, highlight=False, soft_wrap=True)

    def _show(self) -> None:
        tally, now = self._tally, self._clock()
        if self._plain:
            if now - self._told >= _SECONDS:
                self._told = now
                terminal.note(tally.sentence())
            return
        if now - self._told < 0.1 and tally.pages < tally.pages_due:  # a bar that moves more often only costs time
            return
        self._told = now
        left = tally.seconds_left()
        end = "" if left is None else f", about {_spoken(left)} left"
        note = f"{tally.rate():.1f} a second, {tally.problems:,} problems{end}"
        self._bars.update(self._pages, completed=tally.pages, total=tally.pages_due)
        self._bars.update(self._releases, completed=tally.releases, total=tally.releases_due, note=note)
