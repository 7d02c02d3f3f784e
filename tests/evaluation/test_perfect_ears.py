"""The student that is given the words: planted words are found, and the fit equals scikit-learn's."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from vgsnb.errors import UserError
from vgsnb.evaluation import oracle_accuracy, perfect_ears, spotting

VOCABULARY = ["surfer", "wave", "dog", "grass", "runs", "the", "red", "ball"]


@pytest.fixture(scope="module")
def spoken():
    """Words of 400 utterances, and soft tags that follow what is said: (U, 2)."""
    rng = np.random.default_rng(0)
    said = rng.random((400, len(VOCABULARY))) < 0.4
    ids = [f"u{n:03d}" for n in range(400)]
    rows = [
        (ids[u], VOCABULARY[v], place * 0.5, place * 0.5 + 0.4)
        for u in range(400)
        for place, v in enumerate(rng.permutation(np.flatnonzero(said[u])))
    ]
    words = pd.DataFrame(rows, columns=["utterance_id", "word", "start", "end"])
    logits = np.stack([3 * said[:, 0] + said[:, 1] - 2, 4 * said[:, 2] - 2], axis=1)
    tags = pd.DataFrame(1 / (1 + np.exp(-logits)), pd.Index(ids, name="utterance_id"), ["ocean", "dog"])
    return words, tags


def test_the_tags_of_new_utterances_are_learned(spoken):
    words, tags = spoken
    ears = perfect_ears.fit(words, tags.iloc[:250], tags.iloc[250:300])
    scores = ears.scores(words, tags.index[300:])
    assert scores.to_numpy() == pytest.approx(tags.iloc[300:].to_numpy(), abs=0.06)
    assert ears.strength == min(perfect_ears.STRENGTHS)  # tags without noise ask for no restraint
    assert spotting(scores, tags.iloc[300:] > 0.5)["average_precision"] == pytest.approx(1)


def test_places_are_the_middles_of_the_telling_words(spoken):
    words, tags = spoken
    ears = perfect_ears.fit(words, tags.iloc[:250], tags.iloc[250:300])
    dogs = words.loc[words["word"] == "dog", "utterance_id"].iloc[:50]
    places = ears.places(words, pd.DataFrame({"utterance_id": dogs, "keyword": "dog"}))
    assert oracle_accuracy(places, words) == 1
    assert places["utterance_id"].tolist() == dogs.tolist()
    surfers = words[words["word"] == "surfer"].iloc[:20]
    oceans = ears.places(words, surfers.assign(keyword="ocean"))
    assert oceans["time"].to_numpy() == pytest.approx(((surfers["start"] + surfers["end"]) / 2).to_numpy())


def test_equals_scikit_learn_on_hard_labels(spoken):
    words, tags = spoken
    hard = (tags + np.random.default_rng(1).normal(0, 0.2, tags.shape) > 0.5).astype(float)
    ears = perfect_ears.fit(words, hard, hard, strengths=(1e-2,), steps=300)
    bags = perfect_ears.bags(words, hard.index, ears.weights.index).toarray()
    for key in hard:
        other = LogisticRegression(C=1 / (1e-2 * len(hard)), tol=1e-8, max_iter=1000).fit(bags, hard[key])
        assert ears.weights[key].to_numpy() == pytest.approx(other.coef_[0], abs=0.02)
        assert ears.bias[key] == pytest.approx(other.intercept_[0], abs=0.02)


def test_strength_is_chosen_on_development_tags(spoken):
    words, tags = spoken
    noise = pd.DataFrame(np.random.default_rng(2).random(tags.shape), tags.index, tags.columns)
    assert perfect_ears.fit(words, noise.iloc[:200], noise.iloc[200:]).strength == max(perfect_ears.STRENGTHS)


def test_words_never_heard_say_nothing(spoken):
    words, tags = spoken
    ears = perfect_ears.fit(words, tags, tags)
    other = pd.DataFrame({"utterance_id": "x", "word": ["zebra", "crossing"], "start": [0.0, 1.0], "end": [0.5, 2.0]})
    assert ears.scores(other, ["x"]).loc["x", "dog"] == pytest.approx(1 / (1 + np.exp(-ears.bias["dog"])))
    place = ears.places(other, pd.DataFrame({"utterance_id": ["x"], "keyword": ["dog"]}))
    assert place[["score", "time"]].to_numpy().tolist() == [[0.0, 0.25]]


def test_words_of_other_utterances_and_missing_tags_are_refused(spoken):
    words, tags = spoken
    with pytest.raises(UserError, match="give the words"):
        perfect_ears.fit(words.assign(utterance_id="x"), tags, tags)
    with pytest.raises(UserError, match="missing"):
        perfect_ears.fit(words, tags, tags * np.nan)


def test_what_raises_a_rival_more_counts_for_the_rival():
    alone = np.array([[0.7, 1.0, -0.2], [0.1, 0.1, 0.9]])
    whole = perfect_ears.against_rivals(alone, 1.0)
    assert whole == pytest.approx(np.array([[0.4, 1.0, -1.4], [-0.7, -0.7, 0.9]]))
    assert perfect_ears.against_rivals(alone, 0.5) == pytest.approx((alone + whole) / 2)
    assert perfect_ears.against_rivals(alone[:, :1], 1.0) == pytest.approx(alone[:, :1])  # one keyword has no rival


def test_association_by_hand():
    raised = perfect_ears.association(np.array([4, 0]), np.array([[2.0], [0.0]]), np.array([0.25]), strength=4.0)
    assert raised.ravel().tolist() == pytest.approx([np.log((2 + 1) / 8 / 0.25), 0.0])
    n, prior = np.array([1, 1000]), np.array([0.5])
    rare, common = perfect_ears.association(n, n[:, None].astype(float), prior, strength=10.0).ravel()
    assert 0 < rare < 0.1 < common < np.log(2)


def test_words_judged_one_by_one_score_by_the_highest_and_are_placed_there(spoken):
    words, tags = spoken
    ears = perfect_ears.associate(words, tags.iloc[:300], strength=5.0)
    said = words.groupby("utterance_id")["word"].agg(set).reindex(tags.index, fill_value=set())
    scores = ears.scores(words, [*tags.index[300:], "nobody"])
    for name in tags.index[300:320]:
        best = ears.weights.loc[sorted(said[name]), "ocean"].max() if said[name] else 0.0
        assert scores.loc[name, "ocean"] == pytest.approx(1 / (1 + np.exp(-best)))
    assert scores.loc["nobody"].tolist() == [0.5, 0.5]
    learned = tags["dog"].iloc[:300]
    with_dog = learned[["dog" in said[name] for name in learned.index]]
    mean = learned.mean()
    by_hand = np.log((with_dog.sum() + 5 * mean) / (len(with_dog) + 5) / mean)
    assert ears.weights.loc["dog", "dog"] == pytest.approx(by_hand)
    pairs = pd.DataFrame({"utterance_id": [name for name in tags.index if "surfer" in said[name]], "keyword": "ocean"})
    places = ears.places(words, pairs)
    heard = words.query("word == 'surfer'").set_index("utterance_id")
    assert (places.set_index("utterance_id")["start"] == heard.loc[pairs["utterance_id"], "start"]).all()
