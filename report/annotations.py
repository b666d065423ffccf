"""How do findings become annotations that a forge shows beside the lines of a pull request?

The form is that of workflow commands: ``::warning file=PATH,line=N,title=T::MESSAGE`` on a line of its own. What it
gives a meaning is escaped, and what has no glyph is made visible, so that outside text is nothing but text.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from nixpkgs.setcheck import SetCheck
from report.checks import told
from report.quote import visible
from solver.policylint import Finding as PolicyFinding

Level = Literal["error", "warning"]

_BREAKS_A_BUILD = ("violated", "not-installed")


def annotation(level: Level, message: str, *, title: str, file: str | None = None, line: int | None = None) -> str:
    """Return one annotation.

    >>> annotation("warning", "50% of a,b", title="stale: x", file="pkgs/a,b.nix", line=3)
    '::warning file=pkgs/a%2Cb.nix,line=3,title=stale%3A x::50%25 of a,b'
    """
    place = () if file is None else (("file", file), *(() if line is None else (("line", str(line)),)))
    properties = ",".join(f"{key}={_property(value)}" for key, value in (*place, ("title", title)))
    return f"::{level} {properties}::{_data(message)}"


def check_annotations(check: SetCheck) -> Iterator[str]:
    """Yield an annotation for each finding that should be mended, at the package's place in the checkout."""
    for one in check.findings:
        if one.mend:
            yield annotation(
                "error" if one.kind in _BREAKS_A_BUILD else "warning",
                f"{told(one)}; {one.hint}" if one.hint else told(one),
                title=f"{one.attribute}: {one.kind}",
                file=one.position,
                line=one.line,
            )


def policy_annotations(findings: Sequence[PolicyFinding], file: str) -> Iterator[str]:
    """Yield an annotation for each finding in a policy's file."""
    for one in findings:
        message = f"{one.entry} {one.action} {one.scope}: {one.sentence}; {one.hint}"
        yield annotation("warning", message, title=f"policy: {one.code}", file=file)


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")  # line ends are visible escapes by now


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
