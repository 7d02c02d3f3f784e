"""A little language with words at known places, and a model of every architecture that has learned to detect them."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn import functional

from vgsnb.models import ARCHITECTURES, build
from vgsnb.speech.features import FeatureSettings, FeatureStore

WORDS = ("high", "low", "middle")
LENGTH = 24  # frames of a word
SIZES = {
    "PSC": {"channels": [16] * 2, "kernels": [5, 3, 3]},
    "CNN-Pool": {"channels": [16] * 2, "kernels": [5, 3, 1], "output": 24, "hidden": 24},
    "CNN-Attend": {"channels": [16] * 2, "kernels": [5, 3, 3], "output": 24, "hidden": 24, "seed": 1},
    "CNN-PoolAttend": {"channels": [16] * 2, "kernels": [5, 3, 1], "output": 24, "hidden": 24, "pool": 2, "seed": 1},
}


def speak(rng, count, shortest=80, longest=140):
    """Utterances of noise that hold each word or not, and (utterance, word, start, end) in frames of those said."""
    utterances, said = [], []
    patterns = np.random.default_rng(7).normal(0, 1.5, (len(WORDS), LENGTH // 3, 6)).repeat(3, axis=1)
    for number in range(count):
        x = rng.normal(0, 0.4, (int(rng.integers(shortest, longest)), 6))
        slots = rng.permutation(len(x) // LENGTH)[: len(WORDS)] * LENGTH
        for word, (pattern, start) in enumerate(zip(patterns, slots, strict=True)):
            if rng.random() < 0.5:
                x[start : start + LENGTH] += pattern
                said.append((f"u{number}", WORDS[word], start, start + LENGTH))
        utterances.append(x.astype(np.float16))
    return utterances, pd.DataFrame(said, columns=["utterance_id", "keyword", "start", "end"])


def store_of(utterances):
    lengths = np.array([len(x) for x in utterances])
    ids = [f"u{number}" for number in range(len(utterances))]
    rows = {key: row for row, key in enumerate(ids)}
    settings = FeatureSettings(kind="log-mel", mel_bands=6)
    return FeatureStore(None, settings, ids, np.cumsum(lengths) - lengths, lengths, np.concatenate(utterances), rows)


@pytest.fixture(scope="session")
def spoken():
    """Feature store and spoken words of 40 utterances that no model was trained on."""
    utterances, said = speak(np.random.default_rng(1), 40)
    return store_of(utterances), said


@pytest.fixture(scope="session")
def trained():
    """A model of every architecture, trained for some seconds on which words are said, never on where."""
    utterances, said = speak(np.random.default_rng(0), 256)
    store = store_of(utterances)
    goal = pd.crosstab(said["utterance_id"], said["keyword"]).reindex(store.ids, columns=list(WORDS), fill_value=0)
    return {name: _train(build(name, WORDS, features=6, **SIZES[name]), store, goal) for name in ARCHITECTURES}


def _train(model, store, goal, steps=150):
    rng, wanted = np.random.default_rng(0), torch.tensor(goal.to_numpy(), dtype=torch.float32)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(steps):
        rows = rng.integers(0, len(store), 24)
        features, lengths = store.batch([store.ids[row] for row in rows])
        logits = model(features, lengths)
        loss = functional.binary_cross_entropy_with_logits(logits, wanted[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()
