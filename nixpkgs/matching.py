"""Which project on the index is an attribute? What the package file shows, strongest first; a guess is called one."""

from collections.abc import Sequence

from normalize.nameevidence import AttributeFacts, Matched, match_attribute


def matched(attribute: str, pname: str | None, downloaded: str | None, imports: Sequence[str]) -> Matched:
    """Return the project of an attribute.

    Args:
        attribute: the attribute.
        pname: the package's ``pname``; None where it is not known.
        downloaded: what ``fetchPypi`` downloads; None where the source comes from elsewhere.
        imports: what ``pythonImportsCheck`` imports.

    >>> matched("django_5", "django", None, ["django"]).project, matched("django_5", "django", None, []).series
    ('django', '5')
    """
    return match_attribute(AttributeFacts(attribute=attribute, pname=pname, fetched=downloaded, imports=tuple(imports)))
