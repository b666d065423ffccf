"""Where do coset's own data and the user's cache lie?

Apart from `coset.places`, so that what needs no dataset does not wait for the modules that read one.
"""

from pathlib import Path

from coset.locations import cache_path, data_path
from normalize.errors import OutsideError


def data_folder() -> Path:
    """Return the folder of the data that coset carries: inside the installed package, or beside it in a checkout."""
    return Path(data_path())


def cache_folder() -> Path:
    """Return the user's cache folder, which ``XDG_CACHE_HOME`` moves; it is made where it is missing.

    Raises:
        OutsideError: it cannot be made.
    """
    named = cache_path()
    if named is None:
        from platformdirs import user_cache_path  # noqa: PLC0415 -- not needed where most run coset

        folder = user_cache_path("coset", appauthor=False)
    else:
        folder = Path(named)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError(
            f"the cache folder {str(folder)!r} cannot be made: {error.strerror or error}",
            hint="set XDG_CACHE_HOME to a folder that can be written, or name a dataset with --db FILE",
        ) from error
    return folder
