"""What may an archive from outside cost, and how is one refused?"""

MOST_METADATA = 8 << 20
"""Bytes of one METADATA or PKG-INFO, inflated; real ones have some 10 KB."""

MOST_DIRECTORY = 32 << 20
MOST_ENTRIES = 500_000
MOST_SDIST = 32 << 20
MOST_INFLATED = 256 << 20
MOST_RATIO = 200
SMALL_FILE = 1 << 20
"""A file up to this size may be fetched whole where its parts cannot be."""


class BadArchive(Exception):  # noqa: N818 - turns into a problem record
    """The archive cannot be read, or should not be believed.

    Args:
        code: of the problem to record.
        detail: what was found.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
