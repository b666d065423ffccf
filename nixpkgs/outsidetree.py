"""What does a checkout have of the projects that a plan adds to the set, and what is relaxed there?"""

from collections.abc import Collection

from nixpkgs.outside import Relaxes, relaxed_by
from nixpkgs.outsidechange import Has
from nixpkgs.splice import LeftAlone
from nixpkgs.treeedit import TreeEditor
from normalize.projects import ProjectName
from normalize.relaxhook import EVERYTHING
from solver.plan import Plan


def outside_in(editor: TreeEditor, plan: Plan) -> dict[ProjectName, Has]:
    """Return what the checkout has of what the plan adds; what it does not declare is left out."""
    added = {one.project for one in plan.added}
    return {
        one.project: _has(editor, one.attribute)
        for one in plan.packages
        if one.project in added and one.attribute in editor.declared
    }


def _has(editor: TreeEditor, attribute: str) -> Has:
    try:
        version = editor.facts(editor.stands_for(attribute)).version
    except LeftAlone as answer:
        return Has(None, answer.why)
    if isinstance(version, str):
        return Has(version)
    return Has(None, "its version stands nowhere" if version is None else f"its version cannot be read: {version.why}")


def relaxes_in(editor: TreeEditor, plan: Plan) -> Relaxes:
    """Return what is relaxed there before the plan comes into it and also afterwards."""
    moving = {one.attribute for one in plan.packages if one.state != "unchanged"}

    def names(attribute: str) -> Collection[str]:
        try:
            found = editor.facts(editor.stands_for(attribute)).relaxed.always
        except LeftAlone:
            return ()
        # `true` becomes a list where the version moves
        return [name for name in found if name != EVERYTHING or attribute not in moving]

    return relaxed_by(plan, names)
