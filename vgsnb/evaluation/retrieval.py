"""Finding one thing by another: the rank of the first right answer of each query, and what ranks are summed up as.

Rows are queries, columns what is ranked by similarity. Ranks begin with 1. What is equally similar is taken in an
order that nobody chose: the rank is the mean over all such orders.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from vgsnb.evaluation.intervals import Values, values_of, weight_rows

FloatArray = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]
RECALLS = (1, 5, 10, 25)


def first_ranks(similarities: FloatArray, relevant: Mask, ranked: Mask | None = None) -> npt.NDArray[np.float64]:
    """The rank (Q,) of the first right answer of each query: of N, by ``similarities`` (Q, N) and ``relevant`` (Q, N).

    ``ranked`` (Q, N) says what takes part; by default everything does. A query without a right answer has no rank, NaN.
    """
    own = similarities if ranked is None else np.where(ranked, similarities, -np.inf)
    right = relevant if ranked is None else relevant & ranked
    best = np.where(right, own, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    tied = own == best
    among = tied if ranked is None else tied & ranked
    hits, others = (among & right).sum(axis=1), (among & ~right).sum(axis=1)
    # Of h right ones among h + o in random order the first comes after o / (h + 1) others on average.
    ranks = 1 + (own > best).sum(axis=1) + others / (hits + 1)
    return np.where(right.any(axis=1), ranks, np.nan)


def chance_ranks(relevant: Mask, ranked: Mask | None = None) -> npt.NDArray[np.float64]:
    """The mean rank (Q,) of the first right answer in random order: (n + 1) / (r + 1) with r of n right."""
    part = np.ones_like(relevant) if ranked is None else ranked
    right = (relevant & part).sum(axis=1)
    return np.where(right > 0, (part.sum(axis=1) + 1) / (right + 1), np.nan)


def rank_measures(ranks: pd.Series, weights: pd.DataFrame | None = None, recalls: Sequence[int] = RECALLS) -> Values:
    """``median_rank, mean_rank, r1, r5, r10, r25`` of the ranks of queries; those without a rank are left out.

    Recall at k is the share of queries whose first right answer has a rank of k at most, among ties the mean one.
    ``weights`` are those of ``intervals.picture_weights``.
    """
    known = ranks.dropna()
    rows = weight_rows(weights, known.index)  # (Q, R)
    total, values = rows.sum(axis=0), known.to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {"median_rank": _median(values, rows), "mean_rank": values @ rows / total}
        found |= {f"r{k}": (values <= k) @ rows / total for k in recalls}
    return values_of(found, weights)


def _median(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The median (R,) of ``values`` (Q,), each as often as its ``weights`` (Q, R) say; between two, their mean."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order], axis=0)
    if not len(values):
        return np.full(weights.shape[1], np.nan)
    half = below[-1] / 2
    low, high = (below < half).sum(axis=0), (below <= half).sum(axis=0)
    last = len(values) - 1
    found = (values[order][np.minimum(low, last)] + values[order][np.minimum(high, last)]) / 2
    return np.where(half > 0, found, np.nan)
