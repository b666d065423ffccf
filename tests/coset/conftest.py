"""What several tests of commands start from."""

import pytest
from served import put_toys, serving


@pytest.fixture(scope="module")
def toys(tmp_path_factory):
    """Return a dataset of toys."""
    return put_toys(tmp_path_factory.mktemp("toys"))


@pytest.fixture(scope="module")
def index(toys):
    """Return the address at which the toys are served."""
    with serving(toys) as url:
        yield url
