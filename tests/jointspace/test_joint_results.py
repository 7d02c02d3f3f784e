"""The tables and examples of the joint space, on the preset ``smoke``."""

from pathlib import Path

import numpy as np
import pytest

from vgsnb import steps
from vgsnb.errors import UserError
from vgsnb.jointspace import results, trials
from vgsnb.settings import Settings, load_settings


@pytest.fixture(scope="module")
def settings(smoke: Path) -> Settings:
    return load_settings("smoke")


def test_the_pool_is_larger_than_the_test_and_begins_with_its_pictures(settings: Settings) -> None:
    likeness, images, pictures = trials.likeness(settings, 1)
    assert likeness.shape == (len(images), len(pictures)) == (20, 20)
    assert np.abs(likeness).max() <= 1 + 1e-5
    own = steps.corpus(settings)
    tested = own.images.loc[own.images["split"] == "test", "image_id"].tolist()
    assert pictures[: len(tested)] == tested
    larger = steps.corpus(trials.pool(settings))
    for name in tested[:3]:
        assert np.array_equal(np.asarray(own.image(name)), np.asarray(larger.image(name)))
    small = settings["corpus"]["pictures"]["test"]
    assert (
        trials.pool(load_settings("smoke", {"joint": {"pool": small}})).numbers
        == load_settings("smoke", {"joint": {"pool": small}}).numbers
    )


def test_recalls_are_those_of_the_likeness_and_both_ways_are_there(settings: Settings) -> None:
    table = results.retrieval(settings).set_index("direction")
    ranks = []
    for seed in settings["joint"]["seeds"]:
        likeness, images, pictures = trials.likeness(settings, seed)
        own = [pictures.index(image) for image in images]
        ranks.append([1 + int((row > row[place]).sum()) for row, place in zip(likeness, own, strict=True)])
    assert table.loc["speech-to-image", "r5"] == pytest.approx((np.array(ranks) <= 5).mean())
    assert table["chance_r10"].to_list() == pytest.approx([0.5, 0.5])
    assert (table["r10_low"] <= table["r10"]).all()
    every = results.ways(settings, ["margin"])
    assert list(every["way"]) == [results.OWN] * 2 + ["margin"] * 2


def test_captions_find_pictures_in_the_order_of_their_likeness(settings: Settings) -> None:
    likeness, images, pictures = trials.likeness(settings, 1)
    ((query, found),) = results.pictures_found(settings, 1, images.index[:1].tolist(), most=len(pictures))
    assert [each.text for each in found] == [f"{value:.2f}" for value in np.sort(likeness[0])[::-1]]
    assert sum(bool(each.right) for each in found) == 1
    assert query.sound is not None
    ((shown, heard),) = results.captions_found(settings, 1, [pictures[3]], most=len(images))
    assert shown.picture is not None
    assert sum(bool(each.right) for each in heard) == 1


def test_a_matchmap_is_as_long_as_its_caption(settings: Settings) -> None:
    caption = trials.captioned(settings, "test", pooled=True).images.index[0]
    values, times, picture, words = results.match(settings, 1, caption)
    samples, rate = steps.corpus(trials.pool(settings)).audio(caption)
    assert values.shape == (len(times), *trials.captioned(settings, "test").maps.shape[2:])
    # The last of the pooled frames may have its middle beyond the end.
    assert 0 < times[0] < times[-1] < len(samples) / rate + 2 * settings["features"]["shift"]
    assert words["end"].max() <= len(samples) / rate + 0.01
    assert picture.size[0] > 0


def test_examples_are_pictures_recordings_and_what_asks_with_none(settings: Settings) -> None:
    table = results.asked_by_example(settings, [1, 2])
    assert set(table.loc[table["examples"] > 0, "query"]) == {"picture", "tagged picture", "recording"}
    assert table.loc[table["examples"] == 0, "query"].tolist() == ["written word, CNN-Attend VGS", "chance"]
    assert table.groupby("query").size()["picture"] == 2 * len(settings["joint"]["seeds"])
    chance = table[table["query"] == "chance"].iloc[0]
    assert chance["eer"] == 0.5


def test_examples_are_of_the_keyword(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, keyword = steps.utterances(settings, "train"), steps.bag_of_words(settings, "test").columns[0]
    said, shown = list[float](), list[str]()
    monkeypatch.setattr(trials, "hear", lambda _, store, ids: said.extend(store.lengths) or np.ones((len(ids), 4)))
    trials.spoken(settings, 1, keyword, 2)
    words = steps.corpus(settings).words
    own = words[(words["word"] == keyword) & words["utterance_id"].isin(rows["utterance_id"])]
    lengths = (own["end"] - own["start"]) / settings["features"]["shift"]
    assert len(said) == 2
    assert all((lengths - length).abs().min() <= 1 for length in said)
    monkeypatch.setattr(trials, "_direction", lambda _settings, _seed, names: shown.extend(names))
    trials.shown(settings, 1, keyword, 1)
    texts = rows.groupby("image_id")["text"].agg(" ".join)
    assert keyword in texts[shown[0]].split()
    trials.tagged(settings, 1, keyword, 2)
    tags = steps.targets(settings, "VGS", "train")[keyword].groupby(rows["image_id"].to_numpy()).first()
    assert set(shown[1:]) == set(tags.nlargest(2).index)
    shown.clear()
    trials.shown(settings, 1, keyword, 10_000)
    assert len(shown) == rows["image_id"].nunique()


def test_a_keyword_that_nobody_says_in_training_is_asked_by_nothing(settings: Settings) -> None:
    assert not trials.spoken(settings, 1, "nobody says this", 1).any()


def test_unknown_ways_are_refused_with_those_there_are(settings: Settings) -> None:
    with pytest.raises(UserError, match="margin"):
        trials.trained(settings, 1, "margn")
