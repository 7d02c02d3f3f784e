"""Small random collections, with many equal scores, and the same collection written out utterance by utterance."""

import numpy as np
import pandas as pd
import pytest


def collection(seed: int, utterances: int = 40, keywords: int = 4, levels: int = 8) -> tuple[pd.DataFrame, ...]:
    """Scores on few levels (so that many are equal), presence and right places: (U, W) each."""
    rng = np.random.default_rng(seed)
    index = pd.Index([f"u{n:03d}" for n in range(utterances)], name="utterance_id")
    columns = [f"k{n}" for n in range(keywords)]
    shape = (utterances, keywords)
    scores = pd.DataFrame(rng.integers(0, levels + 1, shape) / levels, index, columns)
    present = pd.DataFrame(rng.random(shape) < 0.3, index, columns)
    right = pd.DataFrame((rng.random(shape) < 0.5).astype(float), index, columns)
    return scores, present, right


@pytest.fixture(params=range(5))
def random_collection(request):
    return collection(request.param)


@pytest.fixture
def make_collection():
    return collection
