"""Ranking measures against enumerated orders, scikit-learn, and resamples that are written out."""

from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from sklearn.metrics import average_precision_score, roc_curve

from vgsnb.evaluation import average_precision, picture_weights, spotting, spotting_by_keyword
from vgsnb.evaluation.intervals import resampled


def mean_hits_over_orders(scores, said, rank):
    """Hits among the first of every order of the utterances in which scores never rise, averaged."""
    orders = [o for o in permutations(range(len(scores))) if all(scores[a] >= scores[b] for a, b in pairwise(o))]
    return np.mean([sum(said[u] for u in order[:rank]) for order in orders])


@pytest.mark.parametrize("seed", range(20))
def test_precision_at_n_is_the_expectation_over_all_orders_of_equal_scores(seed):
    rng = np.random.default_rng(seed)
    scores, said = rng.integers(0, 3, 6) / 2, rng.random(6) < 0.5
    said[0] = True
    found = spotting(pd.DataFrame({"k": scores}), pd.DataFrame({"k": said}))
    assert found["pn"] == pytest.approx(mean_hits_over_orders(scores, said, said.sum()) / said.sum())
    assert found["p10"] == pytest.approx(said.sum() / 10)  # only six utterances, still out of ten


def test_precision_at_ten_hand_counted():
    scores = pd.DataFrame({"k": np.r_[np.linspace(1, 0.9, 8), [0.5] * 4, [0.1] * 3]})
    said = pd.DataFrame({"k": [True] * 5 + [False] * 3 + [True, False, False, False] + [True] * 3})
    # Five sure hits among the first eight; two of the four equal ones come next, one of four of them is a hit.
    assert spotting(scores, said)["p10"] == pytest.approx((5 + 2 / 4) / 10)


def test_curves_equal_scikit_learn(random_collection):
    scores, present, _ = random_collection
    table = spotting_by_keyword(scores, present)
    for key in scores:
        assert table.loc[key, "average_precision"] == pytest.approx(average_precision_score(present[key], scores[key]))
        alarms, hits, _ = roc_curve(present[key], scores[key], drop_intermediate=False)
        crossing = brentq(
            lambda x, a=alarms, h=hits: 1 - np.interp(x, np.arange(len(a)), h) - np.interp(x, np.arange(len(a)), a),
            0,
            len(alarms) - 1,
        )
        assert table.loc[key, "eer"] == pytest.approx(np.interp(crossing, np.arange(len(alarms)), alarms))
    assert average_precision(scores, present).equals(table["average_precision"])


def test_perfect_and_reversed_rankings():
    said = pd.DataFrame({"k": [True] * 10 + [False] * 10})
    perfect = pd.DataFrame({"k": np.linspace(1, 0, 20)})
    assert spotting(perfect, said) == pytest.approx({"p10": 1, "pn": 1, "eer": 0, "average_precision": 1})
    assert spotting(1 - perfect, said)["eer"] == pytest.approx(1)
    assert spotting(1 - perfect, said)["p10"] == 0


def test_no_measure_depends_on_the_order_of_rows(random_collection):
    scores, present, _ = random_collection
    shuffled = scores.sample(frac=1, random_state=1)
    assert spotting(shuffled, present) == pytest.approx(spotting(scores, present))


def test_a_keyword_that_nobody_says_is_left_out(random_collection):
    scores, present, _ = random_collection
    silent = present.assign(k0=False)
    rest = spotting(scores.drop(columns="k0"), present.drop(columns="k0"))
    assert spotting(scores, silent) == pytest.approx(rest)
    assert spotting_by_keyword(scores, silent).loc["k0", ["p10", "pn", "eer", "average_precision"]].isna().all()


def written_out(table: pd.DataFrame, times: pd.Series) -> pd.DataFrame:
    """The rows of a table as often as a resample has them."""
    return table.loc[table.index.repeat(times.astype(int))].reset_index(drop=True)


def test_weights_equal_a_resample_that_is_written_out(make_collection):
    scores, present, _ = make_collection(3, utterances=200, levels=50)
    images = pd.Series([f"p{n // 5}" for n in range(200)], scores.index)
    weights = picture_weights(images, 6, seed=2)
    values = resampled(lambda drawn: spotting(scores, present, drawn), weights)
    for draw in weights:
        expected = spotting(written_out(scores, weights[draw]), written_out(present, weights[draw]))
        assert values.loc[draw].to_dict() == pytest.approx(expected)
