"""What does every coset error look like? Facts as attributes, one sentence, one hint."""


class CosetError(Exception):
    """The base of all errors that a user can act on.

    Args:
        sentence: what went wrong, where, and who asked for it; lower case, no full stop.
        hint: what to do next, or "" where there is nothing to do.
    """

    def __init__(self, sentence: str, *, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class UsageError(CosetError):
    """The user asked for something that cannot be meant (exit status 2)."""


class OutsideError(CosetError):
    """The index, the disk or another program failed (exit status 3)."""
