"""Which project, attributes and import names belong together? Links, each with its evidence."""

from dataclasses import dataclass
from typing import Literal

from normalize.confidence import Confidence
from normalize.projects import ProjectName

Kind = Literal[
    "project",
    "attribute",
    "import",
    "top-level",
    "stubs",
    "metapackage",
    "former-attribute",
    "former-project",
]
"""What a name is to the project that a link leads to.

``import``: someone imports this very name. ``top-level``: a wheel has a folder or module of this name, which may be a
namespace that it shares with other projects. ``stubs``: the project has the types of this import name and none of its
code. ``metapackage``: the project, under its own name, installs nothing that could be imported. ``former-attribute``:
an alias or an attribute that was renamed. ``former-project``: a name on the index that stands for the project and has
no code of its own."""

Source = Literal["nixpkgs", "index", "names table"]
"""``nixpkgs``: the current set. ``index``: what releases hold. ``names table``: facts that coset carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One name that leads to a project.

    Attributes:
        project: where the name leads; None where the attribute is of no project on the index (``xen``).
        kind: what the name is to the project.
        name: as it is spelled there; import names and some former attributes have upper-case letters.
        strength: how far the link can be trusted.
        source: who says so.
        because: the evidence, one sentence.
        of: the attribute that the name belongs to, where there is no project.
    """

    project: ProjectName | None
    kind: Kind
    name: str
    strength: Confidence
    source: Source
    because: str
    of: str = ""

    @property
    def owner(self) -> str:
        """What the link leads to, as one text: the project, or the attribute that has none, marked by a space."""
        return f" {self.of or self.name}" if self.project is None else self.project

    def __str__(self) -> str:
        """Return the evidence as a sentence with its source and strength."""
        return f"{self.kind.replace('-', ' ')} {self.name}: {self.because} ({self.source}, {self.strength})"
