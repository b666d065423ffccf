"""How is a name folded, and which packages does it lie in? Without imports: a look-up of a name waits for this."""

LONGEST_NAME = 200
"""Longer names are refused; the longest on the index has under 100 characters."""


def folded(name: str) -> str:
    """Return the one spelling under which all spellings of a name are found: PEP 503, for any text.

    >>> folded("Test_All"), folded("foo__bar-.baz")
    ('test-all', 'foo-bar-baz')
    """
    found = name.lower().replace("_", "-").replace(".", "-")
    while "--" in found:
        found = found.replace("--", "-")
    return found


def parents(name: str) -> list[str]:
    """Return the packages that an import name lies in, the innermost first.

    >>> parents("google.protobuf.message")
    ['google.protobuf', 'google']
    """
    found = []
    while "." in name:
        name = name.rpartition(".")[0]
        found.append(name)
    return found
