"""Swapped SpecAugment, in training and on development data; the epoch that transcripts choose."""

import numpy as np
import pandas as pd
import pytest
import torch
from words_in_noise import WORDS, words_in_noise

from vgsnb import training
from vgsnb.errors import UserError
from vgsnb.released.models import build
from vgsnb.released.training import SwappedStore, missed_f1, train

MASKS = {"time_warp": 0, "time_masks": 1, "time_mask": 40, "frequency_masks": 1, "frequency_mask": 3}
COURSE = {"epochs": 4, "batch_size": 8, "learning_rate": 5e-3, "schedule": "constant", "precision": "float32"}


@pytest.fixture(scope="module")
def spoken():
    return words_in_noise()


def fresh():
    return build("CNN-Attend", WORDS, channels=[8], kernels=[5] * 2, output=8, hidden=8)


def course(spoken, folder, *departures, said=None, **changes):
    store, words = spoken
    model, targets = fresh(), words.astype("float32")
    found = train(
        model, store, targets[:32], targets[32:], folder,
        departures=departures, said=words[32:] if said is None else said, **{**COURSE, **changes},
    )  # fmt: skip
    return model, found


def test_swapped_masks_cover_few_coefficients_of_all_frames_and_few_frames(spoken):
    store, said = spoken
    torch.manual_seed(0)
    swapped = SwappedStore.of(store, {**MASKS, "time_masks": 2})
    features, lengths = swapped.subset(said.index[:16].tolist()).batch(said.index[:16].tolist())
    assert lengths.tolist() == [40] * 16
    assert features.shape == (16, 40, 39)
    silent = features == 0
    coefficients, frames = silent.all(axis=1).sum(axis=1), silent.all(axis=2).sum(axis=1)
    assert 0 < coefficients.max() <= 2 * 0.2 * 39  # longest_share of the coefficients, twice
    assert 0 < frames.max() <= 3  # what frequency masks cover at most
    kept = ~silent
    assert np.array_equal(features[kept], store.batch(said.index[:16].tolist())[0][kept])


def test_swapped_augmentation_changes_training_and_development_data(spoken, tmp_path):
    _, plain = course(spoken, tmp_path / "plain", augmentation=MASKS)
    _, swapped = course(spoken, tmp_path / "swapped", "swapped-spec-augment", augmentation=MASKS)
    assert (plain["train_loss"] != swapped["train_loss"]).all()
    # With a rate of nothing the weights stay, and only the development data can move the development loss.
    still = {"learning_rate": 0.0, "augmentation": MASKS}
    _, plain = course(spoken, tmp_path / "still", **still)
    _, swapped = course(spoken, tmp_path / "still-swapped", "swapped-spec-augment", **still)
    assert plain["dev_loss"].nunique() == 1
    assert swapped["dev_loss"].nunique() > 1
    _, without = course(spoken, tmp_path / "without", "swapped-spec-augment", learning_rate=0.0)
    assert without["dev_loss"].nunique() == 1  # nothing to swap


def test_transcripts_choose_another_epoch_of_the_same_course(spoken, tmp_path):
    """The transcripts say the opposite of the targets: the epoch that has learned least is their best."""
    opposite = ~spoken[1][32:]
    _, soft = course(spoken, tmp_path / "soft", epochs=8)
    model, text = course(spoken, tmp_path / "text", "transcript-selection", said=opposite, epochs=8)
    assert text["train_loss"].tolist() == soft["train_loss"].tolist()
    assert soft.loc[soft["best"], "epoch"].max() > text.loc[text["best"], "epoch"].max()
    scores = training.predict(model, spoken[0], opposite.index.tolist())
    assert missed_f1(scores, opposite) == pytest.approx(text["dev_loss"].min())
    assert not (tmp_path / "text" / training.CHECKPOINT).exists()
    assert (tmp_path / "text" / "model.yaml").is_file()


@pytest.mark.parametrize("others", [(), ("unmasked-padding",)])
def test_log_sum_exp_starts_where_log_mean_exp_does(spoken, tmp_path, others):
    store, words = spoken
    targets, losses = words.astype("float32"), list[float]()
    for departures in (others, (*others, "log-sum-exp")):
        model = build("PSC", WORDS, 1, departures, padding=60, channels=[8], kernels=[5] * 2)
        about = {"departures": departures, "said": words[32:], **COURSE, "epochs": 1, "learning_rate": 0.0}
        history = train(model, store, targets[:32], targets[32:], tmp_path / str(len(departures)), **about)
        losses.append(history["dev_loss"].item())
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)


def test_f1_is_that_at_four_tenths(spoken):
    said = pd.DataFrame({"a": [True, True, False], "b": [False, True, False]}, index=list("xyz"))
    scores = pd.DataFrame({"a": [0.45, 0.3, 0.5], "b": [0.1, 0.9, 0.2]}, index=list("xyz"))
    assert missed_f1(scores, said) == pytest.approx(1 - 2 * 2 / (3 + 3))
    with pytest.raises(UserError, match="more development pictures"):
        missed_f1(scores, said & False)
