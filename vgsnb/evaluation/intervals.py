"""How sure a number is: bootstrap over pictures, paired differences, and the spread over seeds.

The five captions of a picture are no five independent samples: they show one scene, and one soft tag trained them. So
whole pictures are drawn, with replacement, and all captions of a picture go together. A draw is kept as *weights*: how
often each utterance is in it, (U utterances × R resamples). Every measure of this room takes such weights, so counts
become one matrix product and rankings one cumulative sum, instead of R copies of the tables.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vgsnb.errors import UserError

BLOCK = 100  # resamples measured at once: small enough for the processor's cache
Values = dict[str, Any]  # of each measure its value, a float, or with weights its values (R,)
Arrays = dict[str, np.ndarray]
Measure = Callable[[pd.DataFrame], Values]


def picture_weights(images: pd.Series, resamples: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Draw pictures with replacement ``resamples`` times: (U, R) how often each utterance is in each draw.

    ``images`` gives for an utterance id its picture. The draw depends on the seed and the set of pictures, not on the
    order of the rows; two systems measured on the same pictures and seed meet the same draws.
    """
    codes, pictures = pd.factorize(images, sort=True)
    if not len(pictures) or (codes < 0).any():
        raise UserError("Some utterances have no picture to resample by; give every utterance its image_id.")
    share = np.full(len(pictures), 1 / len(pictures))
    draws = np.random.default_rng(seed).multinomial(len(pictures), share, size=resamples)
    return pd.DataFrame(draws.T[codes].astype(float), index=images.index)


def weight_rows(weights: pd.DataFrame | None, ids: pd.Index) -> np.ndarray:
    """The weights (U, R) of the utterances ``ids`` in their order; without weights, each once (U, 1)."""
    if weights is None:
        return np.ones((len(ids), 1))
    rows = weights.index.get_indexer(ids)
    if (rows < 0).any():
        raise UserError(f"Utterance {ids[rows < 0][0]!r} has no weight; draw the resamples from all that are measured.")
    return weights.to_numpy()[rows]


def values_of(values: Mapping[str, np.ndarray], weights: pd.DataFrame | None) -> Values:
    """Measures (R,) under weights as they are; without weights, the single value of each."""
    return dict(values) if weights is not None else {name: float(value[0]) for name, value in values.items()}


def resampled(measure: Measure, weights: pd.DataFrame) -> pd.DataFrame:
    """The values of a measure in each resample: (R, M), a column for each of its M names."""
    blocks = range(0, weights.shape[1], BLOCK)
    return pd.concat([pd.DataFrame(measure(weights.iloc[:, b : b + BLOCK])) for b in blocks], ignore_index=True)


def interval(
    measure: Measure, images: pd.Series, resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> pd.DataFrame:
    """The measures with their bootstrap intervals: a row each, columns ``value, low, high``.

    ``measure(weights)`` is a measure of this room with everything but its weights given:
    ``interval(lambda weights: detection(scores, present, 0.5, weights), images)``.
    A resample in which a measure is not defined (nothing detected, say) is left out of that measure's interval.

    The percentiles are moved by the bootstrap's own bias (mean of the resamples minus the value). Counts have none;
    P@10 has, since a resample holds some of its best utterances several times and others not at all.
    """
    return bounds(*measured(measure, images, resamples, seed), level)


def measured(
    measure: Measure, images: pd.Series, resamples: int = 1000, seed: int = 0
) -> tuple[pd.Series, pd.DataFrame]:
    """The values of a measure (M,), and those in each resample of the pictures (R, M): what ``bounds`` takes."""
    return once(measure, images), resampled(measure, picture_weights(images, resamples, seed))


def difference(
    first: Measure, second: Measure, images: pd.Series, resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> pd.DataFrame:
    """First minus second, both measured on the same resamples (paired): a row each, ``value, low, high``."""
    weights = picture_weights(images, resamples, seed)
    values = resampled(first, weights) - resampled(second, weights)
    return bounds(once(first, images) - once(second, images), values, level, least=-1.0)


def once(measure: Measure, images: pd.Series) -> pd.Series:
    """The measures on the data as they are, every utterance once."""
    return pd.DataFrame(measure(pd.DataFrame(1.0, index=images.index, columns=[0]))).iloc[0]


def bounds(
    value: pd.Series,
    values: pd.DataFrame,
    level: float = 0.95,
    least: float | pd.Series = 0.0,
    most: float | pd.Series = 1.0,
) -> pd.DataFrame:
    """The interval of each measure from its ``value`` and its resampled ``values`` (R, M): ``value, low, high``.

    ``least`` and ``most`` are what each, or all of them, can be.
    """
    shares = ((1 - level) / 2, (1 + level) / 2)
    bias = values.mean() - value
    low, high = ((values.quantile(share) - bias).clip(least, most) for share in shares)
    return pd.DataFrame({"value": value, "low": low, "high": high}).rename_axis("metric")


def spread(table: pd.DataFrame, by: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Over the seeds of each system: a row per system and metric, ``seeds, mean, sd, lowest, highest``.

    ``table`` has a row per seed, as the summaries have; ``by`` names the columns that make a system. The standard
    deviation is the sample's (n - 1), not defined for one seed.
    """
    tall = table.melt([*by, "seed"], list(measures), "metric")
    groups = tall.groupby([*by, "metric"], sort=False, dropna=False)["value"]
    return groups.agg(seeds="count", mean="mean", sd="std", lowest="min", highest="max").reset_index()
