"""What does ``pythonRelaxDepsHook`` do with a name? It is sed on METADATA, and not anchored at the name's end."""


def also_relaxes(name: str, other: str) -> bool:
    """Return whether relaxing a name relaxes another, longer requirement too.

    The hook replaces ``Requires-Dist: $name`` without regard to case or to what follows the name, and a ``.`` in the
    name matches any character (python-relax-deps-hook.sh; nixpkgs issue 319223).

    >>> also_relaxes("python", "python-dateutil"), also_relaxes("numpy", "NumPy"), also_relaxes("a.b", "a_bc")
    (True, False, True)
    """
    if len(name) >= len(other):
        return False
    start = other[: len(name)].lower()
    return all(mine in (".", its) for mine, its in zip(name.lower(), start, strict=True))
