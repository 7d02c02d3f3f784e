"""How episodes are answered: by the nearest example, in one modality or from speech over pictures to a picture.

Eloff et al. (2019): a query takes the class of the nearest token of the support set; across modalities it takes the
picture that is paired with that token, and of the matching set the picture that is nearest to this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, logsumexp

from vgsnb.oneshot.episodes import Episodes, Rows
from vgsnb.speech import dtw

FloatArray = npt.NDArray[np.float32]
BLOCK = 64  # tokens that are warped onto the others at a time


class Metric(Protocol):
    """How far apart tokens of one modality are: places in its table (…, A) and (…, B) to distances (…, A, B)."""

    def __call__(self, first: Rows, second: Rows) -> FloatArray:
        """The distances (…, A, B)."""
        ...


@dataclass(frozen=True)
class Cosine:
    """The cosine distance of vectors (N, D), a row a token: of an embedding, or of pixels."""

    vectors: FloatArray

    @cached_property
    def unit(self) -> FloatArray:
        """The vectors, as long as one."""
        return self.vectors / np.maximum(np.linalg.norm(self.vectors, axis=1, keepdims=True), 1e-12)

    def __call__(self, first: Rows, second: Rows) -> FloatArray:
        """The distances (…, A, B), from 0 to 2."""
        return 1 - self.unit[first] @ self.unit[second].swapaxes(-1, -2)


@dataclass(frozen=True)
class Known:
    """Distances that are known of all tokens, (N, N)."""

    distances: FloatArray

    def __call__(self, first: Rows, second: Rows) -> FloatArray:
        """The distances (…, A, B)."""
        return self.distances[first[..., None], second[..., None, :]]


def warped(features: Sequence[FloatArray]) -> Known:
    """The cost of warping every token (T, D) onto every other, once a pair: it is the same both ways."""
    order = np.argsort([len(token) for token in features], kind="stable")  # pairs of like lengths together
    found = np.zeros((len(features), len(features)), np.float32)
    for start in range(0, len(order), BLOCK):
        part, later = order[start : start + BLOCK], order[start:]
        costs = dtw.costs([features[i] for i in part], [features[i] for i in later])
        found[np.ix_(part, later)] = costs
        found[np.ix_(later, part)] = costs.T
    return Known(found)


def heard(episodes: Episodes, speech: Metric) -> tuple[Rows, Rows]:
    """For each spoken query the nearest token of its support set: its class (E, Q) and which of K it is (E, Q)."""
    nearest = _from_support(episodes, speech).argmin(axis=-1)
    classes, shots = np.divmod(nearest, episodes.support.shape[3])
    return classes, shots


def _from_support(episodes: Episodes, speech: Metric) -> FloatArray:
    """The distances (E, Q, L · K) of queries to their support sets."""
    count, sets, *_ = episodes.support.shape
    found = speech(episodes.queries.reshape(count, sets, -1), episodes.support.reshape(count, sets, -1))
    return found.reshape(*episodes.queries.shape, -1)


def seen(episodes: Episodes, pictures: Metric) -> Rows:
    """For each picture that is asked about the class (E, Q) of the nearest one that was shown."""
    count, _, shots = episodes.shown.shape
    return pictures(episodes.asked, episodes.shown.reshape(count, -1)).argmin(axis=-1) // shots


def matched(episodes: Episodes, speech: Metric, pictures: Metric) -> Rows:
    """For each spoken query the class (E, Q) of the picture of the matching set that it is taken for."""
    classes, shots = heard(episodes, speech)
    paired = episodes.shown[np.arange(len(classes))[:, None], classes, shots]
    return pictures(paired, episodes.matching).argmin(axis=-1)


def matched_directly(episodes: Episodes, speech: Metric, pictures: Metric, sharpness: tuple[float, float]) -> Rows:
    """The class (E, Q) of the picture of the matching set whose likeness to the shown pairs is the query's.

    A token is its shares in all L · K pairs, the softmax of ``sharpness`` times their cosines (``networks.Direct``),
    and no pair is chosen in between.
    """
    shots = episodes.support.shape[3]
    shown = episodes.shown.reshape(len(episodes.shown), -1)
    said = _shares(_from_support(episodes, speech), shots, sharpness[0])
    drawn = _shares(pictures(episodes.matching, shown), shots, sharpness[1])
    return logsumexp(said[:, :, None] + drawn[:, None], axis=-1).argmax(axis=-1)


def _shares(distances: FloatArray, shots: int, sharpness: float) -> FloatArray:
    """The logarithm (…, L) of the share of each class, of cosine ``distances`` (…, L · K) to its K examples."""
    near = log_softmax(-sharpness * distances, axis=-1)
    return np.asarray(logsumexp(near.reshape(*near.shape[:-1], -1, shots), axis=-1), np.float32)
