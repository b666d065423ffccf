"""How is the effect of an update written, and read again? The JSON of ``coset sweep`` and of its journal."""

from typing import Any

from dataset.decode import Decoder
from normalize.projects import project_name
from solver.ease import EASES, Effect, Loosened, Shift, Update
from solver.planjson import plain


def effect_to_json(effect: Effect) -> dict[str, Any]:
    """Return the JSON form."""
    found: dict[str, Any] = plain(effect)
    return found | {"kernels": dict(effect.kernels)}


def effect_from_json(data: Any, where: str) -> Effect:
    """Return the effect that was written.

    Raises:
        UsageError: it is none, with the path to the bad value.
    """
    one = Decoder(data, where)
    update = Decoder(one.raw("update"), f"{where}.update")
    kernels = Decoder(one.raw("kernels"), f"{where}.kernels")
    return Effect(
        update=Update(
            project=project_name(update.text("project")),
            attribute=update.text("attribute"),
            before=update.optional_text("before"),
            after=update.text("after"),
        ),
        ease=one.choice("ease", EASES, "impossible"),
        proven=one.flag("proven", default=False),
        shifts=tuple(_shift(each) for each in one.tables("shifts")),
        loosened=tuple(_loosened(each) for each in one.tables("loosened")),
        breaks=one.texts("breaks"),
        mended=one.number("mended", default=0) or 0,
        built=one.number("built", default=0) or 0,
        kernels=tuple((kernel, kernels.number(kernel) or 0) for kernel in kernels.keys()),  # noqa: SIM118 -- no mapping
        applications=one.texts("applications"),
        touched=tuple(map(project_name, one.texts("touched"))),
        around=tuple(map(project_name, one.texts("around"))),
    )


def _shift(one: Decoder) -> Shift:
    return Shift(
        project=project_name(one.text("project")),
        attribute=one.text("attribute"),
        before=one.optional_text("before"),
        after=one.optional_text("after"),
        elsewhere=one.flag("elsewhere", default=False),
    )


def _loosened(one: Decoder) -> Loosened:
    return Loosened(
        project=project_name(one.text("project")),
        attribute=one.text("attribute"),
        version=one.text("version"),
        dependency=project_name(one.text("dependency")),
        specifier=one.text("specifier"),
        chosen=one.text("chosen"),
        risk=one.text("risk"),
        already=one.flag("already", default=False),
    )
