"""What a system finds: the words that it predicts for an utterance, and the kinds of a keyword's best utterances.

A *hit* is a row of ``confusions.best_utterances``, an utterance among the first ones of a keyword's ranking, right or
not. Its kind is the first of some rules, tables (U, W) of where they hold, that holds for it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vgsnb.errors import UserError
from vgsnb.evaluation.detection import aligned, detected
from vgsnb.evaluation.intervals import Values, values_of, weight_rows
from vgsnb.evaluation.localisation import PAIR

# Task 2 of the talk of 2019 on Kamper et al. 2019: sort what is found for a written keyword.
HIT_TYPES = (
    "correct",  # the keyword itself is said
    "variant",  # another form of the keyword is said: "dog" for *dogs*
    "semantic",  # no form of it is said, but its meaning fits: "sidewalk" for *street*
    "mistake",  # it has nothing to do with the keyword
)
# After the error analysis of Kamper and Roth 2018, who search English speech for German keywords.
TRANSLATION_KINDS = (
    "exact translation",  # the utterance's translation has the keyword
    "other form",  # it has another form of it
    "related meaning",  # it has none, but what others say of the picture has
    "wrong tag",  # nothing of these, and the tagger ranks the picture as high as those: the mistake was made by eye
    "wrong in speech",  # the tagger does not: the mistake is in what was made of the sound
)


def sort_hits(hits: pd.DataFrame, holds: Mapping[str, pd.DataFrame], otherwise: str) -> pd.DataFrame:
    """``hits`` (``utterance_id, keyword, rank``) with a column ``kind``: the first of ``holds`` that holds for it.

    ``holds`` gives each kind its table (U, W) of true and false, in the order in which they are asked; a pair for which
    none holds is of the kind ``otherwise``.
    """
    kind = np.full(len(hits), otherwise, object)
    for name, table in reversed(list(holds.items())):  # the first comes last, over all others
        kind[_holding(hits, name, table)] = name
    return hits.assign(kind=pd.Series(kind, hits.index, dtype="str"))


def _holding(hits: pd.DataFrame, name: str, table: pd.DataFrame) -> np.ndarray:
    """For which hits (H,) a table (U, W) is true."""
    places = []
    for what, labels in zip(PAIR, (table.index, table.columns), strict=True):
        if labels.has_duplicates:
            twice = labels[labels.duplicated()][0]
            raise UserError(f"The table of {name!r} has {what} {twice!r} more than once; keep one row and column each.")
        place, wanted = labels.get_indexer(pd.Index(hits[what])), hits[what].to_numpy()
        if (place < 0).any():
            raise UserError(
                f"The table of {name!r} lacks {what} {wanted[place < 0][0]!r}; make it for all utterances and keywords."
            )
        places.append(place)
    found = table.to_numpy()[tuple(places)]
    if (missing := pd.isna(found)).any():
        utterance, keyword = hits.loc[missing, PAIR].iloc[0]
        raise UserError(
            f"The table of {name!r} lacks a value for {keyword!r} in {utterance!r}; make all true or false."
        )
    return found.astype(bool)


def shares(sorted_hits: pd.DataFrame, kinds: Sequence[str], weights: pd.DataFrame | None = None) -> Values:
    """The share of each of ``kinds`` among all hits of all keywords; 0 for a kind that does not occur.

    With ``weights`` (U, R) of utterances each is an array (R,): a hit counts as often as its utterance is in the
    resample, and a share is a ratio of two such sums. The hits stay the same: nothing is ranked anew in a resample. No
    hits, or none that are in the resample, have no shares (NaN).
    """
    rows = weight_rows(weights, pd.Index(sorted_hits["utterance_id"]))
    marks = {name: (sorted_hits["kind"] == name).to_numpy(bool) for name in kinds}
    with np.errstate(invalid="ignore"):
        return values_of({name: rows[mark].sum(axis=0) / rows.sum(axis=0) for name, mark in marks.items()}, weights)


def predicted_words(scores: pd.DataFrame, present: pd.DataFrame, threshold: float = 0.5) -> pd.DataFrame:
    """Task 1 of the talk, the words predicted for each utterance: ``utterance_id, keyword, score, said``.

    A row for every pair whose score is strictly greater than ``threshold``, as in detection: the utterances in the
    order of ``scores``, in each the highest score first, equal scores by the alphabet; one without any word has no row.
    ``said`` is whether ``present`` (U, W) has the pair.
    """
    said = aligned(scores, present).astype(bool)
    row, column = np.nonzero(detected(scores, threshold))
    names = (scores.index[row], scores.columns[column])
    pairs = dict(zip(PAIR, names, strict=True), score=scores.to_numpy(float)[row, column], said=said[row, column])
    table = pd.DataFrame({"row": row, **pairs})
    table = table.sort_values(["row", "score", "keyword"], ascending=[True, False, True])
    return table.drop(columns="row").reset_index(drop=True)
