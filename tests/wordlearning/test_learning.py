"""Training on a small world in which things have looks and names: what is learned, what a batch has, what is noted."""

import numpy as np
import pandas as pd
import pytest
import torch

from vgsnb.evaluation.retrieval import rank_measures
from vgsnb.wordlearning import tasks
from vgsnb.wordlearning.networks import LOSSES, CrossNet
from vgsnb.wordlearning.tasks import Space
from vgsnb.wordlearning.training import Goal, Scenes, batch_of, dealt, embed, judged, moved, others, train

THINGS, PICTURES, REGIONS = 8, 120, 4


def world(seed: int) -> tuple[Scenes, pd.DataFrame]:
    """Pictures of two things each, one region a thing and others of nothing; both are named once."""
    fixed, rng = np.random.default_rng(0), np.random.default_rng(seed)
    looks, names = fixed.normal(size=(THINGS, 10)), fixed.normal(size=(THINGS, 12))
    seen, heard, said, words = rng.normal(size=(PICTURES, REGIONS, 10)) * 0.3, [], [], []
    for picture in range(PICTURES):
        for place, thing in enumerate(rng.choice(THINGS, 2, replace=False)):
            seen[picture, place] += looks[thing]
            said.append((picture, len(heard)))
            heard.append(names[thing] + 0.3 * rng.normal(size=12))
            words.append(f"word{thing}")
    table = pd.DataFrame({"word": words, "speaker": "s"})
    return Scenes(
        torch.tensor(seen).float(), torch.tensor(np.array(heard)).float().view(-1, 3, 4), np.array(said)
    ), table


def space_of(network: CrossNet, data: Scenes, table: pd.DataFrame) -> Space:
    words = table["word"].to_numpy()[data.said[:, 1]]
    captions = pd.DataFrame({"picture": data.said[:, 0], "word": words})
    seen = embed(network.pictures, data.seen.flatten(0, 1)).reshape(PICTURES, REGIONS, -1)
    return Space(seen, embed(network.speech, data.heard), table, data.said, captions)


@pytest.mark.parametrize(
    ("objective", "optimiser", "rate"), [(name, "adam", 0.01) for name in LOSSES] + [("cos-cos2", "adadelta", 3.0)]
)
def test_words_are_learned_from_what_goes_together(objective, optimiser, rate, tmp_path) -> None:
    (data, _), (judge, table) = world(1), world(2)
    torch.manual_seed(0)
    network = CrossNet(10, (3, 4), hidden=(32,), embedding=24)
    history = train(
        network, data, judge, tmp_path, Goal(objective),
        pictures=10, optimiser=optimiser, epochs=12, learning_rate=rate,
    )  # fmt: skip
    assert history["dev_loss"].min() < history["dev_loss"].iloc[0]
    ranks = tasks.ranks(space_of(network, judge, table), "word-type-by-image")
    named = ranks[np.arange(len(ranks)) % REGIONS < 2]  # regions that show something
    assert rank_measures(named["rank"])["r1"] > 0.6
    noted = pd.read_csv(tmp_path / "cosines.csv")
    assert len(noted) == len(history)
    assert noted["dev_same"].iloc[-1] > noted["dev_different"].iloc[-1] + 0.05


def test_training_stops_when_development_does_not_improve(tmp_path) -> None:
    data, _ = world(1)
    noise = Scenes(torch.randn_like(data.seen), torch.randn_like(data.heard), data.said)
    judge = Scenes(torch.randn_like(data.seen), torch.randn_like(data.heard), data.said)
    network = CrossNet(10, (3, 4), hidden=(64,), embedding=24)
    history = train(
        network,
        noise,
        judge,
        tmp_path,
        Goal(),
        pictures=10,
        optimiser="adam",
        epochs=60,
        patience=3,
        learning_rate=0.01,
    )
    assert len(history) < 60
    assert not history["best"].iloc[-3:].any()


def test_words_are_moved_whole_and_nothing_comes_round() -> None:
    torch.manual_seed(0)
    words = torch.arange(9.0).repeat(60, 1)[..., None].expand(60, 9, 2) + torch.rand(60, 1, 2)
    found = moved(words, 3)
    away = (words[:, 4] - found[:, 4]).round()[:, 0]
    assert set(away.tolist()) == set(range(-3, 4))
    expected = (torch.arange(9) - away[:, None]).clamp(0, 8)
    assert torch.allclose(found, words[:, :1] + expected[..., None], atol=1e-5)
    assert torch.equal(moved(words, 0), words)


def test_one_picture_gets_as_many_words_of_others() -> None:
    data, _ = world(1)
    batch = batch_of(data, [5], 1, 2)
    assert batch.same.tolist() == [[True, True, False, False]]
    assert torch.equal(batch.heard[:2], data.heard[data.tokens_of(5)])
    found = others(data, data.tokens_of(5), np.random.default_rng(0))
    assert not set(found) & set(data.tokens_of(5))


def test_words_of_several_pictures_are_each_others_others() -> None:
    data, _ = world(1)
    batch = batch_of(data, [3, 9], 1, 2)
    assert batch.same.tolist() == [[True, True, False, False], [False, False, True, True]]
    assert torch.equal(batch.seen, data.seen[[3, 9]])
    groups = dealt(data, 7, 1, 0)
    assert len(groups) == PICTURES // 7
    assert len({place for group in groups for place in group}) == 7 * len(groups)
    assert groups == dealt(data, 7, 1, 0) != dealt(data, 7, 1, 1)


def test_a_recording_that_goes_with_two_pictures_is_the_same_for_both() -> None:
    data, _ = world(1)
    shared = Scenes(data.seen, data.heard, np.array([(0, 0), (0, 1), (1, 1), (1, 2)]))
    batch = batch_of(shared, [0, 1], 1)
    assert torch.equal(batch.heard, data.heard[:3])
    assert batch.same.tolist() == [[True, True, False], [False, True, True]]


def test_epochs_are_judged_on_every_picture() -> None:
    data, _ = world(1)
    batches = judged(data, torch.device("cpu"), 32)
    assert [len(batch.seen) for batch in batches] == [30] * 4
    assert sum(int(batch.same.sum()) for batch in batches) == len(data.said)
