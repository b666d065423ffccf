"""Which index does this machine's pip use? Its configuration says, else pip's own default."""

import subprocess
import sys

from normalize.errors import UsageError

_KEYS = (":env:.index-url", "install.index-url", "global.index-url")
"""The one that pip itself prefers comes first."""


def default_index() -> str:
    """Return the address of the index that pip would use.

    Raises:
        UsageError: there is no pip to ask.
    """
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, timeout=60
    )
    configured = dict(line.partition("=")[::2] for line in listing.stdout.splitlines())
    for key in _KEYS:
        value = configured.get(key, "").strip().strip("'\"")
        if value:
            return value
    try:
        # No host name is written in coset: the index is pip's choice. pip calls this module internal, so its absence
        # is an answer, not an accident.
        from pip._internal.models.index import PyPI  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "pip names no index: it is not installed or keeps its default elsewhere",
            hint="name one with --index, for example --index https://index.example/simple/",
        ) from None
    return str(PyPI.simple_url)
