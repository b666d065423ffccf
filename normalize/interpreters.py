"""Does a release run on an interpreter, by its requires-python?"""

from functools import cache

from packaging.specifiers import SpecifierSet

from normalize.targets import full_version


@cache
def supports(requires_python: str, python: str) -> bool:
    """Return whether a requires-python accepts an interpreter (``3.13``); an unreadable one accepts all.

    >>> supports(">=3.9", "3.13"), supports("<3.13", "3.13"), supports("three", "3.13")
    (True, False, True)
    """
    try:
        return SpecifierSet(requires_python).contains(full_version(python), prereleases=True)
    except ValueError:  # no specifier, or a number of more digits than Python reads
        return True
