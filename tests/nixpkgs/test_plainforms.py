"""What is read at one glance is what is read node by node."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nixpkgs import symbolic
from nixpkgs.scopes import Scope
from nixpkgs.symbols import Function, Listing, NixSet, Surroundings, Value
from nixpkgs.syntax import NixSyntaxError, parse_nix

GLANCES = {
    "listed_paths": lambda text: None,
    "listed_texts": lambda text: None,
    "asked_names": lambda text: None,
    "inherited_names": lambda text: None,
    "bound": lambda data, start: (None, None),
    "is_dotted": lambda text: False,
}

NAMES = st.sampled_from(["a", "b'", "with-dash", "_x", "true", "null", "or", "lib", "rec", "inherit", "n" * 101])
BLANKS = st.sampled_from([" ", "\n", "\r\n", "\t", "  ", " # why ]\n", " # a, b }\r\n", "#\n", " /* no */ "])
TEXTS = st.sampled_from(
    ['"a"', '"#b"', '"a b"', '"${a}"', '"\\n"', '"$"', '""', "''x''", '"a\r\nb"', '"' + "t" * 200 + '"']
)


def joined(elements, blanks):
    """Return elements with blanks before, between and after them."""
    return st.lists(st.tuples(blanks, elements), max_size=4).map(lambda all_: "".join(b + e for b, e in all_))


PATHS = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
LISTS = st.tuples(joined(st.one_of(PATHS, TEXTS, st.just("(a)"), st.just("-1")), BLANKS), BLANKS).map(
    lambda parts: f"[{parts[0]}{parts[1]}]"
)
HEADS = st.tuples(
    st.lists(st.tuples(BLANKS, st.one_of(NAMES, st.just("a ? 1"), st.just("..."))), max_size=4), BLANKS, st.booleans()
).map(lambda p: "{" + ",".join(b + n for b, n in p[0]) + ("," if p[2] and p[0] else "") + p[1] + "}")
BINDINGS = st.lists(
    st.one_of(
        st.tuples(NAMES, BLANKS, st.one_of(LISTS, PATHS, TEXTS)).map(lambda p: f"{p[0]}{p[1]}= {p[2]};"),
        st.tuples(PATHS, st.one_of(LISTS, PATHS)).map(lambda p: f"{p[0]} = {p[1]};"),
        st.tuples(joined(NAMES, BLANKS), BLANKS).map(lambda p: f"inherit{p[0]}{p[1]};"),
        st.just('"a" = 1;'),
        st.just("a = { b = 1; };"),
        st.just("inherit (a) b;"),
    ),
    max_size=4,
).map("\n".join)
EXPRESSIONS = st.one_of(
    LISTS,
    PATHS,
    TEXTS,
    st.tuples(HEADS, LISTS).map(lambda p: f"{p[0]}: {p[1]}"),
    st.tuples(st.sampled_from(["", "rec "]), BINDINGS).map(lambda p: f"{p[0]}{{ {p[1]} }}"),
    st.tuples(HEADS, BINDINGS).map(lambda p: f"{p[0]}: rec {{ {p[1]} }}"),
)


def plain(value: Value, depth: int = 0) -> object:
    """Return a value with all that is evaluated later evaluated."""
    if isinstance(value, Function):
        return plain(value.apply(lambda: Surroundings({"lib": "the library"})), depth + 1)
    if isinstance(value, NixSet):
        if depth > 5:  # a set may hold itself
            return "and so on"
        return value.more, [(name, plain(make(), depth + 1)) for name, make in value.names.items()]
    if isinstance(value, Listing):
        return [(plain(one.value, depth + 1), one.conditions, one.spread, one.text) for one in value.items]
    return value


def read(text):
    """Return what an expression means; None where it does not parse."""
    try:
        return plain(symbolic.evaluate(parse_nix(text.encode()), Scope({})))
    except NixSyntaxError:
        return None


@given(EXPRESSIONS)
def test_both_ways_of_reading_give_the_same(text):
    quick = read(text)
    with pytest.MonkeyPatch.context() as patch:
        for name, slow in GLANCES.items():
            patch.setattr(symbolic, name, slow)
        assert quick == read(text)
