"""Is this an index at all, and is it up? Judged by how its pages answer, one after the other."""

from crawler.locations import shown
from crawler.source import Failure
from normalize.errors import OutsideError

_BAD_IN_A_ROW = 3
"""So many pages that fail one after the other, before any was good, mean that the index itself is wrong."""

_DOWN_IN_A_ROW = 10


class Health:
    """Counts good and bad pages of one index.

    Attributes:
        good: so many pages were good, now or in the crawl that goes on.
        gave_up: whether the crawl was ended for the index's sake.
    """

    def __init__(self, index: str) -> None:
        self._index = index
        self.good = 0
        self._bad_in_a_row = 0
        self._last = Failure("unreachable", "")
        self.gave_up = False

    @property
    def proven(self) -> bool:
        """Whether a page has been good, now or in the crawl that goes on."""
        return self.good > 0

    def known_before(self) -> None:
        """Count a page that was read before the crawl was interrupted."""
        self.good += 1

    def answered(self) -> None:
        """Count a good page."""
        self.good += 1
        self._bad_in_a_row = 0

    def failed(self, failure: Failure) -> None:
        """Count a bad page.

        Raises:
            OutsideError: it is one too many.
        """
        if failure.code == "not-found":  # an index says that of a project that does not exist
            self._bad_in_a_row = 0
            return
        if failure.code == "stopped":  # nothing was asked
            return
        self._bad_in_a_row += 1
        self._last = failure
        if self._bad_in_a_row >= (_DOWN_IN_A_ROW if self.good else _BAD_IN_A_ROW):
            self._give_up()

    def check(self) -> None:
        """Look at a crawl that has come to its end.

        Raises:
            OutsideError: no page was good, and the last one was bad.
        """
        if self._bad_in_a_row and not self.good:
            self._give_up()

    def _give_up(self) -> None:
        self.gave_up = True
        last = self._last
        pages = "a project page" if self._bad_in_a_row == 1 else f"{self._bad_in_a_row} project pages"
        what = "does not answer" if last.transient else "does not answer as a package index does"
        raise OutsideError(
            f"the index {shown(self._index)} {what} ({last.detail}), asked for {pages}",
            hint="check --index and the network, then run the same command again; nothing stored is lost",
        )
