"""How is work given to workers that may die? At most as many tasks at once as there are workers, each done for sure."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from normalize.errors import OutsideError

Task = TypeVar("Task", bound=Hashable)

MOST_DEATHS = 2
"""A task at which so many workers died is not given to another one."""

_HOPELESS = 4
"""So many times in a row workers are replaced that never finish anything, beside those at which tasks are given up."""

_LOOK = 1.0
"""So often (seconds) it is asked whether the workers are still there while nothing finishes."""


class Crew(Protocol):
    """Workers behind the interface of ``concurrent.futures``; they work within ``with``.

    Attributes:
        size: how many tasks they do at once.
    """

    size: int

    def __enter__(self) -> Self:
        """Begin; OutsideError where there are no workers."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the workers go; tasks that have not begun are not done any more."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Have a function called."""

    def renew(self) -> None:
        """Replace all workers, one of which died."""

    def deaths(self, error: BaseException) -> int:
        """Return of how many workers' deaths an error of a task tells; 0 where it is the task's own."""

    def check(self) -> None:
        """Raise OutsideError where the workers are out of reach."""


@dataclass(frozen=True, slots=True)
class Died:
    """Stands for the result of a task at which workers died."""

    times: int


@dataclass(slots=True)
class _Work(Generic[Task]):
    """What is to be done: tasks that were under way when a worker died are done alone, so that the killer is known."""

    submit: Callable[[Task], Future[Any]]
    waiting: list[Task]
    alone: list[Task] = field(default_factory=list)
    deaths: dict[Task, int] = field(default_factory=dict)
    running: dict[Future[Any], Task] = field(default_factory=dict)
    idle: int = 0


def finished(
    crew: Crew, function: Callable[..., Any], tasks: Iterable[Task], *leading: Any
) -> Iterator[tuple[Task, Any]]:
    """Yield each task with its result as soon as it is there, in whichever order that is.

    Where a worker of a pool dies, all tasks under way are lost, and each is done again by itself; a task at which alone
    ``MOST_DEATHS`` workers died is given up, and its result is :class:`Died`.

    Args:
        crew: the workers.
        function: called with what leads and the task.
        tasks: each is done once.
        leading: the same for all tasks.

    Raises:
        OutsideError: no worker can be had.
    """
    work: _Work[Task] = _Work(lambda task: crew.submit(function, *leading, task), list(tasks)[::-1])
    try:
        while work.waiting or work.alone or work.running:
            _give_out(crew, work)
            yield from _gather(crew, work)
    finally:
        for future in work.running:
            future.cancel()


def _give_out(crew: Crew, work: _Work[Task]) -> None:
    while (work.alone and not work.running) or (not work.alone and work.waiting and len(work.running) < crew.size):
        tasks = work.alone or work.waiting
        try:
            work.running[work.submit(tasks[-1])] = tasks[-1]
        except BrokenExecutor:  # a worker died between two tasks; this one has not begun
            if work.running:
                return
            _renew(crew, work)
        else:
            tasks.pop()


def _gather(crew: Crew, work: _Work[Task]) -> Iterator[tuple[Task, Any]]:
    """Wait until something happens, and yield what is finished."""
    done, _ = wait(work.running, timeout=_LOOK, return_when=FIRST_COMPLETED)
    if not done:
        crew.check()
    lost: dict[Task, int] = {}
    for future in done:
        yield from _outcome(crew, work, future, lost)
    if lost:
        broken = any(number < MOST_DEATHS for number in lost.values())
        for future in list(work.running) if broken else ():  # the same death, told of each task one after the other
            wait([future])
            yield from _outcome(crew, work, future, lost)
        if broken:
            _renew(crew, work)
        for task in sorted(lost, key=str, reverse=True):
            if len(lost) == 1:  # of several, nobody knows which one it was
                work.deaths[task] = work.deaths.get(task, 0) + lost[task]
            if work.deaths.get(task, 0) >= MOST_DEATHS:
                yield task, Died(work.deaths[task])
            else:
                work.alone.append(task)


def _outcome(crew: Crew, work: _Work[Task], future: Future[Any], lost: dict[Task, int]) -> Iterator[tuple[Task, Any]]:
    task = work.running.pop(future)
    if future.cancelled():
        crew.check()
        raise OutsideError(
            "the workers' tasks were cancelled by someone else", hint="run it again: what is done is kept"
        )
    error = future.exception()
    if error is None:
        work.idle = 0
        yield task, future.result()
        return
    number = crew.deaths(error)
    if not number:
        raise error
    lost[task] = number


def _renew(crew: Crew, work: _Work[Task]) -> None:
    work.idle += 1
    if work.idle >= _HOPELESS + MOST_DEATHS * crew.size:
        raise OutsideError(
            f"{work.idle} times in a row workers died before they finished anything",
            hint="is there memory enough? --workers 1 works in this process",
        )
    crew.renew()
