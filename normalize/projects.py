"""How is a project spelled? PEP 503 names, proven by their type.

As in `packaging.utils`, to which laws in the tests hold it; that module brings tags, platform and subprocess, for
which no look-up of a name should wait.
"""

import re
from typing import NewType

from normalize.errors import UsageError

ProjectName = NewType("ProjectName", str)
"""A project's name, PEP 503-normalised: lower case, runs of ``-``, ``_`` and ``.`` folded to one ``-``."""

ExtraName = NewType("ExtraName", str)
"""An extra's name, normalised by PEP 685, which is PEP 503 again."""

_VALID = re.compile(r"[a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9]", re.IGNORECASE | re.ASCII)

LONGEST_NAME = 200
"""Longer names are refused; the longest on the index has under 100 characters."""


def project_name(text: str) -> ProjectName:
    """Return the normalised project name.

    Raises:
        UsageError: the text cannot be a project name (PEP 508: ASCII letters and digits, with ``-_.`` inside).

    >>> project_name("Zope.Interface"), project_name("foo__bar-.baz")
    ('zope-interface', 'foo-bar-baz')
    """
    if len(text) > LONGEST_NAME:
        raise UsageError(
            f"a project name of {len(text)} characters ({text[:40]!r}...) is longer than any on the index",
            hint="check the spelling",
        )
    if not _VALID.fullmatch(text):
        raise UsageError(
            f"{text!r} cannot be a project name",
            hint="names have ASCII letters and digits, with '-', '_' and '.' only between them",
        )
    return ProjectName(_normalised(text))


def extra_name(text: str) -> ExtraName:
    """Return the normalised name of an extra; any text is accepted, because METADATA holds any.

    >>> extra_name("Test_All")
    'test-all'
    """
    return ExtraName(_normalised(text))


def _normalised(text: str) -> str:
    folded = text.lower().replace("_", "-").replace(".", "-")
    while "--" in folded:
        folded = folded.replace("--", "-")
    return folded
