"""How does Nix ask whether a version is good enough? Specifiers as an expression that compares versions."""

from collections.abc import Iterable, Sequence

from packaging.specifiers import Specifier
from packaging.version import Version

from nixpkgs.nixtext import holdable, nix_string
from nixpkgs.recipes import Stays
from normalize.nixnames import nix_name
from normalize.versions import parse_version

NEVER = "false"
"""Stands where Nix cannot compare: the plan's own version alone is good enough then."""

SUFFICES = """\
# Whether nixpkgs' own version stays: the plan's does, and every other one that satisfies what is required.
# Nix compares it as Python does without zeros at its end, and where a pre-release, as rc1, reads "pre": 3pre is older
# than 3, and not older than 3pre.
suffices =
  package: planned: satisfies:
  let
    plain =
      version:
      let
        early = builtins.match "([0-9.]*[0-9])[-._]?(a|alpha|b|beta|c|rc|pre|preview|dev)[-._]?[0-9].*" version;
        longer = builtins.match "(.*)[.]0+" version;
      in
      if early != null then
        "${plain (builtins.head early)}pre"
      else if longer != null then
        plain (builtins.head longer)
      else
        version;
  in
  package.version == planned || satisfies (plain package.version);"""
"""The function that expressions are given to, with ``version`` as its argument."""


def version_tests(specifiers: Iterable[Specifier]) -> tuple[str, ...]:
    """Return Nix expressions that together say whether ``version`` satisfies all specifiers.

    ``version`` has no zeros at its end, nor have the versions that it is compared with. Where Nix cannot tell, it says
    no: of pre-releases of the very release that a bound names, of pre-releases of post-releases, of epochs, and of
    ``===``.

    >>> version_tests([Specifier(">=2.5.0"), Specifier(">=1"), Specifier("<3")])
    ('lib.versionAtLeast version "2.5"', 'lib.versionOlder version "3pre"')
    """
    least: list[Version] = []
    below: list[Version] = []
    others: list[str] = []
    for one in sorted(specifiers, key=str):
        bound = parse_version(one.version.removesuffix(".*"))
        if bound is None or bound.epoch or bound.local is not None or one.operator == "===":
            return (NEVER,)
        if bound.is_prerelease and bound.post is not None:  # 1.0.post1.dev1 is newer than the release
            return (NEVER,)
        _add(one.operator, bound, any_series=one.version.endswith(".*"), to=(least, below, others))
    tests = [_least(max(least))] if least else []
    tests += [_below(min(below))] if below else []
    return tuple(dict.fromkeys((*tests, *others)))


def stay_tests(stays: Stays, final: str) -> list[str]:
    """Return the lines of an expression that says whether ``version`` of nixpkgs' own is good enough.

    Args:
        stays: when it is.
        final: what stands before the name of an attribute of the final set.
    """
    tests = list(version_tests(stays.satisfies))
    for name, version, what in stays.beside:
        more = [test for test in version_tests(what) if test not in tests]
        if more:
            other = f"({final}{nix_name(name)}.version or null) != {nix_string(holdable(version))}"
            tests.append(f"({other} || {' && '.join(more)})")
    return [f"{'&& ' if i else ''}{test}" for i, test in enumerate(tests)] or ["true"]


def _add(
    operator: str, bound: Version, *, any_series: bool, to: tuple[list[Version], list[Version], list[str]]
) -> None:
    least, below, others = to
    early = bound.is_prerelease
    if operator == "~=" or any_series:
        series = bound.release[:-1] if operator == "~=" else bound.release
        after = _next(series)
        if operator == "!=":
            others.append(f"({_below(bound)} || {_least(after)})")
        else:
            least.append(bound)
            below.append(after)
    elif operator == ">=" or (operator == ">" and early):
        least.append(bound)
    elif operator == "<" or (operator == "<=" and early):
        below.append(bound)
    elif operator == ">":
        others.append(f"lib.versionOlder {_spelled(bound)} version")
    elif operator == "<=":
        others.append(f"lib.versionAtLeast {_spelled(bound)} version")
    elif operator == "==":
        others.append(NEVER if early else f"builtins.compareVersions version {_spelled(bound)} == 0")
    elif early:
        others.append(f"({_below(bound)} || {_least(bound)})")
    else:
        others.append(f"builtins.compareVersions version {_spelled(bound)} != 0")


def _least(bound: Version) -> str:
    return f"lib.versionAtLeast version {_spelled(bound)}"


def _below(bound: Version) -> str:
    # what is below 3 is below its pre-releases
    return f"lib.versionOlder version {_spelled(bound, '' if bound.is_postrelease else 'pre')}"


def _next(series: Sequence[int]) -> Version:
    return Version(".".join(map(str, (*series[:-1], series[-1] + 1))))


def _spelled(bound: Version, end: str = "") -> str:
    """Return a bound as Nix compares it: a pre-release as its release, which is the first that is no pre-release."""
    if bound.post is not None and not bound.is_prerelease:
        return nix_string(bound.public)
    numbers = list(bound.release)
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return nix_string(".".join(map(str, numbers)) + end)
