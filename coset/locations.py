"""Where do coset's own data and the user's cache lie? As text, for what cannot wait for pathlib and platformdirs.

All others ask `coset.folders`.
"""

import os
import sys

_PACKAGE = os.path.dirname(os.path.realpath(__file__))


def data_path() -> str:
    """Return the folder of the data that coset carries: inside the installed package, or beside it in a checkout."""
    installed = os.path.join(_PACKAGE, "data")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(_PACKAGE), "data")


def code_path() -> str:
    """Return the folder in which the packages lie."""
    return os.path.dirname(_PACKAGE)


def cache_path() -> str | None:
    """Return the user's cache folder, whether or not it is there; None where platformdirs must be asked."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if sys.platform != "linux" or (named and not os.path.isabs(named)):
        return None
    return os.path.join(named or os.path.expanduser("~/.cache"), "coset")
