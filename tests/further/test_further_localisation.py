"""Smoothing, contrast, several models and frame heads: by hand, and as places of a small model."""

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb import localisation
from vgsnb.errors import UserError
from vgsnb.further.localisation import contrasted, localise, maps, methods_for, peak, places, score_map, smoothed
from vgsnb.further.models import build, frame_scores
from vgsnb.speech.features import FeatureSettings, FeatureStore

WORDS = ("ball", "dog", "water")
SIZES = {
    "PSC": {"features": 5, "channels": [8] * 2, "kernels": [5] * 3},
    "CNN-Attend": {"features": 5, "channels": [8] * 2, "kernels": [5] * 3, "output": 16, "hidden": 16},
    "CNN-PoolAttend": {"features": 5, "channels": [8] * 2, "output": 12, "hidden": 16},
}
SETTINGS = FeatureSettings(kind="log-mel", mel_bands=5, shift=0.1, window=0.1)
PAIRS = pd.DataFrame([(f"u{row}", word) for row in range(3) for word in WORDS], columns=["utterance_id", "keyword"])
OWN = {"PSC": "score-aggregation", "CNN-Attend": "attention"}


def small(name, *parts, seed=1):
    return build(name, WORDS, seed, parts, **SIZES[name]).eval()


@pytest.fixture(scope="module")
def store():
    lengths = np.array([70, 95, 130])
    frames = np.random.default_rng(0).normal(size=(lengths.sum(), 5)).astype(np.float16)
    ids = ["u0", "u1", "u2"]
    rows = {key: row for row, key in enumerate(ids)}
    return FeatureStore(None, SETTINGS, ids, np.cumsum(lengths) - lengths, lengths, frames, rows)


def test_smoothing_by_hand():
    values = np.array([[0.0, 0, 9, 0, 0, 3]])
    assert smoothed(values, 3).tolist() == [[0, 3, 3, 3, 1, 1.5]]
    assert smoothed(values, 1).tolist() == values.tolist()
    assert smoothed(values, 99).tolist() == [[2.0] * 6]
    weak, broad = np.array([[0.0, 5, 0, 0, 0, 4, 4, 4, 0]]), 6
    assert peak(weak[0]) == 1
    assert peak(smoothed(weak, 3)[0]) == broad  # a long rise beats a high one


def test_contrast_takes_what_a_frame_says_of_every_keyword():
    logits = np.array([[0.0, 5.0, 3.0], [0.0, 5.0, -1.0]])
    assert contrasted(logits).tolist() == [[0, 0, 2], [0, 0, -2]]
    assert peak(logits[0]) == 1
    assert peak(contrasted(logits)[0]) == 2


@pytest.mark.parametrize("name", OWN)
def test_without_parts_places_are_those_of_the_room_below(name, store):
    model = small(name)
    assert methods_for(model) == localisation.methods_for(model)
    theirs = localisation.localise(model, store, PAIRS, OWN[name])
    pd.testing.assert_frame_equal(localise(model, store, PAIRS, OWN[name]), theirs)
    mine = places(
        lambda x: maps([model], x, OWN[name], SETTINGS), store, PAIRS, WORDS, SETTINGS.shift, "Localising"
    )  # fmt: skip
    pd.testing.assert_frame_equal(mine[["score", "time"]], theirs[["score", "time"]], rtol=1e-4)
    inside = mine["utterance_id"].map({"u0": 7.0, "u1": 9.5, "u2": 13.0})
    assert (mine["end"] <= inside + 1e-9).all()


@pytest.mark.parametrize("part", ["smoothed", "contrasted"])
@pytest.mark.parametrize("name", OWN)
def test_each_part_changes_places_by_what_it_says(name, part, store):
    model, method = small(name), OWN[name]
    found = localise(model, store, PAIRS, method, parts=[part], smoothing=0.5)
    assert (found["time"] != localisation.localise(model, store, PAIRS, method)["time"]).any()
    alpha, times = localisation.score_map(model, store["u1"], WORDS, method, SETTINGS)
    if part == "smoothed":
        wanted = smoothed(alpha, 5)
    else:
        wanted = contrasted(np.log(np.maximum(alpha, 1e-30)) if method == "attention" else alpha)
    shown, own_times = score_map(model, store["u1"], WORDS, method, SETTINGS, parts=[part], smoothing=0.5)
    np.testing.assert_allclose(shown, wanted, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(own_times, times)
    assert found["time"].tolist()[3:6] == pytest.approx([times[peak(row)] for row in shown])


def test_several_models_are_averaged_only_as_an_ensemble(store):
    models = [small("CNN-Attend", seed=seed) for seed in (1, 2)]
    alone = [score_map(model, store["u0"], WORDS, "attention", SETTINGS)[0] for model in models]
    both = {"parts": ["ensemble"], "others": models[1:]}
    shown, _ = score_map(models[0], store["u0"], WORDS, "attention", SETTINGS, **both)
    np.testing.assert_allclose(shown, np.mean(alone, axis=0), rtol=1e-4)
    ours = localise(models[0], store, PAIRS, "attention", **both)
    assert ours["score"].tolist()[:3] == pytest.approx(shown.max(axis=1).tolist())
    assert not ours.equals(localise(models[0], store, PAIRS, "attention", others=models[1:]))


def test_the_frame_head_places_and_attention_stays(store):
    model = small("CNN-Attend", "two-heads")
    assert methods_for(model) == [*localisation.methods_for(model), "frame-head"]
    with torch.no_grad():
        h, frames = model.encoder(torch.from_numpy(store["u0"])[None], torch.tensor([70]))
        wanted = model.frame_head(h)[0]
        assert torch.equal(wanted, frame_scores(model, h, frames, "frame-head")[0])
    found = localise(model, store, PAIRS, "frame-head")
    np.testing.assert_allclose(found["score"][:3], wanted.max(dim=1).values, rtol=1e-5)
    pd.testing.assert_frame_equal(
        localise(model, store, PAIRS, "attention"), localise(small("CNN-Attend"), store, PAIRS, "attention")
    )


def test_poolings_of_frames_place_by_their_channels_and_are_not_masked(store):
    plain = localisation.localise(small("PSC"), store, PAIRS, "score-aggregation")
    for part in ("linear-softmax", "auto-pool", "top-k"):
        model = small("PSC", part)
        assert methods_for(model) == ["score-aggregation"]
        found = localise(model, store, PAIRS, "score-aggregation")
        pd.testing.assert_frame_equal(found[["score", "time"]], plain[["score", "time"]], rtol=1e-4)
        with pytest.raises(UserError, match="method of PSC 'masked-in'; choose one of: score-aggregation"):
            localise(model, store, PAIRS, "masked-in")


def test_what_masks_and_what_is_pooled_in_the_encoder_stays_as_it_is(store):
    model, parts = small("CNN-Attend"), ["smoothed", "contrasted"]
    pd.testing.assert_frame_equal(
        localise(model, store, PAIRS, "masked-in", parts=parts),
        localisation.localise(model, store, PAIRS, "masked-in"),
    )
    pooled = small("CNN-PoolAttend")
    pd.testing.assert_frame_equal(
        localise(pooled, store, PAIRS, "attention", parts=parts),
        localisation.localise(pooled, store, PAIRS, "attention"),
    )
    with pytest.raises(UserError, match="keyword of this model 'cat'"):
        localise(model, store, PAIRS.assign(keyword="cat"), "attention", parts=parts)
