"""How is a project spelled? PEP 503 names, proven by their type.

As in `packaging.utils`, to which laws in the tests hold it; that module brings tags, platform and subprocess, for
which no look-up of a name should wait.
"""

import re
from typing import NewType

from normalize.errors import UsageError
from normalize.namespelling import LONGEST_NAME, folded

ProjectName = NewType("ProjectName", str)
"""A project's name, PEP 503-normalised: lower case, runs of ``-``, ``_`` and ``.`` folded to one ``-``."""

ExtraName = NewType("ExtraName", str)
"""An extra's name, normalised by PEP 685, which is PEP 503 again."""

_VALID = re.compile(r"[a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9]", re.IGNORECASE | re.ASCII)


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
    return ProjectName(folded(text))


def extra_name(text: str) -> ExtraName:
    """Return the normalised name of an extra; any text is accepted, because METADATA holds any.

    >>> extra_name("Test_All")
    'test-all'
    """
    return ExtraName(folded(text))
