"""What may an archive from outside cost, and how is one refused?"""

MOST_METADATA = 8 << 20
"""Bytes of one METADATA or PKG-INFO, inflated; real ones have some 10 KB."""

MOST_REQUIREMENTS = 10_000
"""Of one release; the largest on the index have some 2,000 lines, and each costs some 60 us where it is new."""

MOST_TEXT = 1 << 20
"""Bytes of one pyproject.toml, setup.cfg, requires.txt or list of members, inflated."""

MOST_DIRECTORY = 32 << 20
MOST_ENTRIES = 500_000
MOST_SDIST = 32 << 20
MOST_INFLATED = 256 << 20
MOST_RATIO = 200
MOST_MEMBERS = 50_000
"""Of one tar archive, which has no directory: each member is a step."""

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
