"""Digits and backgrounds: what is read, cut and drawn, and that no digit is in a background."""

import itertools

import numpy as np
import pandas as pd
import pytest
import soundfile

from vgsnb.errors import UserError
from vgsnb.oneshot import background, digits, recorded
from vgsnb.oneshot.tokens import Pictures, Spoken

RATE = 16000


def test_voices_say_every_word_and_little_else(tmp_path):
    spoken = digits.synthesised(voices=2, takes=2, seed=3)
    assert len(spoken.sounds) == len(spoken.table) == 2 * 2 * 11
    assert spoken.table["token_id"].is_unique
    assert set(spoken.table["word"]) == set(digits.DIGITS)
    assert spoken.table.groupby("word")["digit"].nunique().eq(1).all()
    assert spoken.table.set_index("word")["digit"].to_dict()["oh"] == 0
    lengths = [len(sound) / RATE for sound in spoken.sounds]
    assert min(lengths) > 0.15
    assert max(lengths) < 1.2
    spoken.save(tmp_path)
    again = Spoken.load(tmp_path)
    pd.testing.assert_frame_equal(again.table, spoken.table)
    assert again.rate == RATE
    for one, other in zip(again.sounds, spoken.sounds, strict=True):
        np.testing.assert_allclose(one, other, atol=2 / 32767)


def test_pictures_have_ink_where_somebody_wrote(tmp_path):
    pictures = digits.handwritten()
    assert pictures.pixels.shape == (1797, 8, 8)
    assert pictures.pixels.min() == 0
    assert pictures.pixels.max() == 1
    assert pictures.pixels[:, 0, 0].mean() < 0.05  # corners are paper
    pictures.save(tmp_path)
    np.testing.assert_allclose(Pictures.load(tmp_path).pixels, pictures.pixels, atol=1 / 255)


def captions():
    rows = []
    for utterance, text in enumerate(["two big dogs won", "big dogs ate one", "dogs run", "big trees", "too short"]):
        for place, word in enumerate(text.split()):
            long = 0.1 if word == "short" else 0.4
            rows.append((f"u{utterance}", word, 0.5 * place, 0.5 * place + long))
    return pd.DataFrame(rows, columns=["utterance_id", "word", "start", "end"])


def test_background_words_are_no_digits_and_said_long_enough():
    speakers = pd.Series({f"u{number}": f"s{number}" for number in range(5)})
    found = background.words(captions(), speakers, shortest=0.3, classes=9, tokens=2, seed=1)
    assert found["word"].value_counts().to_dict() == {"big": 2, "dogs": 2}
    assert found["token_id"].is_unique
    assert found["speaker"].tolist() == [speakers[name] for name in found["utterance_id"]]
    assert set(background.words(captions(), speakers, shortest=0.3, classes=9, tokens=9, seed=1)["word"]) == {
        "big",
        "dogs",
    }
    with pytest.raises(UserError, match="more speech"):
        background.words(captions(), speakers, shortest=0.5, classes=9, tokens=2, seed=1)


@pytest.mark.parametrize(
    "word",
    [
        *digits.DIGITS,
        "too",
        "won",
        "ate",
        "for",
        "tens",
        "2",
        "someone",
        "fourteen",
        "Two",
        "zeros",
        "twenty",
        "toe",
        "ohs",
    ],
)
def test_no_word_that_is_or_sounds_like_a_digit_is_background(word):
    rows = pd.DataFrame(
        {"utterance_id": "u0", "word": [word, word, "cat", "cat", "dog", "dog"], "start": 0.0, "end": 1.0}
    )
    found = background.words(rows, pd.Series({"u0": "s"}), shortest=0.3, classes=9, tokens=2, seed=1)
    assert set(found["word"]) == {"cat", "dog"}


def test_a_word_is_cut_at_its_times_at_any_rate(tmp_path):
    time = np.arange(RATE) / RATE
    soundfile.write(tmp_path / "u.flac", np.where((time > 0.4) & (time < 0.6), 0.5, 0.0), RATE)
    rows = pd.DataFrame(
        {"token_id": ["a"], "utterance_id": ["u"], "word": ["cat"], "start": [0.4], "end": [0.6], "speaker": ["s"]}
    )
    for rate in (16000, 8000):
        (sound,) = background.cut_words({"u": tmp_path / "u.flac"}, rows, rate).sounds
        assert len(sound) == pytest.approx((0.2 + 2 * digits.AROUND) * rate, abs=2)
        assert (np.abs(sound) > 0.25).sum() == pytest.approx(0.2 * rate, abs=4)


def test_characters_differ_between_classes_more_than_within():
    drawn = background.pictures(60, 4, 8, seed=1)
    assert drawn.pixels.shape == (240, 8, 8)
    assert drawn.table["character"].nunique() == 60
    letters = {name for name in drawn.table["character"] if len(name) == 1}
    assert letters
    assert not letters & set("0123456789OoIlSsZzgqbGBDQi")
    means = drawn.pixels.reshape(60, 4, -1)
    within = np.linalg.norm(means[:, :1] - means[:, 1:], axis=2).mean()
    between = np.linalg.norm(means[:, None, 0] - means[None, :, 1], axis=2)[~np.eye(60, dtype=bool)].mean()
    assert within < 0.8 * between
    assert (drawn.pixels.sum(axis=(1, 2)) > 3).all()
    assert np.array_equal(background.pictures(2, 4, 8, seed=1).pixels, drawn.pixels[:8])


def tone(path, rate, seconds=0.3, kind=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.full(int(rate * seconds), 0.1), rate, format=kind)


def test_free_spoken_digits_are_read_in_their_layout(tmp_path):
    for digit, name, take in itertools.product(range(10), ("ann", "bob"), range(3)):
        tone(tmp_path / f"{digit}_{name}_{take}.flac", 8000)
    found = recorded.read_fsdd(tmp_path, takes=2)
    assert len(found.table) == 40
    assert found.rate == 8000
    assert found.table["word"].nunique() == 10
    assert set(found.table.loc[found.table["word"] == "zero", "digit"]) == {0}
    with pytest.raises(UserError, match="no spoken digit"):
        recorded.read_fsdd(tmp_path, takes=0)


def test_tidigits_is_read_in_its_official_layout_without_sequences(tmp_path):
    for part, kind, speaker in [("test", "man", "ah"), ("test", "girl", "bc"), ("train", "woman", "ca")]:
        for name in ("1a", "1b", "za", "ob", "9a", "12a", "zo3b"):
            tone(tmp_path / "tidigits" / part / kind / speaker / f"{name}.wav", 20000, kind="NIST")
    found = recorded.read_tidigits(tmp_path / "tidigits")
    assert found.rate == RATE
    assert {len(sound) for sound in found.sounds} == {round(0.3 * RATE)}
    assert sorted(found.table["word"]) == sorted(["one", "one", "zero", "oh", "nine"] * 2)
    assert set(found.table["speaker"]) == {"ah", "bc"}
    assert found.table["token_id"].is_unique
    assert set(recorded.read_tidigits(tmp_path / "tidigits", "train").table["speaker"]) == {"ca"}


def test_stored_pictures_are_read_and_what_is_missing_is_named(tmp_path):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "mnist.npz", x_test=rng.integers(0, 255, (5, 28, 28), dtype=np.uint8), y_test=np.arange(5))
    assert recorded.read_mnist(tmp_path / "mnist.npz").table["digit"].tolist() == [0, 1, 2, 3, 4]
    paper = np.zeros((3, 105, 105), np.uint8)
    paper[:, 40:60, 40:60] = 1
    names = ["Greek/character01/0001_01.png", "Greek/character01/0001_02.png", "Greek/character02/0002_01.png"]
    for ink in (paper, 1 - paper):
        np.savez(tmp_path / "omniglot.npz", x=np.packbits(ink.reshape(3, -1), axis=1), path=np.array(names))
        found = recorded.read_omniglot(tmp_path / "omniglot.npz", 21)
        assert found.table["character"].nunique() == 2
        assert found.pixels[0, 10, 10] == 1
        assert found.pixels[0, 0, 0] == 0
    with pytest.raises(UserError, match="has no x_test"):
        recorded.read_mnist(tmp_path / "omniglot.npz")
    with pytest.raises(UserError, match=r"no .*none\.npz: put it there"):
        recorded.read_mnist(tmp_path / "none.npz")
