"""Semantic speech retrieval: rank utterances for a written keyword; relevant is what fits its *meaning*, said or not.

The task and its measures are those of Kamper, Shakhnarovich and Livescu 2019. There each of five annotators says of an
utterance which keywords fit it: ``counts`` (U, W) are how many found that one does, and a pair is ``relevant`` (U, W)
when the labels say so, which nearly always is when most did. As in spotting, a keyword that fits no utterance is left
out of the means over keywords, and utterances with equal scores have no order.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgsnb.errors import UserError
from vgsnb.evaluation.detection import aligned
from vgsnb.evaluation.intervals import Values, values_of, weight_rows
from vgsnb.evaluation.spotting import Ranking, mean_over_keywords, spotting

EARS, TAGGER, TEXT, PRIOR, CHANCE = "perfect ears", "tagger", "text", "prior", "chance"  # what models stand beside
MEASURES = ("p10", "pn", "eer", "average_precision", "mean_average_precision", "spearman", "keyword_spearman")


def retrieval(
    scores: pd.DataFrame,
    relevant: pd.DataFrame,
    counts: pd.DataFrame | None = None,
    weights: pd.DataFrame | None = None,
) -> Values:
    """The ``MEASURES`` of semantic retrieval (Kamper et al. 2019), one value or with ``weights`` (U, R) arrays (R,).

    - ``p10``, ``pn``, ``eer`` and ``mean_average_precision`` are ``spotting``'s means over keywords, with the relevant
      utterances in place of those that say the keyword; its ``average_precision`` is the mean one here.
    - ``average_precision`` is micro-averaged: all utterance × keyword pairs are in *one* ranking, so scores must mean
      the same for every keyword. The pairs of keywords that fit no utterance are in it too, as not relevant.
    - ``spearman`` and ``keyword_spearman`` are rank correlations with the annotators' ``counts`` (U, W), of all pairs
      and by keyword; NaN without them.

    A measure is NaN where it is not defined: no utterance, no keyword, nothing relevant (and for EER: everything).
    """
    wanted, rows = _labels(scores, relevant), weight_rows(weights, scores.index)
    if scores.empty:
        return values_of({name: np.full(rows.shape[1], np.nan) for name in MEASURES}, weights)
    ranked = spotting(scores, relevant, weights)
    pooled = _over_pairs(Ranking.of(scores.to_numpy(float).ravel(), wanted.ravel()).average_precision, scores, rows)
    correlations = values_of({name: np.full(rows.shape[1], np.nan) for name in MEASURES[-2:]}, weights)
    if counts is not None:
        correlations = spearman(scores, counts, weights) | keyword_spearman(scores, counts, weights)
    return {
        **{name: ranked[name] for name in ("p10", "pn", "eer")},
        **values_of({"average_precision": pooled}, weights),
        "mean_average_precision": ranked["average_precision"],
        **correlations,
    }


def keyword_spearman(scores: pd.DataFrame, counts: pd.DataFrame, weights: pd.DataFrame | None = None) -> Values:
    """``keyword_spearman``: the mean over keywords of the rank correlation ρ of scores with annotators' counts (U, W).

    A keyword whose scores or counts do not vary among the utterances, or in a resample, has no ρ and is left out. So
    scores that ignore the utterance, such as how frequent a keyword is, have none at all (NaN).
    """
    found = mean_over_keywords(spearman_by_keyword(scores, counts, weights))
    return values_of({"keyword_spearman": found}, weights)


def spearman_by_keyword(scores: pd.DataFrame, counts: pd.DataFrame, weights: pd.DataFrame | None = None) -> np.ndarray:
    """Spearman's ρ of each keyword (W, R), R = 1 without weights; NaN where its scores or counts do not vary."""
    values, known, rows = scores.to_numpy(float), _labels(scores, counts), weight_rows(weights, scores.index)
    found = np.empty((scores.shape[1], rows.shape[1]))
    for w in range(len(found)):
        found[w] = rank_correlation(values[:, w], known[:, w], rows)
    return found


def spearman(scores: pd.DataFrame, counts: pd.DataFrame, weights: pd.DataFrame | None = None) -> Values:
    """``spearman``: ρ of all utterance × keyword pairs in one ranking, as the authors' released code has it.

    It also rewards knowing which keywords fit often, whatever is said: scores that ignore the utterance have one.
    """
    known, rows = _labels(scores, counts), weight_rows(weights, scores.index)
    one, two = _Ties.of(scores.to_numpy(float).ravel()), _Ties.of(known.ravel())
    found = _over_pairs(lambda pairs: _correlation(one, two, pairs), scores, rows)
    return values_of({"spearman": found}, weights)


def rank_correlation(first: np.ndarray, second: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Spearman's ρ (R,) of two columns (U,), of which a resample has ``weights`` (U, R) copies of each row.

    Equal values share the mean of their ranks. NaN where either column does not vary among the rows of a resample.
    """
    return _correlation(_Ties.of(first), _Ties.of(second), weights)


def _correlation(first: "_Ties", second: "_Ties", weights: np.ndarray) -> np.ndarray:
    one, two = first.centred_ranks(weights), second.centred_ranks(weights)
    joint, *own = (np.einsum("u...,u...->...", weights * a, b) for a, b in ((one, two), (one, one), (two, two)))
    with np.errstate(invalid="ignore"):
        return np.asarray(joint / np.sqrt(own[0] * own[1]))


@dataclass(frozen=True)
class _Ties:
    """The order of a column and its groups of equal values: ``order`` (U,), ``ends`` (G,), and each row's ``group``."""

    order: np.ndarray
    ends: np.ndarray
    group: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> "_Ties":
        _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
        return cls(np.argsort(group, kind="stable"), np.cumsum(sizes), group)

    def centred_ranks(self, weights: np.ndarray) -> np.ndarray:
        """Twice the rank of each row less twice the mean rank: as many as lie below it less as many as lie above.

        They are whole numbers, so that what does not vary has a variance of exactly zero. Of the shape of ``weights``,
        (U, R) or (U,).
        """
        upto = np.zeros((len(self.ends) + 1, *weights.shape[1:]))  # how many rows lie in the first groups
        upto[1:] = np.cumsum(weights[self.order], axis=0)[self.ends - 1]
        return np.asarray((upto[:-1] + upto[1:] - upto[-1])[self.group])


def _labels(scores: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """The values of ``table`` (U, W) in the order of ``scores``; neither may have missing ones."""
    values = aligned(scores, table)
    if np.isnan(values).any() or np.isnan(scores.to_numpy(float)).any():
        raise UserError("Scores and labels must be numbers; make both for every utterance and keyword, none missing.")
    return values


def _over_pairs(measure: Callable[[np.ndarray], np.ndarray], scores: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """``measure(weights (P,))`` of all P = U·W pairs in each resample of the utterances (U, R): (R,).

    One resample at a time, which fits the processor's cache: a dozen at once take three times as long.
    """
    return np.array([measure(row.repeat(scores.shape[1])) for row in np.ascontiguousarray(weights.T)])
