"""What does a check say of one package with these lines of METADATA in this set?"""

from dataclasses import replace

from toys import DARWIN, LINUX, current, registry, release

from dataset.currentset import Attribute, Recipe
from nixpkgs.setcheck import check_set
from normalize.projects import project_name

TARGETS = (LINUX, DARWIN)


def check(lines, versions, *, targets=TARGETS, extras=("x",), unusable=(), requires_python=None, **facts):
    """Return the findings on ``app 1.0``, which has these requirements and an attribute for each version."""
    made = release("app 1.0", requires=tuple(sorted(lines)), extras=extras, unusable=unusable)
    made = replace(made, requires_python=requires_python)
    app = {"version": "1.0", "dependencies": tuple(sorted(versions)), "recipe": Recipe(line=7), **facts}
    others = [Attribute(name=name, project=project_name(name), version=version) for name, version in versions.items()]
    mine = Attribute(name="app", project=project_name("app"), **{"confidence": "certain", **app})
    found = check_set(current(mine, *others), registry(made), targets, ["app"])
    assert found.attributes == 1
    return found.findings


def told(findings):
    return [(one.kind, one.sentence) for one in findings]
