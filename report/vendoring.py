"""How is the account of applications told? As lines for the terminal, and as Markdown for an issue."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from report.blocks import outlined
from report.parts import Document
from report.phrases import sentence
from report.quote import Markdown, code, prose, row, say
from report.section import BLANK, codes
from report.vendoringwords import (
    RANKING,
    SECURITY,
    SET,
    costs,
    further,
    headline,
    in_set_lines,
    interpreters,
    leaving_lines,
    private_lines,
    private_version,
    ranking_rows,
    ranking_sentence,
    rebuild,
    steps,
    verdict,
)
from solver.appvalues import Account
from solver.ranking import Rank

_WIDTH = 120


def vendoring_lines(ranks: Sequence[Rank]) -> Iterator[str]:
    """Yield the lines for the terminal; what outside text holds is for the printer to make harmless."""
    for line in _lines(ranks):
        indent = len(line) - len(line.lstrip(" "))
        yield from (
            wrap(
                line,
                _WIDTH,
                subsequent_indent=" " * (indent + 2),
                break_long_words=False,
                break_on_hyphens=False,
                expand_tabs=False,
                replace_whitespace=False,
            )
            if len(line) > _WIDTH
            else [line]
        )


def _lines(ranks: Sequence[Rank]) -> Iterator[str]:
    if len(ranks) > 1:
        yield "Which application, vendored, frees the most?"
        yield ""
        yield from _columns([RANKING, *ranking_rows(ranks)])
        yield ""
        yield sentence(ranking_sentence(ranks))
        yield ""
    for i, one in enumerate(ranks):
        if i:
            yield ""
        yield from _account(one.account)
    yield ""
    yield sentence(SET)
    yield sentence(SECURITY)


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for one in rows:
        first, *rest = one
        cells = [first.ljust(widths[0]), *(text.rjust(width) for text, width in zip(rest, widths[1:], strict=True))]
        yield "  " + "  ".join(cells).rstrip()


def _account(one: Account) -> Iterator[str]:
    yield headline(one)
    yield f"  {one.reason}"
    for text in interpreters(one):
        yield f"  {text}"
    yield ""
    table = [("what it costs", "in the set", "private"), *costs(one)]
    yield from _columns(table)
    for heading, sentences in in_set_lines(one):
        yield ""
        yield f"  {heading}:"
        for text in sentences:
            yield f"    {text}"
    yield ""
    if one.private.versions:
        numbers = steps(one.private)
        yield f"  the smallest private set, on Python {one.private.targets[0].python}{numbers}:"
        for each in one.private.versions:
            yield f"    {f'{each.step}.' if numbers else '-'} {private_version(each)}"
            for text in further(each):
                yield f"       {text}"
        for built in one.private.rebuilds:
            yield f"    built once more: {rebuild(built)}"
    for text in private_lines(one.private):
        yield f"  {text}"
    if one.private.conflict is not None:
        for text in one.private.conflict.core:
            yield f"    {text}"
    yield ""
    for text, names in leaving_lines(one):
        yield f"  {text}" + (f": {names}" if names else "")
    for text in one.notes:
        yield f"  note: {text}"


def vendoring_document(ranks: Sequence[Rank]) -> Document:
    """Return the account as Markdown, everything from outside quoted."""
    lines = [Markdown("# What applications cost the set, and what they would cost apart"), BLANK]
    if len(ranks) > 1:
        lines += [
            prose(sentence(ranking_sentence(ranks))),
            BLANK,
            row(*RANKING),
            Markdown("|---" + "|--:" * (len(RANKING) - 2) + "|---|"),
            *(row(code(first), *rest) for first, *rest in ranking_rows(ranks)),
            BLANK,
        ]
    for one in ranks:
        lines += [*_section(one.account), BLANK]
    lines += [prose(sentence(SET)), prose(sentence(SECURITY))]
    return outlined(lines)


def _section(one: Account) -> Iterator[Markdown]:
    yield say("## {}", code(f"{one.application} {one.version}".strip()))
    yield BLANK
    yield say("**{}**: {}", verdict(one), prose(sentence(one.reason)))
    yield BLANK
    for text in (*(() if one.fixed else (f"it runs on Python {one.python}",)), *interpreters(one)):
        yield say("- {}", prose(sentence(text)))
    yield BLANK
    yield row("what it costs", "in the set", "private")
    yield Markdown("|---|---|---|")
    for cells in costs(one):
        yield row(*cells)
    yield BLANK
    for heading, sentences in in_set_lines(one):
        yield say("### {}", heading[:1].upper() + heading[1:])
        yield BLANK
        for text in sentences:
            yield say("- {}", prose(text))
        yield BLANK
    yield from _private(one)
    yield Markdown("### What could leave with it")
    yield BLANK
    for text, names in leaving_lines(one):
        listed = say(": {}", codes(names.split(", "))) if names else BLANK
        yield say("- {}{}", prose(text), listed)
    for text in one.notes:
        yield say("- Note: {}", prose(text))


def _private(one: Account) -> Iterator[Markdown]:
    yield Markdown("### The smallest private set")
    yield BLANK
    numbers = steps(one.private)
    if numbers:
        yield say("On Python {}{}.", code(one.private.targets[0].python), numbers)
        yield BLANK
    for each in one.private.versions:
        step = say("step {}: ", each.step) if numbers else BLANK
        yield say("- {}{}", step, prose(private_version(each)))
        for text in further(each):
            yield say("  - {}", prose(text))
    for built in one.private.rebuilds:
        yield say("- built once more: {}", prose(rebuild(built)))
    for text in private_lines(one.private):
        yield say("- {}", prose(sentence(text)))
    if one.private.conflict is not None:
        for text in one.private.conflict.core:
            yield say("  - {}", prose(text))
    yield BLANK
