"""How are times compared between noisy, different machines? As multiples of a unit of work measured in the same run."""

import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

UNIT = (sys.executable, "-I", "-S", "-c", "sum(range(5_000_000))")
"""The unit: additions in a fresh interpreter, which scales with processor and interpreter as coset itself does."""

_KILOBYTE = 1 if sys.platform == "darwin" else 1024
"""What ``ru_maxrss`` counts in, in bytes."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: seconds on the wall and of the processor, and the largest memory it ever had, in bytes."""

    seconds: float
    processor: float
    memory: int


@dataclass(frozen=True, slots=True)
class Runs:
    """Several runs of one command."""

    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        """The median."""
        return median(run.seconds for run in self.runs)

    @property
    def least(self) -> float:
        """The fastest: where others work on the machine too, they can only have added to it."""
        return min(run.seconds for run in self.runs)

    @property
    def processor(self) -> float:
        """The median of the processor's seconds, which do not count waiting for other work."""
        return median(run.processor for run in self.runs)

    @property
    def memory(self) -> int:
        """The largest."""
        return max(run.memory for run in self.runs)


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None, *, no: bool = False) -> Run:
    """Run a command to its end, its output thrown away.

    The system counts the memory of the process that starts another as that one's too, so keep it small.

    Args:
        command: the words.
        environment: that of this process where it is None.
        no: whether exit status 1, a truthful "no", is an answer too.

    Raises:
        RuntimeError: it failed; a benchmark of something that fails would say nothing.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        env=dict(environment or os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)  # unlike getrusage, this child's memory and no other's
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > no or process.returncode < 0:
        raise RuntimeError(f"status {process.returncode}: {' '.join(map(str, command))}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _KILOBYTE)


def unit(times: int = 1) -> list[Run]:
    """Return how long the unit takes now, several times."""
    return [run(UNIT) for _ in range(times)]


def machine() -> str:
    """Return one line about the machine."""
    busy = os.getloadavg()[0]
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, {python}, load {busy:.1f}"


def megabytes(memory: int) -> str:
    """Return bytes as text."""
    return f"{memory / 1e6:.0f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose first column is text and whose other columns are numbers."""
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
