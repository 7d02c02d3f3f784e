"""The last peak by hand; masks that pile up and segments that move against masking and rescoring one by one."""

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb import localisation
from vgsnb.errors import UserError
from vgsnb.localisation import SegmentGrid
from vgsnb.models import ARCHITECTURES
from vgsnb.released.localisation import last_peak, localise, piled, score_map
from vgsnb.released.models import build
from vgsnb.speech.features import FeatureSettings, FeatureStore

WORDS = ("ball", "dog", "water")
SMALL = {
    "PSC": {"channels": [8] * 2, "kernels": [5] * 3},
    "CNN-Pool": {"channels": [8] * 2, "output": 12, "hidden": 16},
    "CNN-Attend": {"channels": [8] * 2, "kernels": [5] * 3, "output": 16, "hidden": 16},
    "CNN-PoolAttend": {"channels": [8] * 2, "output": 12, "hidden": 16},
}
LENGTHS = (70, 95, 130)
SETTINGS = FeatureSettings(kind="log-mel", mel_bands=5, shift=0.1, window=0.1)  # 8 s are 80 frames
GRID = SegmentGrid(0.5, (0.8, 1.4))
EVERY = pytest.mark.parametrize("name", ARCHITECTURES)
PAIRS = pd.DataFrame([(f"u{row}", word) for row in range(3) for word in WORDS], columns=["utterance_id", "keyword"])


def healthy(name, *departures):
    """A model whose biases are alive, so that silence is not zero."""
    model = build(name, WORDS, 1, departures, 80, features=5, **SMALL[name]).eval()
    generator = torch.Generator().manual_seed(3)
    for value in model.parameters():
        if value.dim() == 1:
            torch.nn.init.normal_(value, std=0.5, generator=generator)
    return model


@pytest.fixture(scope="module")
def store():
    lengths = np.array(LENGTHS)
    frames = np.random.default_rng(0).normal(size=(lengths.sum(), 5)).astype(np.float16)
    ids = ["u0", "u1", "u2"]
    rows = {key: row for row, key in enumerate(ids)}
    return FeatureStore(None, SETTINGS, ids, np.cumsum(lengths) - lengths, lengths, frames, rows)


@pytest.mark.parametrize(
    ("values", "peak"),
    [
        ([0, 3, 0, 1, 0], 3),
        ([0, 3, 0, 1, 2], 1),  # the end is no peak, however high
        ([5, 1, 2, 2, 2, 1], 3),  # the middle of a plateau
        ([0, 1, 2, 3], None),
        ([3, 2, 1], None),
        ([1, 1, 1], None),
        ([0, 3, 0, 1e-9, 0], 1),  # a rise of rounding is none
        ([0.0], None),
    ],
)
def test_the_last_peak_by_hand(values, peak):
    assert last_peak(values) == peak
    assert last_peak(-1 + np.array(values)) == peak


@pytest.mark.parametrize(("name", "method"), [("PSC", "score-aggregation"), ("CNN-Attend", "grad-cam")])
def test_the_last_peak_is_the_place_and_without_one_there_is_none(name, method, store):
    model = healthy(name)
    found = localise(model, store, PAIRS, method, departures=["last-peak"])
    every = localise(model, store, PAIRS, method)
    assert (every["time"] != every.merge(found, on=["utterance_id", "keyword"], how="left")["time_y"]).any()
    for row in found.itertuples():
        alpha, times = localisation.score_map(model, store[row.utterance_id], [row.keyword], method, SETTINGS)
        peak = last_peak(alpha[0])
        assert (row.score, row.time) == pytest.approx((alpha[0, peak], times[peak]), rel=1e-4)
        assert row.end - row.start == pytest.approx(SETTINGS.shift)
    with torch.no_grad():
        model.encoder.stages[-1].conv.weight.zero_()  # the same everywhere: no peak, and the paper's way still a place
    assert len(localise(model, store, PAIRS, method, departures=["last-peak"])) == 0
    assert len(localise(model, store, PAIRS, method)) == len(PAIRS)


def test_attention_has_no_last_peak(store):
    model = healthy("CNN-Attend")
    pd.testing.assert_frame_equal(
        localise(model, store, PAIRS, "attention", departures=["all"]), localise(model, store, PAIRS, "attention")
    )


@torch.no_grad()
def one_by_one(model, utterance, segments, keep, departures):
    """The released code's loop over the segments, one version of the utterance after another: logits (S, W)."""
    features, found = torch.from_numpy(utterance), []
    changed = features.clone()
    for start, end in segments:
        if keep and "moved-segments" in departures:
            version = torch.zeros(80, 5)
            version[: end - start] = features[start:end]
        elif keep:
            version = torch.zeros_like(features)
            version[start:end] = features[start:end]
        else:
            changed = changed if "piled-masks" in departures else features.clone()
            changed[start:end] = 0
            version = changed
        found.append(model(version[None], torch.tensor([len(version)]))[0])
    return torch.stack(found)


CHANGES = [
    ("masked-in", ("moved-segments",)),
    ("masked-out", ("piled-masks",)),
    *[(method, ("unmasked-padding",)) for method in ("masked-in", "masked-out")],
    *[(method, ("all",)) for method in ("masked-in", "masked-out")],
]


@EVERY
@pytest.mark.parametrize(("method", "departures"), CHANGES)
def test_masking_is_that_of_a_literal_loop(name, method, departures, store):
    model, keep = healthy(name, *departures), method == "masked-in"
    places = localise(model, store, PAIRS, method, GRID, departures=departures).set_index(["utterance_id", "keyword"])
    for key in store.ids:
        utterance = store[key][:80] if "unmasked-padding" in model.sizes.get("departures", ()) else store[key]
        segments = GRID.segments(len(utterance), SETTINGS)
        known = (*departures, "moved-segments", "piled-masks") if "all" in departures else departures
        logits = one_by_one(model, utterance, segments, keep, known)
        alpha = torch.sigmoid(logits if keep else -logits).numpy()
        for number, word in enumerate(WORDS):
            assert places.loc[(key, word), "score"] == pytest.approx(alpha[:, number].max(), abs=1e-5)
            best = segments[alpha[:, number] > alpha[:, number].max() - 1e-5]
            middles = SETTINGS.window / 2 + (best.mean(axis=1) - 0.5) * SETTINGS.shift
            assert np.abs(middles - places.loc[(key, word), "time"]).min() < 1e-6
        shown, times = score_map(model, store[key], WORDS, method, SETTINGS, GRID, departures=departures)
        assert shown.shape == (3, len(times))
        np.testing.assert_allclose(shown.max(axis=1), alpha.max(axis=0), atol=1e-5)


@pytest.mark.parametrize(("method", "departures"), CHANGES[:2])
def test_moving_and_piling_change_places(method, departures, store):
    model = healthy("CNN-Attend")
    ours = localise(model, store, PAIRS, method, GRID)
    assert (localise(model, store, PAIRS, method, GRID, departures=departures)["time"] != ours["time"]).any()
    pd.testing.assert_frame_equal(ours, localisation.localise(model, store, PAIRS, method, GRID))


def test_log_sum_exp_is_in_the_scores_of_masking(store):
    sums, means = healthy("PSC", "log-sum-exp"), healthy("PSC")
    found, paper = (localise(model, store, PAIRS, "masked-in", GRID) for model in (sums, means))
    logits = np.log(paper["score"] / (1 - paper["score"])) + np.log(np.repeat(LENGTHS, 3)) / sums.sizes["r"]
    np.testing.assert_allclose(found["score"], 1 / (1 + np.exp(-logits)), atol=1e-5)
    assert found["time"].equals(paper["time"])


def test_places_of_a_model_that_hears_padding_lie_within_the_utterance(store):
    model = healthy("CNN-Attend", "unmasked-padding")
    for method in ("attention", "grad-cam", "masked-in"):
        places = localise(model, store, PAIRS, method, GRID)
        ends = places["utterance_id"].map({key: min(n, 80) * 0.1 for key, n in zip(store.ids, LENGTHS, strict=True)})
        assert (places["end"] <= ends + 1e-9).all()


def test_all_is_masked_in_the_end_and_the_first_of_equals_is_taken():
    segments = GRID.segments(20, SETTINGS)
    assert segments.tolist() == [[0, 8], [0, 14], [5, 13], [5, 19], [10, 18]]
    assert piled(segments).tolist() == [[0, 8], [0, 14], [0, 14], [0, 19], [0, 19]]
    with pytest.raises(UserError, match="pile up with gaps"):
        piled(np.array([[0, 3], [5, 8]]))


def test_what_does_not_fit_is_refused(store):
    with pytest.raises(UserError, match=r"method of CNN-Attend 'score-aggregation'; choose one of"):
        localise(healthy("CNN-Attend"), store, PAIRS, "score-aggregation", departures=["last-peak"])
    with pytest.raises(UserError, match=r"method of CNN-Attend 'masked'"):
        localise(healthy("CNN-Attend"), store, PAIRS, "masked", departures=["all"])
    with pytest.raises(UserError, match=r"keyword of this model 'cat'"):
        localise(healthy("PSC"), store, PAIRS.assign(keyword="cat"), "masked-in", GRID, departures=["all"])
    with pytest.raises(UserError, match=r"segment of 90 frames does not fit into the 80 of 8 s"):
        localise(healthy("PSC"), store, PAIRS[3:], "masked-in", SegmentGrid(1.0, (9.0,)), departures=["all"])
