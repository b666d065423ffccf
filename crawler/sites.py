"""What is known of each index that a crawl reads: is it one, and where does it keep its files?"""

import asyncio
import hashlib
from collections.abc import Iterable

from crawler.health import Health
from crawler.indexes import Indexes
from crawler.locations import base_of, without_user
from crawler.source import Source
from dataset.store import Store
from normalize.addresses import host_of
from normalize.projects import ProjectName

_HOSTS = "index-hosts"


def known_hosts(store: Store) -> frozenset[str]:
    """Return the hosts of the indexes that the dataset was read from, and of others that it was told of."""
    return frozenset((store.setting(_HOSTS) or "").split())


def learn_hosts(store: Store, addresses: Iterable[str]) -> None:
    """Remember the hosts of indexes; a replay of the dataset must judge links to them as the crawl did."""
    known = known_hosts(store)
    hosts = known | {host for one in addresses if (host := host_of(one))}
    if hosts != known:
        store.set_setting(_HOSTS, " ".join(sorted(hosts)))


class Site:
    """One index.

    Attributes:
        address: with its slash at the end.
        key: names it in the store, without saying where it is.
        base: where its files lie; None until a page has shown it.
        health: judges it by its answers.
        first: held while its pages are asked for one after the other, until it is known to be an index.
    """

    def __init__(self, address: str, store: Store, source: Source) -> None:
        self.address = address.rstrip("/") + "/"
        self.key = hashlib.sha256(without_user(self.address).encode()).hexdigest()[:12]
        self.health = Health(self.address)
        self.first = asyncio.Lock()
        self._store = store
        self._source = source
        source.allow(self.address)
        self.base: str | None = None
        self.learn(store.setting(self._setting))

    @property
    def _setting(self) -> str:
        return f"files-base {self.key}"

    @property
    def proven(self) -> bool:
        """Whether nothing is left to learn from the first pages."""
        return self.base is not None and self.health.proven

    def learn(self, base: str | None) -> None:
        """Take what tells where files lie, and let requests go there."""
        if base is None:
            return
        self.base = base
        self._source.allow(base)
        if self._store.setting(self._setting) != without_user(base):
            self._store.set_setting(self._setting, without_user(base))

    def learn_from(self, url: str) -> None:
        """Take the address of a file."""
        self.learn(self.address if url.startswith(self.address) else base_of(url))


class Sites:
    """The indexes of a crawl, each project's own."""

    def __init__(self, indexes: Indexes, store: Store, source: Source) -> None:
        self._indexes = indexes
        self._store = store
        self._sites = {address: Site(address, store, source) for address in indexes.addresses()}
        self.default = self._sites[indexes.default]

    def hosts(self) -> frozenset[str]:
        """Return the hosts of these indexes and of those that are known from before, and remember them for a replay."""
        learn_hosts(self._store, self._sites)
        return known_hosts(self._store)

    def of(self, project: ProjectName) -> Site:
        """Return the index that the project is read from."""
        return self._sites[self._indexes.of(project)]

    def names(self, project: ProjectName) -> bool:
        """Return whether an option names an index for the project."""
        return self._indexes.names(project)

    def all(self) -> tuple[Site, ...]:
        """Return all of them, the default first."""
        return tuple(self._sites.values())
