"""The joint space: losses against their formulas, padding, batches, the matchmap, chance; and that it learns."""

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb.errors import UserError
from vgsnb.evaluation.retrieval import first_ranks
from vgsnb.jointspace.networks import LOSSES, MARGIN, JointSpace, last_two, matchmap
from vgsnb.jointspace.results import chance_recall
from vgsnb.jointspace.training import Captioned, hear, rounds, see, train
from vgsnb.speech.features import FeatureSettings, FeatureStore

SIZES = {"channels": [8, 8], "kernels": [3, 3, 3], "embedding": 6}


@pytest.fixture
def network() -> JointSpace:
    torch.manual_seed(0)
    return JointSpace(39, 4, **SIZES).eval()


@pytest.fixture
def found() -> torch.Tensor:
    torch.manual_seed(1)
    return torch.rand(5, 5) * 2 - 1


def test_info_nce_names_the_other_half_of_each_pair_both_ways(found: torch.Tensor) -> None:
    values = 10 * found.double().numpy()
    rows = [np.log(np.exp(values[i]).sum()) - values[i, i] for i in range(5)]
    columns = [np.log(np.exp(values[:, i]).sum()) - values[i, i] for i in range(5)]
    expected = (np.mean(rows) + np.mean(columns)) / 2
    assert float(LOSSES["info-nce"](found, torch.tensor(10.0).log())) == pytest.approx(expected, abs=1e-5)


def test_margin_has_one_other_picture_and_one_other_caption_for_each_pair(found: torch.Tensor) -> None:
    values = found.numpy()
    expected = np.mean(
        [
            max(0, MARGIN - values[i, i] + values[i, (i - 1) % 5])
            + max(0, MARGIN - values[i, i] + values[(i - 1) % 5, i])
            for i in range(5)
        ]
    )
    assert float(LOSSES["margin"](found, torch.zeros(()))) == pytest.approx(expected, abs=1e-6)


def test_what_is_beyond_a_caption_changes_nothing(network: JointSpace) -> None:
    features = torch.randn(1, 20, 39)
    longer = torch.cat([features, torch.randn(1, 12, 39)], 1)
    lengths = torch.tensor([20])
    with torch.no_grad():
        assert torch.allclose(network.heard(features, lengths), network.heard(longer, lengths), atol=1e-5)


def test_a_matchmap_has_the_dot_product_of_every_frame_and_place(network: JointSpace) -> None:
    features, maps, lengths = torch.randn(1, 20, 39), torch.randn(1, 4, 3, 3), torch.tensor([20])
    with torch.no_grad():
        frames, places = network.frames(features, lengths)[0][0], network.places(maps)[0]
        each = matchmap(frames, places)
    assert each.shape == (5, 3, 3)  # two poolings by two
    assert float(each[3, 1, 2]) == pytest.approx(float(frames[:, 3] @ places[:, 1, 2]), abs=1e-5)


def test_a_caption_of_one_frame_is_what_that_frame_comes_to(network: JointSpace) -> None:
    features, lengths = torch.randn(1, 4, 39), torch.tensor([4])
    with torch.no_grad():
        (frames, count), heard = network.frames(features, lengths), network.heard(features, lengths)
    assert count.tolist() == [1]
    assert torch.allclose(torch.nn.functional.normalize(frames[..., 0], dim=1), heard, atol=1e-6)


@pytest.fixture
def pairs() -> tuple[FeatureStore, Captioned]:
    """Twelve pictures of four kinds with three captions each, whose sound depends on the kind and on the picture."""
    rng = np.random.default_rng(0)
    kinds, own = rng.normal(size=(12, 39)), rng.normal(size=(12, 4))
    names = {f"u{picture}-{take}": f"p{picture}" for picture in range(12) for take in range(3)}
    sounds = {
        name: kinds[int(image[1:])] + 0.3 * rng.normal(size=(rng.integers(12, 30), 39)) for name, image in names.items()
    }
    maps = torch.from_numpy(own[:, :, None, None] + 0.1 * rng.normal(size=(12, 4, 2, 2))).float()
    rows = {f"p{picture}": picture for picture in range(12)}
    return FeatureStore.in_memory(sounds, FeatureSettings()), Captioned(pd.Series(names), maps, rows)


def test_a_batch_has_no_picture_twice_and_an_epoch_every_caption_once(pairs: tuple[FeatureStore, Captioned]) -> None:
    store, data = pairs
    batches = rounds(store, data.images, 6, 1, 0)
    assert sorted(name for ids in batches for name in ids) == sorted(data.images.index)
    assert all(data.images[ids].is_unique for ids in batches)
    assert batches == rounds(store, data.images, 6, 1, 0) != rounds(store, data.images, 6, 1, 1)


@pytest.mark.parametrize("objective", LOSSES)
def test_training_brings_captions_to_their_pictures(pairs, objective, tmp_path) -> None:
    store, data = pairs
    torch.manual_seed(0)
    network = JointSpace(39, 4, **SIZES)

    def rank() -> float:
        found = hear(network, store, data.images.index.tolist()) @ see(network, data.maps).T
        return float(first_ranks(found, data.images.to_numpy()[:, None] == np.array(list(data.rows))).mean())

    before = rank()
    history = train(
        network, store, data, data, tmp_path, objective=objective, batch_size=12, epochs=12, learning_rate=0.02
    )
    assert len(history) == 12
    assert (tmp_path / "network.safetensors").is_file()
    assert rank() < 0.5 * before


def test_order_of_what_is_heard_is_that_of_the_ids(network: JointSpace, pairs: tuple[FeatureStore, Captioned]) -> None:
    store, data = pairs
    ids = data.images.index.tolist()
    found = hear(network, store, ids, batch_size=5)
    one = np.stack([hear(network, store, [name])[0] for name in ids])
    assert found == pytest.approx(one, abs=1e-5)


def test_chance_is_what_random_orders_come_to() -> None:
    rng = np.random.default_rng(0)
    relevant = np.zeros((2, 40), bool)
    relevant[0, 0], relevant[1, :5] = True, True
    ranks = np.concatenate([first_ranks(rng.random((4000, 40)), np.broadcast_to(row, (4000, 40))) for row in relevant])
    assert chance_recall(relevant, 10) == pytest.approx((ranks <= 10).mean(), abs=0.015)


def test_a_batch_that_development_pictures_do_not_fill_is_refused(pairs, tmp_path) -> None:
    store, data = pairs
    with pytest.raises(UserError, match="A batch of 40 captions"):
        train(JointSpace(39, 4, **SIZES), store, data, data, tmp_path, batch_size=40, epochs=1)


def test_layers_of_different_size_stand_side_by_side_as_coarse_as_the_last() -> None:
    before = torch.arange(16.0).view(1, 1, 4, 4)
    found = last_two([torch.zeros(1, 1, 8, 8), before, torch.ones(1, 2, 2, 2)])
    assert found.shape == (1, 3, 2, 2)
    assert found[0, 0].tolist() == [[2.5, 4.5], [10.5, 12.5]]
    assert found[0, 1:].eq(1).all()
