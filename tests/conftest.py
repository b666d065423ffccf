"""What do all tests share? The same examples in every run, and nothing of the user's machine."""

import gc
import os

os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"  # its plugins are those of others' packages: no test uses them

import pytest
from hypothesis import HealthCheck, settings
from realnix import RealNix

# A slow machine is no fault of a test: hypothesis would complain of examples that take long to draw.
_SLOW = [HealthCheck.too_slow]
settings.register_profile(
    "same", max_examples=50, derandomize=True, deadline=None, database=None, suppress_health_check=_SLOW
)
settings.register_profile("search", max_examples=2_000, deadline=None, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect tests without looking for garbage, and never look through them: they stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _own_environment(tmp_path_factory):
    """Give the run its own cache folder, so that the embedded dataset is unpacked once a run and never the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("COLUMNS", "100")
        patch.setenv("TERM", "xterm")
        patch.delenv("NO_COLOR", raising=False)
        patch.delenv("FORCE_COLOR", raising=False)
        yield


@pytest.fixture(scope="session")
def nix(tmp_path_factory):
    """Return real Nix, which parses and evaluates texts and files; see `realnix`."""
    return RealNix(tmp_path_factory.mktemp("nix"))
