"""Where do coset's own data and the user's cache lie?

Apart from `coset.places`, so that what needs no dataset does not wait for the modules that read one.
"""

from pathlib import Path

from platformdirs import user_cache_path

from normalize.errors import OutsideError


def data_folder() -> Path:
    """Return the folder of the data that coset carries: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent / "data"


def cache_folder() -> Path:
    """Return the user's cache folder, which ``XDG_CACHE_HOME`` moves; it is made where it is missing.

    Raises:
        OutsideError: it cannot be made.
    """
    folder = user_cache_path("coset", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError(
            f"the cache folder {str(folder)!r} cannot be made: {error.strerror or error}",
            hint="set XDG_CACHE_HOME to a folder that can be written, or name a dataset with --db FILE",
        ) from error
    return folder
