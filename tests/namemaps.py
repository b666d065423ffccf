"""The map of names that a few links make, without a file that keeps it."""

from normalize.nameindex import name_index
from normalize.namemap import NameMap


def name_map(links, projects=(), standings=None):
    """Return the map of these links; the arguments are those of ``name_index``."""
    return NameMap(name_index(links, projects, standings))
