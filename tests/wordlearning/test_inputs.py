"""Tokens and regions: who says what, what is cut out, what a region is read off."""

import json

import numpy as np
import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.speech.features import FeatureSettings, FeatureStore
from vgsnb.wordlearning import fragments, tokens


@pytest.fixture
def spoken() -> tuple[pd.DataFrame, pd.DataFrame]:
    said = {"u1": "a dog runs", "u2": "the brown dog", "u3": "a boy runs", "u4": "dog and boy", "u5": "once"}
    rows = [
        (name, place, word, 0.5 * place, 0.5 * place + 0.4)
        for name, text in said.items()
        for place, word in enumerate(text.split())
    ]
    words = pd.DataFrame(rows, columns=["utterance_id", "position", "word", "start", "end"])
    utterances = pd.DataFrame(
        {"utterance_id": [*said], "image_id": ["p1", "p1", "p2", "p2", "p3"], "speaker": ["x", "y", "x", "z", "z"]}
    )
    return words, utterances


def test_content_words_are_said_twice_and_carry_a_meaning(spoken: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = tokens.content(*spoken, frozenset({"a", "the", "and"}))
    assert sorted(found["word"]) == ["boy", "boy", "dog", "dog", "dog", "runs", "runs"]
    row = found[(found["utterance_id"] == "u2") & (found["start"] == 1.0)].iloc[0]
    assert row[["image_id", "speaker", "word"]].tolist() == ["p1", "y", "dog"]


def test_a_picture_is_described_by_one_speaker(spoken: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    table = tokens.content(*spoken, frozenset({"a", "the", "and"}))
    said = tokens.by_one_speaker(table, seed=1)
    described = said.assign(
        speaker=table["speaker"].to_numpy()[said["token"]], word=table["word"].to_numpy()[said["token"]]
    )
    assert (described.groupby("image_id")["speaker"].nunique() == 1).all()
    # x says both of p1's words; the dog of u2 is then x's own.
    assert described.query("image_id == 'p1'")["speaker"].unique().tolist() == ["x"]
    assert sorted(described.query("image_id == 'p1'")["word"]) == ["dog", "runs"]
    for name, own in described.groupby("image_id"):
        assert set(own["word"]) <= set(table.loc[table["image_id"] == name, "word"])
    assert said.equals(tokens.by_one_speaker(table, seed=1))


def test_frames_are_those_around_the_middle_of_a_word() -> None:
    settings = FeatureSettings(kind="log-mel", mel_bands=2)
    frames = np.arange(200, dtype=np.float32)[:, None].repeat(2, axis=1)
    store = FeatureStore.in_memory({"u": frames}, settings)
    times = settings.frame_times(200)
    table = pd.DataFrame({"utterance_id": ["u", "u", "u"], "start": [0.8, 0.0, 1.9], "end": [1.2, 0.1, 2.0]})
    found = tokens.around(store, table, 21)
    assert found.shape == (3, 21, 2)
    middle = found[0, 10, 0]
    assert abs(times[int(middle)] - 1.0) <= 0.0051
    assert np.diff(found[0, :, 0]).tolist() == [1.0] * 20
    assert found[1, 0, 0] == 0
    assert found[1, -1, 0] > 0
    assert (found[2, -4:] == 0).all()  # and beyond the end


def test_regions_are_figures_first_and_stay_inside() -> None:
    figure = {"name": "dog", "left": 0.9, "top": 0.1, "right": 0.95, "bottom": 0.6}
    images = pd.DataFrame({"image_id": ["p", "q"], "figures": [json.dumps([figure]), "[]"]})
    found = fragments.drawn(images, 6, seed=1)
    assert found.groupby("image_id").size().tolist() == [6, 6]
    assert found["figure"].tolist().count("dog") == 1
    assert found["figure"].iloc[0] == "dog"
    box = found.iloc[0]
    assert box["right"] - box["left"] == pytest.approx(0.175)  # widened to a fifth, cut at the picture's edge
    assert box["bottom"] == 0.6
    inside = found[["left", "top", "right", "bottom"]]
    assert inside.min().min() >= 0
    assert inside.max().max() <= 1
    assert ((found["right"] > found["left"]) & (found["bottom"] > found["top"])).all()


def test_a_grid_covers_the_picture_and_has_an_end() -> None:
    found = fragments.grid(["p", "q"], 20)
    assert len(found) == 40
    assert found[["left", "top"]].min().min() == 0
    assert found[["right", "bottom"]].max().max() == pytest.approx(1)
    assert found.iloc[0][["left", "top", "right", "bottom"]].tolist() == [0, 0, 1, 1]
    with pytest.raises(UserError, match="30 regions at the most"):
        fragments.grid(["p"], 31)


def test_a_region_is_the_mean_of_what_is_seen_in_it() -> None:
    pictures = np.zeros((2, 16, 16, 3), np.uint8)
    pictures[0, :8, :8], pictures[1, :, 8:] = 80, 40
    regions = np.array([[[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1], [0.5, 0, 1, 1]]] * 2, np.float32)
    look = lambda batch: [batch.permute(0, 3, 1, 2).float()]  # noqa: E731
    found = fragments.seen(look, pictures, regions, cells=1, batch_size=1)
    assert found.shape == (2, 3, 3)
    assert found[0, 0] == pytest.approx([80] * 3, abs=8)
    assert found[0, 1] == pytest.approx([0] * 3, abs=1e-3)
    assert found[1, 2] == pytest.approx([40] * 3, abs=4)
    parts = fragments.seen(look, pictures, regions[:, 2:], cells=2)
    assert parts.shape == (2, 1, 12)
    assert parts[1, 0] == pytest.approx([40] * 12, abs=4)
    assert fragments.seen(look, pictures, regions[:, :1] * 2, cells=2)[0, 0, :4] == pytest.approx([80, 0, 0, 0], abs=12)
