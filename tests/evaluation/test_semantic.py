"""Semantic retrieval against scikit-learn and SciPy, on resamples that are written out."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score

from vgsnb.errors import UserError
from vgsnb.evaluation import picture_weights, semantic, spotting

NAN = pytest.approx(np.nan, nan_ok=True)


def with_counts(collection):
    """Scores, relevance and the counts of five annotators, most of whom find relevant what is so."""
    scores, _, _ = collection
    counts = pd.DataFrame(np.random.default_rng(9).binomial(5, 0.4, scores.shape), scores.index, scores.columns)
    return scores, counts >= 3, counts


@pytest.fixture
def judged(random_collection):
    return with_counts(random_collection)


@pytest.fixture
def weights(judged):
    images = pd.Series([f"p{n // 4}" for n in range(40)], judged[0].index)
    return picture_weights(images, 7, seed=4)


def times(table: pd.DataFrame, weights: pd.Series) -> np.ndarray:
    return np.repeat(table.to_numpy(), weights.astype(int), axis=0)


def rho(scores: np.ndarray, counts: np.ndarray) -> float:
    varied = len(set(scores)) > 1 and len(set(counts)) > 1
    return spearmanr(scores, counts).statistic if varied else np.nan


def test_means_over_keywords_and_one_ranking_of_all_pairs_equal_scikit_learn(judged):
    scores, relevant, counts = judged
    found = semantic.retrieval(scores, relevant, counts)
    assert tuple(found) == semantic.MEASURES
    assert {name: found[name] for name in ("p10", "pn", "eer")} == pytest.approx(
        {name: value for name, value in spotting(scores, relevant).items() if name != "average_precision"}
    )
    pairs = relevant.to_numpy().ravel(), scores.to_numpy().ravel()
    assert found["average_precision"] == pytest.approx(average_precision_score(*pairs))
    assert found["mean_average_precision"] == pytest.approx(
        np.mean([average_precision_score(relevant[key], scores[key]) for key in scores])
    )
    assert found["keyword_spearman"] == pytest.approx(np.mean([rho(scores[key], counts[key]) for key in scores]))
    assert found["spearman"] == pytest.approx(rho(scores.to_numpy().ravel(), counts.to_numpy().ravel()))


def test_one_ranking_hand_counted():
    scores = pd.DataFrame({"dogs": [0.9, 0.7], "ball": [0.8, 0.1]})
    relevant = pd.DataFrame({"dogs": [True, False], "ball": [False, True]})
    found = semantic.retrieval(scores, relevant)
    # Of the four pairs the first and the last are relevant; of each keyword's two utterances the first, the second.
    assert found["average_precision"] == pytest.approx((1 + 2 / 4) / 2)
    assert found["mean_average_precision"] == pytest.approx((1 + 1 / 2) / 2)


def test_weights_equal_a_resample_that_is_written_out(judged, weights):
    scores, relevant, counts = judged
    found = semantic.retrieval(scores, relevant, counts, weights)
    pooled = semantic.spearman(scores, counts, weights)["spearman"]
    for draw in weights:
        copies = [pd.DataFrame(times(table, weights[draw]), columns=scores.columns) for table in judged]
        expected = semantic.retrieval(*copies)
        assert {name: value[draw] for name, value in found.items()} == pytest.approx(expected)
        pairs = np.repeat(weights[draw].to_numpy(), 4)
        precision = average_precision_score(relevant.to_numpy().ravel(), scores.to_numpy().ravel(), sample_weight=pairs)
        assert found["average_precision"][draw] == pytest.approx(precision)
        assert pooled[draw] == pytest.approx(rho(*(copies[n].to_numpy().ravel() for n in (0, 2))))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(0, 3), st.lists(st.integers(0, 3), min_size=2, max_size=2))))
def test_correlation_with_ties_equals_scipy_on_repeated_rows(rows):
    scores, counts = (np.array([row[n] for row in rows], float) for n in (0, 1))
    copies = np.array([row[2] for row in rows], float).reshape(-1, 2)
    expected = [rho(*(np.repeat(column, copy.astype(int)) for column in (scores, counts))) for copy in copies.T]
    assert semantic.rank_correlation(scores, counts, copies) == pytest.approx(np.array(expected), nan_ok=True)


def test_correlation_is_one_for_any_rising_scores_and_minus_one_for_falling_ones():
    counts = pd.DataFrame({"dogs": [0, 5, 2, 2, 1]})
    assert semantic.keyword_spearman(np.exp(counts * 3.0), counts) == {"keyword_spearman": 1}
    assert semantic.keyword_spearman(1 - counts / 5, counts) == {"keyword_spearman": -1}


def test_keywords_that_do_not_vary_in_a_resample_are_left_out_of_its_mean():
    scores = pd.DataFrame({"dogs": [0.1, 0.4, 0.2], "ball": [0.3, 0.3, 0.9], "hat": [0.5, 0.1, 0.7]}, list("abc"))
    counts = pd.DataFrame({"dogs": [0, 3, 5], "ball": [1, 0, 4], "hat": [2, 2, 2]}, list("abc"))
    drawn = pd.DataFrame([[1, 2, 3, 0], [1, 1, 0, 0], [1, 0, 0, 0]], list("abc"))
    found = semantic.spearman_by_keyword(scores, counts, drawn)
    assert found[0] == pytest.approx(np.array([0.5, 1, np.nan, np.nan]), nan_ok=True)
    assert found[1] == pytest.approx(np.array([np.sqrt(3) / 2, np.nan, np.nan, np.nan]), nan_ok=True)
    assert np.isnan(found[2]).all()  # everybody finds it as fitting everywhere
    means = semantic.keyword_spearman(scores, counts, drawn)["keyword_spearman"]
    assert means == pytest.approx(np.array([(0.5 + np.sqrt(3) / 2) / 2, 1, np.nan, np.nan]), nan_ok=True)


def test_scores_that_ignore_the_utterance_correlate_in_the_one_ranking_of_all_pairs_only(judged):
    scores, relevant, counts = judged
    prior = scores * 0 + counts.mean() / 7
    assert semantic.retrieval(prior, relevant, counts)["keyword_spearman"] == NAN
    flat = prior.to_numpy().ravel(), counts.to_numpy().ravel()
    assert semantic.spearman(prior, counts) == pytest.approx({"spearman": rho(*flat)})
    assert rho(*flat) > 0


def test_without_counts_there_is_no_correlation(judged, weights):
    scores, relevant, counts = judged
    found, complete = semantic.retrieval(scores, relevant), semantic.retrieval(scores, relevant, counts)
    for name in ("spearman", "keyword_spearman"):
        assert found.pop(name) == NAN
        assert complete.pop(name) != NAN
    assert found == complete
    assert np.isnan(semantic.retrieval(scores, relevant, weights=weights)["spearman"]).tolist() == [True] * 7


def test_a_keyword_that_fits_nothing_is_left_out_of_the_means_but_its_pairs_are_ranked(judged):
    scores, relevant, _ = judged
    found, rest = (
        semantic.retrieval(scores, relevant.assign(k0=False)),
        semantic.retrieval(scores.drop(columns="k0"), relevant),
    )
    for name in ("p10", "pn", "eer", "mean_average_precision"):
        assert found[name] == pytest.approx(rest[name])
    pairs = relevant.assign(k0=False).to_numpy().ravel(), scores.to_numpy().ravel()
    assert found["average_precision"] == pytest.approx(average_precision_score(*pairs))
    assert found["average_precision"] < rest["average_precision"]


def test_nothing_relevant_and_everything(judged):
    scores, relevant, counts = judged
    nothing = semantic.retrieval(scores, relevant & False, counts * 0)
    assert nothing == dict.fromkeys(semantic.MEASURES, NAN)
    everything = semantic.retrieval(scores, relevant | True, counts * 0 + 5)
    ones = dict.fromkeys(("p10", "pn", "average_precision", "mean_average_precision"), pytest.approx(1))
    assert everything == {**ones, **dict.fromkeys(("eer", "spearman", "keyword_spearman"), NAN)}


def test_a_resample_without_anything_relevant_has_no_precision():
    scores, relevant = pd.DataFrame({"hat": [0.9, 0.4, 0.3]}), pd.DataFrame({"hat": [True, False, False]})
    found = semantic.retrieval(scores, relevant, relevant * 5, pd.DataFrame([[0, 1], [1, 1], [2, 1]]))
    for name in semantic.MEASURES:
        assert np.isnan(found[name]).tolist() == [True, False]


def test_one_utterance():
    scores, counts = pd.DataFrame({"hat": [0.3], "car": [0.6]}), pd.DataFrame({"hat": [5], "car": [0]})
    found = semantic.retrieval(scores, counts > 2, counts)
    expected = {"p10": 0.1, "pn": 1, "eer": NAN, "average_precision": 0.5, "mean_average_precision": 1}
    expected |= {"spearman": -1, "keyword_spearman": NAN}  # the keyword that does not fit scores higher
    assert found == {name: value if value is NAN else pytest.approx(value) for name, value in expected.items()}


@pytest.mark.parametrize("part", [np.s_[:0, :], np.s_[:, :0], np.s_[:0, :0]])
def test_empty_tables_have_no_measures(judged, weights, part):
    scores, relevant, counts = (table.iloc[part] for table in judged)
    assert semantic.retrieval(scores, relevant, counts) == dict.fromkeys(semantic.MEASURES, NAN)
    drawn = semantic.retrieval(scores, relevant, counts, weights)
    assert [np.isnan(drawn[name]).tolist() for name in semantic.MEASURES] == [[True] * 7] * 7
    for name, measure in (("spearman", semantic.spearman), ("keyword_spearman", semantic.keyword_spearman)):
        assert measure(scores, counts) == {name: NAN}
        assert np.isnan(measure(scores, counts, weights)[name]).tolist() == [True] * 7
    assert semantic.spearman_by_keyword(scores, counts, weights).shape == (scores.shape[1], 7)


def test_rows_and_columns_may_come_in_any_order(judged, weights):
    scores, relevant, counts = judged
    shuffled = [table.sample(frac=1, random_state=n) for n, table in enumerate((relevant, counts, weights))]
    expected = semantic.retrieval(scores, relevant, counts, weights)
    turned = semantic.retrieval(scores, shuffled[0].iloc[:, ::-1], shuffled[1].iloc[:, ::-1], shuffled[2])
    assert turned == {name: pytest.approx(values) for name, values in expected.items()}
    other = semantic.retrieval(scores.iloc[::-1, ::-1], relevant, counts, weights)
    assert other == {name: pytest.approx(values) for name, values in expected.items()}
    pooled = [semantic.spearman(scores, table, drawn) for table, drawn in ((counts, weights), shuffled[1:])]
    assert pooled[0]["spearman"] == pytest.approx(pooled[1]["spearman"])


def test_missing_labels_are_refused(judged):
    scores, relevant, counts = judged
    for tables in ((relevant.iloc[1:], counts), (relevant, counts.iloc[1:])):
        with pytest.raises(UserError, match="same utterances"):
            semantic.retrieval(scores, *tables)
    for tables in ((relevant.drop(columns="k1"), counts), (relevant, counts.drop(columns="k1"))):
        with pytest.raises(UserError, match="no labels for 'k1'"):
            semantic.retrieval(scores, *tables)
    holed = counts.where(counts > 0)
    for tables in ((scores.where(scores > 0.2), relevant, counts), (scores, holed, counts), (scores, relevant, holed)):
        with pytest.raises(UserError, match="none missing"):
            semantic.retrieval(*tables)
