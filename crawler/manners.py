"""How politely and how patiently is an index asked?"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.source import Lane
from normalize.errors import UsageError

MOST_CONNECTIONS = 10
"""Those who run indexes call more unreasonable."""

SLOWEST = 0.001
"""Requests a second; whoever wants fewer wants none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds.

    Attributes:
        connect: for a connection.
        read: for the next bytes.
        base: for an answer, besides the time that its bytes may take.
        longest: for an answer, however large.
        slowest: bytes a second; who sends fewer for long is not waited for. `read` alone never ends a slow loris.
    """

    connect: float = 10.0
    read: float = 20.0
    base: float = 30.0
    longest: float = 600.0
    slowest: float = 64 * 1024

    def total(self, cap: int) -> float:
        """Return how long an answer of at most so many bytes may take."""
        return min(self.base + cap / self.slowest, self.longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How to ask.

    Attributes:
        agent: program and version.
        contact: a person or a page, for those who run the index.
        home: where the program comes from, or "".
        connections: at most this many at once to one host.
        rates: requests a second to one host, by lane.
        trust_environment: whether proxies named in the environment are used.

    Raises:
        UsageError: nobody may ask like that.
    """

    agent: str
    contact: str = ""
    home: str = ""
    connections: int = 4
    rates: Mapping[Lane, float] = field(default_factory=lambda: {"index": 8.0, "files": 16.0})
    patience: Patience = field(default_factory=Patience)
    trust_environment: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.connections <= MOST_CONNECTIONS:
            raise UsageError(
                f"{self.connections} connections at once to one host cannot be meant",
                hint=f"ask with 1 to {MOST_CONNECTIONS}; those who run indexes call more unreasonable",
            )
        for lane, rate in sorted(self.rates.items()):
            if not rate >= SLOWEST:
                raise UsageError(
                    f"{rate:g} requests a second for {lane} cannot be meant",
                    hint=f"give a rate such as 8, and {SLOWEST:g} at least",
                )

    def user_agent(self) -> str:
        """Return the User-Agent header: ``program/version (+home; contact)``.

        >>> Manners(agent="coset/1", home="https://coset.example", contact="me@mail.example").user_agent()
        'coset/1 (+https://coset.example; me@mail.example)'
        """
        said = "; ".join(filter(None, (self.home, self.contact)))
        words = "".join(c if " " <= c <= "~" else "?" for c in said)
        return f"{self.agent} (+{words})" if words else self.agent
