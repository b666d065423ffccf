r"""What do the commonest shapes of Nix hold? Read at one glance from the text of a node whose kind is known.

Lists of names, lists of texts and heads without defaults make up most of a package file. Asking tree-sitter for each
of their parts takes longer than all else; a node that matches one of these patterns as a whole can hold nothing else,
and whatever does not match is read node by node. Both ways give the same (`tests/nixpkgs/test_plainforms.py`).
"""

import re

_NAME = r"[A-Za-z_][A-Za-z0-9_'-]{0,99}"
_BLANK = r"(?:[ \t\r\n]++|#[^\r\n]*+(?:\r?\n|\r))*+"
_COMMENT = re.compile(r"#[^\r\n]*+")
_ELEMENT = rf"{_NAME}(?:\.{_NAME}){{0,3}}+"
_ENDED = r"(?=[\s\]#])"

_PATHS = re.compile(rf"\[{_BLANK}(?:{_ELEMENT}{_ENDED}{_BLANK})*+\]")
_TEXT = r'"[^"\\$\s]{0,190}+"'
_TEXTS = re.compile(rf"\[{_BLANK}(?:{_TEXT}{_BLANK})*+\]")
_EACH_TEXT = re.compile(rf"#[^\r\n]*+|{_TEXT}")
_FORMALS = re.compile(rf"\{{{_BLANK}(?:{_NAME}{_BLANK},{_BLANK})*+(?:{_NAME}{_BLANK})?+\}}")
_INHERITED = re.compile(rf"inherit(?:[ \t\r\n]++{_NAME})++\s*+;")
_BOUND = re.compile(rf'({_NAME})\s*+=(?!=)(?:\s*+"([^"\\$\r]*+)"\s*+;)?'.encode())
_DOTTED = re.compile(_ELEMENT)
_MEANS_MORE = frozenset({"or", "inherit"})


def listed_paths(text: str) -> list[str] | None:
    r"""Return the elements of a list of names and selections; None for any other list.

    >>> listed_paths("[ numpy # why\n lib.maintainers.alice ]"), listed_paths("[ (f x) ]")
    (['numpy', 'lib.maintainers.alice'], None)
    """
    if _PATHS.fullmatch(text) is None:
        return None
    words = (_COMMENT.sub("", text) if "#" in text else text)[1:-1].split()
    return None if _MEANS_MORE.intersection(words) else words


def listed_texts(text: str) -> list[str] | None:
    r"""Return the elements of a list of plain texts without blanks, in their quotes; None for any other list.

    >>> listed_texts('[ "a" "b#" ]'), listed_texts('[ "${a}" ]')
    (['"a"', '"b#"'], None)
    """
    if _TEXTS.fullmatch(text) is None:
        return None
    return [one for one in _EACH_TEXT.findall(text) if not one.startswith("#")]


def asked_names(text: str) -> list[str] | None:
    """Return the names in a head that has neither defaults nor an ellipsis; None for any other head.

    >>> asked_names("{ lib, numpy, }"), asked_names("{ lib, cuda ? false }")
    (['lib', 'numpy'], None)
    """
    if _FORMALS.fullmatch(text) is None:
        return None
    plain = _COMMENT.sub("", text) if "#" in text else text
    return plain[1:-1].replace(",", " ").split()


def inherited_names(text: str) -> list[str] | None:
    """Return the names of ``inherit a b;``; None for any other shape of it.

    >>> inherited_names("inherit pname version;"), inherited_names("inherit (self) a;")
    (['pname', 'version'], None)
    """
    return None if _INHERITED.fullmatch(text) is None else text[:-1].split()[1:]


def bound(data: bytes, start: int) -> tuple[str | None, str | None]:
    r"""Return the name of a binding that begins at a byte, and the text that it stands for; None where not so plain.

    >>> bound(b'{ pname = "a"; }', 2), bound(b"a = b;", 0), bound(b"a.b = 1;", 0)
    (('pname', 'a'), ('a', None), (None, None))
    """
    found = _BOUND.match(data, start)
    if found is None:
        return None, None
    name, text = found.groups()
    return name.decode("ascii"), None if text is None else text.decode()


def is_dotted(text: str) -> bool:
    """Return whether a selection is nothing but names.

    >>> is_dotted("lib.maintainers.alice"), is_dotted("a.b or c")
    (True, False)
    """
    return _DOTTED.fullmatch(text) is not None
