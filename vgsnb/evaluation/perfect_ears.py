"""Perfect ears: a student that is given the *words* of a caption in place of its sound, and the same soft tags.

Linear, binary cross-entropy (Eq. 4 of Olaleye et al. 2022): what a tag set and an objective teach a student that hears
without fail. It is a mark and no bound, for a network that is no linear function of words can do better. It **uses
text**, and its rows say so. Another objective has another mark: a word can also be judged by itself, by how much it
raises a tag (``associate``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import optimize, sparse, special

from vgsnb.errors import UserError
from vgsnb.evaluation.localisation import PAIR

STRENGTHS = (1e-3, 3e-4, 1e-4, 3e-5, 1e-5)  # strongest first; the search ends where development turns worse


@dataclass(frozen=True)
class PerfectEars:
    """Weights (V, W) of V words towards W keywords and biases (W,), in ``weights`` and ``bias``; ``strength`` of L2."""

    weights: pd.DataFrame
    bias: pd.Series
    strength: float

    def scores(self, words: pd.DataFrame, ids: Sequence[str] | pd.Index) -> pd.DataFrame:
        """The probability of each keyword given the words of each utterance of ``ids``: (U, W) in [0, 1]."""
        logits = bags(words, ids, self.weights.index) @ self.weights.to_numpy() + self.bias.to_numpy()
        return pd.DataFrame(special.expit(logits), pd.Index(ids, name="utterance_id"), self.weights.columns)

    def places(self, words: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
        """Places of ``pairs`` (``utterance_id, keyword``): the middle of the word that adds most to the logit.

        ``score`` is what it adds; a word that training did not have adds nothing; of equals the first said.
        """
        rows = pairs[PAIR].merge(words[["utterance_id", "word", "start", "end"]], on="utterance_id")
        row, column = (
            self.weights.index.get_indexer(pd.Index(rows["word"])),
            self.weights.columns.get_indexer(pd.Index(rows["keyword"])),
        )
        rows["score"] = np.where(row < 0, 0.0, self.weights.to_numpy()[row, column])
        best = rows.sort_values([*PAIR, "score", "start"], ascending=[True, True, False, True]).drop_duplicates(PAIR)
        best = pairs[PAIR].merge(best, on=PAIR).assign(time=lambda table: (table["start"] + table["end"]) / 2)
        return best[[*PAIR, "score", "time", "start", "end"]]


@dataclass(frozen=True)
class AssociatedEars(PerfectEars):
    """The same for words that are judged one by one: ``weights`` are associations, and the highest decides."""

    def scores(self, words: pd.DataFrame, ids: Sequence[str] | pd.Index) -> pd.DataFrame:
        """σ of the highest association of each keyword among the words of each utterance of ``ids``: (U, W)."""
        bag, raised = bags(words, ids, self.weights.index), self.weights.to_numpy()
        highest = np.zeros((len(ids), raised.shape[1]))  # no word that training had: nothing is raised
        for row, (first, last) in enumerate(pairwise(bag.indptr)):
            if last > first:
                highest[row] = raised[bag.indices[first:last]].max(axis=0)
        return pd.DataFrame(special.expit(highest), pd.Index(ids, name="utterance_id"), self.weights.columns)


def association(counts: np.ndarray, sums: np.ndarray, prior: np.ndarray, strength: float) -> np.ndarray:
    """``log((S + kμ) / (n + k) / μ)``: how much hearing each of N things raises the logarithm of W tags, (N, W).

    ``counts`` (N,) are the utterances n that contain it, ``sums`` (N, W) the sums S of their tags, ``prior`` (W,) the
    mean tags μ. ``strength`` k shrinks what is rare: something in few utterances raises nothing by chance.
    """
    return np.log((sums + strength * prior) / (np.asarray(counts)[:, None] + strength) / prior)


def against_rivals(raised: np.ndarray, rivalry: float) -> np.ndarray:
    """The association ``raised`` (N, W), less ``rivalry`` times as much as another keyword is raised more.

    "Ball" raises *dogs*, who play with balls, but *ball* more: it is no sign of a dog.
    """
    return np.asarray(raised - rivalry * (raised.max(axis=1, keepdims=True) - raised))


def associate(
    words: pd.DataFrame, targets: pd.DataFrame, strength: float = 200.0, rivalry: float = 0.0, least: int = 5
) -> AssociatedEars:
    """Judge every word that is said in ``least`` training utterances by the ``targets`` (U, W) of those that say it.

    ``strength`` is that of ``association``, ``rivalry`` that of ``against_rivals``.
    """
    vocabulary = _vocabulary(words, targets, least)
    bag, tags = bags(words, targets.index, vocabulary), targets.to_numpy(float)
    counts = np.asarray(bag.sum(axis=0)).ravel()
    raised = association(counts, np.asarray(bag.T @ tags), tags.mean(axis=0), strength)
    weights = pd.DataFrame(against_rivals(raised, rivalry), vocabulary, targets.columns)
    return AssociatedEars(weights, pd.Series(0.0, targets.columns), strength)


def bags(words: pd.DataFrame, ids: Sequence[str] | pd.Index, vocabulary: pd.Index) -> sparse.csr_matrix:
    """Which words of ``vocabulary`` are in each utterance of ``ids``: sparse 0/1 (U, V)."""
    row, column = (
        pd.Index(ids).get_indexer(pd.Index(words["utterance_id"])),
        vocabulary.get_indexer(pd.Index(words["word"])),
    )
    known = (row >= 0) & (column >= 0)
    shape = (len(ids), len(vocabulary))
    counts = sparse.csr_matrix((np.ones(known.sum()), (row[known], column[known])), shape=shape)
    counts.data[:] = 1
    return counts


def fit(
    words: pd.DataFrame,
    targets: pd.DataFrame,
    development: pd.DataFrame,
    strengths: Sequence[float] = STRENGTHS,
    least: int = 5,
    steps: int = 40,
) -> PerfectEars:
    """Fit the student to soft tags, ``targets`` (U, W), of the training utterances; ``words`` has everybody's words.

    Of the L2 ``strengths`` (beside a keyword's mean cross-entropy, bias apart), the one is taken whose student is
    nearest to the soft tags of the ``development`` utterances (U', W). Words said in fewer than ``least`` training
    utterances are left out. Each strength starts from the one before and takes at most ``steps`` L-BFGS steps.
    """
    vocabulary = _vocabulary(words, targets, least)
    train, held = (_with_bias(bags(words, table.index, vocabulary)) for table in (targets, development))
    start, best, nearest = _start(targets.to_numpy(float), len(vocabulary)), None, np.inf
    for strength in sorted(strengths, reverse=True):
        start = _minimise(start, train, targets.to_numpy(np.float32), strength, steps)
        away = _mean_entropy(held @ start, development[targets.columns].to_numpy(np.float32))[0]
        if not away < nearest:  # weaker ones only fit the training tags better
            break
        best, nearest = (start, strength), away
    if best is None:
        raise UserError("Soft tags must be numbers in [0, 1]; there are missing ones among them.")
    weights = pd.DataFrame(best[0][:-1], vocabulary, targets.columns)
    return PerfectEars(weights, pd.Series(best[0][-1], targets.columns), best[1])


def _vocabulary(words: pd.DataFrame, targets: pd.DataFrame, least: int) -> pd.Index:
    """The words that are said in at least ``least`` of the utterances of ``targets``."""
    own = words[words["utterance_id"].isin(targets.index)].drop_duplicates(["utterance_id", "word"])
    said = own["word"].value_counts()
    vocabulary = pd.Index(sorted(said.index[said >= least]), name="word")
    if not len(vocabulary):
        raise UserError(
            f"No word is said in {least} of the utterances with soft tags; give the words of these utterances."
        )
    return vocabulary


def _mean_entropy(logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Binary cross-entropy with soft targets (Eq. 4), the mean over utterances and keywords, and σ(logits)."""
    small = np.exp(-np.abs(logits))
    loss = np.maximum(logits, 0) + np.log1p(small) - targets * logits
    return float(loss.mean(dtype=float)), np.where(logits >= 0, 1, small) / (1 + small)


def _with_bias(bag: sparse.csr_matrix) -> sparse.csr_matrix:
    return sparse.hstack([bag, np.ones((bag.shape[0], 1))], format="csr", dtype=np.float32)


def _start(targets: np.ndarray, words: int) -> np.ndarray:
    """No word says anything, and the bias gives each keyword its mean tag."""
    start = np.zeros((words + 1, targets.shape[1]))
    start[-1] = special.logit(np.clip(targets.mean(axis=0), 1e-4, 1 - 1e-4))
    return start


def _minimise(
    start: np.ndarray, bag: sparse.csr_matrix, targets: np.ndarray, strength: float, steps: int
) -> np.ndarray:
    """Weights (V + 1, W) that minimise the sum over keywords of mean cross-entropy + ``strength``/2 · Σ weights²."""
    turned = bag.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(start.shape).astype(np.float32)
        value, likely = _mean_entropy(bag @ weights, targets)
        slope = (turned @ (likely - targets)).astype(float) / len(targets)
        slope[:-1] += strength * weights[:-1]
        return value * targets.shape[1] + strength / 2 * float((weights[:-1] ** 2).sum()), slope.ravel()

    options = {"maxiter": steps, "ftol": 1e-6}
    found = optimize.minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(start.shape).astype(np.float32)
