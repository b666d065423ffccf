"""What may be typed as a name: the same as regular expressions say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.errors import UsageError
from normalize.queries import name_in

_PATH = re.compile(r"(?:pkgs\.)?python3\d*(?:Packages|\.pkgs)\.")
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.'-]*[A-Za-z0-9_])?")
pieces = st.sampled_from(
    ["pkgs.", "python3", "python313", "1", ".pkgs.", "Packages.", '"', "'", "a", "-", "_", ".", " ", "é"]
)


@given(st.lists(pieces, max_size=8).map("".join))
def test_a_name_is_what_is_left_without_path_and_quotes(query):
    name = query.strip(" ")
    path = _PATH.match(name)
    name = name if path is None else name[path.end() :]
    if len(name) > 2 and name[0] == name[-1] == '"':
        name = name[1:-1]
    if _NAME.fullmatch(name) and name.strip("_"):
        assert name_in(query) == name
    else:
        with pytest.raises(UsageError):
            name_in(query)
