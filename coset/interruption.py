"""What does Ctrl-C mean while a search is under way? Take the best answer so far; a second one ends the program."""

import signal
from types import FrameType, TracebackType
from typing import Self

from coset import terminal


class Interruption:
    """Listens for Ctrl-C while it is used with ``with``; nothing is changed outside the main thread's reach.

    Args:
        quiet: whether nothing is to be said about it.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._found = False
        self._asked = False

    def __enter__(self) -> Self:
        self._former = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._former)

    def asked(self) -> bool:
        """Return whether to stop with what there is."""
        return self._asked

    def heard(self, _cost: int, _bound: int) -> None:
        """Hear that there is an answer to stop with."""
        self._found = True

    def _interrupted(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked or not self._found:
            raise KeyboardInterrupt
        self._asked = True
        terminal.note("stopping with the best plan so far; Ctrl-C again ends without one", quiet=self._quiet)
