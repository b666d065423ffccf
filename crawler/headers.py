"""Which fields stand in the header part of a METADATA or PKG-INFO file? Read line by line, and nothing lost.

`email.parser`, on which both packaging and pkginfo rest, takes five times as long, and on odd input loses fields
silently: all that follow a line without a colon, or all of them behind a byte order mark. Where a header is plain, all
three read the same, which the tests hold to; where it is not, the caller asks the others what they think.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BLANK_LINE = re.compile(rb"(?:\r\n|\r(?!\n)|\n)[\r\n]")
_FOLD = re.compile(r"\n[ \t]+")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ONCE = ("metadata-version", "name", "requires-python", "version")
_FIRST = ("home-page", "license", "license-expression", "project-url")
"""What decides nothing, so that standing twice raises no doubt."""
_SEVERAL = ("dynamic", "import-name", "import-namespace", "provides-extra", "requires-dist")
_USUAL = {"-".join(word.capitalize() for word in name.split("-")): name for name in (*_ONCE, *_SEVERAL, *_FIRST)} | {
    "Classifier": "classifier",
    "Project-URL": "project-url",
}
"""As nearly all spell them, for it is quicker to look a name up than to make it lower-case."""
_READ_FIELDS = re.compile(
    # email.parser takes `Name : x` for the end of the header; here it is a field, and one to doubt.
    # Of classifiers, which are many, only licences are wanted.
    rf"^({'|'.join(sorted(_ONCE + _SEVERAL + _FIRST))}|classifier(?=[ \t]*+:[ \t]*+License[ \t]*+::))"
    r"[ \t]*+:[ \t]*+([^\n]*+)",
    re.IGNORECASE | re.MULTILINE | re.ASCII,
)
_ALL_FIELDS = re.compile(r"(?:[!-9;-~]++:[^\n]*+(?:\n|\Z))++")


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
    fields: Mapping[str, Sequence[str]]
    plain: bool
    doubts: tuple[tuple[str, str], ...]

    def one(self, name: str) -> str | None:
        """Return the value of a field that may stand once; None where it is absent or stands twice."""
        values = self.fields.get(name, ())
        return values[0].strip() if len(values) == 1 else None


def header_part(data: bytes) -> bytes:
    """Return the bytes before the first blank line, which hold all fields; what follows is the description."""
    if data[:2] in _UTF_16:
        try:
            return data.decode("utf-16").replace("\r\n", "\n").replace("\r", "\n").partition("\n\n")[0].encode("utf-16")
        except UnicodeDecodeError:
            pass
    if b"\r" not in data:
        return data.partition(b"\n\n")[0]
    end = _BLANK_LINE.search(data)
    return data if end is None else data[: end.start()]


def read_header(data: bytes) -> Header:
    """Read the fields of a whole METADATA or PKG-INFO file, or of its header part."""
    text, doubts = _decoded(header_part(data))
    unfolded = _FOLD.sub(" ", text) if "\n " in text or "\n\t" in text else text
    plain = not doubts and _ALL_FIELDS.fullmatch(unfolded) is not None
    fields: dict[str, list[str]] = {}
    for name, value in _READ_FIELDS.findall(unfolded):
        key = _USUAL.get(name) or name.lower()
        if key in fields:
            fields[key].append(value)
        else:
            fields[key] = [value]
    if not plain:
        strange = sum(bool(line) and _ALL_FIELDS.fullmatch(line) is None for line in unfolded.split("\n"))
        doubts += [("odd-header", f"{strange} lines of the header are no fields")] if strange else []
    for name in _ONCE:
        if name in fields and len(fields[name]) > 1:
            plain = False
            doubts.append(("odd-field", f"{name} stands {len(fields[name])} times"))
    if plain and not unfolded.replace("\n", "").replace("\t", "").isprintable():
        plain = False  # readers differ in which characters they take for line ends
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
    return text.replace("\r\n", "\n").replace("\r", "\n"), doubts
