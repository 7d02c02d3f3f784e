"""Batched warping costs what the definition says, cell by cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_dtw import by_definition

from vgsnb.errors import UserError
from vgsnb.speech import dtw


def sequences(lengths, seed):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(length, 4)).astype(np.float32) for length in lengths]


LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(LENGTHS, LENGTHS, st.sampled_from([1, 600, 1 << 20]))
def test_costs_are_those_of_the_definition_whatever_is_aligned_together(first, second, memory):
    queries, others = sequences(first, 1), sequences(second, 2)
    wanted = [[by_definition(x, y) for y in others] for x in queries]
    np.testing.assert_allclose(dtw.costs(queries, others, memory), wanted, atol=1e-6)


def test_the_same_word_said_slower_costs_nothing_and_another_more():
    word, other = sequences([12, 12], 3)
    slower = np.repeat(word, 2, axis=0) * 5
    same, different = dtw.costs([word], [slower, other])[0]
    assert same == pytest.approx(0, abs=1e-6)
    assert different > 0.1


def test_nothing_to_align_is_an_empty_table_and_what_cannot_be_aligned_is_named():
    assert dtw.costs([], sequences([3], 0)).shape == (0, 1)
    with pytest.raises(UserError, match=r"Sequence 1 has the shape \(0, 4\)"):
        dtw.costs(sequences([3], 0), [np.zeros((0, 4), np.float32)])
    with pytest.raises(UserError, match="4 coefficients"):
        dtw.costs(sequences([3], 0), [np.ones((2, 5), np.float32)])
