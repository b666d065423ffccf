"""Is this an index at all, and is it up? Judged by how its pages answer, one after the other."""

from crawler.locations import shown
from crawler.source import Failure
from normalize.errors import OutsideError

_DOUBTED, _DOUBTED_LATER = 3, 10
"""So many pages that fail one after the other make an index doubtful, before any was good and after."""

_UNHEARD, _UNREADABLE = 6, 20
"""After so many, none of them good, an index is given up: one that does not answer, and one that answers nonsense. A
few projects that are stuck must not keep the others waiting, whichever comes first."""


class Health:
    """Counts good and bad pages of one index.

    Attributes:
        good: so many pages were good, now or in the crawl that goes on.
        looked_elsewhere: whether other pages were asked for since the last good one, to see whether this is an index.
        gave_up: whether the crawl was ended for the index's sake.
    """

    def __init__(self, index: str) -> None:
        self._index = index
        self.good = 0
        self._bad_in_a_row = 0
        self._last = Failure("unreachable", "")
        self.looked_elsewhere = False
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
        self.looked_elsewhere = False

    def failed(self, failure: Failure) -> None:
        """Count a bad page."""
        if failure.code == "not-found":  # an index says that of a project that does not exist
            self._bad_in_a_row = 0
            return
        if failure.code == "stopped":  # nothing was asked
            return
        self._bad_in_a_row += 1
        self._last = failure

    def doubtful(self, *, ended: bool) -> bool:
        """Return whether other pages should show that this is an index; at the end one bad page is enough."""
        return self._bad_in_a_row >= (_DOUBTED_LATER if self.good else 1 if ended else _DOUBTED)

    def hopeless(self, *, ended: bool) -> bool:
        """Return whether nothing speaks for a doubtful index any more, once other pages have been asked for."""
        most = _UNHEARD if self._last.transient else _UNREADABLE
        return self.doubtful(ended=ended) and (ended or self.proven or self._bad_in_a_row >= most)

    def give_up(self) -> OutsideError:
        """End the crawl for the index's sake; return what to raise."""
        self.gave_up = True
        last = self._last
        pages = "a project page" if self._bad_in_a_row == 1 else f"{self._bad_in_a_row} project pages"
        what = "does not answer" if last.transient else "does not answer as a package index does"
        return OutsideError(
            f"the index {shown(self._index)} {what} ({last.detail}), asked for {pages}",
            hint="check --index and the network, then run the same command again; nothing stored is lost",
        )
