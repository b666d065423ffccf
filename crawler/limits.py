"""How much may one crawl ask for, and which limit has it reached?"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from normalize.errors import OutsideError

StopReason = Literal["max-requests", "contact", "max-bytes", "until", "host-failing"]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a crawl sends nothing more.

    Attributes:
        reason: the limit that the user set and that was reached; or that more should not be asked for without saying
            who asks; or that a host fails too often.
        detail: in words; names no host.
    """

    reason: StopReason
    detail: str

    def error(self) -> OutsideError | None:
        """Return what to raise once everything is stored; None where the user wanted the crawl to end here."""
        if self.reason != "host-failing":
            return None
        return OutsideError(
            f"the crawl was ended because {self.detail}",
            hint="run the same command again later and it goes on; nothing stored is lost",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """After what a crawl ends, to be gone on with another day.

    Attributes:
        max_requests: so many requests are sent at most.
        without_contact: so many are sent at most because nobody says who asks.
        max_bytes: nothing is sent once so many bytes of bodies came back; what is on its way still arrives.
        until: nothing is sent from this time on, in seconds since 1970.
    """

    max_requests: int | None = None
    without_contact: int | None = None
    max_bytes: int | None = None
    until: float | None = None

    def reached(self, *, requests: int, received: int, wall: float) -> Stop | None:
        """Return the limit that was reached, or None."""
        if self.max_requests is not None and requests >= self.max_requests:
            return Stop("max-requests", f"the crawl may send {self.max_requests:,} requests, and has")
        if self.without_contact is not None and requests >= self.without_contact:
            most = f"{self.without_contact:,} requests"
            return Stop("contact", f"the crawl may send {most} without saying who asks, and has")
        if self.max_bytes is not None and received >= self.max_bytes:
            return Stop("max-bytes", f"the crawl may receive {self.max_bytes:,} bytes, and has")
        if self.until is not None and wall >= self.until:
            return self.too_late()
        return None

    def too_late(self) -> Stop:
        """Return that no request can be sent within the time that is left."""
        assert self.until is not None, "without an end it is never too late"
        time = dt.datetime.fromtimestamp(self.until, dt.UTC)
        return Stop("until", f"the crawl may go on until {time:%Y-%m-%d %H:%M:%S} UTC, and nothing can be sent before")

    def seconds_left(self, wall: float) -> float:
        """Return how long requests may still be sent."""
        return float("inf") if self.until is None else self.until - wall


NO_LIMITS = Limits()
