"""What is odd about a page without making it unusable?"""

from dataclasses import dataclass

_LONGEST = 200


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One oddity; it becomes a problem record of the page.

    Attributes:
        file: the name of the first file that shows it, "" where it concerns no file.
    """

    code: str
    file: str
    detail: str


class Notes:
    """Collects oddities: the first of each kind, and how many more there are, so that a page has few."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, str, int]] = {}

    def add(self, code: str, file: str, detail: str) -> None:
        """Take an oddity; the texts may be anything."""
        name, text, count = self._found.get(code, (_short(file), _short(detail), 0))
        self._found[code] = (name, text, count + 1)

    def all(self) -> tuple[Note, ...]:
        """Return one note for each code, sorted."""
        found = self._found.items()
        return tuple(
            sorted(
                Note(code, file, f"{text}; {count - 1:,} more" if count > 1 else text)
                for code, (file, text, count) in found
            )
        )


def _short(text: str) -> str:
    return text[:_LONGEST].encode("utf-8", "replace").decode()
