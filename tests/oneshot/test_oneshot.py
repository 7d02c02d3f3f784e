"""One-shot learning on the preset ``smoke``: nothing leaks, methods are asked the same, numbers are what they say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vgsnb import steps
from vgsnb.errors import UserError
from vgsnb.oneshot import digits, results, trials
from vgsnb.settings import Settings, load_settings


@pytest.fixture(scope="module")
def settings(smoke: Path) -> Settings:
    return load_settings("smoke")


def test_nobody_is_heard_in_tests_and_in_the_background(settings: Settings) -> None:
    spoken, words = trials.spoken(settings), trials.background_words(settings)
    assert not set(words.table["word"]) & set(digits.DIGITS)
    rows = steps.corpus(settings).utterances.set_index("utterance_id")
    assert set(rows.loc[words.table["utterance_id"], "split"]) == {"train"}
    shown = {tuple(np.round(sound[:400], 4)) for sound in spoken.sounds}
    assert not shown & {tuple(np.round(sound[:400], 4)) for sound in words.sounds}
    for shots in settings["oneshot"]["shots"]:
        dealt = trials.episodes(settings, shots)
        speakers = spoken.table["speaker"].to_numpy()
        for support, queries in zip(dealt.support, dealt.queries, strict=True):
            assert not set(speakers[support.ravel()]) & set(speakers[queries])
        for shown_ones, asked, matching in zip(dealt.shown, dealt.asked, dealt.matching, strict=True):
            every = [*shown_ones.ravel(), *asked, *matching]
            assert len(set(every)) == len(every)


def test_voices_of_the_tests_are_others_than_those_of_the_corpus(settings: Settings) -> None:
    numbers = settings["oneshot"]
    own = {voice.variant() for voice in digits.voices_of_tests(numbers["voices"], numbers["seed"])}
    corpus = {voice.variant() for voice in digits.make_voices(settings["corpus"]["voices"], settings["corpus"]["seed"])}
    assert not {text.split("\n", 2)[2] for text in own} & {text.split("\n", 2)[2] for text in corpus}


def test_rows_are_the_means_of_what_was_answered(settings: Settings) -> None:
    table = results.accuracies(settings)
    assert list(table["method"].unique()) == [*trials.methods(settings), "chance"]
    row = table.set_index(["method", "task", "shots"]).loc[("siamese", "multimodal", 2)]
    dealt, words = trials.episodes(settings, 2), trials.words_of(settings)
    right = []
    for seed in settings["oneshot"]["seeds"]:
        said = trials.answered(settings, "siamese", "multimodal", 2, seed)
        for number, queries in enumerate(dealt.queries):
            for place, query in enumerate(queries):
                digit = trials.spoken(settings).table["digit"].iloc[query]
                right.append(digits.DIGITS[words[said[number, place]]] == digit)
    assert row["accuracy"] == pytest.approx(np.mean(right))
    assert row["low"] <= row["accuracy"] <= row["high"]
    base = table.set_index(["method", "task", "shots"]).loc[("dtw-pixels", "multimodal", 2), "accuracy"]
    assert row["accuracy_difference"] == pytest.approx(row["accuracy"] - base)
    assert row["models"] == len(settings["oneshot"]["seeds"])


def test_chance_is_what_guessing_comes_to(settings: Settings) -> None:
    rng, words = np.random.default_rng(1), trials.words_of(settings)
    number = [digits.DIGITS[word] for word in words]
    assert results.chance(settings, "speech") == pytest.approx(1 / 11)
    asked, guessed = rng.integers(0, 11, (2, 200_000))
    expected = np.mean(np.array(number)[asked] == np.array(number)[guessed])
    assert results.chance(settings, "multimodal") == pytest.approx(expected, abs=0.003)
    assert results.chance(settings, "image") == pytest.approx(1.1 / 11)


def test_intervals_contain_what_models_and_episodes_vary() -> None:
    rng = np.random.default_rng(0)
    found, base = rng.random((3, 50)), rng.random((1, 50))
    episodes = results.drawn(50, 4000, 1)
    assert episodes.sum(axis=1) == pytest.approx(1)
    draws = results.resampled(found, base, episodes)
    assert draws[:, 0].mean() == pytest.approx(found.mean(), abs=0.01)
    assert draws[:, 1].mean() == pytest.approx(found.mean() - base.mean(), abs=0.01)
    alone = results.resampled(base, base, episodes)
    assert alone[:, 1] == pytest.approx(np.zeros(4000))
    assert alone[:, 0].std() == pytest.approx(base.std() / np.sqrt(50), rel=0.1)


def test_shares_of_confusions_add_up(settings: Settings) -> None:
    table = results.confusions(settings, ["dtw-pixels", "siamese"])
    assert table.groupby(["method", "asked"])["share"].sum().to_numpy() == pytest.approx(1)
    own = table[(table["method"] == "siamese") & (table["asked"] == table["taken"])]
    asked = pd.Series(trials.asked(settings, "speech", 1).ravel()).value_counts()
    right = (own.set_index("asked")["share"] * asked).sum() / asked.sum()
    accuracies = results.accuracies(settings).set_index(["method", "task", "shots"])["accuracy"]
    assert right == pytest.approx(accuracies["siamese", "speech", 1])


def test_what_is_played_is_an_episode_with_the_choices_in_another_order(settings: Settings) -> None:
    (one,) = results.played(settings, 1, seed=3)
    assert len(one.shown) == len(one.choices) == 11
    assert set(one.answers) == set(trials.methods(settings))
    pixels, table = trials.pictures(settings).pixels, trials.pictures(settings).table
    digit = [int(table["digit"].iloc[np.flatnonzero((pixels == choice).all(axis=(1, 2)))[0]]) for choice in one.choices]
    assert [place for place, value in enumerate(digit) if value == digits.DIGITS[one.word]] == list(one.right)
    assert digit != sorted(digit)


def test_recordings_that_are_not_there_are_named(settings: Settings, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("VGSNB_DATA", str(tmp_path))
    for kind in ("fsdd", "tidigits"):
        with pytest.raises(UserError, match=f"digits/{kind}: put the recordings there"):
            trials.spoken(load_settings("smoke", {"oneshot": {"spoken": kind}}))
    with pytest.raises(UserError, match="collection of spoken digits"):
        trials.spoken(load_settings("smoke", {"oneshot": {"spoken": "mine"}}))
