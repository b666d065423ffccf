"""Which fields stand in the header part of a METADATA or PKG-INFO file? Read line by line, and nothing lost.

`email.parser`, on which both packaging and pkginfo rest, takes five times as long, and on odd input loses fields
silently: all that follow a line without a colon, or all of them behind a byte order mark. Where a header is plain, all
three read the same, which the tests hold to; where it is not, the caller asks the others what they think.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_BLANK_LINE = re.compile(rb"(?:\r\n|\r(?!\n)|\n)[\r\n]")
_FOLD = re.compile(r"\n[ \t]+")
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_ODD_CHARACTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ONCE = frozenset({"metadata-version", "name", "version", "requires-python"})
_SEVERAL = frozenset({"requires-dist", "provides-extra", "dynamic", "import-name", "import-namespace"})
_READ = _ONCE | _SEVERAL
_USUAL = frozenset(
    {"author", "author-email", "classifier", "description-content-type", "home-page", "keywords", "license"}
    | {"license-expression", "license-file", "maintainer", "maintainer-email", "platform", "project-url", "summary"}
)
"""Fields that nobody reads here; knowing their names saves looking at their letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The fields that matter.

    Attributes:
        text: the header part as text, with line feeds at line ends.
        fields: lower-case name -> values in their order, without the line breaks of folded ones.
        plain: whether every reader of such files must read the same.
        doubts: (code, detail) of what is odd.
    """

    text: str
    fields: Mapping[str, Collection[str]]
    plain: bool
    doubts: tuple[tuple[str, str], ...]

    def one(self, name: str) -> str | None:
        """Return the value of a field that may stand once; None where it is absent or stands twice."""
        values = self.fields.get(name, ())
        return next(iter(values)).strip() if len(values) == 1 else None


def header_part(data: bytes) -> bytes:
    """Return the bytes before the first blank line, which hold all fields; what follows is the description."""
    if data[:2] in _UTF_16:
        try:
            return data.decode("utf-16").replace("\r\n", "\n").replace("\r", "\n").partition("\n\n")[0].encode("utf-16")
        except UnicodeDecodeError:
            pass
    end = _BLANK_LINE.search(data)
    return data if end is None else data[: end.start()]


def read_header(data: bytes) -> Header:
    """Read the fields of a whole METADATA or PKG-INFO file, or of its header part."""
    text, doubts = _decoded(header_part(data))
    fields: dict[str, list[str]] = {}
    plain = not doubts and _ODD_CHARACTER.search(text) is None
    strange = 0
    for number, line in enumerate(_FOLD.sub(" ", text).split("\n")):
        key, colon, value = line.partition(":")
        name = key.lower()
        if colon and name in _READ:
            fields.setdefault(name, []).append(value.lstrip(" \t"))
        elif colon and (name in _USUAL or _FIELD_NAME.fullmatch(key)):
            continue
        elif line or not number:
            plain = False
            strange += bool(line)
            spaced = name.rstrip(" \t")
            if colon and spaced in _READ:  # `Name : x`, which email.parser takes for the end of the header
                fields.setdefault(spaced, []).append(value.lstrip(" \t"))
    if strange:
        doubts.append(("odd-header", f"{strange} lines of the header are no fields"))
    for name in sorted(_ONCE & fields.keys()):
        if len(fields[name]) > 1:
            plain = False
            doubts.append(("odd-field", f"{name} stands {len(fields[name])} times"))
    return Header(text=text, fields=fields, plain=plain, doubts=tuple(doubts))


def _decoded(data: bytes) -> tuple[str, list[tuple[str, str]]]:
    doubts: list[tuple[str, str]] = []
    try:
        if data[:2] in _UTF_16:
            text = data.decode("utf-16")
            doubts.append(("not-utf8", "the metadata is UTF-16"))
        else:
            text = data.decode("utf-8-sig")
            if data[:3] == b"\xef\xbb\xbf":
                doubts.append(("not-utf8", "the metadata begins with a byte order mark"))
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        doubts.append(("not-utf8", "the metadata is not UTF-8; read as Latin-1"))
    # Half a character cannot be stored; UTF-16 may hold one.
    text = text.encode("utf-8", "replace").decode()
    return text.replace("\r\n", "\n").replace("\r", "\n"), doubts
