"""Which project, attributes and import names belong together? Links, matches and lookups, each with its evidence."""

from dataclasses import dataclass
from typing import Literal

from normalize.projects import ProjectName

Confidence = Literal["certain", "likely", "guess"]

Kind = Literal["project", "attribute", "import", "top-level", "former-attribute", "former-project"]
"""What a name is to the project that a link leads to.

``import``: someone imports this very name. ``top-level``: a wheel has a folder or module of this name, which may be a
namespace that it shares with other projects. ``former-attribute``: an alias or an attribute that was renamed.
``former-project``: a name on the index that stands for the project and has no code of its own."""

Source = Literal["nixpkgs", "index", "names table"]
"""``nixpkgs``: the current set. ``index``: what releases hold. ``names table``: facts that coset carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One name that leads to a project.

    Attributes:
        project: where the name leads.
        kind: what the name is to the project.
        name: as it is spelled there; import names and some former attributes have upper-case letters.
        strength: how far the link can be trusted.
        source: who says so.
        because: the evidence, one sentence.
    """

    project: ProjectName
    kind: Kind
    name: str
    strength: Confidence
    source: Source
    because: str

    def __str__(self) -> str:
        """Return the evidence as a sentence with its source and strength."""
        return f"{self.kind.replace('-', ' ')} {self.name}: {self.because} ({self.source}, {self.strength})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One project that a query may mean.

    Attributes:
        project: the project.
        attributes: its attributes in nixpkgs, sorted; empty where none is known.
        imports: what to import, sorted; empty where it is not known.
        evidence: why the query leads here, then why the attributes and the import names are what they are.
        confidence: how far the whole answer can be trusted.
    """

    project: ProjectName
    attributes: tuple[str, ...]
    imports: tuple[str, ...]
    evidence: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The answer to one query.

    Attributes:
        query: as the user typed it.
        matches: the projects that it may mean, the best one first; empty means unknown.
        near: known names that are spelled alike, where nothing matches.
    """

    query: str
    matches: tuple[Match, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether the query may mean more than one project."""
        return len(self.matches) > 1
