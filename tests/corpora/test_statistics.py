"""The corpus card against counts made by hand and a brute-force second way."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from vgsnb.corpora import statistics

CAPTIONS = pd.DataFrame(
    [
        ("a1", "a", "a dog runs on the beach"),
        ("a2", "a", "a dog on sand"),
        ("b1", "b", "two dogs run"),
        ("b2", "b", "a black dog and a black cat"),
    ],
    columns=["utterance_id", "image_id", "text"],
)
IMAGES = CAPTIONS.set_index("utterance_id")["image_id"]


@pytest.fixture
def random_corpus() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{n}" for n in rng.zipf(1.5, 6).clip(max=20)) for _ in range(300)]
    return pd.DataFrame(
        {"utterance_id": [f"u{i}" for i in range(300)], "image_id": [f"p{i // 5}" for i in range(300)], "text": texts}
    )


def test_hand_counted_captions() -> None:
    present = statistics.keyword_presence(CAPTIONS, ["dog", "dogs", "black"])
    assert present.to_numpy().tolist() == [
        [True, False, False],
        [True, False, False],
        [False, True, False],
        [True, False, True],
    ]
    assert statistics.words_per_caption(CAPTIONS) == (pytest.approx(5.0), pytest.approx(math.sqrt(2.5)))
    shared = {"a": 3 / 7, "b": 0 / 8}  # a, dog, on of seven; nothing of eight
    assert statistics.word_overlap(CAPTIONS) == pytest.approx(np.mean(list(shared.values())))


def test_agreement_is_the_chance_that_another_describer_agrees() -> None:
    present = statistics.keyword_presence(CAPTIONS, ["dog", "beach", "cow"])
    found = statistics.agreement(present, IMAGES)
    assert found["dog"] == pytest.approx(2 / 3)  # of three who said it, two have a second describer who did
    assert found["beach"] == 0
    assert math.isnan(found["cow"])


def test_agreement_and_overlap_by_brute_force(random_corpus: pd.DataFrame) -> None:
    present = statistics.keyword_presence(random_corpus, ["w1", "w2", "w3", "w7"])
    images = random_corpus.set_index("utterance_id")["image_id"]
    sets = random_corpus["text"].str.split().map(set)
    groups = [sets[random_corpus["image_id"] == image].tolist() for image in random_corpus["image_id"].unique()]
    for word in present.columns:
        pairs = [
            (word in b)
            for group in groups
            for i, a in enumerate(group)
            for j, b in enumerate(group)
            if i != j and word in a
        ]
        assert statistics.agreement(present, images)[word] == pytest.approx(np.mean(pairs))
    overlaps = [len(a & b) / len(a | b) for group in groups for a, b in combinations(group, 2)]
    assert statistics.word_overlap(random_corpus) == pytest.approx(np.mean(overlaps))


def test_correlated_pairs_find_words_that_come_together() -> None:
    rng = np.random.default_rng(0)
    one = rng.random(2000) < 0.3
    present = pd.DataFrame({"one": one, "same": one ^ (rng.random(2000) < 0.05), "other": rng.random(2000) < 0.3})
    assert statistics.correlated_pairs(present).index.tolist() == [("one", "same")]


def test_mean_tags_tell_where_a_keyword_will_be_looked_for() -> None:
    texts = ["wave surfer"] * 30 + ["ocean dog"] * 15 + ["dog"] * 30
    utterances = pd.DataFrame({"utterance_id": range(75), "image_id": [f"p{i}" for i in range(75)], "text": texts})
    tags = pd.DataFrame({"ocean": [0.9] * 30 + [0.5] * 15 + [0.0] * 30}, index=utterances["image_id"])
    means = statistics.mean_tags(utterances, tags, at_least=5)
    assert means.loc["wave", "ocean"] == pytest.approx(0.9)
    assert means.loc["dog", "ocean"] == pytest.approx(0.5 * 15 / 45)
    assert set(means["ocean"].nlargest(2).index) == {"wave", "surfer"}
    assert "surfer" not in statistics.mean_tags(utterances, tags, at_least=31).index
    assert len(statistics.mean_tags(utterances, tags)) == 4


def test_the_card_has_a_row_for_every_statistic_and_says_what_is_met() -> None:
    tags = pd.DataFrame({"dog": [0.9, 0.2], "dogs": [0.1, 0.8]}, index=["a", "b"])
    ears = pd.DataFrame({"dog": [0.6, 0.1], "dogs": [0.2, 0.4]})
    without = statistics.corpus_card(CAPTIONS, ["dog", "dogs"])
    assert without.columns.tolist() == ["statistic", "flickr8k", "low", "high", "ours", "met"]
    assert len(without) == 14
    assert without["met"].isna().sum() == 4  # the tagger's three rows, and the vocabulary of so small a corpus
    card = statistics.corpus_card(CAPTIONS, ["dog", "dogs"], tags, 0.4, ears).set_index("statistic")
    assert card.loc["keywords ever detected by perfect ears at θ = .5", "ours"] == 0.5
    assert card.loc["keyword types in an utterance", "ours"] == 1.0
    assert not card.loc["words in a caption, mean", "met"]
    assert card.loc["mean average precision of the tagger", "ours"] == 0.4
    assert card.loc["mean average precision of the tagger", "met"]
