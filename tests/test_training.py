import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
import safetensors.torch
import torch
from torch.nn import functional

from vgsnb import training
from vgsnb.errors import UserError
from vgsnb.further.crops import crop
from vgsnb.models import ARCHITECTURES, build, load_model
from vgsnb.speech.features import FeatureSettings, FeatureStore

WORDS = ("high", "low", "never")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """240 utterances of noise; a word is 12 frames in which one coefficient is raised. Store and bag of words."""
    folder, rng = tmp_path_factory.mktemp("store"), np.random.default_rng(1)
    lengths = rng.integers(40, 80, 240)
    said = pd.DataFrame(rng.random((240, 3)) < [0.5, 0.5, 0.0], columns=list(WORDS))
    said.index = pd.Index([f"utterance{number}" for number in range(240)], name="utterance_id")
    features = [rng.normal(0, 0.3, (n, 39)) for n in lengths]
    for x, (high, low, _) in zip(features, said.to_numpy(), strict=True):
        for column, present in ((0, high), (1, low)):
            at = rng.integers(0, len(x) - 12)
            x[at : at + 12, column] += 3 * present
    frames = np.concatenate(features).astype(np.float16)
    starts = np.cumsum(lengths) - lengths
    ids = said.index.tolist()
    rows = {name: row for row, name in enumerate(ids)}
    return FeatureStore(folder, FeatureSettings(), ids, starts, lengths, frames, rows), said


def model(seed=0):
    return build("CNN-Attend", WORDS, seed=seed, channels=[12] * 2, kernels=[5] * 3, output=16, hidden=16)


def train(spoken, folder, made=None, **changes):
    store, said = spoken
    settings = {"epochs": 4, "batch_size": 20, "learning_rate": 5e-3, "schedule": "one-cycle", "precision": "float32"}
    made = made or model()
    return made, training.train(made, store, said[:200], said[200:], folder, **{**settings, **changes})


def test_planted_words_are_learned_and_the_model_is_kept(spoken, tmp_path):
    store, said = spoken
    made, history = train(spoken, tmp_path, epochs=12)
    scores = training.predict(made, store, said.index[200:].tolist())
    assert (scores[["high", "low"]].gt(0.5) == said[200:][["high", "low"]]).to_numpy().mean() > 0.9
    assert scores["never"].max() < 0.2
    assert history["epoch"].tolist() == list(range(1, 13))
    pd.testing.assert_frame_equal(training.predict(load_model(tmp_path), store, said.index[200:].tolist()), scores)
    best = history.loc[history["dev_loss"].idxmin(), "dev_loss"]
    wanted = torch.tensor(said[200:].to_numpy(), dtype=torch.float32)
    assert functional.binary_cross_entropy(torch.tensor(scores.to_numpy()), wanted).item() == pytest.approx(
        best, rel=1e-3
    )


class Killed(Exception):
    pass


@pytest.mark.parametrize("augmentation", [None, {"time_masks": 1}])
def test_training_that_was_killed_ends_with_the_same_weights(spoken, tmp_path, monkeypatch, augmentation):
    through, history = train(spoken, tmp_path / "through", augmentation=augmentation)
    count, real = iter(range(100)), training.Batches.__iter__

    def killed_in_the_third_epoch(self):
        if next(count) == 2:
            raise Killed
        return real(self)

    monkeypatch.setattr(training.Batches, "__iter__", killed_in_the_third_epoch)
    with pytest.raises(Killed):
        train(spoken, tmp_path / "killed", augmentation=augmentation)
    assert len(pd.read_csv(tmp_path / "killed" / "history.csv")) == 2
    torch.rand(3)
    again, continued = train(spoken, tmp_path / "killed", model(seed=9), augmentation=augmentation)
    assert continued[["epoch", "train_loss", "dev_loss"]].equals(history[["epoch", "train_loss", "dev_loss"]])
    for key, value in through.state_dict().items():
        assert torch.equal(value, again.state_dict()[key]), key


def test_the_best_epoch_is_kept_not_the_last(tmp_path):
    made = torch.nn.Linear(1, 1)
    seen = list[torch.Tensor]()

    def validate(linear):
        seen.append(linear.weight.detach().clone())
        return [3.0, 1.0, 2.0][len(seen) - 1]

    history = training.fit(
        made,
        lambda epoch: training.Batches([[epoch]], lambda items: torch.tensor([[float(items[0])]])),
        lambda linear, batch: linear(batch).sum(),
        validate,
        tmp_path,
        epochs=3,
        learning_rate=0.1,
        device="cpu",
        precision="float32",
    )
    assert history["best"].tolist() == [True, True, False]
    assert torch.equal(made.weight, seen[1])
    assert not torch.equal(made.weight, seen[2])


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_an_augmented_batch_and_its_loss_are_on_the_device_of_the_features(spoken, name):
    """Without a GPU: what mixes devices fails on this one too, which knows shapes and no numbers."""
    store, said = spoken
    place = torch.device("meta")
    span = partial(crop, generator=torch.default_generator, shortest=10, longest=30, share=0.8)
    batches = training.batches_of(store.on(place), said.astype("float32"), 20, {}, span, seed=0, place=place)
    learner = build(name, WORDS).to(place)
    for batch in batches(0):
        assert {x.device.type for x in (batch.features, batch.lengths, batch.targets)} == {"meta"}
        assert training.cross_entropy(learner, batch).device.type == "meta"


def test_broken_and_foreign_checkpoints_are_refused_by_name(spoken, tmp_path):
    path = tmp_path / training.CHECKPOINT
    weights = {"model.elsewhere": torch.zeros(1)}
    about = {"settings": json.dumps({"epochs": 1}), "history": "[]"}
    safetensors.torch.save_file(weights, path, metadata=about)
    with pytest.raises(UserError, match="other settings: remove it"):
        train(spoken, tmp_path)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(UserError, match=r"checkpoint.safetensors is cut short"):
        train(spoken, tmp_path)


def test_a_loss_that_explodes_is_told(spoken, tmp_path):
    with pytest.raises(UserError, match="lower the learning rate"):
        train(spoken, tmp_path, learning_rate=1e30, schedule="constant")


def test_targets_must_name_the_keywords(spoken, tmp_path):
    store, said = spoken
    with pytest.raises(UserError, match="lack the model's keywords never"):
        training.train(model(), store, said[["high", "low"]], said, tmp_path, epochs=1)


def test_scores_come_in_the_asked_order_whatever_the_batches(spoken):
    store, said = spoken
    ids = said.index[::-1].tolist()
    by_one, by_many = (training.predict(model(), store, ids, batch_size=size) for size in (1, 50))
    assert by_one.index.tolist() == ids
    assert tuple(by_one.columns) == WORDS
    np.testing.assert_allclose(by_one, by_many, atol=1e-5)
    np.testing.assert_allclose(training.predict(model(), store), by_one.loc[store.ids], atol=1e-5)


def test_buckets_hold_every_utterance_once_in_batches_of_like_length():
    lengths = np.random.default_rng(0).integers(100, 600, 1000)
    ids = [str(number) for number in range(1000)]
    batches = training.bucketed(ids, lengths, 10, np.random.default_rng(1))
    assert sorted(name for batch in batches for name in batch) == sorted(ids)
    assert max(map(len, batches)) == 10
    padding = 1 - lengths.sum() / sum(len(b) * max(lengths[int(name)] for name in b) for b in batches)
    assert padding < 0.1
    assert batches == training.bucketed(ids, lengths, 10, np.random.default_rng(1))
    assert batches != training.bucketed(ids, lengths, 10, np.random.default_rng(2))


def test_the_learning_rate_climbs_and_falls():
    factors = [training.learning_rate_factor("one-cycle", step / 100) for step in range(101)]
    assert factors[0] == pytest.approx(0.04)
    assert max(factors) == pytest.approx(1) == factors[15]
    assert factors[100] == pytest.approx(0)
    assert training.learning_rate_factor("constant", 0.9) == 1
    with pytest.raises(UserError, match="constant, one-cycle"):
        training.learning_rate_factor("triangle", 0.1)
