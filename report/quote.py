"""How does outside text become Markdown that cannot be anything but this text?

Two forms: :func:`plain` for prose and :func:`code` for what a reader may copy (names, versions, specifiers);
:func:`prose` tells them apart in a sentence, and :func:`say` puts both between our own words. Both first
make :func:`visible` what has no glyph. In prose GitHub would still turn ``@name``, ``#1``, ``GH-1``, a commit hash, a
bare URL or ``:smile:`` into something, because it looks at the rendered text; a word joiner (U+2060, written
``&#8288;``, so that the source shows it) inside each of them prevents that. It has no width and allows no line break.
Code spans need none: GitHub leaves them alone.
"""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import LiteralString

from normalize.addresses import is_address

JOINER = "&#8288;"

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Printable by their category, and yet nothing can be seen."""

_TICKS = re.compile(r"`+")

_ACTIVE = re.compile(
    r"(?P<hash>(?<![0-9A-Za-z_])[0-9a-f]{7,40}(?![0-9A-Za-z_]))"
    r"|(?P<before>gh-(?=\d)|www(?=\.)|:(?=//|[\w+-]+:)|@)"
    r"|(?P<number>\#)"
    r"|(?P<entity>[&|$])"
    r"|(?P<mark>[\\`*_\[\]<>~])",
    re.IGNORECASE,
)

_START = re.compile(r"(\d{1,9})([.)])|[-+=]")

_IN_TARGETS = str.maketrans({"&": "&amp;", "(": "%28", ")": "%29", "$": "%24"})

_VERSIONS = r"(?:===?|[~!]=|[<>]=?)[ ]?v?\d(?:[\w.*+!-]{0,80}[\w*])?"
_PARTS = rf"{_VERSIONS}(?:[ ]?,[ ]?{_VERSIONS}){{0,20}}"
_VARIABLE = r"(?:python_(?:full_)?version|os_name|sys_platform|platform_\w{1,20}|implementation_\w{1,10}|extra)"
_CLAUSE = rf"{_VARIABLE}[ ]?(?:===?|[~!]=|[<>]=?|in|not[ ]in)[ ]?(?:'[^'`]{{0,80}}'|\"[^\"`]{{0,80}}\")"
_EITHER = rf"(?:{_CLAUSE}|\({_CLAUSE}(?:[ ](?:and|or)[ ]{_CLAUSE}){{0,9}}\))"
_COPIED = re.compile(
    r"(?<![^\s(,])(?:[A-Za-z0-9][\w.-]{0,80}(?:\[[\w,. -]{0,80}\])?)?"
    rf"(?:{_PARTS}|[ ]?\({_PARTS}\))(?:[ ]?;[ ]?{_EITHER}(?:[ ](?:and|or)[ ]{_EITHER}){{0,9}})?"
    r"|(?<![^\s(,])(?:[0-9a-f]{40}|\d{4}-\d\d-\d\dT[\d:.]{4,15}Z)(?!\w)",
    re.ASCII,
)
"""What a reader of a sentence may want to copy: requirements, specifiers, commits, times."""

_ENTITIES = {"&": "&amp;", "|": "&#124;", "$": "&#36;"}
"""As entities, because a backslash does not reach far enough: ``|`` is split off before backslashes are read, and
``$`` begins a formula."""


class Markdown(str):
    """Text that is Markdown already; everything else is quoted when it meets a template."""

    __slots__ = ()


def visible(text: str) -> str:
    r"""Return the text with every character that has no glyph as a backslash escape.

    These are control and format characters, bidirectional controls, line ends, all spaces but the ordinary one,
    unassigned and private characters, lone surrogates. What comes out is safe for a terminal, too.

    >>> visible("numpy\x1b[2J\u202egnp\n")
    'numpy\\x1b[2J\\u202egnp\\n'
    """
    if text.isprintable() and (text.isascii() or _BLANK.isdisjoint(text)):
        return text
    return "".join(
        one if one.isprintable() and one not in _BLANK else one.encode("unicode_escape").decode("ascii") for one in text
    )


@lru_cache(maxsize=4096)  # reports repeat their reasons thousands of times
def plain(text: str) -> Markdown:
    r"""Return the text as inline Markdown that renders as exactly this text, wherever inline Markdown may stand.

    >>> print(plain("@octocat: numpy<3, see #1 or https://host.example"))
    @&#8288;octocat: numpy\<3, see \#&#8288;1 or https:&#8288;//host.example
    """
    text = visible(text)
    inner = text.strip(" ")
    before = len(text) - len(text.lstrip(" ")) if inner else len(text)
    after = len(text) - before - len(inner)
    start = _START.match(inner)
    head, rest = "", inner
    if start is not None:  # would begin a list or underline a heading at the start of a line
        head, rest = f"{start[1] or ''}\\{start[2] or start[0]}", inner[start.end() :]
    return Markdown("&#32;" * before + head + _ACTIVE.sub(_disarm, rest) + "&#32;" * after)


def _disarm(match: re.Match[str]) -> str:
    text = match[0]
    if match["hash"]:
        return JOINER.join(text[i : i + 6] for i in range(0, len(text), 6))
    if match["before"]:
        return text + JOINER
    if match["number"]:
        return "\\" + text + JOINER
    return _ENTITIES[text] if match["entity"] else "\\" + text


def code(text: str) -> Markdown:
    """Return the text as a code span.

    A code span cannot be empty; empty text becomes the word ``(empty)``.

    >>> print(code("numpy<3"), code("a`b"))
    `numpy<3` ``a`b``
    """
    text = visible(text)
    if not text:
        return Markdown("(empty)")
    if "`" not in text and text[0] != " ":
        return Markdown(f"`{text}`")
    ticks = "`" * (max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    stripped = text[0] == " " and text[-1] == " " and text.strip(" ")
    pad = " " if text[0] == "`" or text[-1] == "`" or stripped else ""
    return Markdown(f"{ticks}{pad}{text}{pad}{ticks}")


def prose(text: str) -> Markdown:
    r"""Return a sentence as inline Markdown, with the requirements, specifiers, commits and times in it as code.

    >>> print(prose("the plan's 50.0.2 meets cryptography<51,>=49.0.0, see #1."))
    the plan's 50.0.2 meets `cryptography<51,>=49.0.0`, see \#&#8288;1.
    """
    text = visible(text)
    shown, at = "", 0
    for match in _COPIED.finditer(text):
        shown += _between(text[at : match.start()], first=at == 0) + code(match[0])
        at = match.end()
    return Markdown(shown + _between(text[at:], first=at == 0)) if at else plain(text)


def _between(text: str, *, first: bool) -> str:
    inner = text.strip(" ")
    before = " " if text.startswith(" ") and not first else ""
    return before + plain(inner) + (" " if text.endswith(" ") and inner else "")


def say(form: LiteralString, *values: object) -> Markdown:
    r"""Return our own words with values in the places ``{}``, each quoted unless it is Markdown.

    The form is Markdown, and so never holds outside text.

    >>> print(say("- {} of *{}*", code("a`b"), "c*d"))
    - ``a`b`` of *c\*d*
    """
    return Markdown(form.format(*(inline(value) for value in values)))


def inline(value: object) -> Markdown:
    """Return Markdown as it is and quote everything else; None, which is "no such thing", becomes a dash."""
    if isinstance(value, Markdown):
        return value
    return Markdown("–") if value is None else plain(str(value))


def link(words: object, address: str | None) -> Markdown:
    r"""Return the words, quoted unless they are Markdown, as a link; as they are where the address may not be one.

    Of the characters that an address may have, only brackets, the formula's dollar and entities mean anything there.

    >>> print(link(code("1.0"), "https://a.example/(x)?a&lt"), link("new", "javascript:alert(1)"))
    [`1.0`](https://a.example/%28x%29?a&amp;lt) new
    """
    shown = inline(words)
    if address is None or not is_address(address):
        return shown
    return Markdown(f"[{shown}]({address.translate(_IN_TARGETS)})")


def row(*cells: object) -> Markdown:
    r"""Return one row of a table; the only place where cells are put between bars.

    Tables are split into cells before code spans are read, so that every bar in a cell needs a backslash.

    >>> print(row("a", code("x | y"), None))
    | a | `x \| y` | – |
    """
    line = " | ".join([inline(cell).replace("|", "\\|") for cell in cells])
    assert "\n" not in line, "a cell is one line"
    return Markdown(f"| {line} |")


def series(values: Iterable[object], separator: str = ", ") -> Markdown:
    """Return the values, each quoted unless it is Markdown, in a row."""
    return Markdown(separator.join(inline(value) for value in values))


def fence(lines: Iterable[str], language: str, indent: str = "") -> Markdown:
    """Return the lines as a fenced code block that they cannot close, indented for a list item."""
    shown = [visible(line) for line in lines]
    longest = max((len(run) for line in shown for run in _TICKS.findall(line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return Markdown("\n".join(indent + line for line in (ticks + language, *shown, ticks)))


def fold(title: str) -> Markdown:
    """Return the opening of a ``<details>`` block; its title is HTML, where Markdown's backslashes mean nothing."""
    text = _ACTIVE.sub(_disarm_html, visible(title))
    return Markdown(f"<details>\n<summary>{text}</summary>\n")


def _disarm_html(match: re.Match[str]) -> str:
    if match["hash"] or match["before"]:
        return _disarm(match)
    return match[0] + JOINER if match["number"] else html.escape(match[0], quote=False)


UNFOLD = Markdown("</details>")
