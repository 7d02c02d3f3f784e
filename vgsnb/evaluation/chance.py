"""What guessing reaches, in expectation: the rows that stand in every table.

All measures are linear in the hits, so a table of *probabilities* of being right in place of ``right`` gives exactly
the expected value, and scores that are all equal give the expected value over all permutations of the ranking.
"""

import numpy as np
import pandas as pd

from vgsnb.errors import UserError
from vgsnb.evaluation.detection import aligned, detected, micro
from vgsnb.evaluation.intervals import Values, values_of, weight_rows
from vgsnb.evaluation.localisation import Forms, occurrences


def random_right(
    words: pd.DataFrame, durations: pd.Series, like: pd.DataFrame, forms: Forms | None = None
) -> pd.DataFrame:
    """``chance-random``: the probability (U, W) that a place drawn uniformly from the utterance is right.

    It is the time that the keyword's occurrences cover over the utterance's duration (seconds, by utterance id). As
    ``right`` of ``localisation`` it gives the oracle accuracy of random places, and with a model's scores the same
    detections with random places.
    """
    said = occurrences(words, like.columns, forms)
    time = (said["end"] - said["start"]).groupby([said["utterance_id"], said["keyword"]]).sum().unstack()
    whole = time.reindex(index=like.index, columns=like.columns).fillna(0.0)
    return whole.div(_durations(durations, like.index), axis=0).clip(upper=1.0)


def middle_places(durations: pd.Series, present: pd.DataFrame) -> pd.DataFrame:
    """``chance-middle``: the middle of the utterance as the place of every said pair, as a table of places.

    Words are not spread evenly: silence lies at both ends, so this beats a random place.
    """
    rows, columns = np.nonzero(present.to_numpy(bool))
    middle = _durations(durations, present.index).to_numpy()[rows] / 2
    pairs = {"utterance_id": present.index[rows], "keyword": present.columns[columns]}
    return pd.DataFrame({**pairs, "score": 0.0, "time": middle, "start": middle, "end": middle})


def _durations(durations: pd.Series, ids: pd.Index) -> pd.Series:
    found = durations.reindex(ids)
    if not (found > 0).all():
        raise UserError(f"Utterance {ids[~(found > 0)][0]!r} has no duration; take it from the corpus's utterances.")
    return found


def permuted_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores that rank nothing: all equal, so ``spotting`` and ``spotting_localisation`` give what permuted scores
    give in expectation (P@10 and P@N: the keyword's prevalence, times the share of right places; EER one half)."""
    return pd.DataFrame(0.0, scores.index, scores.columns)


def permuted_detection(
    scores: pd.DataFrame,
    present: pd.DataFrame,
    theta: float = 0.5,
    right: pd.DataFrame | None = None,
    weights: pd.DataFrame | None = None,
) -> Values:
    """Expected ``precision, recall, f1`` when each keyword's scores are dealt anew to the utterances.

    As many detections of every keyword as before, anywhere. With ``right`` (U, W) the places count too.
    """
    said = aligned(scores, present)
    found = np.broadcast_to(detected(scores, theta).mean(axis=0), said.shape)
    hits = found * said if right is None else found * said * aligned(scores, right)
    return values_of(micro(hits, found, said, weight_rows(weights, scores.index)), weights)
