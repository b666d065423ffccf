"""Do packed texts come back, and is damage seen?"""

import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataset.packedtext import pack, unpack

METADATA = b"Metadata-Version: 2.1\nName: six\nVersion: 1.17.0\nRequires-Python: >=3.9\nRequires-Dist: numpy>=1\n"


@given(st.binary(max_size=2_000))
def test_what_is_packed_comes_back(text):
    assert unpack(pack(text)) == text


def test_words_that_most_texts_share_cost_little():
    assert len(pack(METADATA)) < len(zlib.compress(METADATA, 9)) * 0.7


@given(st.integers(0, 30))
def test_a_text_that_is_cut_off_is_not_taken_for_a_whole_one(cut):
    packed = pack(METADATA)
    with pytest.raises(ValueError, match=r"cut off|incomplete|invalid"):
        unpack(packed[: max(0, len(packed) - 1 - cut)])


@given(st.binary(max_size=50))
def test_anything_else_is_refused_or_read_never_a_crash(noise):
    with suppress(ValueError):
        assert isinstance(unpack(noise), bytes)


def test_more_than_any_text_has_is_refused():
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    with pytest.raises(ValueError, match="cut off"):
        unpack(bomb.compress(b"\0" * (9 << 20)) + bomb.flush())
