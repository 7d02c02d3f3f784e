"""The tables and examples of learning words, on the preset ``smoke``."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vgsnb import steps
from vgsnb.errors import UserError
from vgsnb.evaluation.retrieval import rank_measures
from vgsnb.settings import Settings, load_settings
from vgsnb.wordlearning import results, tasks, trials

SEEDS = (1, 2)


@pytest.fixture(scope="module")
def settings(smoke: Path) -> Settings:
    return load_settings("smoke")


def test_rows_are_means_over_models_of_the_test_pictures(settings: Settings) -> None:
    table = results.retrieval(settings).set_index(["task", "model"])
    assert list(table.index) == [
        (task, name) for task in (*tasks.TASKS, tasks.ACROSS) for name in ("trained", "random")
    ]
    for name, make in (("trained", trials.space), ("random", trials.projected)):
        spaces = [make(settings, seed) for seed in SEEDS]
        row = table.loc[("word-token-by-image", name)]
        own = [rank_measures(tasks.ranks(space, "word-token-by-image")["rank"]) for space in spaces]
        assert row["mean_rank"] == pytest.approx(np.mean([each["mean_rank"] for each in own]))
        assert row["r10"] == pytest.approx(np.mean([each["r10"] for each in own]))
        assert row["mean_rank_low"] <= row["mean_rank"] <= row["mean_rank_high"]
        assert row["pool"] == len(spaces[0].heard) == table.loc[("word-similarity", name), "pool"] + 1
        assert row["queries"] == spaces[0].seen.shape[0] * spaces[0].seen.shape[1]
    assert table.loc[("image-token-by-word", "trained"), "pool"] == len(trials.split(settings, "test").regions)


def test_splits_share_no_picture_and_inputs_are_as_long_as_their_tables(settings: Settings) -> None:
    splits = [trials.split(settings, name) for name in trials.SPLITS]
    every = [image for part in splits for image in part.images]
    assert len(set(every)) == len(every)
    for part in splits:
        assert part.seen.shape[:2] == (len(part.images), settings["words"]["regions"])
        assert part.heard.shape == (len(part.tokens), settings["words"]["frames"], 40)
        assert len(part.regions) == part.seen.shape[0] * part.seen.shape[1]
        speakers = part.tokens["speaker"].to_numpy()[part.said[:, 1]]
        assert pd.Series(speakers).groupby(part.said[:, 0]).nunique().eq(1).all()  # one speaker a picture


def test_ways_are_the_own_one_the_compared_ones_and_the_projection(settings: Settings) -> None:
    table = results.ways(settings, results.retrieval(settings), ["published-adam"])
    assert list(table["way"].unique()) == [results.OWN, "published-adam", "random projection"]
    assert table.groupby("way")["task"].nunique().eq(5).all()
    assert (table.loc[table["model"] == "trained", "seconds"] > 0).all()
    assert table.loc[table["model"] == "random", "seconds"].isna().all()
    network = trials.model(settings, 1, "published-adam")
    assert [type(layer).__name__ for layer in network.speech][-1] == "ReLU"


def test_every_epoch_is_noted(settings: Settings) -> None:
    folder = trials.trained(settings, 1)
    history, noted, watched = (pd.read_csv(folder / f"{name}.csv") for name in ("history", "cosines", "watched"))
    assert noted["epoch"].tolist() == history["epoch"].tolist() == sorted(watched["epoch"].unique())
    assert watched["average_precision"].between(0, 1).all()


def test_neighbours_are_the_nearest_and_right_where_a_caption_says_the_word(settings: Settings) -> None:
    space, data = trials.space(settings, 1), trials.split(settings, "test")
    word = data.tokens["word"].value_counts().index[0]
    ((query, found),) = results.nearest(settings, space, [word], most=len(data.images))
    assert f"“{word}”" in query.text
    values = [float(each.text) for each in found]
    assert values == sorted(values, reverse=True)
    texts = steps.utterances(settings, "test").groupby("image_id")["text"].agg(" ".join)
    saying = [name for name in data.images if word in texts[name].split()]
    assert sum(bool(each.right) for each in found) == len(saying)
    row = data.tokens[data.tokens["word"] == word]
    samples, rate = query.sound
    assert round(len(samples) / rate, 2) in (row["end"] - row["start"]).round(2).tolist()


def test_every_word_has_a_precision_and_how_often_it_was_heard(settings: Settings) -> None:
    table = results.by_word(settings)
    data = trials.split(settings, "test")
    assert set(table["word"]) == set(data.tokens["word"])
    assert table["average_precision"].between(0, 1).all()
    counts = trials.split(settings, "train").tokens["word"].value_counts()
    assert table.set_index("word")["train_tokens"].to_dict() == {w: counts.get(w, 0) for w in table["word"]}


def test_the_map_has_words_and_figures(settings: Settings) -> None:
    table = results.together(trials.space(settings, 1), trials.split(settings, "test").regions, most=6)
    assert table.groupby("kind").size().to_dict() == {"figure": 6, "word": 6}
    assert table[["x", "y"]].notna().all().all()
    assert len(results.described(settings, 2)) == 2
    assert set(table.loc[table["kind"] == "word", "name"]) <= set(steps.corpus(settings).words["word"])


def test_what_no_network_can_take_is_refused() -> None:
    with pytest.raises(UserError, match=r"'publishd'.*published"):
        trials.way(load_settings("smoke"), "publishd")
    short = load_settings("smoke", {"words": {"frames": 20}})
    with pytest.raises(UserError, match="Words of 20 frames are too short for the network: give 38"):
        trials.untrained(short, 1)
