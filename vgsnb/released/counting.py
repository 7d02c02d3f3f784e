"""How the released code counts, and which words it knows of.

In actual localisation each *occurrence* of a keyword is counted: of a detected one, the occurrence that holds the place
is a hit and every other one a false alarm; of one that is not detected, every occurrence is a miss. So a detection at a
wrong place is no miss. Spotting localisation compares the place with the last occurrence. Detection, spotting and the
oracle are counted as the paper says.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from vgsnb import evaluation
from vgsnb.corpora import Corpus
from vgsnb.evaluation.detection import aligned, rates
from vgsnb.evaluation.intervals import Values, values_of, weight_rows
from vgsnb.evaluation.localisation import PAIR, occurrences
from vgsnb.vocabulary import normalise

APOSTROPHES = "['\u2019]"


def localisation(
    scores: pd.DataFrame,
    present: pd.DataFrame,
    places: pd.DataFrame,
    words: pd.DataFrame,
    theta: float = 0.5,
    weights: pd.DataFrame | None = None,
) -> Values:
    """The three tasks under the names of ``vgsnb.evaluation.localisation``, from ``places`` and ``words``."""
    right = evaluation.right_table(places, words, present)
    last = words.sort_values("end").drop_duplicates(["utterance_id", "word"], keep="last")
    ranked = evaluation.spotting_localisation(scores, present, evaluation.right_table(places, last, present), weights)
    placed = actual(scores, present, places, words, theta, weights)
    oracle = evaluation.localisation(scores, present, right, theta, weights)["oracle_accuracy"]
    return {
        "oracle_accuracy": oracle,
        **{f"actual_{name}": values for name, values in placed.items()},
        **{f"spotting_{name}": values for name, values in ranked.items()},
    }


def actual(
    scores: pd.DataFrame,
    present: pd.DataFrame,
    places: pd.DataFrame,
    words: pd.DataFrame,
    theta: float = 0.5,
    weights: pd.DataFrame | None = None,
) -> Values:
    """Actual localisation by occurrences: micro-averaged ``precision, recall, f1``.

    Detected is what scores θ or more, and of what is said, what has a place at all.
    """
    said = aligned(scores, present)
    times, inside, placed = (aligned(scores, table) for table in _occurrences(places, words, present))
    times = np.maximum(times, 1) * said  # a word of the caption that the alignment lacks is said once, nowhere
    found = (scores.to_numpy(float) >= theta) * np.where(said > 0, placed, 1)
    hits = found * said * inside
    counts = (hits, found * np.maximum(times, 1), hits + (1 - found) * times)
    sums = np.stack([table.sum(axis=1) for table in counts]) @ weight_rows(weights, scores.index)
    return values_of(rates(*sums), weights)


def _occurrences(places: pd.DataFrame, words: pd.DataFrame, like: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Of each pair: how often it is said, how many of these occurrences hold its place, and whether it has one."""
    said = occurrences(words, like.columns)
    judged = places[[*PAIR, "time"]].merge(said, on=PAIR)
    inside = judged[(judged["start"] <= judged["time"]) & (judged["time"] <= judged["end"])]
    counts = (rows.groupby(PAIR).size().unstack(fill_value=0) for rows in (said, inside, places))
    return tuple(table.reindex(index=like.index, columns=like.columns, fill_value=0) for table in counts)


def without_dropped(corpus: Corpus) -> Corpus:
    """``corpus`` without words that have an apostrophe, in texts and words, and without utterances lacking word times.

    Captions that nobody spoke stay, but for these words.
    """
    texts = corpus.utterances.set_index("utterance_id")["text"]
    marked = texts[texts.str.contains(APOSTROPHES)]
    tokens = marked.str.split().explode()
    dropped = pd.DataFrame({"word": tokens.map(normalise), "position": tokens.groupby(level=0).cumcount()})
    dropped = dropped[tokens.str.contains(APOSTROPHES).to_numpy()].reset_index()
    words = corpus.words.merge(dropped, how="left", on=["utterance_id", "position", "word"], indicator="found")
    words = words.loc[words["found"] == "left_only", corpus.words.columns].reset_index(drop=True)
    shorter = marked.str.replace(rf"\S*{APOSTROPHES}\S*", " ", regex=True).str.split().str.join(" ")
    rows = corpus.utterances.assign(
        text=texts.where(~texts.index.isin(marked.index), shorter.reindex(texts.index)).to_numpy()
    )
    timed = rows["utterance_id"].isin(corpus.words["utterance_id"]) | (rows["audio"] == "")
    return replace(corpus, utterances=rows[timed].reset_index(drop=True), words=words)
