"""What does a commit say that changes one attribute? As nixpkgs words it."""

from nixpkgs.treeedit import Step
from normalize.relaxhook import EVERYTHING


def commit_message(step: Step) -> str:
    """Return the message: nixpkgs' title, and a line for each further change.

    Names and versions cannot add lines of their own.
    """
    title, *others = [" ".join(phrase.split()) for phrase in step_phrases(step)]
    lines = [f"python3Packages.{step.attribute}: {title}", *([""] if others else []), *(f"- {one}" for one in others)]
    return "\n".join(lines) + "\n"


def step_phrases(step: Step) -> tuple[str, ...]:
    """Return what changes, the version first; at least one phrase."""
    changes = step.changes
    found = [f"{step.current} -> {step.version}"] if step.current != step.version else []
    if step.points_to is not None:
        found.append(f"point to {step.points_to}")
    if changes.relax:
        found.append(f"relax {', '.join(one.name for one in changes.relax)}")
    if changes.unrelax:
        names = ["everything" if name == EVERYTHING else name for name in changes.unrelax]
        found.append(f"do not relax {', '.join(names)} any more")
    further = changes.further
    if further.narrowed is not None:
        kept = ", ".join(one.name for one in further.narrowed)
        found.append(f"relax {kept} instead of everything" if kept else "do not relax everything any more")
    if changes.gain:
        found.append(f"add {', '.join(changes.gain)}")
    found += [f"add {one.attribute} where {one.condition}" for one in further.gain]
    lost = [*changes.lose, *further.lose]
    if lost:
        found.append(f"remove {', '.join(lost)}")
    for one in further.extras:
        found += [f"add {', '.join(one.gain)} to the extra {one.name}"] if one.gain else []
        found += [f"remove {', '.join(one.lose)} from the extra {one.name}"] if one.lose else []
    return tuple(found)
