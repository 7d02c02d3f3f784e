"""Losses against brute force, and that a network learns to tell classes apart which it has never seen."""

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb.errors import UserError
from vgsnb.oneshot import networks
from vgsnb.oneshot.training import (
    Labelled,
    Sampling,
    deal_pairs,
    deal_trials,
    draw,
    embed,
    error_of,
    train,
    train_direct,
)


def test_the_triplet_loss_takes_semi_hard_negatives():
    torch.manual_seed(1)
    vectors, classes = torch.randn(12, 5), torch.arange(4).repeat_interleave(3)
    unit = torch.nn.functional.normalize(vectors, dim=1)
    found = []
    for a in range(12):
        for p in range(12):
            if a == p or classes[a] != classes[p]:
                continue
            own = (1 - unit[a] @ unit[p]) / 2
            away = [(1 - unit[a] @ unit[n]) / 2 for n in range(12) if classes[n] != classes[a]]
            harder = [d for d in away if d > own]
            found.append(max(0.0, float(own - (min(harder) if harder else max(away)) + networks.MARGIN)))
    assert float(networks.semi_hard_loss(vectors, classes)) == pytest.approx(np.mean(found), rel=1e-5)


def test_prototypes_are_the_mean_of_the_first_half():
    torch.manual_seed(2)
    vectors, classes = torch.randn(8, 6), torch.tensor([5, 5, 5, 5, 2, 2, 2, 2])
    unit = torch.nn.functional.normalize(vectors, dim=1)
    means = torch.nn.functional.normalize(torch.stack([unit[0:2].mean(0), unit[4:6].mean(0)]), dim=1)
    logits = networks.SHARPNESS * unit[[2, 3, 6, 7]] @ means.T
    expected = torch.nn.functional.cross_entropy(logits, torch.tensor([0, 0, 1, 1]))
    assert float(networks.prototypical_loss(vectors, classes)) == pytest.approx(float(expected), rel=1e-5)


def test_centred_tokens_lie_in_the_middle():
    short, long = torch.ones(3, 2), torch.arange(9.0)[:, None].expand(9, 2)
    found = networks.centred([short, long], 5)
    assert found[0, :, 0].tolist() == [0, 1, 1, 1, 0]
    assert found[1, :, 0].tolist() == [2, 3, 4, 5, 6]


class Tokens:
    """Classes are directions of a plane in the first coordinates; the others are noise that hides them."""

    def __init__(self, classes, each, seed, noise=3.0):
        rng = np.random.default_rng(seed)
        own = np.repeat(rng.normal(size=(classes, 4)), each, axis=0)
        values = np.concatenate(
            [own + 0.1 * rng.normal(size=own.shape), noise * rng.normal(size=(len(own), 12))], axis=1
        )
        self.data = Labelled.of(
            torch.from_numpy(values.astype(np.float32)), pd.Series(np.repeat(np.arange(classes), each))
        )


class Small(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = 8
        self.layer = torch.nn.Linear(16, 8)

    def forward(self, x):
        return self.layer(x)


def test_classes_of_development_are_in_no_batch():
    data = Tokens(20, 5, 1).data
    learn, judge = data.apart(0.3, 1)
    assert len(learn.classes.unique()) == 14
    assert len(judge.classes.unique()) == 6
    assert len(learn.inputs) + len(judge.inputs) == 100
    assert not {tuple(row) for row in learn.inputs.tolist()} & {tuple(row) for row in judge.inputs.tolist()}
    trials = deal_trials(judge, 4, 50, 1)
    classes = judge.classes.numpy()[trials]
    assert trials.shape == (50, 5)
    assert (classes[:, 0] == classes[:, 1]).all()
    assert (trials[:, 0] != trials[:, 1]).all()
    assert all(len(set(row[1:])) == 4 for row in classes)
    chosen = draw(learn.rows, Sampling(3, 4, 1), 1)
    assert learn.classes.numpy()[chosen].reshape(3, 4).std(axis=1).max() == 0
    with pytest.raises(UserError, match="background classes have 9 tokens"):
        draw(learn.rows, Sampling(3, 9, 1), 1)


def test_errors_are_counted_with_ties_as_wrong():
    vectors = np.array([[1, 0], [2, 0], [0, 1], [3, 0]], np.float32)
    assert error_of(vectors, np.array([[0, 1, 2], [0, 2, 1], [0, 1, 3]])) == pytest.approx(2 / 3)


def test_a_network_that_says_the_same_of_everything_matches_nothing():
    model = networks.Direct(Small(), Small())
    assert model.error(torch.ones(5, 3, 2, 4), torch.ones(5, 3, 2, 4)) == 1


@pytest.mark.parametrize("objective", ["classifier", "siamese", "prototypical"])
def test_what_is_learned_carries_over_to_classes_that_were_not_seen(objective, tmp_path):
    torch.manual_seed(0)
    learn, judge = Tokens(40, 8, 1).data.apart(0.3, 1)
    network, trials = Small(), deal_trials(judge, 8, 300, 1)
    before = error_of(embed(network, judge.inputs), trials)
    settings = {"sampling": Sampling(8, 4, 40), "epochs": 6, "learning_rate": 0.01, "seed": 1, "precision": "float32"}
    history = train(network, objective, learn, judge, tmp_path / "whole", **settings)
    after = error_of(embed(network, judge.inputs), trials)
    assert after < before - 0.2
    assert (tmp_path / "whole" / "network.safetensors").is_file()
    assert history["dev_loss"].min() < before - 0.2


def test_the_direct_network_learns_to_match_classes_that_were_not_seen(tmp_path):
    torch.manual_seed(0)
    speech, pictures = (Tokens(40, 8, seed).data.apart(0.3, 1) for seed in (1, 2))
    model = networks.Direct(Small(), Small())

    def error():
        pairs = (deal_pairs(data, 8, 300, 5) for _, data in (speech, pictures))
        networks_of = zip((model.speech, model.pictures), (speech, pictures), pairs, strict=True)
        return model.error(*(torch.from_numpy(embed(net, each[1].inputs)[own]) for net, each, own in networks_of))

    before = error()
    train_direct(
        model, speech, pictures, tmp_path / "direct", sampling=Sampling(8, 4, 40),
        epochs=6, learning_rate=0.01, seed=1, precision="float32",
    )  # fmt: skip
    assert error() < before - 0.2


def test_pairs_are_two_tokens_of_each_of_several_classes():
    data = Tokens(6, 3, 1).data
    pairs = deal_pairs(data, 4, 20, 1)
    classes = data.classes.numpy()[pairs]
    assert pairs.shape == (20, 4, 2)
    assert (classes[..., 0] == classes[..., 1]).all()
    assert (pairs[..., 0] != pairs[..., 1]).all()
    assert all(len(set(row[:, 0])) == 4 for row in classes)
