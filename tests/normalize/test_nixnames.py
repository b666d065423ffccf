"""What Nix reads as a name, and what an underscore splits off: the same as regular expressions say."""

import re

from hypothesis import given
from hypothesis import strategies as st

from normalize.nixnames import needs_quotes, underscored_series

texts = st.text("aZ_09-.'\né٣", max_size=10)


@given(texts)
def test_a_name_needs_quotes_unless_it_is_an_identifier(text):
    assert needs_quotes(text) == (re.fullmatch(r"[A-Za-z_][A-Za-z0-9_'-]*", text) is None)


@given(st.text("a_0٣\n", max_size=12))
def test_a_series_stands_behind_an_underscore(text):
    found = re.fullmatch(r"(?P<base>.*?[A-Za-z0-9])_(?P<series>\d+(?:_\d+)*)", text)
    expected = (text, None) if found is None else (found["base"], found["series"].replace("_", "."))
    assert underscored_series(text) == expected
