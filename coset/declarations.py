"""How does a command declare what it takes? As notes on its function's parameters.

They are read by `coset.plainwords`, which knows plain arguments at once, and by `coset.commandline`, which tells them
to typer for everything else: the help, completion, mistakes. With typer's own notes every command would import typer,
which takes longer than many of them do.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What a word that begins with no dash means.

    Attributes:
        metavar: what stands for it in the help.
        help: what it means.
        show_default: whether the help shows the default.
    """

    metavar: str
    help: str
    show_default: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """What a word that begins with a dash means.

    Attributes:
        long: how it is spelled, with its dashes; "" for the parameter's name, with dashes for underscores.
        short: a second spelling, of one letter.
        metavar: what stands for its value in the help.
        help: what it means.
        show_default: whether the help shows the default.
        min: the least number that it takes.
        max: the greatest.
    """

    long: str = ""
    short: str = ""
    metavar: str | None = None
    help: str = ""
    show_default: bool = True
    min: int | None = None
    max: int | None = None

    def spellings(self, parameter: str) -> tuple[str, ...]:
        """Return how the option of a parameter may be spelled."""
        long = self.long or "--" + parameter.replace("_", "-")
        return (long, self.short) if self.short else (long,)
