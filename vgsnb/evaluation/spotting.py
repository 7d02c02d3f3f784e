"""Keyword spotting: rank the utterances of a collection by their score for a keyword; is it said in the first ones?

All measures are taken by keyword and averaged over keywords without weights, as Section IV-C of Olaleye et al. 2022
and Kamper et al. 2019. A keyword that is said in no utterance of the collection has no right answer and is left out.

Utterances with equal scores have no order. Precision at a rank is its *expectation* over all orders of them; EER and
average precision put the threshold between different scores only. No measure depends on the order of the rows.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgsnb.evaluation.detection import aligned
from vgsnb.evaluation.intervals import Arrays, Values, values_of, weight_rows

MEASURES = ("p10", "pn", "eer", "average_precision")


def spotting(scores: pd.DataFrame, present: pd.DataFrame, weights: pd.DataFrame | None = None) -> Values:
    """Means over keywords of ``p10, pn, eer, average_precision`` (Section IV-C, Table IV in brackets, of 2022).

    - P@10: the share of the ten highest-scoring utterances in which the keyword is said, out of ten even when the
      collection is smaller.
    - P@N: the same among the first N, where N is the number of *utterances* in which the keyword is said (the paper
      says "true occurrences"; a ranking of utterances can reach only these).
    - EER: where the rate of misses equals the rate of false alarms on the ROC curve, linear between its points.
    - Average precision: Σ (R_i - R_{i-1}) P_i over the different scores, without interpolation.

    With ``weights`` (U, R) each is an array (R,), a value for each resample.
    """
    values = by_keyword(scores, present, weights)
    return values_of({name: mean_over_keywords(table) for name, table in values.items()}, weights)


def by_keyword(scores: pd.DataFrame, present: pd.DataFrame, weights: pd.DataFrame | None = None) -> Arrays:
    """The measures of ``spotting`` for each keyword: name → (W, R); NaN for a keyword that nobody says."""
    said, rows = aligned(scores, present), weight_rows(weights, scores.index)
    ranks = precision_at_ranks(scores.to_numpy(float), said, said, rows)
    curves = [curve_measures(*pair, rows) for pair in zip(scores.to_numpy(float).T, said.T, strict=True)]
    eer, precision = (np.stack(values) for values in zip(*curves, strict=True))
    return {**ranks, "eer": eer, "average_precision": precision}


def spotting_by_keyword(scores: pd.DataFrame, present: pd.DataFrame) -> pd.DataFrame:
    """A row per keyword: ``said, p10, pn, eer, average_precision``."""
    values = {name: table[:, 0] for name, table in by_keyword(scores, present).items()}
    said = aligned(scores, present).sum(axis=0)
    return pd.DataFrame({"said": said, **values}, index=scores.columns).rename_axis("keyword")


def average_precision(scores: pd.DataFrame, present: pd.DataFrame) -> pd.Series:
    """Average precision of each keyword; also that of soft tags against the words said of the pictures (Figure 6)."""
    return spotting_by_keyword(scores, present)["average_precision"]


def precision_at_ranks(scores: np.ndarray, hits: np.ndarray, said: np.ndarray, weights: np.ndarray) -> Arrays:
    """``p10`` and ``pn`` (W, R): hits (U, W) among the ten and the N highest scores (U, W) under weights (U, R).

    ``hits`` may be expectations in [0, 1]; N is the weighted number of utterances with the keyword.
    """
    true = said.T @ weights
    rows = [_hits_at(scores[:, w], hits[:, w], (10.0, true[w]), weights) for w in range(scores.shape[1])]
    ten, n = (np.stack(values) for values in zip(*rows, strict=True))
    with np.errstate(invalid="ignore"):
        return {"p10": np.where(true > 0, ten / 10, np.nan), "pn": n / np.where(true > 0, true, np.nan)}


def _hits_at(score: np.ndarray, hits: np.ndarray, ranks: tuple, weights: np.ndarray) -> list[np.ndarray]:
    """Expected hits (R,) among the first k of a ranking, for each k of ``ranks``."""
    order, starts = _first_groups(score, weights, max(float(np.max(rank)) for rank in ranks))
    size = np.add.reduceat(weights[order], starts, axis=0)
    hit = np.add.reduceat(weights[order] * hits[order, None], starts, axis=0)
    before = np.cumsum(size, axis=0) - size
    # Of a group of equal scores that straddles the rank, every member is taken with the same probability.
    share = hit / np.maximum(size, 1)
    return [(np.clip(rank - before, 0, size) * share).sum(axis=0) for rank in ranks]


def _first_groups(score: np.ndarray, weights: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """The best utterances, whole groups of equal scores, enough that every resample holds ``reach`` of them."""
    order, length = np.argsort(-score, kind="stable"), 2 * int(reach) + 32
    while length < len(order) and weights[order[:length]].sum(axis=0).min() < reach:
        length *= 2
    if length < len(order):
        length = int((score >= score[order[length - 1]]).sum())
    order = order[:length]
    return order, _starts(score[order])


def _starts(ordered: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])


@dataclass(frozen=True)
class Ranking:
    """One order of utterances by falling score: what any resample's curve is read from.

    ``order`` (U,); of it ``ends`` (G + 1,) how many lie above each threshold, ``places`` (N,) where the keyword is
    said, and ``above`` (G + 1,) in how many of those above each threshold it is.
    """

    order: np.ndarray
    ends: np.ndarray
    places: np.ndarray
    above: np.ndarray

    @classmethod
    def of(cls, score: np.ndarray, said: np.ndarray) -> "Ranking":
        """By the scores (U,) and 0/1 labels (U,) of one keyword."""
        order = np.argsort(-score, kind="stable")
        ends, places = np.r_[0, _starts(score[order])[1:], len(order)], np.flatnonzero(said[order])
        return cls(order, ends, places, np.asarray(np.searchsorted(places, ends)))

    def counted(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Running counts under weights (U,) or (U, R): of all in their order, and of those with the keyword."""
        ordered = weights[self.order]
        return _running(ordered), _running(ordered[self.places])

    def average_precision(self, weights: np.ndarray) -> np.ndarray:
        """Average precision under weights (U, R), as an array (R,), or (U,), as one number."""
        return _average_precision(*self.counted(weights), self.ends, self.above)


def curve_measures(score: np.ndarray, said: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """EER and average precision (R,) of one keyword's scores (U,) against 0/1 labels (U,) under weights (U, R)."""
    ranking = Ranking.of(score, said)
    counts = ranking.counted(weights)
    found = [measure(*counts, ranking.ends, ranking.above) for measure in (_equal_error, _average_precision)]
    return found[0], found[1]


def _running(weights: np.ndarray) -> np.ndarray:
    """Running sums of (U, ...) from zero: (U + 1, ...)."""
    sums = np.zeros((len(weights) + 1, *weights.shape[1:]))
    np.cumsum(weights, axis=0, out=sums[1:])
    return sums


def _average_precision(taken: np.ndarray, true: np.ndarray, ends: np.ndarray, above: np.ndarray) -> np.ndarray:
    gains = np.flatnonzero(np.diff(above)) + 1
    hits = true[above[gains]]
    with np.errstate(invalid="ignore"):
        precision = hits / np.maximum(taken[ends[gains]], 1)
        return ((hits - true[above[gains - 1]]) * precision).sum(axis=0) / true[-1]


def _equal_error(taken: np.ndarray, true: np.ndarray, ends: np.ndarray, above: np.ndarray) -> np.ndarray:
    """Where miss rate and false-alarm rate cross; their gap only falls along the thresholds, so by bisection."""
    column, said = np.arange(taken.shape[1]), true[-1]

    def curve(threshold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        hits = true[above[threshold], column]
        alarms = (taken[ends[threshold], column] - hits) / (taken[-1] - said)
        return 1 - hits / said - alarms, alarms

    before, after = np.zeros(len(column), int), np.full(len(column), len(ends) - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        while (after - before > 1).any():
            middle = (before + after) // 2
            more_missed = curve(middle)[0] > 0
            before, after = np.where(more_missed, middle, before), np.where(more_missed, after, middle)
        (high, start), (low, stop) = curve(before), curve(after)
        return start + high / (high - low) * (stop - start)


def mean_over_keywords(values: np.ndarray) -> np.ndarray:
    """The mean (R,) over keywords of (W, R), leaving out those that are not defined."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0).sum(axis=0) / known.sum(axis=0)
