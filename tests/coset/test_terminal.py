"""How do lines look on a terminal? Bent at words to its width; whole wherever nobody looks."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coset import terminal


class Terminal(io.StringIO):
    def isatty(self):
        return True


LINE = "  held: protobuf 6.33.1 instead of 7.34.0, because tensorflow 2.21.0 requires protobuf<7 and nothing else does"


@pytest.fixture
def columns(monkeypatch):
    """Return a way to give the terminal a width."""
    return lambda number: monkeypatch.setenv("COLUMNS", str(number))


def test_a_long_line_is_bent_at_words_below_its_own_indent(columns):
    columns(60)
    assert terminal.bent(LINE, Terminal()) == (
        "  held: protobuf 6.33.1 instead of 7.34.0, because\n"
        "      tensorflow 2.21.0 requires protobuf<7 and nothing else\n"
        "      does"
    )


@pytest.mark.parametrize(("width", "stream"), [(60, io.StringIO()), (len(LINE), Terminal()), (30, Terminal())])
def test_pipes_wide_and_narrow_terminals_get_it_whole(columns, width, stream):
    columns(width)
    assert terminal.bent(LINE, stream) == LINE


@given(words=st.lists(st.text("ab-<>=.", min_size=1, max_size=70), min_size=1), indent=st.integers(0, 12))
def test_no_word_is_lost_or_split(words, indent):
    line = " " * indent + " ".join(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "50")
        assert terminal.bent(line, Terminal()).split() == words
