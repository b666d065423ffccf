"""Who is asked for an address where some indexes are hosts and others are folders?"""

from collections.abc import Sequence

from crawler.limits import Stop
from crawler.localsource import LocalSource
from crawler.source import Answer, Consume, Failure, Request, Source


class Several:
    """Hosts and folders as one `crawler.source.Source`.

    Args:
        hosts: asked for every address that is not in a folder.
        folders: asked for the addresses of files, one after the other.
    """

    def __init__(self, hosts: Source, folders: Sequence[LocalSource]) -> None:
        self._hosts = hosts
        self._folders = folders

    @property
    def requests(self) -> int:
        """How many requests were answered, by hosts and folders."""
        return sum(one.requests for one in self._all())

    @property
    def received(self) -> int:
        """How many bytes of bodies came back."""
        return sum(one.received for one in self._all())

    @property
    def stopped(self) -> Stop | None:
        """Why nothing more is asked for."""
        return next((one.stopped for one in self._all() if one.stopped is not None), None)

    def allow(self, url: str) -> None:
        """Let requests go to the host of this address; a folder allows itself."""
        if not url.startswith("file:"):
            self._hosts.allow(url)

    async def get(self, request: Request) -> Answer | Failure:
        """Return what was asked for."""
        answer: Answer | Failure = Failure("foreign-host", "the address leads to no folder that is crawled")
        for one in self._of(request):
            answer = await one.get(request)
            if isinstance(answer, Answer) or answer.code != "foreign-host":
                break
        return answer

    async def stream(self, request: Request, consume: Consume) -> Answer | Failure:
        """Hand over the body of a whole file part by part."""
        answer: Answer | Failure = Failure("foreign-host", "the address leads to no folder that is crawled")
        for one in self._of(request):
            answer = await one.stream(request, consume)
            if isinstance(answer, Answer) or answer.code != "foreign-host":
                break
        return answer

    def _all(self) -> tuple[Source, ...]:
        return (self._hosts, *self._folders)

    def _of(self, request: Request) -> Sequence[Source]:
        return self._folders if request.url.startswith("file:") else (self._hosts,)
