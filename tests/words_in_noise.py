"""Utterances of noise in which a raised coefficient is a word: small enough to train on in a test."""

import numpy as np
import pandas as pd

from vgsnb.speech.features import FeatureSettings, FeatureStore

WORDS = ("high", "low")
COUNT, FRAMES, SAID = 48, 40, slice(10, 22)


def words_in_noise(column: int = 0, half_silent: bool = False) -> tuple[FeatureStore, pd.DataFrame]:
    """A store of 48 utterances and the words said in each; the first word raises ``column``, the second the next."""
    rng = np.random.default_rng(1)
    said = pd.DataFrame(rng.random((COUNT, 2)) < 0.5, columns=list(WORDS))
    said.index = pd.Index([f"u{number}" for number in range(COUNT)], name="utterance_id")
    frames = rng.normal(0, 0.3, (COUNT, FRAMES, 39))
    frames[:, SAID, column : column + 2] += 3 * said.to_numpy()[:, None]
    if half_silent:
        frames[:, ::2, 0] -= 2
    starts, lengths = np.arange(COUNT) * FRAMES, np.full(COUNT, FRAMES)
    rows = {name: row for row, name in enumerate(said.index)}
    return FeatureStore(None, FeatureSettings(), list(said.index), starts, lengths, frames.reshape(-1, 39), rows), said
