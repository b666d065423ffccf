"""How do the files of ``report/web`` become a page? The only module that knows jinja2."""

from collections.abc import Iterable, Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@cache
def _pages() -> Environment:
    return Environment(
        autoescape=True,
        loader=PackageLoader("report", "web"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page_source(name: str) -> str:
    """Return a file of ``report/web`` as it is."""
    environment = _pages()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def fill_page(
    name: str, values: Mapping[str, object], ours: Mapping[str, str], series: Mapping[str, Iterable[str]]
) -> str:
    """Return a page from a template of ``report/web``; every value is escaped.

    Args:
        name: the template's file.
        values: what it shows.
        ours: texts that are HTML, script or style already and go into it as they are.
        series: several such texts each.
    """
    marked = {key: Markup(text) for key, text in ours.items()}  # noqa: S704
    several = {key: [Markup(text) for text in texts] for key, texts in series.items()}  # noqa: S704
    return _pages().get_template(name).render(**values, **marked, **several)
