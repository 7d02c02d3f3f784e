"""Episodes are dealt fairly: nobody asks who was heard, no picture has two roles, the seed decides."""

import numpy as np
import pandas as pd
import pytest

from vgsnb.errors import UserError
from vgsnb.oneshot import Episodes, deal

WORDS = {"oh": 0, "zero": 0, "one": 1, "two": 2}


@pytest.fixture
def spoken() -> pd.DataFrame:
    rows = [
        {"word": word, "digit": digit, "speaker": f"s{speaker}"}
        for speaker in range(6)
        for word, digit in WORDS.items()
        for _ in range(7)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=1, ignore_index=True)


@pytest.fixture
def pictures() -> pd.DataFrame:
    return pd.DataFrame({"digit": np.arange(120) % 3})


@pytest.mark.parametrize("shots", [1, 5])
def test_who_asks_is_not_heard_and_no_picture_has_two_roles(spoken, pictures, shots):
    dealt = deal(spoken, pictures, shots=shots, queries=8, count=30)
    words = sorted(WORDS)
    assert dealt.support.shape == (30, 1, 4, shots)
    for number in range(30):
        support, queries = dealt.support[number, 0], dealt.queries[number]
        assert not set(spoken["speaker"][support.ravel()]) & set(spoken["speaker"][queries])
        assert len(set(support.ravel())) == support.size
        for place, word in enumerate(words):
            assert set(spoken["word"][support[place]]) == {word}
            assert set(pictures["digit"][dealt.shown[number, place]]) == {WORDS[word]}
            assert pictures["digit"][dealt.matching[number, place]] == WORDS[word]
        every = np.concatenate([dealt.shown[number].ravel(), dealt.matching[number], dealt.asked[number]])
        assert len(set(every)) == len(every)
    assert set(spoken["word"][dealt.queries.ravel()]) == set(words)
    assert set(pictures["digit"][dealt.asked.ravel()]) == {0, 1, 2}


def test_distractors_share_the_voice_of_the_query_and_the_right_one_does_not(spoken, pictures):
    dealt = deal(spoken, pictures, shots=2, queries=5, count=20, distractors=True)
    assert dealt.support.shape == (20, 5, 4, 2)
    for number in range(20):
        for query, support in zip(dealt.queries[number], dealt.support[number], strict=True):
            for place, word in enumerate(sorted(WORDS)):
                same = spoken["speaker"][support[place]] == spoken["speaker"][query]
                assert set(spoken["word"][support[place]]) == {word}
                assert same.all() if WORDS[word] != WORDS[spoken["word"][query]] else not same.any()


def test_the_seed_decides_and_what_is_stored_is_the_same(spoken, pictures, tmp_path):
    first, again, other = (deal(spoken, pictures, shots=1, count=3, seed=seed) for seed in (1, 1, 2))
    first.save(tmp_path / "episodes.npz")
    stored = Episodes.load(tmp_path / "episodes.npz")
    for name in ("support", "shown", "queries", "asked", "matching"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
        assert np.array_equal(getattr(first, name), getattr(stored, name))
        assert not np.array_equal(getattr(first, name), getattr(other, name))
    longer = deal(spoken, pictures, shots=1, count=5, seed=1)
    assert np.array_equal(longer.queries[:3], first.queries)  # more episodes begin with the same ones


def test_what_is_too_little_is_named(spoken, pictures):
    with pytest.raises(UserError, match="two speakers at least"):
        deal(spoken[spoken["speaker"] == "s1"].reset_index(drop=True), pictures, shots=1, count=1)
    with pytest.raises(UserError, match="'oh' is spoken"):
        deal(spoken, pictures, shots=40, count=1)
    with pytest.raises(UserError, match="too few pictures of 0"):
        deal(spoken, pictures.iloc[:6], shots=3, count=1)
