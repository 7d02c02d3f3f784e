"""Units on frames made by hand: sounds that recur are found, and judged by the tags that come with them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb.errors import UserError
from vgsnb.further import units
from vgsnb.models import build
from vgsnb.speech.features import FeatureSettings, FeatureStore

WORDS = ("dog", "ball", "snow")
SOUNDS = 5  # the first three are the words of WORDS, the others come with everything
SETTINGS = FeatureSettings(shift=0.02, window=0.032)
SMALL = {"features": 39, "channels": [16], "output": 24, "kernels": [3, 3], "hidden": 8}


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """300 utterances of four sounds of ten frames each, in noise; and which sound is where, (B, 4)."""
    rng = np.random.default_rng(0)
    sounds = 3 * rng.standard_normal((SOUNDS, 39))
    said = np.stack([rng.permutation(SOUNDS)[:4] for _ in range(300)])
    frames = np.repeat(sounds[said], 10, axis=1) + 0.3 * rng.standard_normal((300, 40, 39))
    ids = [f"u{number:03d}" for number in range(300)]
    starts, lengths = np.arange(300) * 40, np.full(300, 40)
    rows = {name: row for row, name in enumerate(ids)}
    store = FeatureStore(
        tmp_path_factory.mktemp("store"),
        SETTINGS,
        ids,
        starts,
        lengths,
        frames.reshape(-1, 39).astype(np.float16),
        rows,
    )
    return store, said


@pytest.fixture(scope="module")
def found(spoken):
    """Units of an untrained encoder and tags that are .6 where the word is said and .1 elsewhere."""
    store, said = spoken
    tags = np.array([[0.6 if word in row else 0.1 for word in range(3)] for row in said[:200]])
    targets = pd.DataFrame(tags, store.ids[:200], list(WORDS))
    model = build("CNN-Attend", WORDS, seed=1, **SMALL)
    return model, units.fit(model, store, targets, count=12, dimensions=20, reach=1, strength=5.0, seed=1)


def test_whitened_frames_have_unit_spread_along_their_axes():
    frames = np.random.default_rng(0).standard_normal((5000, 4)).astype(np.float32) * [9, 3, 1, 0.01] + 5
    mean, axes = units.whitening(frames.astype(np.float32), 2)
    spread = np.cov((frames - mean) @ axes, rowvar=False)
    assert np.abs(spread - np.diag(np.diag(spread))).max() < 0.02
    assert np.diag(spread).min() > 0.6
    assert axes.shape == (4, 2)


def test_nearest_is_nearest():
    rng = torch.Generator().manual_seed(0)
    points, centres = torch.randn(50, 6, generator=rng), torch.randn(7, 6, generator=rng)
    assert torch.equal(units.nearest(points, centres), torch.cdist(points, centres).argmin(1))


def test_words_are_detected_and_placed_where_they_are_said(spoken, found):
    (store, said), (model, learned) = spoken, found
    ids = store.ids[200:]
    scores = units.scores([(learned, model)], store, ids)
    present = pd.DataFrame([[word in row for word in range(3)] for row in said[200:]], ids, list(WORDS))
    assert scores.where(present).min().min() > scores.where(~present).max().max() - 0.05
    right = []
    for name, row in zip(ids, said[200:], strict=True):
        alpha = units.score_map([(learned, model)], store[name])
        assert alpha.shape == (3, 40)
        right += [
            10 * list(row).index(w) <= alpha[w].argmax() < 10 * list(row).index(w) + 10 for w in range(3) if w in row
        ]
    assert np.mean(right) > 0.95


def test_a_score_is_the_peak_of_the_map_also_when_it_is_averaged(spoken, found):
    (store, _), (model, learned) = spoken, found
    for frames in (1, 5):
        alpha = units.score_map([(learned, model)], store[store.ids[250]], frames)
        row = units.scores([(learned, model)], store, store.ids[250:251], frames).iloc[0]
        assert row.tolist() == pytest.approx((1 / (1 + np.exp(-alpha.max(axis=1)))).tolist(), abs=0.02)


def test_of_several_listeners_the_maps_are_averaged(spoken, found):
    (store, _), (model, learned) = spoken, found
    other = replace(learned, association=learned.association[::-1].copy())
    utterance, name = store[store.ids[250]], store.ids[250:251]
    one, two = (units.score_map([(each, model)], utterance) for each in (learned, other))
    both = units.score_map([(learned, model), (other, model)], utterance)
    np.testing.assert_allclose(both, (one + two) / 2, atol=1e-6)
    score = units.scores([(learned, model), (other, model)], store, name).iloc[0]
    assert score.tolist() == pytest.approx((1 / (1 + np.exp(-both.max(axis=1)))).tolist(), abs=0.02)


def test_same_seed_same_units_and_files_bring_them_back(spoken, found, tmp_path):
    (store, said), (model, learned) = spoken, found
    tags = np.array([[0.6 if word in row else 0.1 for word in range(3)] for row in said[:200]])
    targets = pd.DataFrame(tags, store.ids[:200], list(WORDS))
    again = units.fit(model, store, targets, count=12, dimensions=20, reach=1, strength=5.0, seed=1)
    units.save(again, tmp_path)
    stored = units.load(tmp_path)
    for name in units.ARRAYS:
        np.testing.assert_array_equal(getattr(stored, name), getattr(learned, name))
    assert stored.keywords == WORDS
    (tmp_path / "units.safetensors").write_bytes(b"cut")
    with pytest.raises(UserError, match="find them again"):
        units.load(tmp_path)


def test_too_few_frames_is_one_sentence(spoken, found):
    store, _ = spoken
    targets = pd.DataFrame(0.5, store.ids[:2], list(WORDS))
    with pytest.raises(UserError, match="80 frames cannot make 100 units"):
        units.fit(found[0], store, targets, count=100)
