"""How is text written in Nix? Strings in which nothing can become code, and lists as nixpkgs formats them."""

from collections.abc import Iterable

_ESCAPES = {'"': '\\"', "\\": "\\\\", "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def nix_string(text: str) -> str:
    r"""Return a Nix string that evaluates to the text.

    Every ``$`` is escaped, so that no interpolation can begin, whatever follows.

    >>> print(nix_string('a"; ${x}'))
    "a\"; \${x}"

    Raises:
        ValueError: the text holds a NUL, which no Nix string can.
    """
    if "\0" in text:
        raise ValueError("a Nix string cannot hold a NUL")
    return f'"{"".join(_ESCAPES.get(one, one) for one in text)}"'


def holdable(text: str) -> str:
    r"""Return the text without what no Nix string and no file can hold: NUL, and halves of surrogate pairs.

    >>> print(holdable("1\0\ud800"))
    1\0\ud800
    """
    return text.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode("utf-8")


def nix_comment(text: str) -> str:
    r"""Return a comment of one line, which the text cannot leave.

    >>> nix_comment("why:\nx = throw 1;")
    '# why: x = throw 1;'
    """
    return "# " + "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))


def assignment(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the lines that assign a list of strings, formatted as nixpkgs formats them.

    >>> assignment("pythonRelaxDeps", ["h5py"])
    ('pythonRelaxDeps = [ "h5py" ];',)
    """
    quoted = [nix_string(text) for text in texts]
    if len(quoted) < 2:
        return (f"{name} = [ {''.join(f'{one} ' for one in quoted)}];",)
    return (f"{name} = [", *(f"  {one}" for one in quoted), "];")
