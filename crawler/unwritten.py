"""How is a dataset looked at as a crawl would see it, without writing to it? What it would note is kept in memory."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from dataset.crawlstate import Crawled
from dataset.store import Store
from normalize.projects import ProjectName


class Unwritten(Store):
    """A dataset that is opened with ``Unwritten.open(path)``: no lock is needed, and another process may write it.

    Settings that are made are seen by who made them and are forgotten at the end; so is the root list.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self._noted: dict[str, str | None] = {}

    def setting(self, key: str) -> str | None:
        """Return a local setting."""
        return self._noted[key] if key in self._noted else super().setting(key)

    def set_setting(self, key: str, value: str | None) -> None:
        """Note a local setting."""
        self._noted[key] = value

    def put_serials(self, serials: Mapping[ProjectName, int]) -> None:
        """Do nothing; who has read a root list knows it."""

    def keep_crawled(self, times: Crawled) -> None:
        """Do nothing."""
