"""Calibration by hand: shares above the threshold, the order kept, keywords apart."""

import numpy as np
import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.further.calibration import shifted, shifts

EXPECTED = pd.Series({"ball": 0.3, "dog": 0.8, "tree": 0.0})


def scores(seed=0, rows=200):
    values = np.random.default_rng(seed).beta(1, 8, (rows, 3))
    return pd.DataFrame(values, [f"u{row}" for row in range(rows)], list(EXPECTED.index))


@pytest.mark.parametrize("theta", [0.5, 0.4])
def test_as_many_are_above_the_threshold_as_expected(theta):
    found = shifted(scores(), shifts(scores(), EXPECTED, theta))
    assert (found > theta).mean().tolist() == EXPECTED.tolist()
    assert (scores() > theta).mean().tolist() != EXPECTED.tolist()


def test_by_hand_the_threshold_lies_between_two_utterances():
    table = pd.DataFrame({"ball": [0.1, 0.2, 0.2689414214, 0.5]}, ["a", "b", "c", "d"])
    assert shifts(table, pd.Series({"ball": 0.25}))["ball"] == pytest.approx(0.5)  # between logits −1 and 0
    found = shifted(table, pd.Series({"ball": 0.5}))["ball"]
    assert found["d"] == pytest.approx(1 / (1 + np.exp(-0.5)))


def test_only_the_shift_comes_from_development_and_ranks_stay():
    test = scores(seed=1)
    by = shifts(scores(seed=0), EXPECTED)
    found = shifted(test, by)
    assert found.rank().equals(test.rank())
    pd.testing.assert_frame_equal(found, shifted(test, by[["tree", "ball", "dog"]]))
    assert abs((found["ball"] > 0.5).mean() - 0.3) < 0.1


def test_scores_of_nothing_and_one_stay_apart_from_the_others():
    table = pd.DataFrame({"ball": [0.0, 0.5, 1.0]}, ["a", "b", "c"])
    found = shifted(table, shifts(table, pd.Series({"ball": 1 / 3})))["ball"]
    assert found["a"] < found["b"] < 0.5 < found["c"]


def test_a_keyword_without_expectation_is_refused():
    with pytest.raises(UserError, match="lacks the expected share of tree"):
        shifts(scores(), EXPECTED[["ball", "dog"]])
