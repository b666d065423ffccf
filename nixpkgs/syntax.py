"""What is the syntax tree of a Nix file? The only user of tree-sitter; nodes that know their bytes."""

import re
from collections.abc import Iterator

import tree_sitter
import tree_sitter_nix

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_nix.language()))

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LINE_END = re.compile(r"\r\n?")
_MEANINGS = {"n": "\n", "r": "\r", "t": "\t"}
_LAST_COMMA = re.compile(rb",(?=(?:\s|#[^\r\n]*[\r\n]|/\*.*?\*/)*\})", re.DOTALL)
"""The comma after the last formal, which nixpkgs' formatter writes and tree-sitter-nix 0.1 does not know. It is hidden
from the parser only, by as many bytes; within strings and comments that changes no shape, and texts are read from the
file itself."""

_SPACE = re.compile(r"\s+")
_LONGEST = 200


class NixSyntaxError(ValueError):
    """The text is not Nix, or only half of it.

    Args:
        line: where the first thing stands that cannot be read, counted from 1.
        found: its first characters; "" where something is missing.
    """

    def __init__(self, line: int, found: str) -> None:
        super().__init__(f"line {line}: " + (f"{found!r} cannot be read" if found else "something is missing"))
        self.line = line
        self.found = found


class Node:
    """One node of a syntax tree; there are so many that it is no dataclass.

    Attributes:
        raw: tree-sitter's node.
        data: the whole file.
        kind: what it is, as tree-sitter-nix names it (``attrset_expression``).
    """

    __slots__ = ("data", "kind", "raw")

    def __init__(self, raw: tree_sitter.Node, data: bytes) -> None:
        self.raw = raw
        self.data = data
        self.kind = raw.type

    @property
    def start(self) -> int:
        """Its first byte in the file."""
        return self.raw.start_byte

    @property
    def end(self) -> int:
        """The byte after its last one."""
        return self.raw.end_byte

    @property
    def line(self) -> int:
        """The line that it begins in, counted from 1."""
        return self.raw.start_point[0] + 1

    @property
    def text(self) -> str:
        """Its source."""
        return self.data[self.raw.start_byte : self.raw.end_byte].decode("utf-8", "replace")

    @property
    def brief(self) -> str:
        """Its source on one line, shortened, for messages and conditions."""
        text = _SPACE.sub(" ", self.text)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."

    def get(self, name: str) -> "Node | None":
        """Return the child of this field, or None."""
        found = self.raw.child_by_field_name(name)
        return None if found is None else Node(found, self.data)

    def __getitem__(self, name: str) -> "Node":
        """Return the child of this field, which the grammar guarantees."""
        found = self.raw.child_by_field_name(name)
        if found is None:
            raise NixSyntaxError(self.line, "")
        return Node(found, self.data)

    @property
    def parent(self) -> "Node | None":
        """What it is a part of; None for the whole file."""
        found = self.raw.parent
        return None if found is None else Node(found, self.data)

    def pieces(self) -> list["Node"]:
        """Return the named children in order, comments among them."""
        return [Node(raw, self.data) for raw in self.raw.named_children]

    def children(self) -> list["Node"]:
        """Return the named children in order, without comments."""
        data = self.data
        return [node for raw in self.raw.named_children if (node := Node(raw, data)).kind != "comment"]


def parse_nix(data: bytes) -> Node:
    """Return the expression of a Nix file.

    Raises:
        NixSyntaxError: it does not parse, is no UTF-8, or is empty.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NixSyntaxError(line, data[error.start : error.start + 1].decode("latin-1")) from None
    if b"\0" in data:
        raise NixSyntaxError(data.count(b"\n", 0, data.index(b"\0")) + 1, "\0")
    root = _PARSER.parse(_LAST_COMMA.sub(b" ", data)).root_node
    if root.has_error:
        raise _first_error(root, data)
    found = Node(root, data).children()
    if not found:
        raise NixSyntaxError(1, "")
    return found[0]


def bindings_of(node: Node) -> list[Node]:
    """Return what a set or a ``let`` binds and inherits, in order, without comments."""
    data = node.data
    return [
        one
        for group in node.raw.named_children
        if group.type == "binding_set"
        for raw in group.named_children
        if (one := Node(raw, data)).kind != "comment"
    ]


def _first_error(root: tree_sitter.Node, data: bytes) -> NixSyntaxError:
    node = root
    while not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            break
        node = inner
    found = "" if node.is_missing else data[node.start_byte : node.end_byte].decode("utf-8", "replace")
    return NixSyntaxError(node.start_point[0] + 1, found.strip().split("\n")[0][:40])


def string_parts(node: Node) -> Iterator["str | Node"]:
    """Yield the parts of a ``"..."`` string: text as it evaluates, and the expressions that are interpolated."""
    start = node.start + 1
    for child in node.raw.named_children:
        if child.type == "interpolation":
            if text := node.data[start : child.start_byte]:
                yield _unescaped(text)
            yield Node(child, node.data)["expression"]
            start = child.end_byte
    if text := node.data[start : node.end - 1]:
        yield _unescaped(text)


def _unescaped(text: bytes) -> str:
    # Nix reads CR LF and CR inside of strings as LF
    return _ESCAPE.sub(lambda match: _MEANINGS.get(match[1], match[1]), _LINE_END.sub("\n", text.decode("utf-8")))


def attribute_path(node: Node) -> tuple["str | None", ...]:
    """Return the names of an attribute path; None stands for one that has to be computed."""
    raw = node.raw.named_children
    if len(raw) == 1 and raw[0].type == "identifier":  # nearly all of them
        return (node.text,)
    return tuple([attribute_of(child) for child in node.children()])


def attribute_of(node: Node) -> str | None:
    """Return one name of an attribute path or of an inherit; None where it has to be computed."""
    if node.kind == "identifier":
        return node.text
    if node.kind == "string_expression":
        parts = list(string_parts(node))
        if all(isinstance(part, str) for part in parts):
            return "".join(str(part) for part in parts)
    return None
