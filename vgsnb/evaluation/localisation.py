"""Keyword localisation: where is it said? The three tasks of Section IV-C of Olaleye et al. 2022.

A *place* is a time in seconds. It is right when it lies inside any occurrence of the keyword in the utterance,
``start <= time <= end``; the borders belong to the word. The unit is an utterance × keyword pair. The functions take
``right`` (U, W): 1 where a place was found and is right, 0 elsewhere, or its expectation for chance. Only pairs that
are said need a place: wherever else it lies, it is wrong.

Scores and places need not come from one model: give the scores of the detector and the places of the localiser
(Section V-B: detection and localisation "using different models tailored to these distinct tasks").
"""

from collections.abc import Collection, Iterable, Mapping

import numpy as np
import pandas as pd

from vgsnb.errors import UserError
from vgsnb.evaluation.detection import aligned, detected, rates
from vgsnb.evaluation.intervals import Values, values_of, weight_rows
from vgsnb.evaluation.spotting import mean_over_keywords, precision_at_ranks

MEASURES = ("oracle_accuracy", "actual_precision", "actual_recall", "actual_f1", "spotting_p10", "spotting_pn")
Forms = Mapping[str, Collection[str]]
PAIR = ["utterance_id", "keyword"]


def occurrences(words: pd.DataFrame, keywords: Iterable[str], forms: Forms | None = None) -> pd.DataFrame:
    """Every time a keyword is said: ``utterance_id, keyword, start, end``.

    ``words`` has ``utterance_id, word, start, end``. ``forms`` gives the words that count as a keyword (German, say);
    without it a keyword is its own only form.
    """
    spelt = [(word, key) for key in keywords for word in (forms[key] if forms is not None else (key,))]
    table = words.merge(pd.DataFrame(spelt, columns=["word", "keyword"]), on="word")
    return table[[*PAIR, "start", "end"]]


def places_right(places: pd.DataFrame, words: pd.DataFrame, forms: Forms | None = None) -> pd.Series:
    """Whether each row of ``places`` (``utterance_id, keyword, time``) lies inside an occurrence of its keyword."""
    if places.duplicated(PAIR).any():
        raise UserError("An utterance and keyword have more than one place; keep one method's places in a table.")
    said = occurrences(words, places["keyword"].unique(), forms)
    pairs = places[[*PAIR, "time"]].reset_index(drop=True).reset_index(names="row").merge(said, on=PAIR)
    inside = pairs.loc[(pairs["start"] <= pairs["time"]) & (pairs["time"] <= pairs["end"]), "row"]
    return pd.Series(np.isin(np.arange(len(places)), inside), index=places.index, name="right")


def right_table(
    places: pd.DataFrame, words: pd.DataFrame, like: pd.DataFrame, forms: Forms | None = None
) -> pd.DataFrame:
    """Right places as a table (U, W) with the rows and columns of ``like``; 0 where there is no place."""
    right = places[places_right(places, words, forms).to_numpy()]
    row, column = (
        like.index.get_indexer(pd.Index(right["utterance_id"])),
        like.columns.get_indexer(pd.Index(right["keyword"])),
    )
    table, known = np.zeros(like.shape), (row >= 0) & (column >= 0)
    table[row[known], column[known]] = 1
    return pd.DataFrame(table, like.index, like.columns)


def oracle_accuracy(
    places: pd.DataFrame, words: pd.DataFrame, present: pd.DataFrame | None = None, forms: Forms | None = None
) -> float:
    """Oracle localisation: the share of said pairs whose place is right (Section IV-C; Table II, "Oracle").

    Every pair counts once, so frequent keywords weigh more. With ``present`` (U, W) a said pair without a place is
    wrong; without it the said pairs are those of ``places`` whose keyword is in ``words``.
    """
    if present is not None:
        return oracle(present, right_table(places, words, present, forms))["oracle_accuracy"]
    said = places.merge(occurrences(words, places["keyword"].unique(), forms)[PAIR].drop_duplicates(), on=PAIR)
    return float(places_right(said, words, forms).mean())


def oracle(present: pd.DataFrame, right: pd.DataFrame, weights: pd.DataFrame | None = None) -> Values:
    """``oracle_accuracy`` from tables (U, W): right among said pairs."""
    said = present.to_numpy(float)
    totals = np.stack([(said * aligned(present, right)).sum(axis=1), said.sum(axis=1)])
    sums = totals @ weight_rows(weights, present.index)
    with np.errstate(invalid="ignore"):
        return values_of({"oracle_accuracy": sums[0] / sums[1]}, weights)


def actual(
    scores: pd.DataFrame,
    present: pd.DataFrame,
    right: pd.DataFrame,
    theta: float = 0.5,
    weights: pd.DataFrame | None = None,
) -> Values:
    """Actual localisation, detect first and then place: micro-averaged ``precision, recall, f1`` (Tables II and III).

    Hit: detected (score > θ), said, and the place is right. False alarm: detected and no hit, be it that the keyword
    is not said or that its place is wrong. Miss: said and no hit, so a keyword detected at a wrong place is a false
    alarm *and* a miss, and one not detected is a miss even if its place would be right. Thus precision ≤ detection's
    and recall ≤ detection's, as the paper's upper bounds have it. The 2021 paper's Table 1 has the same rule with ≥ θ.
    """
    said, found = aligned(scores, present), detected(scores, theta)
    hits = found * said * aligned(scores, right)
    sums = np.stack([table.sum(axis=1) for table in (hits, found, said)]) @ weight_rows(weights, scores.index)
    return values_of(rates(*sums), weights)


def spotting_localisation(
    scores: pd.DataFrame, present: pd.DataFrame, right: pd.DataFrame, weights: pd.DataFrame | None = None
) -> Values:
    """Keyword spotting localisation: ``p10, pn``, means over keywords (Section IV-C; Tables II and IV).

    As in spotting, but a hit is an utterance in the first ten (or N, the utterances in which the keyword is said) that
    says the keyword and whose place is right. An utterance wrongly ranked there is a failure.
    """
    said = aligned(scores, present)
    hits = said * aligned(scores, right)
    values = precision_at_ranks(scores.to_numpy(float), hits, said, weight_rows(weights, scores.index))
    return values_of({name: mean_over_keywords(table) for name, table in values.items()}, weights)


def localisation(
    scores: pd.DataFrame,
    present: pd.DataFrame,
    right: pd.DataFrame,
    theta: float = 0.5,
    weights: pd.DataFrame | None = None,
) -> Values:
    """All three tasks under the names of the summary: ``MEASURES``, one value or one for each resample."""
    placed = actual(scores, present, right, theta, weights)
    ranked = spotting_localisation(scores, present, right, weights)
    return {
        **oracle(present.loc[scores.index, scores.columns], right, weights),
        **{f"actual_{name}": values for name, values in placed.items()},
        **{f"spotting_{name}": values for name, values in ranked.items()},
    }
