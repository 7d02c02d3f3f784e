"""Keyword detection: is the keyword said in this utterance, yes or no?

The unit that is counted is an utterance × keyword pair; a keyword said twice in an utterance is one pair. A pair is
*detected* when its score is strictly greater than θ (Section IV-C of Olaleye et al. 2022: "greater than a specified
threshold"; the 2021 paper's Section 3.3 says greater or equal, which differs only for scores that equal θ).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vgsnb.errors import UserError
from vgsnb.evaluation.intervals import Arrays, Values, values_of, weight_rows

THETAS = tuple(float(theta) for theta in np.round(np.arange(0.05, 1.0, 0.05), 2))


def aligned(scores: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """The values of ``table`` (U, W) as floats in the order of the rows and columns of ``scores``."""
    if scores.index.has_duplicates or not scores.index.isin(table.index).all():
        raise UserError("Scores and labels must name the same utterances, each once; select one split for both.")
    missing = scores.columns.difference(table.columns)
    if len(missing):
        raise UserError(f"There are scores but no labels for {missing[0]!r}; make the labels for all keywords.")
    return table.loc[scores.index, scores.columns].to_numpy(float)


def detected(scores: pd.DataFrame, theta: float) -> np.ndarray:
    """Which pairs are detected (U, W): score > θ, as 0 and 1."""
    return (scores.to_numpy(float) > theta).astype(float)


def detection(
    scores: pd.DataFrame, present: pd.DataFrame, theta: float = 0.5, weights: pd.DataFrame | None = None
) -> Values:
    """Micro-averaged ``precision, recall, f1`` of detection at θ: all pairs of all keywords in one count.

    Hit: detected and said. False alarm: detected, not said. Miss: said, not detected. Numbers of this kind are in
    Table 2 of Olaleye and Kamper 2021 and in brackets in Table III of Olaleye et al. 2022. Precision is not defined
    (NaN) when nothing is detected; F1 is then 0. With ``weights`` (U, R) each is an array (R,), a value
    for each resample.
    """
    said, found = aligned(scores, present), detected(scores, theta)
    return values_of(micro(found * said, found, said, weight_rows(weights, scores.index)), weights)


def micro(hits: np.ndarray, found: np.ndarray, said: np.ndarray, weights: np.ndarray) -> Arrays:
    """Precision, recall and F1 (R,) from hits, detections and true pairs (U, W) under weights (U, R).

    F1 = 2 hits / (detections + true pairs), the harmonic mean of both; it is linear in the hits, so expected hits
    give the expected F1.
    """
    sums = np.stack([table.sum(axis=1) for table in (hits, found, said)]) @ weights
    return rates(*sums)


def rates(hits: np.ndarray, found: np.ndarray, said: np.ndarray) -> Arrays:
    """Precision, recall and F1 from counts of hits, detections and true pairs; NaN where nothing is divided."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return {"precision": hits / found, "recall": hits / said, "f1": 2 * hits / (found + said)}


def detection_by_keyword(
    scores: pd.DataFrame, present: pd.DataFrame, theta: float = 0.5, right: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Counts and rates of each keyword: ``hits, false_alarms, misses, detections, said, precision, recall, f1``.

    With ``right`` (U, W), a hit must also be rightly placed: the counts of actual localisation, whose F1 by keyword is
    Figure 5 of Olaleye et al. 2022 (there only for keywords with at least one detection, ``detections > 0``).
    """
    said, found = aligned(scores, present), detected(scores, theta)
    hits = found * said if right is None else found * said * aligned(scores, right)
    sums = [table.sum(axis=0) for table in (hits, found, said)]
    counts = {"hits": sums[0], "false_alarms": sums[1] - sums[0], "misses": sums[2] - sums[0]}
    columns = {**counts, "detections": sums[1], "said": sums[2], **rates(*sums)}
    return pd.DataFrame(columns, index=scores.columns).rename_axis("keyword")


def sweep(scores: pd.DataFrame, present: pd.DataFrame, thetas: Sequence[float] = THETAS) -> pd.DataFrame:
    """Detection at each θ, for development data: ``theta, precision, recall, f1, uses_text``.

    Choosing θ from this table needs transcripts; a row so chosen is marked ``uses_text``, beside the headline at 0.5.
    """
    rows = [{"theta": theta, **detection(scores, present, theta)} for theta in thetas]
    return pd.DataFrame(rows).assign(uses_text=True)
